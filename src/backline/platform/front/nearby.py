"""The database as a request sees it that changes nothing: near replicas where they will do.

Handlers ask for `database` as ever. Its `read()` goes to a replica that has replayed what the
request needs, else to the primary, and what a replica breaks off is repeated there. What many
are given together (`Costly`) is made with the process's own database, never with this one.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Final

import asyncpg
from prometheus_client import Counter

from backline.platform.database import Database, Read, Reading, Write
from backline.platform.database.pool import LOST, Lent
from backline.platform.database.replicas import Replica, Replicas
from backline.platform.errors import Unavailable
from backline.platform.front.watermark import COOKIE, HEADER, YOUNG_S, Watermark, WatermarkSigner
from backline.platform.http.asgi import Exchange, Scope, exchange_of
from backline.platform.remembered import Remembered
from backline.platform.secrets import Secrets

SAFE: Final = frozenset({"GET", "HEAD"})
# What took longer was at the limit of a statement: the primary wouldn't be any faster.
_CANCELLED_S = 20.0
_BEYOND = 1 << 63
_MOST_WRITERS = 10_000
_GONE = (*LOST, OSError, TimeoutError)
_BROKEN_OFF = (
    asyncpg.SerializationError,  # the replica had to replay what the query still looked at
    asyncpg.DeadlockDetectedError,
    asyncpg.QueryCanceledError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.ObjectNotInPrerequisiteStateError,
)
_READS = Counter("backline_replica_reads_total", "Reads that began at a replica", ["replica"])
_REPEATED = Counter(
    "backline_replica_repeated_total", "Reads that went on at the primary", ["replica", "reason"]
)
_PASSED_BY = Counter("backline_replica_passed_by_total", "Reads for which no replica would do")


class Nearby:
    """Makes the views. `marks` reads the watermarks that callers carry."""

    def __init__(self, database: Database, replicas: Replicas, marks: WatermarkSigner) -> None:
        self.database, self.replicas, self._marks = database, replicas, marks
        self._written: Remembered[int, tuple[int, float]] = Remembered(_MOST_WRITERS)

    def checks(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """For the health report: each replica by its name."""
        return {replica.name: replica.check for replica in self.replicas.all}

    def view(self, scope: Scope) -> Database:
        """The database for a safe request."""
        near = _Near(self.database, self.replicas, self._need(scope), exchange_of(scope))
        return self.database.view(read=near.read, write=near.write)

    def wrote(self, scope: Scope, mark: Watermark) -> None:
        """Remember for a while who wrote here: not every program carries its watermark."""
        caller = _caller(scope)
        self._written.keep(caller, (mark.position or _BEYOND, time.monotonic() + YOUNG_S))

    def _need(self, scope: Scope) -> int:
        """The position that a replica must have replayed to answer this request."""
        exchange = exchange_of(scope)
        needed = exchange.needed_position
        position, until_s = self._written.get(_caller(scope)) or (0, 0.0)
        if time.monotonic() < until_s:
            needed = max(needed, position)
        said, cookie = exchange.headers.get(HEADER), exchange.headers.get(b"cookie")
        if said is None and (cookie is None or COOKIE not in cookie):
            return needed
        mark = self._marks.of_request(said, cookie)
        # A process that knows of no replicas says no position: then only the primary will do.
        return needed if mark is None else max(needed, mark.position or _BEYOND)


def _caller(scope: Scope) -> int:
    """Somebody, by their token."""
    return hash(exchange_of(scope).headers.get(b"authorization"))


def open_nearby(dsns: Sequence[str], database: Database, secrets: Secrets) -> Nearby | None:
    """What makes the views where there are replicas; the cache's room starts and ends it."""
    if not dsns:
        return None
    return Nearby(database, Replicas(dsns, database), WatermarkSigner(secrets))


class _Near:
    """How one request reads: it stays with one replica, so that it never sees time go backwards."""

    def __init__(
        self, primary: Database, replicas: Replicas, need: int, exchange: Exchange
    ) -> None:
        self.primary, self._replicas, self._need = primary, replicas, need
        self._exchange = exchange
        self._replica: Replica | None = None
        self._is_settled = False

    def read(self) -> AbstractAsyncContextManager[Read]:
        """As `Database.read`, from a replica if one will do."""
        replica = self._find()
        if replica is None:
            _PASSED_BY.inc()
            return self.primary.read()
        return _NearReading(self, replica)

    def write(self) -> AbstractAsyncContextManager[Write]:
        """As `Database.write`; what is read afterwards comes from the primary, too."""
        self.stay()
        return self.primary.write()

    def stay(self) -> None:
        """Read from the primary only, from now on."""
        self._is_settled, self._replica = True, None

    def _find(self) -> Replica | None:
        if not self._is_settled:
            self._is_settled = True
            self._replica = self._replicas.pick(self._need)
            if self._replica is not None:
                self._exchange.picked_position = self._replica.position
        elif self._replica is not None:
            now_s = asyncio.get_running_loop().time()
            if not self._replica.serves(self._need, now_s) or self._replica.breaker.is_open:
                self._replica = None
        return self._replica


class _NearReading:
    """What `_Near.read` gives where a replica will do."""

    __slots__ = ("_lent", "_near", "_primary", "_replica")

    def __init__(self, near: _Near, replica: Replica) -> None:
        self._near, self._replica = near, replica
        self._lent: Lent | None = None
        self._primary: Reading | None = None

    async def __aenter__(self) -> Read:
        _READS.labels(self._replica.name).inc()
        self._replica.readers += 1
        try:
            connection = await self._borrow()
        except BaseException:
            self._replica.readers -= 1
            raise
        return self._near.primary.read_on(connection, self)

    async def _borrow(self) -> "asyncpg.Connection[asyncpg.Record]":
        pool = self._replica.pool
        if pool is None:
            return await self._turn_to_primary("gone")
        lent = pool.connection()
        try:
            connection = await lent.__aenter__()
        except (Unavailable, asyncpg.PostgresError):
            self._replica.breaker.failed()
            return await self._turn_to_primary("gone")
        self._lent = lent
        return connection

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._replica.readers -= 1
        if self._primary is not None:
            await self._primary.__aexit__(kind, fault, at)
        elif self._lent is not None:
            self._replica.breaker.succeeded()
            await self._lent.__aexit__(kind, fault, at)

    async def instead(
        self, fault: Exception, took_s: float
    ) -> "asyncpg.Connection[asyncpg.Record] | None":
        """The primary, where the replica broke a statement off."""
        if self._primary is not None:
            return await self._primary.instead(fault, took_s)
        if isinstance(fault, _GONE):
            self._replica.breaker.failed()
            reason = "gone"
        elif isinstance(fault, _BROKEN_OFF) and took_s < _CANCELLED_S:
            reason = "cancelled"
        else:
            return None
        lent, self._lent = self._lent, None
        if lent is not None:
            with contextlib.suppress(asyncpg.InterfaceError):  # its pool was ended meanwhile
                lent.give_back()
        return await self._turn_to_primary(reason)

    async def _turn_to_primary(self, reason: str) -> "asyncpg.Connection[asyncpg.Record]":
        _REPEATED.labels(self._replica.name, reason).inc()
        self._near.stay()
        self._primary = self._near.primary.reading()
        return await self._primary.lend()
