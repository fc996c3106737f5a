"""Heavy jobs: their owners take turns, and who has none running doesn't wait for long ones."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID

import msgspec
import pytest

from backline.platform import jobs
from backline.platform.database import Database
from backline.platform.jobs import Job, JobContext, rotation
from tests.platform.jobs.working import ended, eventually, execute, job_of, value, working

ANNE, BERT, CLEO = UUID(int=1), UUID(int=2), UUID(int=3)
CROWD = 100_000
RUNNING = "SELECT count(*) FROM jobs WHERE state = 'running'"
READ_ROWS = """
EXPLAIN (ANALYZE, BUFFERS OFF, COSTS OFF, TIMING OFF, SUMMARY OFF, FORMAT JSON)
"""


class Named(msgspec.Struct, frozen=True):
    name: str = ""


class House:
    """Long jobs that go on until they are let go, and the order in which all of them began."""

    def __init__(self) -> None:
        self.began: list[str] = []
        self.over = asyncio.Event()

    async def long(self, _context: JobContext, payload: Named, _services: object) -> None:
        self.began.append(payload.name)
        await self.over.wait()

    async def short(self, _context: JobContext, payload: Named, _services: object) -> None:
        self.began.append(payload.name)


@pytest.fixture
def house(database: Database) -> House:
    house = House()
    declared = [
        Job("long", house.long, Named, heavy=True),
        Job("short", house.short, Named, heavy=True),
        Job("light", house.short, Named),
    ]
    database.declared = jobs.assemble(declared)
    return house


async def enqueue(database: Database, kind: str, owner_id: UUID | None, *names: str) -> list[UUID]:
    async with database.write() as tx:
        return await jobs.enqueue_many(tx, kind, [Named(name) for name in names], owner_id=owner_id)


@asynccontextmanager
async def crew(database: Database, house: House, processes: int) -> AsyncGenerator[None]:
    """So many workers with two heavy slots each, as in processes of their own, all of them busy.

    Each begins when the one before has taken its jobs: of two who take theirs at the same moment
    neither sees what the other takes, and a further slot is given that wouldn't have been needed.
    """
    async with AsyncExitStack() as stack:
        try:
            for number in range(1, processes + 1):
                await stack.enter_async_context(working(database, heavy_concurrency=2))
                await eventually(lambda busy=2 * number: _running(database, busy))
            yield
        finally:
            house.over.set()


@pytest.mark.parametrize("processes", [1, 2])
async def test_one_persons_long_jobs_do_not_keep_anothers_waiting(
    database: Database, house: House, processes: int
) -> None:
    await enqueue(database, "long", ANNE, *"abcdefgh")
    async with crew(database, house, processes):
        (short,) = await enqueue(database, "short", BERT, "B")

        assert (await ended(database, short)).state == "done"
        assert await value(database, RUNNING) == 2 * processes


async def test_the_further_slot_is_for_whoever_has_none(database: Database, house: House) -> None:
    await enqueue(database, "long", ANNE, "a1", "a2", "a3")
    await enqueue(database, "long", BERT, "b1", "b2")
    async with crew(database, house, 2):
        third = await enqueue(database, "long", CLEO, "c1")
        await eventually(lambda: _running(database, 5))
        third += await enqueue(database, "long", CLEO, "c2")
        # A round later nothing else has begun: each of the three has one at least.
        assert (await ended(database, (await enqueue(database, "light", None, "x"))[0])).attempts

        assert await value(database, RUNNING) == 5
        assert [(await job_of(database, one)).state for one in third] == ["running", "queued"]


async def test_owners_take_turns(database: Database, house: House) -> None:
    await enqueue(database, "short", ANNE, "a1", "a2", "a3")
    await enqueue(database, "short", CLEO, "c1", "c2")
    await enqueue(database, "short", None, "n1")
    last = await enqueue(database, "short", BERT, "b1", "b2", "b3")
    async with working(database, heavy_concurrency=1):
        await ended(database, last[-1])
        await eventually(lambda: _running(database, 0))

    turns = [name[0] for name in house.began]
    assert set(turns[:4]) == set("abcn")
    assert set(turns[4:7]) == set("abc")
    assert set(turns[7:]) == set("ab")
    assert [name for name in house.began if name[0] == "b"] == ["b1", "b2", "b3"]


async def test_within_an_owner_the_most_urgent_goes_first(database: Database, house: House) -> None:
    for name, priority in (("late", 5), ("urgent", -1), ("usual", 0)):
        async with database.write() as tx:
            job_id = await jobs.enqueue(tx, "short", Named(name), owner_id=ANNE, priority=priority)
    async with working(database, heavy_concurrency=1):
        await eventually(lambda: _finished(database, 3))

    assert job_id
    assert house.began == ["urgent", "usual", "late"]


async def test_jobs_in_the_wrong_queue_are_put_right(database: Database, house: House) -> None:
    await enqueue(database, "short", ANNE, "heavy")
    await enqueue(database, "light", BERT, "light")
    await execute(database, "UPDATE jobs SET turn_of = CASE WHEN turn_of IS NULL THEN owner_id END")
    async with working(database):
        await eventually(lambda: _finished(database, 2))

    assert set(house.began) == {"heavy", "light"}


@pytest.mark.slow
async def test_a_crowd_is_passed_by(database: Database, house: House) -> None:
    await enqueue(database, "short", ANNE, *["A"] * CROWD)
    (mine,) = await enqueue(database, "short", BERT, "B")
    await execute(database, "ANALYZE jobs")

    async with database.write() as tx:
        first = await rotation.take(tx, UUID(int=9), ["short"], 60, after=ANNE, further=False)
        plan = await tx.fetch_value(
            READ_ROWS + rotation._TAKE, ["short"], BERT, False, UUID(int=9), 60.0
        )

    assert first is not None
    assert (first[0].id, first[1]) == (mine, BERT)
    assert house.began == []
    assert _most_rows(json.loads(plan)[0]["Plan"]) < 10


def _most_rows(node: dict[str, object]) -> float:
    """How many rows any part of a plan has read, kept or passed over."""
    numbers = [
        float(str(node.get(key, 0))) * float(str(node.get("Actual Loops", 1)))
        for key in ("Actual Rows", "Rows Removed by Filter")
    ]
    below = node.get("Plans", [])
    assert isinstance(below, list)
    return max([*numbers, *(_most_rows(each) for each in below)])


async def _running(database: Database, count: int) -> bool:
    return await value(database, RUNNING) == count


async def _finished(database: Database, count: int) -> bool:
    return await value(database, "SELECT count(*) FROM jobs WHERE state = 'done'") == count
