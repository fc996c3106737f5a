"""What costs more than a round trip (statistics, recommendations, answers from outside), kept.

First in this process, then in Redis where there is one (`shared`). Kept values are bytes with a
lifetime. Redis is never the truth: it is asked for 50 ms at most, and what it says of a value
with tags counts only if the database knows of no invalidation since the value was made.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec
import structlog
from prometheus_client import Counter, Gauge, Histogram

from backline.platform.cache.tags import EVERYTHING, TOPIC, Tags, of_signal
from backline.platform.database import Database
from backline.platform.errors import Unavailable
from backline.platform.signals import Signals

if TYPE_CHECKING:
    from backline.platform.cache.shared import SharedValues

T = TypeVar("T")
Make = Callable[[], Awaitable[T]]

MOST_BYTES: Final = 16 << 20
LARGEST_BYTES: Final = 1 << 20
# Invalidations are kept for ten minutes, so nothing that they may end is kept for longer.
LONGEST_S: Final = 540.0
MAKE_LIMIT_S: Final = 30.0
LONGEST_KEY: Final = 200
_OVERHEAD_BYTES = 300
_HORIZON = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_INVALIDATED = """
SELECT EXISTS (SELECT FROM cache_invalidations WHERE xid >= $1 AND tag = ANY($2::text[]))
"""
_ASKED = Counter(
    "backline_costly_total", "Costly values, by where they came from", ["what", "source"]
)
_MADE_S = Histogram("backline_costly_make_seconds", "Time to make a costly value", ["what"])
_BYTES = Gauge("backline_costly_bytes", "Bytes of costly values kept in this process")
_log = structlog.get_logger()


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """A value as it is kept: `horizon` is the oldest transaction open before it was made."""

    horizon: int
    value: bytes


class _Entry(msgspec.Struct, frozen=True):
    value: bytes
    until_s: float
    stamp: int


class Costly:
    """The costly values of one process."""

    def __init__(
        self,
        database: Database,
        signals: Signals,
        shared: "SharedValues | None" = None,
        *,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._database, self._signals, self._shared = database, signals, shared
        self._most_bytes, self._bytes = most_bytes, 0
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._flights: dict[tuple[str, int], asyncio.Task[bytes]] = {}
        self._tags = Tags()
        signals.on(TOPIC, self._receive)
        signals.on_lost(self._tags.empty)

    async def get(
        self, key: str, kind: type[T], ttl_s: float, make: Make[T], *, tags: Sequence[str] = ()
    ) -> T:
        """The value named `key`, at most `ttl_s` (and 540 s) old; `make` makes it once for all.

        `key` begins with what it is (`stats`, `similar:<id>`). With `tags`, an invalidation ends
        the value before its time. `make` has 30 s; its fault is everybody's who waits, and the
        next one tries anew.

        Raises:
            Unavailable: it wasn't made in time.
            ValueError: the key has more than 200 characters.
        """
        if len(key) > LONGEST_KEY:
            raise ValueError(f"A key of {len(key)} characters is too long.")
        stamp = self._tags.stamp(self._tags.slots(tags))
        found = self._known(key, stamp, is_tagged=bool(tags))
        what = key.partition(":")[0]
        if found is not None:
            _ASKED.labels(what, "process").inc()
            return msgspec.msgpack.decode(found, type=kind)
        flight = self._flights.get((key, stamp))
        if flight is None:
            fetching = self._fetch(key, kind, min(ttl_s, LONGEST_S), make, tags, stamp)
            flight = asyncio.create_task(fetching, name=f"costly {what}")
            self._flights[key, stamp] = flight
            flight.add_done_callback(lambda done: self._land(key, stamp, done))
        else:
            _ASKED.labels(what, "joined").inc()
        # Whoever goes away doesn't take the value from the others.
        return msgspec.msgpack.decode(await asyncio.shield(flight), type=kind)

    async def close(self) -> None:
        """End what is being made, and the connections to Redis."""
        for flight in tuple(self._flights.values()):
            flight.cancel()
        if self._shared is not None:
            await self._shared.close()

    async def check(self) -> None:
        """Whether Redis answers, for the health report.

        Raises:
            Unavailable: it doesn't.
        """
        if self._shared is not None:
            await self._shared.check()

    def _known(self, key: str, stamp: int, *, is_tagged: bool) -> bytes | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        if entry.stamp != stamp or entry.until_s <= time.monotonic():
            self._drop(key)
            return None
        if is_tagged and not self._signals.connected:
            return None
        self._entries.move_to_end(key)
        return entry.value

    async def _fetch(
        self,
        key: str,
        kind: type[T],
        ttl_s: float,
        make: Make[T],
        tags: Sequence[str],
        stamp: int,
    ) -> bytes:
        if self._shared is None:
            value = await _made(key, make)
            self._keep(key, value, ttl_s, stamp)
            return value
        async with self._shared.turn(key, lambda kept: self._holds(kept, kind, tags)) as turn:
            if turn.found is not None:
                value, left_s = turn.found
                _ASKED.labels(key.partition(":")[0], "redis").inc()
                self._keep(key, value.value, min(left_s, ttl_s), stamp)
                return value.value
            async with self._database.read() as read:
                horizon = int(await read.fetch_value(_HORIZON))
            value = await _made(key, make)
            self._keep(key, value, ttl_s, stamp)
            if len(value) <= LARGEST_BYTES:
                await turn.put(Kept(horizon, value), ttl_s)
            return value

    async def _holds(self, kept: Kept, kind: type[Any], tags: Sequence[str]) -> bool:
        """Whether a value from Redis can be used: it is of our kind, and nothing ended it."""
        try:
            msgspec.msgpack.decode(kept.value, type=kind)
        except msgspec.MsgspecError:
            return False
        async with self._database.read() as read:
            return not await read.fetch_value(_INVALIDATED, kept.horizon, [*tags, EVERYTHING])

    def _keep(self, key: str, value: bytes, ttl_s: float, stamp: int) -> None:
        self._drop(key)
        if len(value) > LARGEST_BYTES or ttl_s <= 0:
            return
        self._entries[key] = _Entry(value, time.monotonic() + ttl_s, stamp)
        self._bytes += _size_bytes(key, value)
        while self._bytes > self._most_bytes:
            self._drop(next(iter(self._entries)))
        _BYTES.set(self._bytes)

    def _drop(self, key: str) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._bytes -= _size_bytes(key, entry.value)
            _BYTES.set(self._bytes)

    def _land(self, key: str, stamp: int, done: "asyncio.Task[bytes]") -> None:
        del self._flights[key, stamp]
        if not done.cancelled() and (fault := done.exception()) is not None:
            _log.warning("costly_not_made", what=key.partition(":")[0], reason=str(fault)[:200])

    def _receive(self, text: str) -> None:
        for invalidation in of_signal(text):
            self._tags.hear(invalidation)


def _size_bytes(key: str, value: bytes) -> int:
    return len(key) + len(value) + _OVERHEAD_BYTES


async def _made(key: str, make: Make[Any]) -> bytes:
    what = key.partition(":")[0]
    _ASKED.labels(what, "made").inc()
    began_s = time.perf_counter()
    try:
        async with asyncio.timeout(MAKE_LIMIT_S):
            made = await make()
    except TimeoutError as fault:
        raise Unavailable("This takes too long at the moment. Please try again later.") from fault
    _MADE_S.labels(what).observe(time.perf_counter() - began_s)
    return msgspec.msgpack.encode(made)
