"""Registering, signing in, going on, signing out."""

import asyncio

import pytest

from tests.support.api import PASSWORD, Api

pytestmark = pytest.mark.slow


async def test_a_new_account_can_sign_in_at_once(api: Api) -> None:
    client = await api.user("ada@example.com")

    me = (await client.get("/api/v1/users/me")).json()

    assert me["email"] == "ada@example.com"
    assert me["role"] == "user"
    assert me["storage"] == {"used_bytes": 0, "quota_bytes": 50_000_000_000}


async def test_registering_a_taken_address_answers_the_same_and_changes_nothing(api: Api) -> None:
    await api.register("ada@example.com", "Ada")
    form = {"email": "ADA@example.com", "password": "another password", "name": "Eve"}
    async with api.client() as client:
        again = await client.post("/api/v1/auth/register", json=form)
        fresh = await client.post("/api/v1/auth/register", json={**form, "email": "eve@x.org"})

    assert (again.status_code, again.json()) == (fresh.status_code, fresh.json())
    assert await api.tokens("ada@example.com")


async def test_a_wrong_password_and_an_unknown_address_answer_alike(api: Api) -> None:
    await api.register("ada@example.com")
    async with api.client() as client:
        wrong = await client.post(
            "/api/v1/auth/login", json={"email": "ada@example.com", "password": "wrong"}
        )
        unknown = await client.post(
            "/api/v1/auth/login", json={"email": "bob@example.com", "password": "wrong"}
        )

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json()["detail"] == unknown.json()["detail"]


async def test_five_failures_close_the_account_to_that_address(api: Api) -> None:
    await api.register("ada@example.com")
    async with api.client() as client:
        for _ in range(5):
            await client.post(
                "/api/v1/auth/login", json={"email": "ada@example.com", "password": "wrong"}
            )
        blocked = await client.post(
            "/api/v1/auth/login", json={"email": "ada@example.com", "password": PASSWORD}
        )

    assert blocked.status_code == 429
    assert 0 < int(blocked.headers["retry-after"]) <= 901


async def test_a_refresh_token_works_once_and_gives_the_next(api: Api) -> None:
    await api.register("ada@example.com")
    first = await api.tokens("ada@example.com")
    async with api.client() as client:
        second = (await client.post("/api/v1/auth/refresh", json=_refresh(first))).json()
        third = await client.post("/api/v1/auth/refresh", json=_refresh(second))

    assert third.status_code == 200
    assert third.json()["refresh_token"] not in {first["refresh_token"], second["refresh_token"]}


async def test_two_tabs_that_refresh_at_once_are_given_the_same_token(api: Api) -> None:
    await api.register("ada@example.com")
    first = await api.tokens("ada@example.com")
    async with api.client() as client:
        one, other = await asyncio.gather(
            client.post("/api/v1/auth/refresh", json=_refresh(first)),
            client.post("/api/v1/auth/refresh", json=_refresh(first)),
        )

    assert one.json()["refresh_token"] == other.json()["refresh_token"]


async def test_a_token_used_again_ends_the_whole_family(api: Api) -> None:
    await api.register("ada@example.com")
    first = await api.tokens("ada@example.com")
    async with api.client() as client:
        second = (await client.post("/api/v1/auth/refresh", json=_refresh(first))).json()
        third = (await client.post("/api/v1/auth/refresh", json=_refresh(second))).json()
        reused = await client.post("/api/v1/auth/refresh", json=_refresh(first))
        after = await client.post("/api/v1/auth/refresh", json=_refresh(third))
    async with api.client(third["access_token"]) as thief:
        refused = await thief.get("/api/v1/users/me")

    assert reused.status_code == 401
    assert after.status_code == 401
    assert refused.status_code == 401


async def test_signing_out_ends_the_access_token_too(api: Api) -> None:
    await api.register("ada@example.com")
    tokens = await api.tokens("ada@example.com")
    async with api.client(tokens["access_token"]) as client:
        before = await client.get("/api/v1/users/me")
        await client.post("/api/v1/auth/logout", json=_refresh(tokens))
        after = await _until_refused(client)

    assert before.status_code == 200
    assert after == 401


async def test_signing_out_by_the_access_token_alone_ends_the_session(api: Api) -> None:
    await api.register("ada@example.com")
    tokens = await api.tokens("ada@example.com")
    async with api.client(tokens["access_token"]) as client:
        answer = await client.post("/api/v1/auth/logout")
        after = await _until_refused(client)
        again = await client.post("/api/v1/auth/refresh", json=_refresh(tokens))

    assert answer.status_code == 204
    assert (after, again.status_code) == (401, 401)


async def test_the_cookie_stays_out_of_reach_of_scripts_and_other_sites(api: Api) -> None:
    await api.register("ada@example.com")
    async with api.client() as client:
        login = await client.post(
            "/api/v1/auth/login",
            json={"email": "ada@example.com", "password": PASSWORD},
            headers={"origin": "http://localhost:8000"},
        )
        cookie = login.headers["set-cookie"].lower()
        foreign = await client.post(
            "/api/v1/auth/refresh", headers={"origin": "https://evil.example"}
        )
        own = await client.post("/api/v1/auth/refresh", headers={"origin": "http://localhost:8000"})

    assert "refresh_token" not in login.json()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/api/v1/auth" in cookie
    assert foreign.status_code == 403
    assert own.status_code == 200


async def test_a_forged_token_is_refused(api: Api) -> None:
    async with api.client("eyJhbGciOiJub25lIn0.e30.") as client:
        answer = await client.get("/api/v1/users/me")

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"


def _refresh(tokens: dict[str, str]) -> dict[str, str]:
    return {"refresh_token": tokens["refresh_token"]}


async def _until_refused(client: object) -> int:
    """The status once the process has heard that the session ended (bounded by 10 s)."""
    status = 200
    for _ in range(200):
        status = (await client.get("/api/v1/users/me")).status_code  # type: ignore[attr-defined]
        if status != 200:
            break
        await asyncio.sleep(0.05)
    return status
