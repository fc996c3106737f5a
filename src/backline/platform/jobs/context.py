"""What a handler is given: its job, the database, progress, and a fenced way to finish."""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID

from backline.platform.database import Database, Write
from backline.platform.jobs import sql
from backline.platform.jobs.endings import LeaseLost
from backline.platform.jobs.models import JobRow

_MAX_MESSAGE_LENGTH = 500


class JobContext:
    """One attempt at one job; `tell` is told of its end in the transaction that is its last."""

    def __init__(
        self,
        row: JobRow,
        worker: UUID,
        database: Database,
        tell: Callable[[Write, JobRow], Awaitable[None]],
    ) -> None:
        self.row, self.database = row, database
        self.id, self.owner_id, self.attempt = row.id, row.owner_id, row.attempts
        self.claim: sql.Claim = (row.id, row.attempts)
        self.renewed_at_s = self.renewable_until_s = time.monotonic()
        self.unwritten: tuple[int, int, str] | None = None
        self.lost = self.finishing = self.finished = False
        self._worker, self._tell = worker, tell

    def note(self, done: int, total: int, message: str = "") -> None:
        """Say how far it is, as often as you like: the latest is written four times a second."""
        self.unwritten = (done, total, message.replace("\0", "")[:_MAX_MESSAGE_LENGTH])

    async def progress(self, done: int, total: int, message: str = "") -> None:
        """As `note`.

        Raises:
            LeaseLost: stop, another has the job now or it was cancelled.
        """
        if self.lost:
            raise LeaseLost
        self.note(done, total, message)

    @asynccontextmanager
    async def finish(self) -> AsyncGenerator[Write]:
        """The last transaction: what is written in it and the job's completion are one.

        Raises:
            LeaseLost: nothing was written, another has the job now or it was cancelled.
        """
        self.finishing = True
        try:
            async with self.database.write() as tx:
                # First, so that the row stays ours until the COMMIT and late work isn't begun.
                if not await sql.complete(tx, self._worker, [self.claim]):
                    self.lost = True
                    raise LeaseLost
                await self._tell(tx, sql.as_done(self.row))
                yield tx
            self.finished = True
        finally:
            self.finishing = False
