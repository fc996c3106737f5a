"""A pool of connections under test, and what its PostgreSQL says of it."""

import asyncio
import contextlib

from backline.platform.database.pool import Connection, Pool, open_pool
from tests.support.waiting import eventually, until

SIZE = 2
PATIENCE_S = 60.0
STATEMENT_TIMEOUT_S = 600
WHO = "SELECT pg_backend_pid()"
FOREVER = "SELECT pg_sleep(600)"
OURS = "FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'backline'"
PROCESSES = f"SELECT count(*) {OURS}"
# Not "active": that is a statement while it is prepared, too, after which the connection is free.
SLEEPERS = f"SELECT count(*) {OURS} AND wait_event = 'PgSleep'"
INTERRUPT = f"SELECT count(pg_cancel_backend(pid)) {OURS}"
TERMINATE = f"SELECT count(pg_terminate_backend(pid, 60000)) {OURS}"


class Server:
    """What PostgreSQL says of us, on a connection that isn't the pool's."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    async def processes(self) -> int:
        return await self.connection.fetchval(PROCESSES)

    async def has_none(self) -> bool:
        return await self.processes() == 0

    async def has_one(self) -> bool:
        return await self.processes() == 1

    async def sleeps(self) -> bool:
        return await self.connection.fetchval(SLEEPERS) > 0

    async def interrupt_all(self) -> None:
        await self.connection.fetchval(INTERRUPT)

    async def terminate_all(self) -> None:
        await self.connection.fetchval(TERMINATE)


async def opened(dsn: str, size: int = SIZE, wait_s: float = PATIENCE_S) -> Pool:
    return await open_pool(dsn, size=size, statement_timeout_s=STATEMENT_TIMEOUT_S, wait_s=wait_s)


async def ask(pool: Pool, statement: str = WHO) -> int:
    async with pool.connection() as connection:
        return await connection.fetchval(statement)


async def sleeper(pool: Pool, server: Server) -> "asyncio.Task[int]":
    """Somebody whose statement the server is in the middle of."""
    task = asyncio.create_task(ask(pool, FOREVER))
    await eventually(server.sleeps)
    return task


async def cancel(task: "asyncio.Task[int]") -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def waiting(pool: Pool, number: int) -> None:
    """Return once so many wait for their turn."""
    await until(lambda: sum(not turn.came.done() for turn in pool._waiting) == number)


async def all_turns_free(pool: Pool) -> None:
    """Return once nobody has a connection and none is being ended."""
    await until(lambda: pool._free == pool._size)
