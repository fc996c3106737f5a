"""Costly values of several processes with one Redis, and with one that goes away."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator

import pytest

from backline.platform import jobs
from backline.platform.cache import CostlyValue, shared
from backline.platform.cache.costly import Costly
from backline.platform.cache.declared import invalidations_kept_s, lifetimes
from backline.platform.cache.jobs import JOBS, PRUNE
from backline.platform.cache.shared import SharedValues
from backline.platform.cache.tags import invalidate
from backline.platform.database import Database
from backline.platform.database.signals import Signals
from backline.platform.errors import Unavailable
from tests.platform.cache.test_costly import LIFETIMES, Answer, Maker
from tests.platform.jobs.working import ended, execute, working
from tests.support.redis import PrivateRedis
from tests.support.waiting import until

PATIENT_S = 30.0  # a busy machine isn't a Redis that is away
AN_HOUR = lifetimes([CostlyValue("venues", 3600.0)])
HALF_AN_HOUR_LATER = "UPDATE cache_invalidations SET at = at - interval '30 minutes'"


def process(
    database: Database, redis_server: PrivateRedis, signals: Signals | None = None
) -> Costly:
    """As another process has it: nothing in common but the database and Redis."""
    redis = SharedValues(redis_server.url, answer_s=PATIENT_S)
    return Costly(database, signals or Signals(database.dsn), {**LIFETIMES, **AN_HOUR}, redis)


@pytest.fixture
async def pair(
    database: Database, redis_server: PrivateRedis
) -> AsyncIterator[tuple[Costly, Costly]]:
    one, other = (process(database, redis_server) for _ in range(2))
    yield one, other
    await one.close()
    await other.close()


async def test_what_one_made_the_other_gets(pair: tuple[Costly, Costly]) -> None:
    make = Maker()
    one, other = pair

    assert await one.get("stats", Answer, make, tags=["a"]) == Answer(1)
    assert await other.get("stats", Answer, make, tags=["a"]) == Answer(1)


async def test_only_one_makes_it_however_many_ask(pair: tuple[Costly, Costly]) -> None:
    make = Maker()
    make.may_go.clear()
    asking = [asyncio.create_task(one.get("stats", Answer, make)) for one in pair * 10]
    await until(lambda: make.made)
    make.may_go.set()

    assert await asyncio.gather(*asking) == [Answer(1)] * 20


async def test_who_died_while_making_holds_nobody_up_for_long(
    pair: tuple[Costly, Costly], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "TURN_S", 0.5)
    stuck, make = Maker(), Maker()
    stuck.may_go.clear()
    one, other = pair
    dead = asyncio.create_task(one.get("stats", Answer, stuck))
    await until(lambda: stuck.made)

    assert await other.get("stats", Answer, make) == Answer(1)
    stuck.may_go.set()
    await dead


async def test_an_invalidation_that_nobody_heard_of_counts(
    pair: tuple[Costly, Costly], database: Database
) -> None:
    make = Maker()
    one, other = pair
    await one.get("stats", Answer, make, tags=["a"])
    async with database.write() as tx:
        await tx.execute("INSERT INTO cache_invalidations (tag) VALUES ('a')")

    assert await other.get("stats", Answer, make, tags=["a"]) == Answer(2)


async def test_an_invalidation_that_was_open_when_it_was_made_counts(
    pair: tuple[Costly, Costly], database: Database
) -> None:
    make = Maker()
    one, other = pair
    async with database.write() as tx:
        invalidate(tx, "a")
        await one.get("stats", Answer, make, tags=["a"])

    assert await other.get("stats", Answer, make, tags=["a"]) == Answer(2)


async def test_half_an_hour_later_an_invalidation_still_ends_what_is_kept_for_an_hour(
    database: Database, redis_server: PrivateRedis
) -> None:
    database.declared = jobs.assemble(JOBS, [])
    make, signals = Maker(), Signals(database.dsn)
    await signals.start()
    await until(lambda: signals.connected)
    one, other = process(database, redis_server, signals), process(database, redis_server)
    await one.get("venues", Answer, make, tags=["a"])
    assert await one.get("venues", Answer, Maker(), tags=["a"]) == Answer(1)

    async with database.write() as tx:
        invalidate(tx, "a")
    assert await execute(database, HALF_AN_HOUR_LATER) == 1
    async with database.write() as tx:
        pruning = await jobs.enqueue(tx, PRUNE, jobs.Nothing())
    kept_s = invalidations_kept_s(AN_HOUR.values())
    async with working(database, services={PRUNE: kept_s}):
        assert (await ended(database, pruning)).state == "done"

    assert await other.get("venues", Answer, make, tags=["a"]) == Answer(2)
    assert await one.get("venues", Answer, make, tags=["a"]) == Answer(2)
    for closing in (one, other, signals):
        await closing.close()


async def test_another_version_of_the_shape_is_made_anew(pair: tuple[Costly, Costly]) -> None:
    one, other = pair

    async def older() -> str:
        return "a string"

    await one.get("stats", str, older)

    assert await other.get("stats", Answer, Maker()) == Answer(1)


async def test_without_redis_each_process_goes_by_itself(
    database: Database, redis_server: PrivateRedis
) -> None:
    alone = Costly(database, Signals(database.dsn), LIFETIMES, SharedValues(redis_server.url))
    make = Maker()
    redis_server.kill()

    for number in range(1, 12):
        assert await alone.get(f"answer:{number}", Answer, make) == Answer(number)
        assert await alone.get(f"answer:{number}", Answer, make) == Answer(number)
    with pytest.raises(Unavailable):
        await alone.check()
    await alone.close()


async def test_a_redis_that_hangs_costs_a_little_time_only(
    database: Database, redis_server: PrivateRedis
) -> None:
    alone = Costly(database, Signals(database.dsn), LIFETIMES, SharedValues(redis_server.url))
    await alone.check()
    os.kill(redis_server.pid, signal.SIGSTOP)
    began_s = time.monotonic()

    for number in range(1, 101):
        await alone.get(f"answer:{number}", Answer, Maker())

    # Five failures of 50 ms, then the breaker; without it a hundred would take 15 s.
    assert time.monotonic() - began_s < 10
    os.kill(redis_server.pid, signal.SIGCONT)
    await alone.close()
