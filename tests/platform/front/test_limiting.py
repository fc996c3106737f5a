"""The layer as requests meet it, behind the real edge."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from backline.platform.actor import Actor
from backline.platform.errors import Unauthenticated
from backline.platform.front.edge import Edge, networks
from backline.platform.front.limiting import Limited
from backline.platform.http.origins import origins_of
from backline.platform.limits import Limit, Policy, assemble, open_limiter
from backline.platform.limits.networks import network_of
from backline.platform.settings import SettingsFault

ADA = Actor(UUID(int=1), "user", UUID(int=11))
REGISTER = Policy("register", 2, 3_600, "address", "window")
UPLOADS = Policy("uploads", 50, 3_600, "user")
LIMITS = [
    Limit(REGISTER, "POST", "/auth/register"),
    Limit(UPLOADS, "", "/uploads/", instead=True),
]


async def _nothing(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def _known(token: str) -> Actor | None:
    return ADA if token == "ada" else None  # noqa: S105  # stands for a signed token


def _lacks(_actor: Actor, _method: str, _path: str) -> bool:
    return False


async def _find(token: str) -> Actor:
    raise Unauthenticated(f"Nobody is known by {token}.")


def client(
    *, trusted: tuple[str, ...] = (), address: str = "192.0.2.7", **quotas: int
) -> httpx.AsyncClient:
    api, anonymous = quotas.get("api", 3), quotas.get("anonymous", 3)
    rules = assemble(LIMITS, api_per_minute=api, anonymous_per_15_minutes=anonymous)
    limiter = open_limiter(None)
    origins = origins_of(
        public_url=None, host="127.0.0.1", port=8000, allowed_hosts=(), cors_origins=()
    )
    limited = Limited(_nothing, limiter, rules, known=_known, find=_find, lacks=_lacks)
    edge: Any = Edge(limited, origins, [], networks(trusted))
    transport = httpx.ASGITransport(edge, client=(address, 4711))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")


async def statuses(asking: httpx.AsyncClient, count: int, path: str, **more: Any) -> list[int]:
    method = more.pop("method", "GET")
    return [(await asking.request(method, path, **more)).status_code for _ in range(count)]


ADAS = {"Authorization": "Bearer ada"}


async def test_answers_say_how_the_caller_stands() -> None:
    answer = await client().get("/api/v1/tracks", headers=ADAS)

    assert answer.headers["RateLimit-Policy"] == '"api";q=3;w=60'
    assert answer.headers["RateLimit"] == '"api";r=2;t=20'


async def test_a_refusal_says_why_and_when_to_come_again() -> None:
    asking = client()
    await statuses(asking, 3, "/api/v1/tracks", headers=ADAS)

    answer = await asking.get("/api/v1/tracks", headers=ADAS)

    problem = answer.json()
    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    assert 1 <= int(answer.headers["Retry-After"]) <= 20
    assert answer.headers["RateLimit"].startswith('"api";r=0;t=')
    assert problem["type"] == "urn:backline:problem:quota-exceeded"
    assert problem["violated-policies"] == ["api"]
    assert "3 requests in a minute for each person" in problem["detail"]
    assert problem["request_id"] == answer.headers["X-Request-Id"]


async def test_people_are_counted_apart_from_their_address() -> None:
    asking = client()

    assert await statuses(asking, 4, "/api/v1/tracks") == [204, 204, 204, 429]
    assert await statuses(asking, 1, "/api/v1/tracks", headers=ADAS) == [204]


async def test_a_token_that_is_none_makes_nobody_known() -> None:
    asking = client()

    answers = [
        (await asking.get("/api/v1/tracks", headers={"Authorization": f"Bearer {n}"})).status_code
        for n in range(4)
    ]

    assert answers == [204, 204, 204, 429]


async def test_pages_and_health_are_not_counted() -> None:
    asking = client(api=1, anonymous=1)

    for path in ("/", "/assets/index.js", "/health/live", "/apis"):
        assert await statuses(asking, 5, path) == [204] * 5


async def test_media_have_a_generous_limit_and_no_figures_for_caches_to_keep() -> None:
    asking = client(anonymous=1)

    answers = [await asking.get("/media/token/tracks/low.m4a") for _ in range(200)]

    assert {answer.status_code for answer in answers} == {204}
    assert not any("RateLimit" in answer.headers for answer in answers)


@pytest.mark.parametrize(
    "path", ["/api/v1/auth/register", "/api/v1/auth/register/", "/api/v1//auth///register"]
)
async def test_a_named_action_is_limited_however_its_path_is_written(path: str) -> None:
    asking = client(anonymous=100)
    await statuses(asking, 2, "/api/v1/auth/register", method="POST")

    answer = await asking.post(path)

    assert answer.status_code == 429
    assert answer.json()["violated-policies"] == ["register"]
    assert await statuses(asking, 1, "/api/v1/auth/register", method="GET") == [204]


async def test_a_policy_may_stand_in_place_of_the_usual_one() -> None:
    asking = client()

    answers = await statuses(asking, 50, "/api/v1/uploads/1", method="PATCH", headers=ADAS)

    assert answers == [204] * 50
    assert await statuses(asking, 1, "/api/v1/uploads/1", method="PATCH", headers=ADAS) == [429]
    assert await statuses(asking, 3, "/api/v1/tracks", headers=ADAS) == [204] * 3


async def test_strangers_get_nothing_out_of_a_policy_for_people() -> None:
    answers = await statuses(client(), 4, "/api/v1/uploads/1", method="PATCH")

    assert answers == [204, 204, 204, 429]


async def test_a_forwarded_address_gets_nobody_past_a_limit() -> None:
    asking = client()

    answers = [
        (await asking.get("/api/v1/x", headers={"X-Forwarded-For": f"203.0.113.{n}"})).status_code
        for n in range(4)
    ]

    assert answers == [204, 204, 204, 429]


async def test_what_stands_left_in_a_forwarded_address_gets_nobody_past_a_limit() -> None:
    asking = client(trusted=("192.0.2.0/24",))

    answers = [
        (
            await asking.get(
                "/api/v1/x", headers={"X-Forwarded-For": f"203.0.113.{n}, 198.51.100.4"}
            )
        ).status_code
        for n in range(4)
    ]

    assert answers == [204, 204, 204, 429]


async def test_a_trusted_proxy_s_visitors_are_counted_apart() -> None:
    asking = client(trusted=("192.0.2.0/24",))

    answers = [
        (await asking.get("/api/v1/x", headers={"X-Forwarded-For": f"203.0.113.{n}"})).status_code
        for n in range(10)
    ]

    assert answers == [204] * 10


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::ffff", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
        (":not an address", ":not an address"),
    ],
)
def test_an_address_is_counted_as_the_household_s(address: str, counted_as: str) -> None:
    assert network_of(address) == counted_as


def test_a_quota_of_the_operator_s_has_to_name_a_limit() -> None:
    with pytest.raises(SettingsFault, match=r"no limit 'regster'.*register"):
        assemble(LIMITS, api_per_minute=1, anonymous_per_15_minutes=1, quotas=("regster=5",))
