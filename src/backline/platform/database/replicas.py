"""Read replicas: how far each has come, and whether it may be read from just now.

Every look at the primary tells where that is. A replica that has replayed a look's position
contains all that was acknowledged before the look began, so it may be read for 0.9 s from then
on: whoever reads from it sees a change within a second. Its own clock counts for nothing, and an
idle primary makes no replica look old.
"""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from typing import Final

import asyncpg
import msgspec
import structlog
from prometheus_client import Gauge

from backline.platform.database.access import Database
from backline.platform.database.pool import Pool, keep_alive, open_pool
from backline.platform.errors import BacklineError, Unavailable
from backline.platform.host.background import Background
from backline.platform.outside.breaker import Breaker

FRESH_S: Final = 0.9
_LOOKS = 16
_LOOK_TIMEOUT_S = 0.8
_CONNECT_S = 2.0
_AGAIN_S, _FAR_S = 0.03, 0.3
_RETRY_S = 1.0
_SAID_S = 60.0
_CONNECTIONS = 20
_STATEMENT_TIMEOUT_S = 30
_PRIMARY = """
SELECT system_identifier,
  ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int AS timeline
FROM pg_control_system()
"""
_REPLICA = """
SELECT system_identifier, greatest(timeline_id, min_recovery_end_timeline) AS timeline
FROM pg_control_system(), pg_control_checkpoint(), pg_control_recovery()
"""
_LOOK = """
SELECT pg_is_in_recovery(), (pg_last_wal_replay_lsn() - '0/0')::bigint
"""
_USABLE = Gauge("backline_replica_usable", "Whether a replica may be read from", ["replica"])
_LAG_S = Gauge("backline_replica_lag_seconds", "How far a replica is behind", ["replica"])
_LATENCY_S = Gauge("backline_replica_latency_seconds", "Round trip to a replica", ["replica"])
_log = structlog.get_logger()


class Unfit(Exception):
    """A server that answers, but not as a replica of this primary; the text says how."""


class _Identity(msgspec.Struct, frozen=True):
    """Whose data a server has: that of which cluster, after how many promotions."""

    system_identifier: int
    timeline: int


class Replica:
    """One replica, as this process knows it. Without `until_s` in the future it isn't read."""

    def __init__(self, name: str, dsn: str) -> None:
        self.name, self.dsn = name, dsn
        self.position, self.until_s, self.lag_s = 0, float("-inf"), 0.0
        self.pool: Pool | None = None
        self.breaker = Breaker(failures=3, open_s=5.0)
        self.readers = 0
        self.reason: str | None = "wasn't looked at yet"

    def serves(self, need: int, now_s: float) -> bool:
        """Whether it has replayed `need` and is fresh, and has a connection to spare."""
        pool = self.pool
        return (
            self.position >= need and now_s < self.until_s and pool is not None and not pool.is_full
        )

    async def check(self) -> None:
        """For the health report.

        Raises:
            Unavailable: it isn't read from, and why.
        """
        pool = self.pool
        if pool is None or time.monotonic() >= self.until_s:
            raise Unavailable(self.reason or f"It is {self.lag_s:.1f} s behind.")
        async with pool.connection() as connection:
            await connection.execute("SELECT 1")
        if self.breaker.is_open:
            raise Unavailable("Its connections were lost; it is tried again every 5 s.")


class Replicas:
    """All of them. `looked` and `lost` are told by whoever looks at the primary."""

    def __init__(self, dsns: Sequence[str], database: Database) -> None:
        self.all = [Replica(f"replica-{number}", dsn) for number, dsn in enumerate(dsns, 1)]
        self._watches = [_ReplicaWatch(replica, database) for replica in self.all]
        self._turn = 0

    async def start(self) -> None:
        """Begin to look at them, after each look at the primary."""
        for watch in self._watches:
            watch.start()

    async def close(self) -> None:
        """Look no more, and return all connections."""
        await asyncio.gather(*(watch.close() for watch in self._watches))

    def looked(self, began_s: float, position: int) -> None:
        """What was acknowledged before `began_s` (monotonic) lies before `position`."""
        for watch in self._watches:
            watch.looked(began_s, position)

    def lost(self) -> None:
        """The next look may be at another primary."""
        for watch in self._watches:
            watch.lost()

    def pick(self, need: int) -> Replica | None:
        """The least busy of those that have replayed `need`; None where none may serve."""
        now_s = time.monotonic()
        self._turn += 1
        count = len(self.all)
        turned = [self.all[(self._turn + one) % count] for one in range(count)]
        able = [replica for replica in turned if replica.serves(need, now_s)]
        for replica in sorted(able, key=_readers):
            if replica.breaker.allows():
                return replica
        return None


def _readers(replica: Replica) -> int:
    return replica.readers


