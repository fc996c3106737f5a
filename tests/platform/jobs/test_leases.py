"""Jobs whose worker is gone or late, seen at the table as each worker sees it."""

import asyncio
from uuid import UUID

import pytest

from backline.platform import jobs
from backline.platform.database import Database, Write
from backline.platform.ids import uuid7
from backline.platform.jobs import Job, JobContext, JobRow, Nothing, sql
from tests.platform.jobs.working import ended, eventually, execute, job_of, value, working
from tests.support.waiting import until

pytestmark = pytest.mark.slow

ROOM = sql.Room(all=100, kinds=[("a", 100)], suspect_kinds=["a"])
FIRST, SECOND = UUID(int=1), UUID(int=2)


async def handle(_context: JobContext, _payload: Nothing, _services: object) -> None:
    pass


async def enqueue(database: Database, count: int = 1, **options: object) -> list[UUID]:
    database.declared = jobs.assemble([Job("a", handle, **options)])  # type: ignore[arg-type]
    async with database.write() as tx:
        return await jobs.enqueue_many(tx, "a", [Nothing()] * count)


async def claim(
    database: Database, worker: UUID, lease_s: float = 60.0, suspects: int = 1
) -> list[JobRow]:
    async with database.write() as tx:
        return await sql.claim(tx, worker, ROOM, lease_s, suspects=suspects)


async def rescue(database: Database) -> int:
    async with database.write() as tx:
        return await sql.rescue(tx, "It stopped.")


async def end_leases(database: Database) -> None:
    await execute(database, "UPDATE jobs SET lease_until = now() - interval '1 s'")


async def test_a_job_is_claimed_by_one_worker(database: Database) -> None:
    ids = await enqueue(database, 500)

    claims = await asyncio.gather(*(claim(database, uuid7()) for _ in range(8)))

    found = [row.id for rows in claims for row in rows]
    assert len(found) == len(set(found)) == 500
    assert set(found) == set(ids)


async def test_a_lease_that_holds_is_respected(database: Database) -> None:
    await enqueue(database)
    await claim(database, FIRST)

    assert await rescue(database) == 0
    assert await claim(database, SECOND) == []


async def test_every_write_of_a_late_worker_is_refused(database: Database) -> None:
    [job_id] = await enqueue(database)
    await claim(database, FIRST)
    await end_leases(database)
    await rescue(database)
    [row] = await claim(database, SECOND)
    late, now = (job_id, 1), (job_id, 2)

    async with database.write() as tx:
        assert row.attempts == 2
        for stale in (late, now):  # the attempt of another is no key either
            assert await sql.complete(tx, FIRST, [stale]) == set()
            assert await sql.fail(tx, FIRST, stale, "x", dead=True, delay_s=0) is None
            assert await sql.set_progress(tx, FIRST, stale, (1, 1, "")) is None
            assert await sql.renew(tx, FIRST, [stale], 60.0) == set()
            assert await sql.hand_back(tx, FIRST, [stale]) == 0
        assert await sql.complete(tx, SECOND, [now]) == {job_id}


async def test_a_job_that_is_given_back_keeps_its_late_worker_out(database: Database) -> None:
    [job_id] = await enqueue(database)
    await claim(database, FIRST)
    async with database.write() as tx:
        assert await sql.hand_back(tx, FIRST, [(job_id, 1)]) == 1
    [row] = await claim(database, SECOND)

    async with database.write() as tx:
        assert row.attempts == 1
        assert await sql.complete(tx, FIRST, [(job_id, 1)]) == set()
        assert await sql.complete(tx, SECOND, [(job_id, 1)]) == {job_id}


async def test_crashes_count_and_end_in_death_with_its_consequences(database: Database) -> None:
    buried: list[JobRow] = []

    async def bury(_tx: Write, job: JobRow) -> None:
        buried.append(job)

    [job_id] = await enqueue(database, max_attempts=2, on_dead=bury)
    for _ in range(2):
        await claim(database, uuid7())
        await end_leases(database)
        await rescue(database)
    assert (await job_of(database, job_id)).state == "running"
    async with working(database):
        job = await ended(database, job_id)

    assert (job.state, job.attempts, job.crashes) == ("dead", 2, 2)
    assert job.error == "The worker stopped in the middle of it."
    assert [row.id for row in buried] == [job_id]


async def test_suspects_of_two_crashes_are_taken_one_at_a_time(database: Database) -> None:
    await enqueue(database, 10)
    for _ in range(2):
        await claim(database, uuid7())
        await end_leases(database)
        assert await rescue(database) == 10
    await enqueue(database, 5)

    rows = await claim(database, FIRST)
    later = await claim(database, FIRST, suspects=0)

    assert sorted(row.crashes for row in rows) == [0, 0, 0, 0, 0, 2]
    assert later == []
    assert [row.crashes for row in await claim(database, SECOND)] == [2]


async def is_renewed(database: Database, job_id: UUID) -> bool:
    """Whether the present lease is a later one than the claim's, which was of 8 s."""
    later = "SELECT lease_until > started_at + interval '9 s' FROM jobs WHERE id = $1"
    return await value(database, later, job_id) is True


async def test_a_long_job_keeps_its_lease(database: Database) -> None:
    release = asyncio.Event()

    async def wait(_context: JobContext, _payload: Nothing, _services: object) -> None:
        await release.wait()

    database.declared = jobs.assemble([Job("a", wait)])
    async with database.write() as tx:
        job_id = await jobs.enqueue(tx, "a", Nothing())

    async with working(database, lease_s=8.0), working(database, lease_s=8.0):
        await eventually(lambda: is_renewed(database, job_id))
        release.set()
        job = await ended(database, job_id)

    assert (job.state, job.attempts, job.crashes) == ("done", 1, 0)


async def test_a_long_last_transaction_doesnt_cost_others_their_lease(database: Database) -> None:
    release = asyncio.Event()

    async def finish(context: JobContext, _payload: Nothing, _services: object) -> None:
        async with context.finish():
            await release.wait()

    async def wait(_context: JobContext, _payload: Nothing, _services: object) -> None:
        await release.wait()

    database.declared = jobs.assemble([Job("a", finish), Job("b", wait)])
    async with database.write() as tx:
        ids = [await jobs.enqueue(tx, kind, Nothing()) for kind in ("a", "b")]

    async with working(database, lease_s=8.0):
        await eventually(lambda: is_renewed(database, ids[1]))
        release.set()
        rows = [await ended(database, job_id) for job_id in ids]

    assert [(row.state, row.attempts) for row in rows] == [("done", 1), ("done", 1)]


async def test_a_handler_is_told_when_its_lease_is_lost(database: Database) -> None:
    told: list[str] = []
    started = asyncio.Event()

    async def handle_stubbornly(context: JobContext, _payload: Nothing, _services: object) -> None:
        started.set()
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            told.append("cancelled")
        try:
            await context.progress(1, 2)
        except jobs.LeaseLost:
            told.append("lost")
            raise

    database.declared = jobs.assemble([Job("a", handle_stubbornly)])
    async with database.write() as tx:
        job_id = await jobs.enqueue(tx, "a", Nothing())
    async with working(database, lease_s=2.0):
        await until(started.is_set)
        await execute(
            database,
            "UPDATE jobs SET attempts = 2, worker = $2, lease_until = now() + interval '1 h'"
            " WHERE id = $1",
            job_id,
            SECOND,
        )
        await until(lambda: told == ["cancelled", "lost"])

    job = await job_of(database, job_id)
    assert (job.state, job.attempts, job.error) == ("running", 2, None)
