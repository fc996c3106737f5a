"""Which processes may serve together: without Redis one alone, with it any number.

What each process remembers by itself (limits, above all) is exact for one process only. The
database keeps the lock, on a connection of its own, so it ends with the process.
"""

import asyncio
import contextlib

import asyncpg
import structlog

from backline.platform.database.pool import FAULTS
from backline.platform.errors import BacklineError
from backline.platform.host.background import Background

_log = structlog.get_logger()
_KEY = 0x6261636B_73657276  # "backserv"
_TRY = "SELECT pg_try_advisory_lock($1)"
_TRY_SHARED = "SELECT pg_try_advisory_lock_shared($1)"
# A process that was killed leaves its lock only once PostgreSQL has noticed.
_PATIENCE_S = 10.0
_CHECK_S = 2.0
# PgBouncer refuses the second, and thereby tells that it is there.
_SETTINGS = {"application_name": "backline serve", "jit": "off"}


class SecondServe(BacklineError):
    """Another `serve` works on the same database, and they don't share a Redis."""


class BehindPooler(BacklineError):
    """What should lead past the pooler leads to it, where no lock and no signal lasts."""


class ServePlace:
    """The right to serve, held from `take` to `close`; after a lost connection it is taken again.

    `shared` is for processes with Redis. When the place is lost to another process, `stop` is set.
    """

    def __init__(self, dsn: str, stop: asyncio.Event, *, shared: bool) -> None:
        self._dsn, self._stop = dsn, stop
        self._sql = _TRY_SHARED if shared else _TRY
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._work = Background()

    async def take(self, *, patience_s: float = _PATIENCE_S) -> None:
        """Take the place, waiting a little for one who is just leaving it.

        Raises:
            SecondServe: another process has it.
            BehindPooler: a lock there would be nobody's.
        """
        try:
            async with asyncio.timeout(patience_s):
                while not await self._try():  # noqa: ASYNC110  # the lock is in PostgreSQL
                    await asyncio.sleep(0.2)
        except TimeoutError:
            await self._leave()
            raise SecondServe(
                "Another `backline serve` uses this database. Stop it, or set BACKLINE_REDIS_URL "
                "for all of them, so that they can count and tell each other together."
            ) from None
        self._work.start(self._watch(), "serve-place")

    async def _try(self) -> bool:
        if self._connection is None or self._connection.is_closed():
            self._connection = await self._connect()
        return bool(await self._connection.fetchval(self._sql, _KEY, timeout=5))

    async def _connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        try:
            return await asyncpg.connect(self._dsn, timeout=5, server_settings=_SETTINGS)
        except asyncpg.ProtocolViolationError as fault:
            if "startup parameter" not in str(fault):
                raise
            raise BehindPooler(
                "Locks and notifications don't go through PgBouncer. Set "
                "BACKLINE_DATABASE_DIRECT_URL to PostgreSQL's own address."
            ) from fault

    async def _watch(self) -> None:
        """See that the connection lives; take the place again where it didn't."""
        while True:
            await asyncio.sleep(_CHECK_S)
            try:
                if self._connection is not None and not self._connection.is_closed():
                    await self._connection.execute("SELECT 1", timeout=5)
                elif not await self._try():
                    _log.error("second_serve", action="this process ends")
                    self._stop.set()
                    return
            except FAULTS:
                await self._leave()

    async def _leave(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(Exception):
                await connection.close(timeout=1)

    async def close(self) -> None:
        """Leave the place to others."""
        await self._work.stop()
        await self._leave()
