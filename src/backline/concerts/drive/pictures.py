"""The small pictures of a Drive's photos, each fetched once: what a scan does behind its lists.

Which files wait for theirs stands in the database, so whatever was killed goes on where it was.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from backline import accounts
from backline.concerts import looking, photos
from backline.concerts.attempting import Attempt
from backline.concerts.drive import pictures_sql as sql
from backline.concerts.drive.pictures_sql import Pictured, WaitingPicture
from backline.concerts.engine.findings import Refused, Seen
from backline.concerts.history import queueing
from backline.concerts.outside.drive import Drive
from backline.concerts.outside.drive_asking import LinkEnded, Withheld
from backline.concerts.services import PhotoServices
from backline.concerts.sql import scans as scans_sql
from backline.concerts.sql.processed import Outcome
from backline.concerts.sql.scans import ScanRow, Tally
from backline.platform.jobs import JobContext, work_ahead

_MARKED: Final = 1_000
_FETCHED: Final = 256
_BATCH: Final = 16
_AT_ONCE: Final = 8  # requests of one scan
_NONE: Final = (
    "Google Drive has no small picture of this file, perhaps not yet. Try it again in a while."
)


class _Batch(msgspec.Struct, frozen=True):
    """What came of some files."""

    outcomes: list[Outcome]
    pictured: list[Pictured]


async def unmark(context: JobContext, attempt: Attempt, row: ScanRow) -> None:
    """Have nothing wait that was to be fetched: it may not be, or not any more."""
    async with context.database.write() as tx:
        await attempt.hold(tx)
        if await sql.unmark(tx, row.owner_id, row.source_id):
            await sql.end(tx, row.owner_id, row.id)


class Pictures:
    """One attempt at the pictures of a Drive."""

    def __init__(
        self, context: JobContext, services: PhotoServices, attempt: Attempt, drive: Drive
    ) -> None:
        self._context, self._services, self._attempt = context, services, attempt
        self._drive, self._row = drive, attempt.row
        self._ids = (attempt.row.owner_id, attempt.row.source_id)
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._began_s = time.monotonic()
        self._fetched = 0

    async def run(self) -> None:
        """Fetch what is missing.

        Raises:
            Unreadable: no picture may be read any more.
            Later: Google can't be asked now, or the owner has no room left.
            LeaseLost: the scan was paused or cancelled, or another attempt has it.
        """
        await self._mark()
        ahead = self._services.workers
        await work_ahead(self._batches(), self._fetch, self._write, ahead=ahead)

    async def _mark(self) -> None:
        """Have wait what has no picture; the history needs none, so it goes on meanwhile."""
        after: UUID | None = UUID(int=0)
        count = 0
        while after is not None:
            async with self._context.database.write() as tx:
                await self._attempt.hold(tx)
                marked = await sql.mark(tx, *self._ids, after, _MARKED)
                after, count = marked.last_id, count + marked.count
                if marked.count > 0 or after is None:
                    await sql.begin(tx, self._row.owner_id, self._row.id, marked.count)
        if count > 0:
            async with self._context.database.write() as tx:
                await queueing.cut_soon(tx, self._row.owner_id)
                await self._attempt.tell(tx)

    async def _batches(self) -> AsyncGenerator[list[WaitingPicture]]:
        after = UUID(int=0)
        room = (self._row.owner_id, self._services.quota_bytes)
        while True:
            async with self._context.database.read() as read:
                waiting = await sql.waiting(read, *self._ids, after, _FETCHED)
                if not waiting:
                    return
                await accounts.check_room(read, *room, "the scan waits")
            after = waiting[-1].id
            for start in range(0, len(waiting), _BATCH):
                yield waiting[start : start + _BATCH]

    async def _fetch(self, files: list[WaitingPicture]) -> _Batch:
        """Fetch and look at some; their pictures are stored, and nothing points to them yet."""
        wanted = [file for file in files if file.wants]
        outcomes = [Outcome(file.id) for file in files if not file.wants]
        pictured: list[Pictured] = []
        with tempfile.TemporaryDirectory(dir=self._services.work_dir, prefix="drive-") as folder:
            came, out = Path(folder) / "in", Path(folder) / "out"
            came.mkdir()
            out.mkdir()
            faults = await self._bring(wanted, came)
            outcomes += [Outcome(one, error=reason) for one, reason in faults.items()]
            there = [file for file in wanted if file.id not in faults]
            names = [file.id.hex.encode() for file in there]
            looked = await looking.look(self._services, came, names, out) if there else []
            for n, (file, one) in enumerate(zip(there, looked, strict=True)):
                if isinstance(one, Refused):
                    outcomes.append(Outcome(file.id, error=one.reason))
                    continue
                outcomes.append(Outcome(file.id))
                assert file.photo_id is not None  # noqa: S101  # for the type checker: it wants one
                pictured.append(await self._keep(file.photo_id, one, out / f"{n}.webp"))
        return _Batch(outcomes, pictured)

    async def _bring(self, files: list[WaitingPicture], folder: Path) -> dict[UUID, str]:
        """Have the pictures of files in a folder, by their ids; why some aren't there."""
        tasks = [asyncio.create_task(self._one(file, folder)) for file in files]
        try:
            found = await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        reasons = zip(files, found, strict=True)
        return {file.id: reason for file, reason in reasons if reason is not None}

    async def _one(self, file: WaitingPicture, folder: Path) -> str | None:
        """Fetch one; why there is none."""
        async with self._turns:
            try:
                data = await self._picture(file)
            except Withheld as fault:
                return str(fault)
        if not data:
            return _NONE
        (folder / file.id.hex).write_bytes(data)
        return None

    async def _picture(self, file: WaitingPicture) -> bytes | None:
        """By the link that the list told, while that lasts, else by a new one."""
        if file.link is not None:
            try:
                return await self._drive.picture(file.link)
            except LinkEnded:
                pass
        link = await self._drive.link(file.remote_id)
        try:
            return await self._drive.picture(link) if link is not None else None
        except LinkEnded:
            return None

    async def _keep(self, photo_id: UUID, seen: Seen, picture: Path) -> Pictured:
        kept = await looking.keep_thumbnail(self._services, self._row.owner_id, photo_id, picture)
        sides = seen.width_px, seen.height_px
        return Pictured(
            *(photo_id, seen.fingerprint, seen.contrast, seen.placeholder),
            is_tall=None if sides[0] == sides[1] else sides[0] < sides[1],
            generation=kept.generation,
            files=kept.files,
            made_bytes=kept.size_bytes,
        )

    async def _write(self, batch: _Batch) -> None:
        """Make a batch visible, and count it, unless somebody else did meanwhile."""
        self._fetched += len(batch.outcomes)
        rate_per_s = self._fetched / max(time.monotonic() - self._began_s, 0.001)
        owner_id = self._row.owner_id
        async with self._context.database.write() as tx:
            await self._attempt.hold(tx)
            settled = await sql.settle(tx, *self._ids, batch.outcomes)
            pictured = {one.photo_id: one for one in batch.pictured}  # of two copies, one
            shown = await sql.show(tx, owner_id, [*pictured.values()])
            if shown:
                made = sum(pictured[one].made_bytes for one in shown)
                await accounts.count_made(tx, owner_id, made)
                await photos.tell(tx, owner_id, list(shown), "updated")
            failed = sum(one.error is not None for one in batch.outcomes if one.id in settled)
            tally = Tally(done=len(settled), failed=failed)
            ids = (owner_id, self._row.id)
            await scans_sql.count(tx, *ids, tally, rate_per_s, self._attempt.spent_s())
            row = await self._attempt.counted(tx)
        await self._attempt.pass_on(row, "Fetching pictures from Google Drive")
