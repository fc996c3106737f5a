"""What costs more than a round trip (statistics, recommendations, answers from outside), kept.

First in this process, then in Redis where there is one (`shared`). Kept values are bytes with the
lifetime that their domain declares (`CostlyValue`). Redis is never the truth: it is asked for
50 ms at most, and what it says of a value with tags counts only if the database knows of no
invalidation since the value was made.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec
import structlog
from prometheus_client import Counter, Gauge, Histogram

from backline.platform.cache.flights import Flight, Flights
from backline.platform.cache.tags import EVERYTHING, TOPIC, Tags, of_signal
from backline.platform.database import Database
from backline.platform.database.signals import Signals
from backline.platform.errors import Unavailable

if TYPE_CHECKING:
    from backline.platform.cache.shared import Kept, SharedValues

T = TypeVar("T")
Make = Callable[[], Awaitable[T]]

MOST_BYTES: Final = 16 << 20
LARGEST_BYTES: Final = 1 << 20
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


class _Entry(msgspec.Struct, frozen=True):
    """A value: it holds while none of `slots` is newer than `since`."""

    value: bytes
    until_s: float
    slots: tuple[int, ...]
    since: int


class Costly:
    """The costly values of one process."""

    def __init__(
        self,
        database: Database,
        signals: Signals,
        lifetimes: Mapping[str, float],
        shared: "SharedValues | None" = None,
        *,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._database, self._signals, self._shared = database, signals, shared
        self._lifetimes = lifetimes
        self._most_bytes, self._bytes = most_bytes, 0
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._making: set[asyncio.Task[bytes]] = set()
        self._tags = Tags()
        self._flights = Flights[str, bytes](self._tags)
        signals.on(TOPIC, self._receive)
        signals.on_lost(self._tags.empty)

    async def get(self, key: str, kind: type[T], make: Make[T], *, tags: Sequence[str] = ()) -> T:
        """The value named `key`, no older than declared; `make` makes it once for all.

        `key` begins with what it is (`stats`, `similar:<id>`), which a domain declares. With
        `tags`, an invalidation ends the value before its time. `make` has 30 s; its fault is
        everybody's who waits, and the next one tries anew.

        Raises:
            Unavailable: it wasn't made in time.
            ValueError: the key has more than 200 characters, or nobody declares what it is.
        """
        if len(key) > LONGEST_KEY:
            raise ValueError(f"A key of {len(key)} characters is too long.")
        what = key.partition(":")[0]
        ttl_s = self._lifetimes.get(what)
        if ttl_s is None:
            raise ValueError(f"No domain declares a CostlyValue of the kind {what!r}.")
        slots = self._tags.slots(tags)
        found = self._known(key, slots)
        if found is not None:
            _ASKED.labels(what, "process").inc()
            return msgspec.msgpack.decode(found, type=kind)
        flight = self._flights.find(key)
        if flight is None or flight.slots != slots:
            flight = self._begin(key, kind, ttl_s, make, tags, slots)
        else:
            _ASKED.labels(what, "joined").inc()
        # Whoever goes away doesn't take the value from the others.
        return msgspec.msgpack.decode(await asyncio.shield(flight.landing), type=kind)

    def _begin(
        self,
        key: str,
        kind: type[Any],
        ttl_s: float,
        make: Make[Any],
        tags: Sequence[str],
        slots: tuple[int, ...],
    ) -> Flight[bytes]:
        fetching = self._fetch(key, kind, ttl_s, make, tags, self._tags.number)
        made = asyncio.create_task(fetching, name=f"costly {key.partition(':')[0]}")
        flight = self._flights.begin(key, slots, made)
        self._making.add(made)
        made.add_done_callback(lambda _: self._land(key, flight, made))
        return flight

    async def close(self) -> None:
        """End what is being made, and the connections to Redis."""
        for made in tuple(self._making):
            made.cancel()
        if self._shared is not None:
            await self._shared.close()

    async def check(self) -> None:
        """Whether Redis answers, for the health report.

        Raises:
            Unavailable: it doesn't.
        """
        if self._shared is not None:
            await self._shared.check()

    def _known(self, key: str, slots: tuple[int, ...]) -> bytes | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        is_over = entry.until_s <= time.monotonic()
        if is_over or entry.slots != slots or not self._tags.hold(slots, entry.since):
            self._drop(key)
            return None
        if slots and not self._signals.connected:
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
        since: int,
    ) -> bytes:
        slots = self._tags.slots(tags)

        def keep(value: bytes, left_s: float) -> None:
            self._keep(key, _Entry(value, time.monotonic() + left_s, slots, since), left_s)

        if self._shared is None:
            value = await _made(key, make)
            keep(value, ttl_s)
            return value
        async with self._shared.turn(key, lambda kept: self._holds(kept, kind, tags)) as turn:
            if turn.found is not None:
                value, left_s = turn.found
                _ASKED.labels(key.partition(":")[0], "redis").inc()
                keep(value.value, min(left_s, ttl_s))
                return value.value
            async with self._database.read() as read:
                horizon = int(await read.fetch_value(_HORIZON))
            value = await _made(key, make)
            keep(value, ttl_s)
            if len(value) <= LARGEST_BYTES:
                await turn.put(horizon, value, ttl_s)
            return value

    async def _holds(self, kept: "Kept", kind: type[Any], tags: Sequence[str]) -> bool:
        """Whether a value from Redis can be used: it is of our kind, and nothing ended it."""
        try:
            msgspec.msgpack.decode(kept.value, type=kind)
        except msgspec.MsgspecError:
            return False
        async with self._database.read() as read:
            return not await read.fetch_value(_INVALIDATED, kept.horizon, [*tags, EVERYTHING])

    def _keep(self, key: str, entry: _Entry, left_s: float) -> None:
        self._drop(key)
        if len(entry.value) > LARGEST_BYTES or left_s <= 0:
            return
        self._entries[key] = entry
        self._bytes += _size_bytes(key, entry.value)
        while self._bytes > self._most_bytes:
            self._drop(next(iter(self._entries)))
        _BYTES.set(self._bytes)

    def _drop(self, key: str) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._bytes -= _size_bytes(key, entry.value)
            _BYTES.set(self._bytes)

    def _land(self, key: str, flight: Flight[bytes], done: asyncio.Task[bytes]) -> None:
        self._making.discard(done)
        self._flights.end(key, flight)
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
