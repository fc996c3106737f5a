"""What a scan does: lists a folder, then looks at what waits, batch by batch.

Everything that it knows stands in the database, written with each batch: what was killed between
any two lines goes on where it was, and looks again at no more than the batches under way.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncGenerator
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import UUID

from backline import accounts
from backline.concerts import folders, looking
from backline.concerts.attempting import Attempt
from backline.concerts.engine.findings import Refused, Seen
from backline.concerts.finding import Batch, write_batch
from backline.concerts.services import PhotoServices
from backline.concerts.sql import making, processed
from backline.concerts.sql import scans as sql
from backline.concerts.sql.processed import Waiting
from backline.concerts.sql.scans import ScanRow
from backline.platform.errors import Invalid
from backline.platform.ids import uuid7
from backline.platform.jobs import GiveUp, JobContext, work_ahead

_LISTED: Final = 1_000  # files noted in one transaction
_FETCHED: Final = 256
_BATCH: Final = 16
_BATCH_BYTES: Final = 96 * 1024 * 1024


class Scanning:
    """One attempt at a scan."""

    def __init__(self, context: JobContext, services: PhotoServices, row: ScanRow) -> None:
        self._context, self._services, self._row = context, services, row
        self._attempt = Attempt(context, row)
        self._ids = (row.owner_id, row.source_id)
        self._look_began_s = time.monotonic()
        self._looked = 0

    async def run(self) -> None:
        """List, look, finish.

        Raises:
            GiveUp: the folder can't be scanned any more.
            Later: its owner has no room left.
            LeaseLost: it was paused or cancelled, or another attempt has it.
        """
        try:
            root = folders.allowed(self._row.path, self._services.folders)
        except Invalid as fault:
            raise GiveUp(fault.detail) from fault
        await self._list(root)
        await self._look_at_all(root)
        await self._attempt.finish()

    async def _list(self, root: Path) -> None:
        """Note what lies in the folder; what is as it was is passed over."""
        found, walking = 0, folders.walk(root)
        while batch := await asyncio.to_thread(lambda: list(islice(walking, _LISTED))):
            found += len(batch)
            async with self._context.database.write() as tx:
                await self._attempt.hold(tx)
                await processed.note(tx, *self._ids, batch)
            await self._attempt.growth.look()
            await self._context.progress(0, 0, f"Looking through the folder: {found:,} files")
        async with self._context.database.write() as tx:
            await self._attempt.hold(tx)
            await sql.set_found(tx, self._row.owner_id, self._row.id, found)
            await self._attempt.tell(tx)

    async def _look_at_all(self, root: Path) -> None:
        """Have as many batches under way as may decode, and one more that is being written."""
        self._look_began_s = time.monotonic()
        await work_ahead(
            self._batches(),
            lambda files: self._look(root, files),
            self._write,
            ahead=self._services.workers,
        )

    async def _batches(self) -> AsyncGenerator[list[Waiting]]:
        """The files that wait, a few at a time, neither too many nor too large."""
        after = UUID(int=0)
        room = (self._row.owner_id, self._services.quota_bytes)
        while True:
            async with self._context.database.read() as read:
                waiting = await processed.waiting(read, *self._ids, after, _FETCHED)
                if not waiting:
                    return
                await accounts.check_room(read, *room, "the scan waits")
            after = waiting[-1].id
            batch: list[Waiting] = []
            size_bytes = 0
            for file in waiting:
                if batch and (len(batch) >= _BATCH or size_bytes + file.size_bytes > _BATCH_BYTES):
                    yield batch
                    batch, size_bytes = [], 0
                batch.append(file)
                size_bytes += file.size_bytes
            yield batch

    async def _look(self, root: Path, files: list[Waiting]) -> Batch:
        """Look at a batch, and store the thumbnails that nothing points to yet."""
        with tempfile.TemporaryDirectory(dir=self._services.work_dir, prefix="scan-") as folder:
            out = Path(folder)
            looked = await looking.look(self._services, root, [file.path for file in files], out)
            seen = {n: one for n, one in enumerate(looked) if isinstance(one, Seen)}
            async with self._context.database.read() as read:
                digests = [one.sha256 for one in seen.values()]
                known = set(await making.same(read, self._row.owner_id, digests))
                elsewhere = await making.elsewhere(read, self._row.owner_id, digests)
            known -= set(elsewhere)
            zone = self._row.zone or self._services.zone
            facts = await looking.facts_of([*seen.values()], zone)
            found: list[making.Found] = []
            for (n, one), fact in zip(seen.items(), facts, strict=True):
                if one.sha256 not in known:
                    known.add(one.sha256)
                    photo_id = elsewhere.get(one.sha256) or uuid7()
                    found.append(await self._keep(photo_id, files[n], one, fact, out / f"{n}.webp"))
        refused = {
            file.id: one.reason
            for file, one in zip(files, looked, strict=True)
            if isinstance(one, Refused)
        }
        return Batch(files, {files[n].id: one.sha256 for n, one in seen.items()}, refused, found)

    async def _keep(
        self, photo_id: UUID, file: Waiting, seen: Seen, facts: making.Facts, thumbnail: Path
    ) -> making.Found:
        kept = await looking.keep_thumbnail(self._services, self._row.owner_id, photo_id, thumbnail)
        name = folders.shown(file.path.rpartition(b"/")[2])
        size_bytes = seen.size_bytes
        made = (kept.generation, kept.files, kept.size_bytes)
        return making.Found(photo_id, name, seen.sha256, size_bytes, *made, facts)

    async def _write(self, batch: Batch) -> None:
        """Make a batch visible, and count it, unless somebody else did meanwhile."""
        now_s = time.monotonic()
        self._looked += len(batch.files)
        rate_per_s = self._looked / max(now_s - self._look_began_s, 0.001)
        async with self._context.database.write() as tx:
            await self._attempt.hold(tx)
            tally = await write_batch(tx, self._row, batch)
            ids = (self._row.owner_id, self._row.id)
            await sql.count(tx, *ids, tally, rate_per_s, self._attempt.spent_s())
            row = await self._attempt.counted(tx)
        await self._attempt.pass_on(row, "Looking at photos")
