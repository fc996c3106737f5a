"""Jobs that can't be done just now: they are put back, and the attempt isn't counted."""

import errno
from uuid import UUID

import pytest

from backline.platform import jobs
from backline.platform.database import Database
from backline.platform.errors import DiskFull, Unavailable
from backline.platform.jobs import Job, JobContext, Later, Nothing
from tests.platform.jobs.working import ended, eventually, job_of, working


def register(database: Database, *declared: Job) -> None:
    database.declared = jobs.assemble(declared)


async def enqueue(database: Database) -> UUID:
    async with database.write() as tx:
        return await jobs.enqueue(tx, "a", Nothing())


async def test_later_doesnt_count_however_often_it_is_said(database: Database) -> None:
    heard: list[int] = []

    async def handle(context: JobContext, _payload: Nothing, _services: object) -> None:
        heard.append(context.attempt)
        if len(heard) < 5:
            raise Later("The hall is still locked.", after_s=0.01)
        raise Unavailable("The mixer is off.")

    register(database, Job("a", handle, max_attempts=2, backoff_s=0.01))
    job_id = await enqueue(database)
    async with working(database):
        job = await ended(database, job_id)

    # Four that didn't count, and the two that the kind has. Each is an attempt to the fence.
    assert heard == [1, 2, 3, 4, 5, 6]
    assert (job.state, job.error) == ("dead", "The mixer is off.")


@pytest.mark.parametrize(
    "fault",
    [
        DiskFull("The disk has 1 MB left."),
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Quota exceeded"),
    ],
    ids=["ours", "disk", "its quota"],
)
async def test_a_full_disk_is_no_jobs_fault(database: Database, fault: Exception) -> None:
    async def handle(_context: JobContext, _payload: Nothing, _services: object) -> None:
        raise fault

    register(database, Job("a", handle, max_attempts=1))
    job_id = await enqueue(database)
    async with working(database):

        async def was_put_back() -> bool:
            return (await job_of(database, job_id)).error is not None

        await eventually(was_put_back)

    job = await job_of(database, job_id)
    assert (job.state, job.max_attempts - job.attempts) == ("queued", 1)
    assert "disk" in (job.error or "")
    assert job.started_at is not None
    assert job.run_at > job.started_at


async def test_a_full_disk_of_the_database_is_no_jobs_fault(database: Database) -> None:
    async def handle(context: JobContext, _payload: Nothing, _services: object) -> None:
        async with context.database.write() as tx:
            await tx.execute("DO $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END $$")

    register(database, Job("a", handle, max_attempts=1))
    job_id = await enqueue(database)
    async with working(database):

        async def was_put_back() -> bool:
            return (await job_of(database, job_id)).error is not None

        await eventually(was_put_back)

    assert (await job_of(database, job_id)).state == "queued"
