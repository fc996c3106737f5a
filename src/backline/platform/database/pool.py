"""Connections to one PostgreSQL server: opened when needed, lent for a while, and its faults."""

import asyncio
import contextlib
import socket
import time
from collections import deque
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import TYPE_CHECKING, cast

import asyncpg
import msgspec
import structlog
from prometheus_client import Gauge

from backline.platform.errors import Conflict, DiskFull, Unavailable

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection
Connect = Callable[[], Awaitable[Connection]]

_CONNECTIONS = Gauge(
    "backline_database_connections", "Open connections of this process", ["role", "state"]
)
_WAIT_S = 5.0
_IDLE_S = 30.0
_END_S = 5.0
_CONNECT_S = 2.0
_AGAIN_S = 0.2
# A connection whose other end is gone without a word is noticed within about 20 s.
_KEEPALIVE = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 3, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 20_000}
_FULL = "The server's disk is full, so nothing can be changed now. Its operator has to make room."
_SILENT = "The database doesn't answer. Please try again shortly."
_GONE = "The database went away. Please try again shortly."
LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server's farewell has come, the connection's end hasn't
)
# All that a statement may end with on a connection of one's own.
FAULTS = (asyncpg.PostgresError, *LOST, OSError, TimeoutError)
_UNREACHED = (*LOST, OSError)
_BUSY = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
# What a pooler gives that doesn't keep prepared statements for its clients.
_FORGOTTEN = (asyncpg.InvalidSQLStatementNameError, asyncpg.DuplicatePreparedStatementError)
_log = structlog.get_logger()


class _Turn(msgspec.Struct, frozen=True):
    """Somebody who waits; told whether a connection is theirs, or that it took too long."""

    came: "asyncio.Future[bool]"
    until_s: float


