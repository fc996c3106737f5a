"""Connections to one PostgreSQL server: opened when needed, lent for a while, and its faults."""

import asyncio
import time
from types import TracebackType
from typing import TYPE_CHECKING, cast

import asyncpg
from prometheus_client import Gauge

from backline.platform.errors import Conflict, Unavailable

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

_CONNECTIONS = Gauge("backline_database_connections", "Open connections of this process", ["state"])
_WAIT_S = 5.0
_IDLE_S = 30.0
_CONNECT_S = 2.0
_SILENT = "The database doesn't answer. Please try again shortly."
LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
)
_UNREACHED = (*LOST, OSError)
_BUSY = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


class Pool:
    """Up to `size` connections. Made by `open_pool`, ended by `close`."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", size: int) -> None:
        self._pool = pool
        # The library's own queue lets those who have just come pass those who wait.
        self._turns = asyncio.Semaphore(size)

    def connection(self) -> "_Lent":
        """A connection for the length of an `async with`.

        Raises:
            Unavailable: none within 5 s, or it was lost on the way, or a statement took too long.
            Conflict: PostgreSQL ended the transaction in favour of another.
        """
        return _Lent(self)

    async def lend(self) -> "asyncpg.Connection[asyncpg.Record]":
        """A connection, tried for 5 s, so that a restart of PostgreSQL is only a pause."""
        deadline_s = time.monotonic() + _WAIT_S
        await self._take_turn()
        try:
            while True:
                try:
                    lent = await self._pool.acquire()
                except _UNREACHED as fault:
                    if time.monotonic() + 0.2 > deadline_s:
                        raise Unavailable(_SILENT) from fault
                    await asyncio.sleep(0.2)
                else:
                    return cast("asyncpg.Connection[asyncpg.Record]", lent)
        except BaseException:
            self._turns.release()
            raise

    async def _take_turn(self) -> None:
        """Wait until fewer than `size` connections are lent; first come, first served."""
        if not self._turns.locked():
            await self._turns.acquire()
            return
        try:
            async with asyncio.timeout(_WAIT_S):
                await self._turns.acquire()
        except TimeoutError as fault:
            raise Unavailable(_SILENT) from fault

    async def take_back(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        """End what `lend` began."""
        try:
            await self._pool.release(cast("PoolConnectionProxy[asyncpg.Record]", connection))
        finally:
            self._turns.release()

    def measure(self) -> None:
        """Bring the gauges up to date."""
        idle = self._pool.get_idle_size()
        _CONNECTIONS.labels("idle").set(idle)
        _CONNECTIONS.labels("busy").set(self._pool.get_size() - idle)

    async def close(self) -> None:
        """Return all connections, waiting a few seconds for those in use."""
        try:
            await asyncio.wait_for(self._pool.close(), timeout=5)
        except TimeoutError:
            self._pool.terminate()


class _Lent:
    """A connection's way out of the pool and back; a class, since it is on every request's way."""

    __slots__ = ("_connection", "_pool")

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def __aenter__(self) -> "asyncpg.Connection[asyncpg.Record]":
        self._connection = await self._pool.lend()
        return self._connection

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        fault: BaseException | None,
        _: TracebackType | None,
    ) -> None:
        await self._pool.take_back(self._connection)
        if fault is not None:
            _translate(fault)


def _translate(fault: BaseException) -> None:
    """Raise what callers understand for a fault of the server; others stay what they are."""
    if isinstance(fault, _BUSY):
        raise Conflict("Two changes met at the same place. Please try again.") from fault
    if isinstance(fault, LOST):
        raise Unavailable("The database went away. Please try again shortly.") from fault
    if isinstance(fault, asyncpg.QueryCanceledError):
        raise Unavailable("The database took too long over this.") from fault


async def open_pool(dsn: str, *, size: int, statement_timeout_s: int) -> Pool:
    """Open a pool of up to `size` connections to the server named by `dsn`.

    No session state is ever set after the start of a connection, so none is reset when it goes
    back to the pool: that saves a round trip on each use.
    """
    pool = await asyncpg.create_pool(  # pyright: ignore[reportUnknownMemberType]
        dsn,
        min_size=1,
        max_size=size,
        reset=_keep_session,
        max_inactive_connection_lifetime=_IDLE_S,
        timeout=_CONNECT_S,
        command_timeout=statement_timeout_s + 5,
        server_settings={
            "application_name": "backline",
            "plan_cache_mode": "force_generic_plan",
            "statement_timeout": str(statement_timeout_s * 1000),
            "idle_in_transaction_session_timeout": "60000",
            "timezone": "UTC",
            "jit": "off",
        },
    )
    return Pool(pool, size)


async def _keep_session(_connection: object) -> None:
    """The pool's reset: nothing, see `open_pool`."""
