"""What is charged before a service is asked, over all processes that ask."""

import asyncio
import time
from datetime import timedelta
from uuid import UUID

import pytest

from backline.concerts.outside import budget, sql
from backline.concerts.outside.terms import Terms
from backline.platform.database import Database

TWO = Terms("it", count=2, span_s=1.0)


async def charge(database: Database, terms: Terms, owner_id: UUID) -> budget.Slot | budget.Refusal:
    async with database.write() as tx:
        return await budget.charge(tx, terms, owner_id)


async def spent(database: Database) -> dict[UUID, int]:
    async with database.read() as read:
        return {one.owner_id: one.charged for one in await sql.charges(read, "it")}


async def test_requests_are_spread_over_all_who_ask_at_once(database: Database, ada: UUID) -> None:
    began_s = time.monotonic()
    found = await asyncio.gather(*(charge(database, TWO, ada) for _ in range(12)))
    took_s = time.monotonic() - began_s
    async with database.write() as tx:
        pace = await sql.lock_pace(tx, "it")

    waits = sorted(one.wait_s for one in found if isinstance(one, budget.Slot))
    assert len(waits) == 12
    assert waits[:2] == [0, 0]
    assert waits[11] > 4.9 - took_s
    assert pace.slots[1] - pace.slots[0] < timedelta(seconds=1.1 + took_s)
    assert await spent(database) == {ada: 12}


async def test_no_window_has_more_than_its_count(database: Database, ada: UUID) -> None:
    slots = []
    for _ in range(7):
        async with database.write() as tx:
            await budget.charge(tx, TWO, ada)
            slots.append((await sql.lock_pace(tx, "it")).slots[-1])

    gaps = [late - early for early, late in zip(slots, slots[2:], strict=False)]
    assert min(gaps) >= timedelta(seconds=1)


async def test_who_would_wait_long_is_told_so_and_charged_nothing(
    database: Database, ada: UUID
) -> None:
    slow = Terms("it", count=1, span_s=60)
    await charge(database, slow, ada)
    refused = await charge(database, slow, ada)

    assert isinstance(refused, budget.Refusal)
    assert 50 < refused.after_s < 70
    assert await spent(database) == {ada: 1}


async def test_a_day_ends(database: Database, ada: UUID, ben: UUID) -> None:
    terms = Terms("it", count=100, span_s=1.0, per_day=20)
    for _ in range(30):
        await charge(database, terms, ada)
        last = await charge(database, terms, ben)

    assert isinstance(last, budget.Refusal)
    assert "today" in last.reason
    assert sum((await spent(database)).values()) <= 20


async def test_somebody_with_a_large_scan_leaves_the_others_their_share(
    database: Database, ada: UUID, ben: UUID
) -> None:
    terms = Terms("it", count=1_000, span_s=1.0, per_day=100)
    await charge(database, terms, ben)
    for _ in range(100):
        await charge(database, terms, ada)
    for _ in range(60):
        await charge(database, terms, ben)

    had = await spent(database)
    assert 40 <= had[ada] <= 50
    assert 40 <= had[ben] <= 50


async def test_a_service_that_rests_isnt_asked(database: Database, ada: UUID) -> None:
    await charge(database, TWO, ada)
    async with database.write() as tx:
        await sql.rest(tx, "it", 30)
    refused = await charge(database, TWO, ada)

    assert isinstance(refused, budget.Refusal)
    assert 29 < refused.after_s <= 30


async def test_one_at_a_time_until_it_is_let_go(database: Database, ada: UUID) -> None:
    alone = Terms("it", count=10, span_s=1.0, alone_s=30)
    first = await charge(database, alone, ada)
    second = await charge(database, alone, ada)
    assert isinstance(first, budget.Slot)
    async with database.write() as tx:
        await sql.let_go(tx, "it", first.id)
    third = await charge(database, alone, ada)

    assert isinstance(second, budget.Refusal)
    assert isinstance(third, budget.Slot)


@pytest.mark.parametrize("count", [1, 5])
async def test_what_was_never_asked_is_given_back(
    database: Database, ada: UUID, count: int
) -> None:
    for _ in range(count):
        await charge(database, Terms("it", count=10, span_s=1.0), ada)
    async with database.write() as tx:
        await sql.note_asking(tx, "it", ada)
        await sql.charge(tx, "it", ada, -1)

    assert await spent(database) == {ada: count - 1}
