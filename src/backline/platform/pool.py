"""Connections to one PostgreSQL server: opened when needed, lent for a while, and its faults."""

import asyncio
import socket
import time
from types import TracebackType
from typing import TYPE_CHECKING, cast

import asyncpg
import structlog
from prometheus_client import Gauge

from backline.platform.errors import Conflict, Unavailable

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

_CONNECTIONS = Gauge(
    "backline_database_connections", "Open connections of this process", ["role", "state"]
)
_WAIT_S = 5.0
_IDLE_S = 30.0
_CONNECT_S = 2.0
# A connection whose other end is gone without a word is noticed within about 20 s.
_KEEPALIVE = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 3, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 20_000}
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
# What a pooler gives that doesn't keep prepared statements for its clients.
_FORGOTTEN = (asyncpg.InvalidSQLStatementNameError, asyncpg.DuplicatePreparedStatementError)
_log = structlog.get_logger()


class Pool:
    """Up to `size` connections. Made by `open_pool`, ended by `close`."""

    def __init__(
        self, pool: "asyncpg.Pool[asyncpg.Record]", size: int, *, role: str, wait_s: float
    ) -> None:
        self._pool, self._role, self._wait_s = pool, role, wait_s
        # The library's own queue lets those who have just come pass those who wait.
        self._turns = asyncio.Semaphore(size)

    def connection(self) -> "Lent":
        """A connection for the length of an `async with`.

        Raises:
            Unavailable: none within 5 s, or it was lost on the way, or a statement took too long.
            Conflict: PostgreSQL ended the transaction in favour of another.
        """
        return Lent(self)

    async def lend(self) -> "asyncpg.Connection[asyncpg.Record]":
        """A connection, tried for `wait_s`, so that a restart of PostgreSQL is only a pause."""
        deadline_s = time.monotonic() + self._wait_s
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
            async with asyncio.timeout(self._wait_s):
                await self._turns.acquire()
        except TimeoutError as fault:
            raise Unavailable(_SILENT) from fault

    async def take_back(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        """End what `lend` began."""
        try:
            await self._pool.release(cast("PoolConnectionProxy[asyncpg.Record]", connection))
        finally:
            self._turns.release()

    @property
    def is_full(self) -> bool:
        """Whether whoever comes now has to wait."""
        return self._turns.locked()

    def measure(self) -> None:
        """Bring the gauges up to date."""
        idle = self._pool.get_idle_size()
        _CONNECTIONS.labels(self._role, "idle").set(idle)
        _CONNECTIONS.labels(self._role, "busy").set(self._pool.get_size() - idle)

    def terminate(self) -> None:
        """End all connections at once, also under those who wait for an answer."""
        self._pool.terminate()
        for state in ("idle", "busy"):
            _CONNECTIONS.labels(self._role, state).set(0)

    async def close(self) -> None:
        """Return all connections, waiting a few seconds for those in use."""
        try:
            await asyncio.wait_for(self._pool.close(), timeout=5)
        except TimeoutError:
            self._pool.terminate()


class Lent:
    """A connection's way out of the pool and back; a class, since it is on every request's way."""

    __slots__ = ("_connection", "_pool")

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None

    async def __aenter__(self) -> "asyncpg.Connection[asyncpg.Record]":
        self._connection = connection = await self._pool.lend()
        return connection

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        fault: BaseException | None,
        _: TracebackType | None,
    ) -> None:
        await self.give_back()
        if fault is not None:
            _translate(fault)

    async def give_back(self) -> None:
        """End the loan, if there still is one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await self._pool.take_back(connection)


def _translate(fault: BaseException) -> None:
    """Raise what callers understand for a fault of the server; others stay what they are."""
    if isinstance(fault, _BUSY):
        raise Conflict("Two changes met at the same place. Please try again.") from fault
    if isinstance(fault, LOST):
        raise Unavailable("The database went away. Please try again shortly.") from fault
    if isinstance(fault, asyncpg.QueryCanceledError):
        raise Unavailable("The database took too long over this.") from fault
    if isinstance(fault, _FORGOTTEN):
        _log.error(
            "prepared_statements_lost",
            action="set max_prepared_statements in PgBouncer (1.21 or newer), see docs/database.md",
        )
        raise Unavailable("The database's connection pooler isn't set up for Backline.") from fault


async def open_pool(
    dsn: str, *, size: int, statement_timeout_s: int, role: str = "primary", wait_s: float = _WAIT_S
) -> Pool:
    """Open a pool of up to `size` connections to the server named by `dsn`.

    No session state is ever set after the start of a connection, so none is reset when it goes
    back to the pool: that saves a round trip on each use. PgBouncer refuses to start a connection
    with settings that it doesn't know; behind it they are left to the role, see docs/database.md,
    and only this end limits how long a statement takes.
    """
    try:
        pool = await _open(dsn, size, statement_timeout_s + 5, _settings(statement_timeout_s))
    except asyncpg.ProtocolViolationError as fault:
        if "startup parameter" not in str(fault):
            raise
        _log.info("database_behind_pooler", role=role)
        pool = await _open(dsn, size, statement_timeout_s, _PLAIN)
    return Pool(pool, size, role=role, wait_s=wait_s)


_PLAIN = {"application_name": "backline", "timezone": "UTC"}


def _settings(statement_timeout_s: int) -> dict[str, str]:
    return {
        **_PLAIN,
        "plan_cache_mode": "force_generic_plan",
        "statement_timeout": str(statement_timeout_s * 1000),
        "idle_in_transaction_session_timeout": "60000",
        "jit": "off",
    }


async def _open(
    dsn: str, size: int, command_timeout_s: int, settings: dict[str, str]
) -> "asyncpg.Pool[asyncpg.Record]":
    return await asyncpg.create_pool(  # pyright: ignore[reportUnknownMemberType]
        dsn,
        min_size=1,
        max_size=size,
        init=keep_alive,
        reset=_keep_session,
        max_inactive_connection_lifetime=_IDLE_S,
        timeout=_CONNECT_S,
        command_timeout=command_timeout_s,
        server_settings=settings,
    )


async def keep_alive(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Have the system notice when the other end of a TCP connection is gone."""
    transport = cast("asyncio.BaseTransport", getattr(connection, "_transport"))  # noqa: B009
    opened = transport.get_extra_info("socket")
    if opened is None or opened.family == socket.AF_UNIX:
        return
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEPALIVE.items():
        if (option := getattr(socket, name, None)) is not None:  # not every system has each
            opened.setsockopt(socket.IPPROTO_TCP, option, value)


async def _keep_session(_connection: object) -> None:
    """The pool's reset: nothing, see `open_pool`."""
