"""Workers for tests: run for as long as a block lasts, and looked at through the table."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from backline.platform import jobs
from backline.platform.database import Database
from backline.platform.database.signals import Signals
from tests.support.waiting import WAIT_S


@asynccontextmanager
async def working(
    database: Database, signals: Signals | None = None, **options: Any
) -> AsyncGenerator[asyncio.Event]:
    """A worker for the jobs of `database`; it winds down with the block, or by the event."""
    stop = asyncio.Event()
    options = {"lease_s": 30.0, "grace_s": 0.2, "poll_s": 0.1} | options
    task = asyncio.create_task(jobs.Worker(database, signals, **options).run(stop))
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(task, WAIT_S)


async def job_of(database: Database, job_id: UUID) -> jobs.JobRow:
    async with database.read() as read:
        return await jobs.get(read, job_id, owner_id=None)


async def ended(database: Database, job_id: UUID) -> jobs.JobRow:
    """The job once it is done, dead or cancelled."""

    async def has_ended() -> bool:
        return (await job_of(database, job_id)).finished_at is not None

    await eventually(has_ended)
    return await job_of(database, job_id)


async def eventually(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(WAIT_S):
        while not await condition():  # noqa: ASYNC110  # it lies in the database
            await asyncio.sleep(0.02)


async def execute(database: Database, sql: Any, *args: object) -> int:
    async with database.write() as tx:
        return await tx.execute(sql, *args)


async def value(database: Database, sql: Any, *args: object) -> Any:
    async with database.read() as read:
        return await read.fetch_value(sql, *args)
