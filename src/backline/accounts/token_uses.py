"""When tokens and app passwords were used last: collected as requests come, written later."""

import asyncio
import contextlib
import time
from uuid import UUID

import structlog

from backline.accounts import presence_sql
from backline.platform.database import Database
from backline.platform.errors import Unavailable
from backline.platform.host.background import Background

_log = structlog.get_logger()
_EVERY_S = 2.0
_WRITTEN_EVERY_S = 60.0
_AT_ONCE = 1_000


class TokenUses:
    """The tokens that this process has seen since it wrote last; a crash forgets seconds of it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen: set[UUID] = set()
        self._written_s: dict[UUID, float] = {}
        self._work = Background()

    def note(self, token_id: UUID) -> None:
        """A request came by this token."""
        self._seen.add(token_id)

    async def start(self) -> None:
        """Begin to write."""
        self._work.start(self._run(), "token-uses")

    async def close(self) -> None:
        """Write what is left, and end."""
        if not self._work.is_running:
            return
        await self._work.stop()
        with contextlib.suppress(Exception):  # the database may have gone before us
            await self._write()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(_EVERY_S)
            try:
                await self._write()
            except Unavailable as fault:
                _log.info("token_uses_later", reason=fault.detail)
            except Exception:  # noqa: BLE001  # a note of use must not end with one bad write
                _log.exception("token_uses_failed")

    async def _write(self) -> None:
        now_s = time.monotonic()
        latest_s = now_s - _WRITTEN_EVERY_S
        self._written_s = {one: at_s for one, at_s in self._written_s.items() if at_s > latest_s}
        # One that was written within the minute is noted anew by its first request after that.
        self._seen -= self._written_s.keys()
        due = sorted(self._seen)[:_AT_ONCE]
        if due:
            async with self._database.write() as tx:
                await presence_sql.used(tx, due)
            self._seen.difference_update(due)
            self._written_s.update(dict.fromkeys(due, now_s))
