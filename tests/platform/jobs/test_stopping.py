"""How jobs end before they are through: cancelled, handed back, cut off from the database."""

import asyncio
from uuid import UUID

import msgspec
import pytest

from backline.platform import jobs
from backline.platform.database import Database
from backline.platform.jobs import Job, JobContext
from tests.platform.jobs.working import ended, eventually, job_of, value, working
from tests.support.waiting import WAIT_S, until

pytestmark = pytest.mark.slow


class Named(msgspec.Struct, frozen=True):
    name: str


def register(database: Database, *declared: Job) -> None:
    database.declared = jobs.assemble(declared)


async def enqueue(database: Database, kind: str) -> UUID:
    async with database.write() as tx:
        return await jobs.enqueue(tx, kind, Named(""))


async def test_cancelling_stops_the_handler_and_refuses_its_writes(database: Database) -> None:
    stopped, refused = asyncio.Event(), asyncio.Event()

    async def handle(context: JobContext, _payload: Named, _services: object) -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            stopped.set()
            try:
                async with context.finish():
                    raise AssertionError
            except jobs.LeaseLost:
                refused.set()

    register(database, Job("a", handle, Named))
    job_id = await enqueue(database, "a")
    async with working(database, lease_s=2.0):

        async def runs() -> bool:
            return (await job_of(database, job_id)).state == "running"

        await eventually(runs)
        async with database.write() as tx:
            await jobs.cancel(tx, job_id, owner_id=None)
        await until(stopped.is_set)
        await until(refused.is_set)

    assert (await job_of(database, job_id)).state == "cancelled"


async def test_a_worker_that_stops_finishes_what_it_can_and_hands_back_the_rest(
    database: Database,
) -> None:
    started, release = asyncio.Semaphore(0), asyncio.Event()

    async def short(_context: JobContext, _payload: Named, _services: object) -> None:
        started.release()
        await release.wait()

    async def long(_context: JobContext, _payload: Named, _services: object) -> None:
        started.release()
        await asyncio.sleep(3600)

    register(database, Job("short", short, Named), Job("long", long, Named, max_attempts=1))
    short_id, long_id = await enqueue(database, "short"), await enqueue(database, "long")
    async with working(database, grace_s=5.0) as stop:
        async with asyncio.timeout(WAIT_S):
            await started.acquire()
            await started.acquire()
        stop.set()
        release.set()

    assert (await job_of(database, short_id)).state == "done"
    handed_back = await job_of(database, long_id)
    assert (handed_back.state, handed_back.attempts) == ("queued", 0)


async def test_a_worker_survives_the_loss_of_its_connections(database: Database) -> None:
    async def handle(_context: JobContext, _payload: Named, _services: object) -> None:
        pass

    register(database, Job("a", handle, Named, backoff_s=0.01))
    async with working(database, lease_s=2.0):
        assert (await ended(database, await enqueue(database, "a"))).state == "done"
        await value(
            database,
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        assert (await ended(database, await enqueue(database, "a"))).state == "done"
