"""How a process keeps up with invalidations, and until when it may trust what it knows.

Signals bring them at once; a look at the table three times a second is the proof. A process
whose last look began more than 0.9 s ago passes its cache by, so that everybody sees a change
within a second even if every signal is lost; after a failed look the cache is emptied, too.
"""

import asyncio
import time
from typing import Final, Protocol

import asyncpg
import structlog
from prometheus_client import Counter

from backline.platform.cache.tags import TOPIC, Invalidation, Tags, of_signal
from backline.platform.database.signals import Signals
from backline.platform.host.background import Background

POLL_S: Final = 0.3
TRUST_S: Final = 0.9
# A server that refuses connections takes no writes: what is known stays true for a while.
DOWN_TRUST_S: Final = 30.0
_LOOK_TIMEOUT_S = 0.8
_CONNECT_TIMEOUT_S = 2.0
_BATCH = 10_000
_FORGOTTEN_S = 300.0  # half of how long invalidations are kept at least
_LOOK = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon,
  (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms, said.ids, said.tags,
  (CASE current_setting('synchronous_commit')
    WHEN 'off' THEN pg_current_wal_insert_lsn() ELSE pg_current_wal_flush_lsn()
  END - '0/0')::bigint AS position
FROM (
  SELECT array_agg(id) AS ids, array_agg(tag) AS tags
  FROM (SELECT id, tag FROM cache_invalidations WHERE xid >= $1 ORDER BY xid LIMIT $2) AS recent
) AS said
"""
_PAGE_BYTES = 8192
_HEADERS_BYTES = frozenset({24, 40})
_REFUSED = (ConnectionRefusedError, FileNotFoundError, asyncpg.CannotConnectNowError)
_EMPTIED = Counter("backline_cache_emptied_total", "Caches emptied whole", ["reason"])
_log = structlog.get_logger()


class Follower(Protocol):
    """Somebody who wants to know where the primary is, as replicas do."""

    def looked(self, began_s: float, position: int) -> None:
        """What was acknowledged before `began_s` (monotonic) lies before `position`."""
        ...

    def lost(self) -> None:
        """The next look may be at another primary."""
        ...


class Watch:
    """The looks of one process, on a connection of their own: a busy pool can't delay them."""

    def __init__(
        self, dsn: str, signals: Signals, tags: Tags, follower: Follower | None = None
    ) -> None:
        self._dsn, self.tags, self._follower = dsn, tags, follower
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._work = Background()
        self._horizon: int | None = None
        self._seen_s = float("-inf")
        self._down_since_s: float | None = None
        self._is_lost = False
        self._clock_ms = 0.0
        self.trusted_until_s = float("-inf")
        signals.on(TOPIC, self._receive)

    def is_down(self, now_s: float) -> bool:
        """Whether the database said lately that it takes no connections; `now_s` is monotonic."""
        since_s = self._down_since_s
        return since_s is not None and now_s - since_s < DOWN_TRUST_S

    def database_ms(self) -> float:
        """The database's clock now, in ms since 1970, as far as the last look can tell."""
        return self._clock_ms + time.monotonic() * 1000

    async def start(self) -> None:
        """Look once, then go on with it until `close`."""
        await self._look_safely()
        self._work.start(self._run(), "cache-watch")

    async def close(self) -> None:
        """Look no more; the cache is passed by from now on."""
        await self._work.stop()
        self.trusted_until_s = float("-inf")
        self._disconnect()

    def _receive(self, text: str) -> None:
        for invalidation in of_signal(text):
            self.tags.hear(invalidation)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(POLL_S)
            await self._look_safely()

    async def _look_safely(self) -> None:
        try:
            if self._connection is None:
                self._connection = await asyncpg.connect(self._dsn, timeout=_CONNECT_TIMEOUT_S)
            await self._look(self._connection)
        except Exception as fault:  # noqa: BLE001  # whatever it is: out of touch, and never the end
            self._lose(fault)

    async def _look(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        began_s = time.monotonic()
        since = self._horizon if self._horizon is not None else 1 << 62
        row = await connection.fetchrow(_LOOK, since, _BATCH, timeout=_LOOK_TIMEOUT_S)
        assert row is not None  # noqa: S101  # an aggregate always gives one
        horizon: int = row[0]
        if self._is_lost:
            self._empty("out of touch", began_s)
        elif self._horizon is not None and horizon < self._horizon:
            self._empty("another database", began_s)
        elif began_s - self._seen_s > _FORGOTTEN_S or len(row[2] or ()) >= _BATCH:
            self._empty("fell behind", began_s)
        for number, tag in zip(row[2] or (), row[3] or (), strict=True):
            self.tags.hear(Invalidation(number, tag), began_s)
        position = _written(row[4])
        if self.tags.positions is not None:
            self.tags.positions.place(began_s, position)
        if self._follower is not None:
            self._follower.looked(began_s, position)
        self._is_lost, self._down_since_s = False, None
        self._horizon, self._seen_s = horizon, began_s
        self._clock_ms = row[1] - (began_s + time.monotonic()) * 500
        self.trusted_until_s = began_s + TRUST_S

    def _lose(self, fault: Exception) -> None:
        now_s = time.monotonic()
        if not self._is_lost:
            _log.warning("cache_out_of_touch", reason=str(fault) or type(fault).__name__)
        self._is_lost = True
        if not isinstance(fault, _REFUSED):
            self._down_since_s = None
        elif self._down_since_s is None:
            self._down_since_s = now_s
        self._disconnect()
        if self._follower is not None:
            self._follower.lost()

    def _empty(self, reason: str, at_s: float) -> None:
        self.tags.empty(at_s)
        _EMPTIED.labels(reason).inc()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None


def _written(position: int) -> int:
    """Where the last record ends; on a new page the primary stands behind the page's header."""
    beyond = position % _PAGE_BYTES
    return position - beyond if beyond in _HEADERS_BYTES else position
