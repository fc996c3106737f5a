"""Costly values in one process."""

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest

from backline.platform.cache import costly
from backline.platform.cache.costly import Costly
from backline.platform.cache.tags import invalidate
from backline.platform.database import Database
from backline.platform.database.signals import Signals
from backline.platform.errors import Conflict, Unavailable
from tests.support.waiting import until

LIFETIMES = {"stats": 60.0, "others": 60.0, "answer": 60.0, "brief": 0.0}


class Answer(msgspec.Struct, frozen=True):
    number: int
    filling: str = ""


class Maker:
    """Makes answers with rising numbers, as slowly as told."""

    def __init__(self) -> None:
        self.made, self.may_go = 0, asyncio.Event()
        self.may_go.set()
        self.filling = ""

    async def __call__(self) -> Answer:
        self.made += 1
        number = self.made
        await self.may_go.wait()
        return Answer(number, self.filling)


@pytest.fixture
async def signals(database: Database) -> AsyncIterator[Signals]:
    opened = Signals(database.dsn)
    await opened.start()
    await until(lambda: opened.connected)
    yield opened
    await opened.close()


@pytest.fixture
async def values(database: Database, signals: Signals) -> AsyncIterator[Costly]:
    made = Costly(database, signals, LIFETIMES)
    yield made
    await made.close()


async def test_a_value_is_made_once(values: Costly) -> None:
    make = Maker()

    answers = [await values.get("stats", Answer, make) for _ in range(3)]

    assert answers == [Answer(1)] * 3


async def test_who_asks_meanwhile_waits_for_the_same(values: Costly) -> None:
    make = Maker()
    make.may_go.clear()
    asking = [asyncio.create_task(values.get("stats", Answer, make)) for _ in range(20)]
    await until(lambda: make.made)
    asking[0].cancel()
    make.may_go.set()

    answers = await asyncio.gather(*asking[1:])

    assert answers == [Answer(1)] * 19


async def test_a_value_that_is_too_old_is_made_anew(values: Costly) -> None:
    make = Maker()

    await values.get("brief", Answer, make)

    assert await values.get("brief", Answer, make) == Answer(2)


async def test_an_invalidation_ends_a_value(values: Costly, database: Database) -> None:
    make, other = Maker(), Maker()
    await values.get("stats", Answer, make, tags=["tracks:a"])
    await values.get("others", Answer, other, tags=["tracks:b"])

    async with database.write() as tx:
        invalidate(tx, "tracks:a")

    assert await values.get("stats", Answer, make, tags=["tracks:a"]) == Answer(2)
    assert await values.get("others", Answer, other, tags=["tracks:b"]) == Answer(1)


async def test_a_value_that_raced_an_invalidation_serves_nobody_after(
    values: Costly, database: Database
) -> None:
    make = Maker()
    make.may_go.clear()
    early = asyncio.create_task(values.get("stats", Answer, make, tags=["tracks:a"]))
    await until(lambda: make.made)
    async with database.write() as tx:
        invalidate(tx, "tracks:a")
    make.may_go.set()

    assert await values.get("stats", Answer, make, tags=["tracks:a"]) == Answer(2)
    assert await early == Answer(1)
    assert await values.get("stats", Answer, make, tags=["tracks:a"]) == Answer(2)


async def test_a_fault_is_told_to_all_and_not_kept(values: Costly) -> None:
    calls = 0

    async def fail_once() -> Answer:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise Conflict("Not now.")
        return Answer(calls)

    with pytest.raises(Conflict):
        await values.get("stats", Answer, fail_once)

    assert await values.get("stats", Answer, fail_once) == Answer(2)


async def test_a_value_that_takes_too_long_is_given_up(
    values: Costly, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(costly, "MAKE_LIMIT_S", 0.05)
    make = Maker()
    make.may_go.clear()

    with pytest.raises(Unavailable):
        await values.get("stats", Answer, make)


async def test_memory_is_bounded(database: Database, signals: Signals) -> None:
    make = Maker()
    make.filling = "x" * 1_000
    values = Costly(database, signals, LIFETIMES, most_bytes=20_000)

    for number in range(100):
        await values.get(f"answer:{number}", Answer, make)

    assert values._bytes <= 20_000
    assert 5 < len(values._entries) < 20
    assert make.made == 100
    await values.get("answer:99", Answer, make)
    assert make.made == 100


async def test_what_is_too_large_is_given_but_not_kept(values: Costly) -> None:
    make = Maker()
    make.filling = "x" * (costly.LARGEST_BYTES + 1)

    for number in (1, 2):
        assert (await values.get("stats", Answer, make)).number == number


async def test_what_nobody_declares_is_refused(values: Costly) -> None:
    with pytest.raises(ValueError, match=r"No domain declares .* of the kind 'venues'"):
        await values.get("venues:vienna", Answer, Maker())
