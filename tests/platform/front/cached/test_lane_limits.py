"""How often the lane answers somebody, and what else its answers have."""

import asyncio
import re
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from tests.support.lane import (
    FRIEND,
    HERE,
    LIST,
    ME,
    House,
    Wire,
    get,
    log_lines,
    open_house,
    requests_counted,
    sample,
    token_of,
)
from tests.support.redis import PrivateRedis
from tests.support.redis import running as running_redis
from tests.support.things import Person
from tests.support.waiting import WAIT_S

pytestmark = pytest.mark.slow

# How often somebody may ask


@pytest.mark.parametrize("shares", [False, True], ids=["alone", "with Redis"])
async def test_the_lane_counts_each_request_once(
    dsn: str, tmp_path: Path, request: pytest.FixtureRequest, *, shares: bool
) -> None:
    quota, refills_s = 60, 1.0
    told = {"BACKLINE_LIMIT_API_PER_MINUTE": str(quota)}
    if shares:
        told["BACKLINE_REDIS_URL"] = request.getfixturevalue("redis").url
    async with open_house(dsn, tmp_path, **told) as house, house.connected() as wire:
        await house.api.register("ada@example.org")
        head = get(ME, (await house.api.tokens("ada@example.org"))["access_token"])
        began_s, allowed, counted = time.monotonic(), 0, _decisions("allowed")
        async with asyncio.timeout(WAIT_S):
            while (answer := await wire.ask(head)).status == 200:
                allowed += 1
        refilled = (time.monotonic() - began_s) / refills_s

        assert house.lane.answers > quota // 3
        assert answer.status == 429
        assert quota - 1 - quota // 20 <= allowed <= quota + refilled + 1
        assert _decisions("allowed") - counted == allowed
        assert not (await wire.ask(head)).by_lane


@pytest.fixture(scope="module")
def redis() -> Iterator[PrivateRedis]:
    with running_redis() as server:
        yield server


def _decisions(decision: str) -> float:
    return sample("backline_limit_decisions_total", policy="api", decision=decision)


async def test_each_answer_tells_how_many_are_left(house: House, ada: Person, wire: Wire) -> None:
    head = get(ME, token_of(ada))
    first = await wire.by_lane(head)

    second = await wire.ask(head)

    # A slow machine refills it meanwhile, to all but the last request.
    left = [int(re.findall(r"r=(\d+)", one.header("ratelimit"))[0]) for one in (first, second)]
    assert left[1] in (left[0] - 1, 999_999, left[0])
    assert first.header("ratelimit-policy") == '"api";q=1000000;w=60'


# What else an answer has


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["Accept-Encoding: gzip"],
        ["Accept-Encoding: br;q=1, gzip;q=0.5"],
        ["Accept-Encoding: zstd, br, gzip"],
        [f"Origin: {FRIEND}"],
        ["Origin: https://stranger.example.org"],
        ['If-None-Match: "another"'],
        ["If-None-Match: *"],
        ["If-None-Match: *", f"Origin: {FRIEND}", "Accept-Encoding: br"],
        ["Connection: keep-alive", "X-Forwarded-For: 192.0.2.1"],
    ],
    ids=" ".join,
)
async def test_the_lane_answers_as_the_whole_way_does(
    ada: Person, wire: Wire, lines: list[str]
) -> None:
    head = get(f"{LIST}?limit=3", token_of(ada), *lines)

    whole = await wire.whole_way(head)
    short = await wire.by_lane(head)

    assert short.lasting == whole.lasting
    assert short.body == whole.body
    assert short.header("x-request-id") != whole.header("x-request-id")
    assert short.header("date").endswith(" GMT")
    assert short.header("content-security-policy")


async def test_what_an_api_token_is_told_of_its_limits_is_the_same(ada: Person, wire: Wire) -> None:
    form = {"name": "Program", "scopes": ["accounts:read"]}
    head = get(ME, (await ada.post("/users/me/tokens", json=form)).json()["token"])

    whole = await wire.whole_way(head)
    short = await wire.by_lane(head)

    assert short.lasting == whole.lasting
    assert short.header("ratelimit").startswith('"token";')


async def test_each_request_is_logged_and_counted(
    dsn: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    told = {"BACKLINE_LOG_FORMAT": "json", "BACKLINE_TRUSTED_PROXIES": HERE}
    async with open_house(dsn, tmp_path, **told) as house, house.connected() as wire:
        ada = await house.person("ada@example.org")
        head = get(f"{ME}?secret=1", token_of(ada), "X-Forwarded-For: 192.0.2.1")
        whole = await wire.whole_way(head)
        requests, hits = requests_counted(), _hits()
        short = await wire.by_lane(head)
        said = log_lines(house, capfdbinary)

    one, other = (said[reply.header("x-request-id")] for reply in (whole, short))
    assert short.header("x-request-id")
    assert {k for k in one if one[k] != other[k]} <= {"request_id", "timestamp", "ms"}
    assert (other["address"], other["path"], other["user"]) == (
        "192.0.2.1",
        ME,
        UUID(ada.id).hex,
    )
    assert 0 <= other["ms"] < WAIT_S * 1000
    assert requests_counted() > requests
    assert _hits() > hits


def _hits() -> float:
    return sample("backline_cache_hits_total", kind="profile")
