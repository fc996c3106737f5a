"""One attempt at a scan, whatever it looks through: whose it is, what it tells, how it ends."""

import time
from typing import Final

from prometheus_client import Histogram

from backline.concerts import alike, scans
from backline.concerts.history import queueing
from backline.concerts.sql import scans as sql
from backline.concerts.sql.scans import ScanRow
from backline.platform import events
from backline.platform.cache import invalidate
from backline.platform.database import Write
from backline.platform.database.growth import Growth
from backline.platform.jobs import JobContext, LeaseLost

_TELL_EVERY_S: Final = 0.4
_DURATION = Histogram(
    "backline_photo_scan_duration_seconds",
    "Time that scans worked, without their pauses",
    buckets=(1, 5, 10, 30, 60, 120),
)


class Attempt:
    """One attempt at a scan."""

    def __init__(self, context: JobContext, row: ScanRow) -> None:
        self.context, self.row = context, row
        self._began_s = self._written_s = time.monotonic()
        self._told_s = 0.0
        self.growth = Growth(context.database, "photos", "processed_files")

    def spent_s(self) -> float:
        """The time since this was asked last, or since it began."""
        now_s = time.monotonic()
        spent_s, self._written_s = now_s - self._written_s, now_s
        return spent_s

    async def hold(self, tx: Write) -> None:
        """Keep everybody else from this scan until `tx` ends.

        Raises:
            LeaseLost: it was paused, cancelled or begun anew, or its owner is gone.
        """
        if not await sql.is_mine(tx, self.row.owner_id, self.row.id, self.context.id):
            raise LeaseLost

    async def tell(self, tx: Write) -> None:
        """Have pages hear how it stands."""
        row = await sql.scan(tx, self.row.owner_id, self.row.id)
        if row is not None:
            await scans.tell(tx, row)

    async def counted(self, tx: Write) -> ScanRow | None:
        """How it stands after a batch was counted, of which caches forget what was before."""
        row = await sql.scan(tx, self.row.owner_id, self.row.id)
        invalidate(tx, f"scans:{self.row.owner_id.hex}")
        return row

    async def pass_on(self, row: ScanRow | None, message: str) -> None:
        """Tell how it stands, twice a second at the most, outside of a transaction.

        Raises:
            LeaseLost: it was cancelled.
        """
        if row is None:
            return
        await self.context.progress(row.done, row.total, message)
        await self.growth.look()
        now_s = time.monotonic()
        if now_s - self._told_s > _TELL_EVERY_S:
            self._told_s = now_s
            changed = scans.changed(row)
            await events.pass_on(self.context.database, row.owner_id, "photos", "scan", changed)

    async def finish(self) -> None:
        """It is done: what follows from new photos follows."""
        async with self.context.finish() as tx:
            await self.hold(tx)
            await sql.set_state(tx, self.row.owner_id, self.row.id, "done")
            await self.tell(tx)
            await alike.queue(tx, self.row.owner_id)
            await queueing.cut_soon(tx, self.row.owner_id)
        _DURATION.observe(self.row.active_s + time.monotonic() - self._began_s)
