"""Costly values of several processes with one Redis, and with one that goes away."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator

import pytest

from backline.platform.cache import shared
from backline.platform.cache.costly import Costly
from backline.platform.cache.shared import SharedValues
from backline.platform.cache.tags import invalidate
from backline.platform.database import Database
from backline.platform.errors import Unavailable
from backline.platform.signals import Signals
from tests.platform.cache.test_costly import Answer, Maker
from tests.support.redis import PrivateRedis
from tests.support.waiting import until

PATIENT_S = 30.0  # a busy machine isn't a Redis that is away


def process(database: Database, redis_server: PrivateRedis) -> Costly:
    """As another process has it: nothing in common but the database and Redis."""
    return Costly(
        database, Signals(database.dsn), SharedValues(redis_server.url, answer_s=PATIENT_S)
    )


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

    assert await one.get("stats", Answer, 60, make, tags=["a"]) == Answer(1)
    assert await other.get("stats", Answer, 60, make, tags=["a"]) == Answer(1)


async def test_only_one_makes_it_however_many_ask(pair: tuple[Costly, Costly]) -> None:
    make = Maker()
    make.may_go.clear()
    asking = [asyncio.create_task(one.get("stats", Answer, 60, make)) for one in pair * 10]
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
    dead = asyncio.create_task(one.get("stats", Answer, 60, stuck))
    await until(lambda: stuck.made)

    assert await other.get("stats", Answer, 60, make) == Answer(1)
    stuck.may_go.set()
    await dead


async def test_an_invalidation_that_nobody_heard_of_counts(
    pair: tuple[Costly, Costly], database: Database
) -> None:
    make = Maker()
    one, other = pair
    await one.get("stats", Answer, 60, make, tags=["a"])
    async with database.write() as tx:
        await tx.execute("INSERT INTO cache_invalidations (tag) VALUES ('a')")

    assert await other.get("stats", Answer, 60, make, tags=["a"]) == Answer(2)


async def test_an_invalidation_that_was_open_when_it_was_made_counts(
    pair: tuple[Costly, Costly], database: Database
) -> None:
    make = Maker()
    one, other = pair
    async with database.write() as tx:
        invalidate(tx, "a")
        await one.get("stats", Answer, 60, make, tags=["a"])

    assert await other.get("stats", Answer, 60, make, tags=["a"]) == Answer(2)


async def test_another_version_of_the_shape_is_made_anew(pair: tuple[Costly, Costly]) -> None:
    one, other = pair

    async def older() -> str:
        return "a string"

    await one.get("stats", str, 60, older)

    assert await other.get("stats", Answer, 60, Maker()) == Answer(1)


async def test_without_redis_each_process_goes_by_itself(
    database: Database, redis_server: PrivateRedis
) -> None:
    alone = Costly(database, Signals(database.dsn), SharedValues(redis_server.url))
    make = Maker()
    redis_server.kill()

    for number in range(1, 12):
        assert await alone.get(f"answer:{number}", Answer, 60, make) == Answer(number)
        assert await alone.get(f"answer:{number}", Answer, 60, make) == Answer(number)
    with pytest.raises(Unavailable):
        await alone.check()
    await alone.close()


async def test_a_redis_that_hangs_costs_a_little_time_only(
    database: Database, redis_server: PrivateRedis
) -> None:
    alone = Costly(database, Signals(database.dsn), SharedValues(redis_server.url))
    await alone.check()
    os.kill(redis_server.pid, signal.SIGSTOP)
    began_s = time.monotonic()

    for number in range(1, 101):
        await alone.get(f"answer:{number}", Answer, 60, Maker())

    # Five failures of 50 ms, then the breaker; without it a hundred would take 15 s.
    assert time.monotonic() - began_s < 10
    os.kill(redis_server.pid, signal.SIGCONT)
    await alone.close()
