"""A worker process for the chaos test: started with a DSN, ends with its parent at the latest."""

import asyncio
import ctypes
import os
import signal
import sys

import msgspec
import uvloop

from backline.platform import jobs
from backline.platform.database import Database, connect
from backline.platform.jobs import Job, JobContext, LeaseLost
from tests.support.chance import chance

LEASE_S = 1.5
LUCK = chance("worker", os.getpid())
FENCED, PLAIN, POISON = "chaos.fenced", "chaos.plain", "chaos.poison"


class Number(msgspec.Struct, frozen=True):
    n: int


async def fenced(context: JobContext, _payload: Number, _services: object) -> None:
    """The effect and the completion commit together; a late attempt has none."""
    await asyncio.sleep(LUCK.uniform(0.0, 0.3))
    try:
        async with context.finish() as tx:
            await tx.execute("INSERT INTO effects VALUES ($1, $2)", *context.claim)
    except LeaseLost:
        await _note(context.database, "INSERT INTO refusals VALUES ($1, $2)", context)
        raise


async def plain(context: JobContext, _payload: Number, _services: object) -> None:
    """The effect stands alone, so it may come twice; the completion is recorded by the worker."""
    await asyncio.sleep(LUCK.uniform(0.0, 0.3))
    await _note(context.database, "INSERT INTO effects VALUES ($1, $2)", context)


async def poison(_context: JobContext, _payload: Number, _services: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def _note(database: Database, sql: str, context: JobContext) -> None:
    async with database.write() as tx:
        await tx.execute(sql, *context.claim)  # type: ignore[arg-type]


def register() -> jobs.Registry:
    """The three kinds, and no schedules: to prune what was done would take it from the count."""
    registry = jobs.assemble(
        [
            Job(FENCED, fenced, Number, max_attempts=100),
            Job(PLAIN, plain, Number, max_attempts=100),
            Job(POISON, poison, Number, max_attempts=3),
        ]
    )
    return msgspec.structs.replace(registry, schedules=())


async def main(dsn: str) -> None:
    database = await connect(dsn, max_size=6)
    database.declared = register()
    worker = jobs.Worker(database, None, concurrency=50, lease_s=LEASE_S, poll_s=0.1, grace_s=1.0)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await worker.run(stop)
    await database.close()


if __name__ == "__main__":
    set_death_signal = 1
    ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)
    uvloop.run(main(sys.argv[1]))
