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
        self._pool, self._size = pool, size
        self._lent = 0

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
        while True:
            # With one to spare nothing is waited for, and no clock is needed: connecting anew
            # has a limit of its own.
            left_s = None if self._lent < self._size else max(deadline_s - time.monotonic(), 0.05)
            self._lent += 1
            try:
                lent = await self._pool.acquire(timeout=left_s)
            except _UNREACHED as fault:
                self._lent -= 1
                if time.monotonic() + 0.2 > deadline_s:
                    raise Unavailable(
                        "The database doesn't answer. Please try again shortly."
                    ) from fault
                await asyncio.sleep(0.2)
            except BaseException:
                self._lent -= 1
                raise
            else:
                return cast("asyncpg.Connection[asyncpg.Record]", lent)

    async def take_back(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        """End what `lend` began."""
        try:
            await self._pool.release(cast("PoolConnectionProxy[asyncpg.Record]", connection))
        finally:
            self._lent -= 1

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
