"""The shipped limits on the whole API."""

from pathlib import Path

from tests.support.api import PASSWORD, serving_api

SHIPPED = {
    "BACKLINE_LIMIT_API_PER_MINUTE": "",
    "BACKLINE_LIMIT_ANONYMOUS_PER_15_MINUTES": "",
    "BACKLINE_LIMITS": "",
}


async def test_a_person_may_ask_100_times_a_minute_also_for_what_is_cached(
    dsn: str, tmp_path: Path
) -> None:
    async with serving_api(dsn, tmp_path, **SHIPPED) as api:
        ada, grace = await api.user("ada@example.org"), await api.user("grace@example.org")

        passed = 0
        while (answer := await ada.get("/api/v1/users/me")).status_code == 200:
            passed += 1

        assert answer.status_code == 429
        assert passed >= 100
        assert (await grace.get("/api/v1/users/me")).status_code == 200


async def test_an_address_may_register_20_times_an_hour(dsn: str, tmp_path: Path) -> None:
    async with serving_api(dsn, tmp_path, **SHIPPED) as api, api.client() as client:
        answers = [
            await client.post(
                "/api/v1/auth/register",
                json={"email": f"u{n}@example.org", "password": PASSWORD, "name": "U"},
            )
            for n in range(21)
        ]

        assert [answer.status_code for answer in answers] == [202] * 20 + [429]
        assert answers[-1].json()["violated-policies"] == ["register"]


async def test_loading_pages_uses_up_nothing(dsn: str, tmp_path: Path) -> None:
    async with serving_api(dsn, tmp_path, **SHIPPED) as api, api.client() as client:
        for _ in range(120):
            assert (await client.get("/api/v1/instance")).status_code == 200
            assert (await client.post("/api/v1/auth/refresh", json={})).status_code == 401
        answer = await client.get("/api/v1/tracks")

        assert answer.status_code == 401
        assert '"anonymous";r=99' in answer.headers["RateLimit"]
