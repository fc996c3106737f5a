"""Limits counted in one process, and counted in Redis for several: the same promises."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable

import pytest

from backline.platform.limits import Limiter, Policy
from backline.platform.limits.process import ProcessLimits
from backline.platform.limits.shared import SharedLimits
from tests.support.redis import PrivateRedis

GCRA = Policy("gcra", 20, 3_600, "user")
WINDOW = Policy("window", 20, 3_600, "user", kind="window")
QUICK = Policy("quick", 2, 1, "user")
POLICIES = (GCRA, WINDOW, QUICK)
PATIENT_S = 30.0  # these tests are about counts, and the machine may be slow

MakeLimiter = Callable[[], Limiter]


@pytest.fixture(params=["process", "redis"])
async def make(request: pytest.FixtureRequest) -> AsyncIterator[MakeLimiter]:
    """Makes the limiter of one process; those in Redis count together."""
    server: PrivateRedis | None = None
    if request.param == "redis":
        server = request.getfixturevalue("redis_server")
    made: list[Limiter] = []

    def make() -> Limiter:
        shared = SharedLimits(server.url, answer_s=PATIENT_S) if server else None
        made.append(Limiter(ProcessLimits(), shared))
        return made[-1]

    yield make
    for limiter in made:
        await limiter.close()


async def allowed(limiter: Limiter, policy: Policy, subject: str) -> bool:
    return (await limiter.take([policy], [subject]))[-1].allowed


@pytest.mark.parametrize("policy", [GCRA, WINDOW], ids=lambda policy: policy.name)
async def test_exactly_the_quota_passes_however_many_ask_at_once(
    make: MakeLimiter, policy: Policy
) -> None:
    limiter = make()

    answers = await asyncio.gather(*(allowed(limiter, policy, "ada") for _ in range(100)))

    assert sum(answers) == policy.quota


async def test_subjects_and_policies_are_counted_apart(make: MakeLimiter) -> None:
    limiter = make()
    for _ in range(GCRA.quota):
        await limiter.take([GCRA], ["ada"])

    assert not await allowed(limiter, GCRA, "ada")
    assert await allowed(limiter, GCRA, "grace")
    assert await allowed(limiter, WINDOW, "ada")


async def test_a_standing_says_what_is_left_and_when_to_come_again(make: MakeLimiter) -> None:
    limiter = make()

    first = (await limiter.take([GCRA], ["ada"]))[0]
    for _ in range(GCRA.quota - 1):
        await limiter.take([GCRA], ["ada"])
    last = (await limiter.take([GCRA], ["ada"]))[0]

    assert (first.allowed, first.remaining) == (True, GCRA.quota - 1)
    assert (last.allowed, last.remaining) == (False, 0)
    assert 0 < last.retry_after_s <= GCRA.window_s / GCRA.quota
    assert GCRA.window_s / 2 < last.reset_s <= GCRA.window_s


async def test_two_policies_both_have_to_agree(make: MakeLimiter) -> None:
    limiter = make()
    for _ in range(GCRA.quota):
        await limiter.take([GCRA], ["ada"])

    standings = await limiter.take([WINDOW, GCRA], ["ada", "ada"])

    assert [one.allowed for one in standings] == [True, False]


async def test_who_waits_as_long_as_told_may_go_on(make: MakeLimiter) -> None:
    limiter = make()
    while (standing := (await limiter.take([QUICK], ["ada"]))[0]).allowed:
        pass

    assert standing.retry_after_s <= QUICK.window_s
    async with asyncio.timeout(PATIENT_S):
        while not await allowed(limiter, QUICK, "ada"):  # noqa: ASYNC110  # time is what it needs
            await asyncio.sleep(standing.retry_after_s)


async def test_processes_count_together_in_redis(redis_server: PrivateRedis) -> None:
    limiters = [
        Limiter(ProcessLimits(), SharedLimits(redis_server.url, answer_s=30)) for _ in range(3)
    ]

    answers = await asyncio.gather(
        *(allowed(limiter, GCRA, "ada") for limiter in limiters for _ in range(30))
    )

    assert sum(answers) == GCRA.quota
    for limiter in limiters:
        await limiter.close()


async def test_redis_killed_in_the_middle_fails_nothing_and_frees_nobody(
    redis_server: PrivateRedis,
) -> None:
    limiter = Limiter(ProcessLimits(), SharedLimits(redis_server.url))
    for _ in range(GCRA.quota - 5):
        await limiter.take([GCRA], ["ada"])

    redis_server.kill()
    answers = [await allowed(limiter, GCRA, "ada") for _ in range(30)]

    assert sum(answers) == 5
    assert await allowed(limiter, GCRA, "grace")
    await limiter.close()


async def test_a_redis_that_hangs_is_not_asked_again_and_again(redis_server: PrivateRedis) -> None:
    shared = SharedLimits(redis_server.url)
    os.kill(redis_server.pid, signal.SIGSTOP)
    try:
        answers = [await shared.take([GCRA], ["ada"]) for _ in range(5)]
        began_s = asyncio.get_running_loop().time()
        answers += [await shared.take([GCRA], ["ada"]) for _ in range(50)]
        took_s = asyncio.get_running_loop().time() - began_s
    finally:
        os.kill(redis_server.pid, signal.SIGCONT)

    assert answers == [[]] * 55
    assert took_s < 50 * 0.05  # had each waited for its 50 ms
    await shared.close()