class Pool:
    """Up to `size` connections. Made by `open_pool`, ended by `close`.

    The one that was used last is lent first, and those that nobody needed for 30 s are closed. The
    library's own pool wraps, resets and times each loan, which takes as long as a short query.
    """

    def __init__(self, connect: Connect, size: int, *, role: str, wait_s: float) -> None:
        self._connect, self._role, self._wait_s = connect, role, wait_s
        self._free = size  # connections that may be lent besides those that are
        self._size = size
        self._waiting: deque[_Turn] = deque()
        self._patience: asyncio.TimerHandle | None = None
        self._open: set[Connection] = set()
        self._idle: list[tuple[Connection, float]] = []  # each with since when (monotonic)
        self._sweep: asyncio.TimerHandle | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._is_closing = self._is_ended = False

    async def begin(self) -> None:
        """Open the first connection, which shows whether that is possible.

        Raises:
            OSError, asyncpg.PostgresError: it isn't.
        """
        self._put(await self._opened())

    def connection(self) -> "Lent":
        """A connection for the length of an `async with`.

        Raises:
            Unavailable: none within 5 s, or it was lost on the way, or a statement took too long.
            Conflict: PostgreSQL ended the transaction in favour of another.
        """
        return Lent(self)

    async def lend(self) -> Connection:
        """A connection, tried for `wait_s`, so that a restart of PostgreSQL is only a pause."""
        if self._is_closing:
            raise Unavailable(_GONE)
        deadline_s = time.monotonic() + self._wait_s
        await self._take_turn(deadline_s)
        try:
            connection = self._rested()
            return await self._opened_in_time(deadline_s) if connection is None else connection
        except BaseException:
            self._end_turn()
            raise

    def _rested(self) -> Connection | None:
        while self._idle:
            connection, _ = self._idle.pop()
            if not connection.is_closed():
                return connection
            self._open.discard(connection)
        return None

    async def _take_turn(self, deadline_s: float) -> None:
        """Wait until fewer than `size` connections are lent; first come, first served."""
        if self._free:
            self._free -= 1
            return
        turn = _Turn(asyncio.get_running_loop().create_future(), deadline_s)
        self._waiting.append(turn)
        if self._patience is None:
            self._lose_patience()
        try:
            has_come = await turn.came
        except BaseException:
            if not turn.came.cancel() and not turn.came.cancelled() and turn.came.result():
                self._end_turn()
            raise
        if not has_come:
            raise Unavailable(_SILENT)

    def _lose_patience(self) -> None:
        """Send away who has waited too long, and look again when the next one has.

        One timer for all: one for each would cost more than a loan.
        """
        self._patience = None
        now_s = time.monotonic()
        while self._waiting and (self._waiting[0].came.done() or self._waiting[0].until_s <= now_s):
            turn = self._waiting.popleft()
            if not turn.came.done():
                turn.came.set_result(False)
        if self._waiting:
            left_s = self._waiting[0].until_s - now_s
            self._patience = asyncio.get_running_loop().call_later(left_s, self._lose_patience)

    def _end_turn(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.came.done():
                turn.came.set_result(True)
                return
        self._free += 1

    async def _opened_in_time(self, deadline_s: float) -> Connection:
        while True:
            try:
                return await self._opened()
            except _UNREACHED as fault:
                if time.monotonic() + _AGAIN_S > deadline_s:
                    raise Unavailable(_SILENT) from fault
            await asyncio.sleep(_AGAIN_S)
            # The server may have as many as it takes: somebody else's will do.
            if (connection := self._rested()) is not None:
                return connection

    async def _opened(self) -> Connection:
        connection = await self._connect()
        if self._is_ended:
            connection.terminate()
            raise Unavailable(_GONE)
        self._open.add(connection)
        return connection

    def take_back(self, connection: Connection, *, is_sound: bool) -> None:
        """End what `lend` began; what is still in the middle of something isn't lent again."""
        if connection.is_closed():
            self._open.discard(connection)
            self._end_turn()
        elif is_sound and _is_at_rest(connection):
            self._put(connection)
            self._end_turn()
        else:
            task = asyncio.get_running_loop().create_task(self._end(connection), name="pool")
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    async def _end(self, connection: Connection) -> None:
        """Stop what it is in the middle of, close it, and only then let another be opened.

        Simply cut off, its server process would go on with the statement to the end: whoever asks
        and hangs up again and again would have more of them at work than there are turns.
        """
        try:
            with contextlib.suppress(Exception):  # whatever it is, it was cut off
                await connection.close(timeout=_END_S)
        finally:
            self._open.discard(connection)
            self._end_turn()

    def _put(self, connection: Connection) -> None:
        self._idle.append((connection, time.monotonic()))
        if self._sweep is None:
            self._sweep = asyncio.get_running_loop().call_later(_IDLE_S, self._close_idle)

    def _close_idle(self) -> None:
        """Close what wasn't needed for a while; those used longest ago stand first."""
        self._sweep = None
        before_s = time.monotonic() - _IDLE_S
        while self._idle and self._idle[0][1] <= before_s:
            connection, _ = self._idle.pop(0)
            self._open.discard(connection)
            connection.terminate()
        if self._idle:
            left_s = self._idle[0][1] - before_s
            self._sweep = asyncio.get_running_loop().call_later(left_s, self._close_idle)

    @property
    def is_full(self) -> bool:
        """Whether whoever comes now has to wait."""
        return self._free == 0

    def measure(self) -> None:
        """Bring the gauges up to date."""
        idle = len(self._idle)
        _CONNECTIONS.labels(self._role, "idle").set(idle)
        _CONNECTIONS.labels(self._role, "busy").set(len(self._open) - idle)

    def terminate(self) -> None:
        """End all connections at once, also under those who wait for an answer."""
        self._is_closing = self._is_ended = True
        for timer in (self._sweep, self._patience):
            if timer is not None:
                timer.cancel()
        self._sweep = self._patience = None
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.came.done():
                turn.came.set_result(False)
        for connection in self._open:
            connection.terminate()
        self._open, self._idle = set(), []
        self.measure()

    async def close(self) -> None:
        """End all connections, waiting a few seconds for those in use and promised."""
        if self._is_ended:
            return
        self._is_closing = True
        try:
            with contextlib.suppress(Exception):  # whatever it is, they are cut off
                async with asyncio.timeout(_END_S):
                    for _ in range(self._size):
                        await self._take_turn(time.monotonic() + _END_S)
                    while (connection := self._rested()) is not None:
                        await connection.close()
        finally:
            self.terminate()


class Lent:
    """A connection's way out of the pool and back; a class, since it is on every request's way."""

    __slots__ = ("_connection", "_pool")

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._connection: Connection | None = None

    async def __aenter__(self) -> Connection:
        self._connection = connection = await self._pool.lend()
        return connection

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        fault: BaseException | None,
        _: TracebackType | None,
    ) -> None:
        # Somebody may have begun two things at once, of which one is still at work.
        self.give_back(is_sound=not isinstance(fault, LOST))
        if fault is not None:
            _translate(fault)

    def give_back(self, *, is_sound: bool = True) -> None:
        """End the loan, if there still is one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            self._pool.take_back(connection, is_sound=is_sound)


def _is_at_rest(connection: Connection) -> bool:
    """Whether nothing is left to end: a transaction, or a statement that its caller gave up."""
    if connection.is_in_transaction():
        return False
    # A BEGIN that failed leaves its mark, and the next one would be taken for a savepoint.
    if getattr(connection, "_top_xact") is not None:  # noqa: B009
        return False
    protocol = getattr(connection, "_protocol")  # noqa: B009
    return not protocol._is_cancelling()  # noqa: SLF001


def _translate(fault: BaseException) -> None:
    """Raise what callers understand for a fault of the server; others stay what they are."""
    if isinstance(fault, _BUSY):
        raise Conflict("Two changes met at the same place. Please try again.") from fault
    if isinstance(fault, LOST):
        raise Unavailable(_GONE) from fault
    if isinstance(fault, asyncpg.DiskFullError):
        raise DiskFull(_FULL) from fault
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
    settings = {**_PLAIN, **_own_settings(statement_timeout_s)}
    pool = Pool(_connect(dsn, statement_timeout_s + 5, settings), size, role=role, wait_s=wait_s)
    try:
        await pool.begin()
    except asyncpg.ProtocolViolationError as fault:
        if "startup parameter" not in str(fault):
            raise
        _log.info("database_behind_pooler", role=role)
        pool = Pool(_connect(dsn, statement_timeout_s, _PLAIN), size, role=role, wait_s=wait_s)
        await pool.begin()
    return pool


_PLAIN = {"application_name": "backline", "timezone": "UTC"}


def _own_settings(statement_timeout_s: int) -> dict[str, str]:
    return {
        "plan_cache_mode": "force_generic_plan",
        "statement_timeout": str(statement_timeout_s * 1000),
        "idle_in_transaction_session_timeout": "60000",
        "jit": "off",
    }


def _connect(dsn: str, command_timeout_s: int, settings: dict[str, str]) -> Connect:
    async def connect() -> Connection:
        connection = await asyncpg.connect(
            dsn, timeout=_CONNECT_S, command_timeout=command_timeout_s, server_settings=settings
        )
        try:
            keep_alive(connection)
        except OSError:  # it is lost already
            connection.terminate()
            raise
        return connection

    return connect


def keep_alive(connection: Connection) -> None:
    """Have the system notice when the other end of a TCP connection is gone."""
    transport = cast("asyncio.BaseTransport", getattr(connection, "_transport"))  # noqa: B009
    opened = transport.get_extra_info("socket")
    if opened is None or opened.family == socket.AF_UNIX:
        return
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEPALIVE.items():
        if (option := getattr(socket, name, None)) is not None:  # not every system has each
            opened.setsockopt(socket.IPPROTO_TCP, option, value)