class _ReplicaWatch:
    """Keeps up with one replica, on a connection of its own: a busy pool can't delay it."""

    def __init__(self, replica: Replica, database: Database) -> None:
        self._replica, self._database = replica, database
        self._looks: deque[tuple[float, int]] = deque(maxlen=_LOOKS)
        self._looked = asyncio.Event()
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._is_verified = False
        self._seen_s = float("-inf")
        self._failures = 0
        self._said_s, self._is_told_fresh = float("-inf"), False
        self._work = Background()

    def start(self) -> None:
        self._work.start(self._run(), self._replica.name)

    async def close(self) -> None:
        await self._work.stop()
        self._replica.until_s = float("-inf")
        self._disconnect()
        pool, self._replica.pool = self._replica.pool, None
        if pool is not None:
            await pool.close()

    def looked(self, began_s: float, position: int) -> None:
        replica = self._replica
        # A replica that was ahead of the primary follows another one.
        if self._seen_s < began_s and replica.position > position:
            self.lost()
            replica.until_s = float("-inf")
        self._looks.append((began_s, position))
        self._looked.set()

    def lost(self) -> None:
        self._is_verified = False
        self._looks.clear()

    async def _run(self) -> None:
        while True:
            await self._looked.wait()
            self._looked.clear()
            try:
                await self._look()
            except Exception as fault:  # noqa: BLE001  # whatever it is: not to be read from
                self._lose(fault)
                await asyncio.sleep(_RETRY_S)

    async def _look(self) -> None:
        """See how far it is, again and again until it has come as far as the last look."""
        connection = await self._verified()
        while self._looks and not self._looked.is_set():
            newest = self._looks[-1][1]
            await self._ask(connection)
            if self._replica.position >= newest:
                return
            await asyncio.sleep(_AGAIN_S if self._replica.lag_s < _FAR_S else _FAR_S)

    async def _verified(self) -> "asyncpg.Connection[asyncpg.Record]":
        """A connection to what is a replica of our primary, and a pool for others."""
        replica = self._replica
        if self._connection is None or self._connection.is_closed():
            self._is_verified = False
            self._connection = await asyncpg.connect(replica.dsn, timeout=_CONNECT_S)
            keep_alive(self._connection)
        if not self._is_verified:
            found = await self._connection.fetchrow(_REPLICA, timeout=_LOOK_TIMEOUT_S)
            async with self._database.read() as read:
                primary = await read.fetch_one(_PRIMARY, _Identity)
            if found is None or primary is None or primary != _Identity(*found):
                raise Unfit("it has another history than the primary")
            self._is_verified = True
        if replica.pool is None:
            replica.pool = await open_pool(
                replica.dsn,
                size=_CONNECTIONS,
                statement_timeout_s=_STATEMENT_TIMEOUT_S,
                role=replica.name,
                wait_s=0.0,
            )
        return self._connection

    async def _ask(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        replica, looks = self._replica, tuple(self._looks)
        began_s = time.monotonic()
        row = await connection.fetchrow(_LOOK, timeout=_LOOK_TIMEOUT_S)
        if row is None or not row[0] or row[1] is None:
            raise Unfit("it is no replica")
        self._seen_s = time.monotonic()
        replica.position = row[1]
        if not self._is_verified:
            return
        covered = [at_s for at_s, position in looks if position <= replica.position]
        missing = [at_s for at_s, position in looks if position > replica.position]
        if covered:
            replica.until_s = max(covered) + FRESH_S
        replica.lag_s = self._seen_s - min(missing) if missing else 0.0
        self._tell(began_s)

    def _tell(self, began_s: float) -> None:
        replica = self._replica
        is_fresh = self._seen_s < replica.until_s
        if is_fresh and not self._is_told_fresh:
            self._say("replica_found")
        if not is_fresh and self._is_told_fresh:
            self._say("replica_behind", lag_s=round(replica.lag_s, 1))
        behind = f"It is {replica.lag_s:.1f} s behind."
        self._failures, replica.reason = 0, None if is_fresh else behind
        _USABLE.labels(replica.name).set(is_fresh)
        _LAG_S.labels(replica.name).set(replica.lag_s)
        _LATENCY_S.labels(replica.name).set(self._seen_s - began_s)
        if replica.pool is not None:
            replica.pool.measure()

    def _say(self, what: str, **more: object) -> None:
        """Log what became of it, which may change several times a second: once a minute."""
        now_s = time.monotonic()
        if now_s - self._said_s >= _SAID_S:
            self._said_s, self._is_told_fresh = now_s, what == "replica_found"
            _log.info(what, replica=self._replica.name, **more)

    def _lose(self, fault: Exception) -> None:
        replica = self._replica
        own = isinstance(fault, Unfit | BacklineError)
        reason = str(fault) if own and str(fault) else type(fault).__name__
        if self._failures == 0:
            self._is_told_fresh = False
            _log.warning("replica_lost", replica=replica.name, reason=reason)
        self._failures += 1
        replica.reason = f"It isn't read from: {reason}."
        replica.until_s = float("-inf")
        _USABLE.labels(replica.name).set(0)
        self._disconnect()
        # Whoever waits for an answer that may never come asks the primary instead.
        if replica.pool is not None and self._failures > 1:
            replica.pool.terminate()
            replica.pool = None

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()
