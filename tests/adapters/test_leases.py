"""What a process takes of a shared quota in advance: fewer questions, never more than the quota."""

import asyncio

import pytest
import redis

from backline.platform.limits import Limiter, Policy, leases
from backline.platform.limits.process import ProcessLimits
from backline.platform.limits.shared import SharedLimits
from tests.support.redis import PrivateRedis

API = Policy("api", 400, 86_400, "user")
PATIENT_S = 30.0  # the machine may be slow


def limiter_at(server: PrivateRedis) -> Limiter:
    shared = SharedLimits(server.url, answer_s=PATIENT_S)
    return Limiter(ProcessLimits(), shared)


async def allowed(limiter: Limiter, count: int, subject: str = "ada") -> int:
    standings = [(await limiter.take([API], [subject]))[0] for _ in range(count)]
    return sum(one.allowed for one in standings)


def questions(server: PrivateRedis) -> int:
    """How often Redis was asked to count."""
    with redis.Redis.from_url(server.url) as client:
        stats = client.info("commandstats")
    return sum(stats.get(f"cmdstat_{name}", {}).get("calls", 0) for name in ("evalsha", "eval"))


async def test_a_busy_subject_is_given_the_whole_quota_with_few_questions(
    redis_server: PrivateRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "LEASE_S", 3_600.0)  # however slow the machine
    limiter, before = limiter_at(redis_server), questions(redis_server)

    assert await allowed(limiter, 2 * API.quota) == API.quota
    # One question in twenty once it goes well, and each refusal by the process itself.
    assert questions(redis_server) - before < API.quota / 8
    await limiter.close()


async def test_processes_that_hold_leases_never_allow_more_than_the_quota(
    redis_server: PrivateRedis,
) -> None:
    limiters = [limiter_at(redis_server) for _ in range(3)]

    counts = await asyncio.gather(*(allowed(one, API.quota, "grace") for one in limiters))

    assert API.quota * (1 - 3 / leases.SHARE) <= sum(counts) <= API.quota
    for limiter in limiters:
        await limiter.close()


async def test_many_requests_at_once_waste_nothing(redis_server: PrivateRedis) -> None:
    limiter = limiter_at(redis_server)

    bursts = [
        asyncio.gather(*(limiter.take([API], ["burst"]) for _ in range(30))) for _ in range(4)
    ]
    standings = [standing for burst in bursts for (standing,) in await burst]

    assert all(one.allowed for one in standings)
    assert min(one.remaining for one in standings) >= API.quota - 120 - API.quota // leases.SHARE
    await limiter.close()


async def test_whoever_asks_now_and_then_is_counted_one_by_one(
    redis_server: PrivateRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "LEASE_S", 0.0)  # each comes after the last one's lease
    limiter = limiter_at(redis_server)

    left = [(await limiter.take([API], ["rare"]))[0].remaining for _ in range(10)]

    assert left == [API.quota - number for number in range(1, 11)]
    await limiter.close()


async def test_what_is_leased_needs_no_waiting(
    redis_server: PrivateRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "LEASE_S", 3_600.0)
    limiter = limiter_at(redis_server)
    before = limiter.take_here([API], ["quick"])

    await allowed(limiter, 8, "quick")  # 1, then 2, 4, 8 at once
    standings = limiter.take_here([API], ["quick"])

    assert before is None
    assert standings is not None
    assert (standings[0].allowed, standings[0].remaining) == (True, API.quota - 9)
    await limiter.close()
