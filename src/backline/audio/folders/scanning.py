"""What a scan does: lists a folder, looks at what waits, batch by batch, and hides what is gone.

Everything that it knows stands in the database, written with each batch: what was killed between
any two lines goes on where it was, and looks again at no more than the batches under way.
"""

import asyncio
import tempfile
import time
from array import array
from bisect import bisect_left
from collections.abc import AsyncGenerator
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import UUID

from backline import accounts
from backline.audio import covers, filing
from backline.audio.engine.findings import Catalogued, Refused
from backline.audio.folders import covers_sql, files_sql, looking, places, scans, tracks_sql
from backline.audio.folders import scans_sql as sql
from backline.audio.folders.covers_sql import Drawn
from backline.audio.folders.files_sql import Place, Waiting
from backline.audio.folders.scans_sql import ScanRow
from backline.audio.folders.walking import Walk
from backline.audio.folders.writing import Batch, forget, write_batch
from backline.audio.settings import AudioServices
from backline.platform import events
from backline.platform.cache import invalidate
from backline.platform.database import Write
from backline.platform.database.growth import Growth
from backline.platform.errors import Invalid
from backline.platform.ids import uuid7
from backline.platform.jobs import GiveUp, JobContext, LeaseLost, work_ahead

_LISTED: Final = 1_000  # files noted in one transaction
_FETCHED: Final = 512
_BATCH: Final = 128
_HIDDEN: Final = 500
_KNOWN: Final = 10_000
_FIRST: Final[Place] = (b"", UUID(int=0))
_EMPTY: Final = (
    "There is no music in this folder any more. Is its disk mounted? Nothing was hidden; if it is "
    "really empty, remove the folder from your library."
)
_TELL_EVERY_S: Final = 0.4
_GROWS: Final = ("music_files", "tracks", "track_sounds", "albums", "artists")


class Scanning:
    """One attempt at a scan."""

    def __init__(self, context: JobContext, services: AudioServices, row: ScanRow) -> None:
        self._context, self._services, self._row = context, services, row
        self._ids = (row.owner_id, row.folder_id)
        self._began_s = time.monotonic()
        self._told_s = 0.0
        self._looked = 0
        self._note: str | None = None
        self._growth = Growth(context.database, *_GROWS)

    async def run(self) -> None:
        """List, look, hide, finish.

        Raises:
            GiveUp: the folder can't be scanned any more.
            Later: its owner has no room left.
            LeaseLost: it was paused or cancelled, or another attempt has it.
        """
        try:
            root = places.allowed(self._row.path, self._services.folders)
        except Invalid as fault:
            raise GiveUp(fault.detail) from fault
        await self._list(root)
        self._began_s = time.monotonic()
        while await self._look_at_waiting(root):
            pass
        await self._hide()
        async with self._context.finish() as tx:
            await self._hold(tx)
            await sql.set_state(tx, self._row.owner_id, self._row.id, "done", self._note)
            await self._tell(tx)

    async def _list(self, root: Path) -> None:
        """Note what lies in the folder, and what doesn't any more; the rest is passed over."""
        found, walk = array("Q"), Walk(root)
        walking = iter(walk)
        while batch := await asyncio.to_thread(lambda: list(islice(walking, _LISTED))):
            found.extend(_short(one.id) for one in batch)
            async with self._context.database.write() as tx:
                await self._hold(tx)
                await files_sql.note(tx, *self._ids, batch)
            await self._growth.look()
            await self._context.progress(0, 0, f"Looking through the folder: {len(found):,} files")
        if walk.unreadable:
            self._note = (
                f"{walk.unreadable:,} of the folders in it couldn't be read, so nothing that is "
                "missing was hidden."
            )
        else:
            await self._note_gone(array("Q", sorted(found)))
        async with self._context.database.write() as tx:
            await self._hold(tx)
            await sql.set_found(tx, self._row.owner_id, self._row.id, len(found))
            await self._tell(tx)

    async def _note_gone(self, found: "array[int]") -> None:
        """Note which files aren't there any more; of an empty folder nobody believes it."""
        after = UUID(int=0)
        while True:
            async with self._context.database.read() as read:
                if not found and await files_sql.how_many(read, *self._ids):
                    raise GiveUp(_EMPTY)
                known = await files_sql.known(read, *self._ids, after, _KNOWN)
            if not known:
                return
            after = known[-1]
            gone = [one for one in known if not _holds(found, _short(one))]
            for at in range(0, len(gone), _LISTED):
                async with self._context.database.write() as tx:
                    await self._hold(tx)
                    await files_sql.set_gone(tx, *self._ids, gone[at : at + _LISTED])

    async def _look_at_waiting(self, root: Path) -> int:
        """Look at all that waits, with as many batches under way as may be; how much that was."""
        looked = 0

        async def look(files: list[Waiting]) -> Batch:
            nonlocal looked
            looked += len(files)
            return await self._look(root, files)

        ahead = self._services.workers
        await work_ahead(self._batches(), look, self._write, ahead=ahead)
        return looked

    async def _batches(self) -> AsyncGenerator[list[Waiting]]:
        """The files that wait, a few at a time, those of one folder together."""
        after = _FIRST
        room = (self._row.owner_id, self._services.quota_bytes)
        while True:
            async with self._context.database.read() as read:
                waiting = await files_sql.waiting(read, *self._ids, after, _FETCHED)
                if not waiting:
                    return
                await accounts.check_room(read, *room, "the scan waits")
            after = files_sql.place(waiting[-1])
            for at in range(0, len(waiting), _BATCH):
                yield waiting[at : at + _BATCH]

    async def _look(self, root: Path, files: list[Waiting]) -> Batch:
        """Look at a batch, and store the covers that nothing points to yet."""
        with tempfile.TemporaryDirectory(dir=self._services.work_dir, prefix="scan-") as folder:
            out = Path(folder)
            paths = [file.path for file in files]
            looked = await looking.look(self._services, root, paths, out)
            pairs = list(zip(files, looked, strict=True))
            found = {file.id: one for file, one in pairs if isinstance(one, Catalogued)}
            refused = {file.id: one.reason for file, one in pairs if isinstance(one, Refused)}
            digests = {
                file_id: bytes.fromhex(one.picture)
                for file_id, one in found.items()
                if one.picture is not None
            }
            drawn, undrawn = await self._draw(set(digests.values()), out)
        return Batch(files, found, refused, digests, drawn, undrawn)

    async def _draw(self, digests: set[bytes], out: Path) -> tuple[list[Drawn], set[bytes]]:
        async with self._context.database.read() as read:
            known = await covers_sql.known(read, self._row.owner_id, sorted(digests))
        drawn: list[Drawn] = []
        undrawn: set[bytes] = set()
        for digest in sorted(digests - known.keys()):
            target = out / f"{digest.hex()}-drawn"
            files = await looking.draw(self._services, out / digest.hex(), target)
            if files is None:
                undrawn.add(digest)
                continue
            cover_id, sizes = uuid7(), dict[str, int]()
            for name, path in files.items():
                key = covers.shared_key(self._row.owner_id, cover_id, name)
                stored = await self._services.storage.put_file(key, path, adopt=True)
                sizes[name] = stored.size_bytes
            drawn.append(Drawn(cover_id, digest, sizes))
        return drawn, undrawn

    async def _write(self, batch: Batch) -> None:
        """Make a batch visible, and count it, unless somebody else did meanwhile."""
        now_s = time.monotonic()
        self._looked += len(batch.files)
        rate_per_s = self._looked / max(now_s - self._began_s, 0.001)
        async with self._context.database.write() as tx:
            await self._hold(tx)
            tally = await write_batch(tx, self._row, batch)
            await sql.count(tx, self._row.owner_id, self._row.id, tally, rate_per_s)
            row = await sql.scan(tx, self._row.owner_id, self._row.id)
            invalidate(tx, scans.tag(self._row.owner_id))
        if row is None:
            return
        await self._context.progress(row.done, row.total, "Reading music")
        await self._growth.look()
        if now_s - self._told_s > _TELL_EVERY_S:
            self._told_s = now_s
            await events.pass_on(
                self._context.database, row.owner_id, "tracks", scans.EVENT, scans.changed(row)
            )

    async def _hide(self) -> None:
        """Hide the tracks of files that are gone and haven't been found elsewhere."""
        while True:
            async with self._context.database.write() as tx:
                await self._hold(tx)
                ids = await tracks_sql.to_hide(tx, *self._ids, _HIDDEN)
                hidden = await tracks_sql.hide(tx, self._row.owner_id, ids) if ids else []
                if not hidden:
                    return
                await filing.recount(tx, self._row.owner_id, hidden)
                forget(tx, self._row.owner_id, hidden)
                await sql.count_missing(tx, self._row.owner_id, self._row.id, len(hidden))
                await self._tell(tx)

    async def _hold(self, tx: Write) -> None:
        """Keep everybody else from this scan until `tx` ends.

        Raises:
            LeaseLost: it was paused, cancelled or begun anew, or its owner is gone.
        """
        if not await sql.is_mine(tx, self._row.owner_id, self._row.id, self._context.id):
            raise LeaseLost

    async def _tell(self, tx: Write) -> None:
        row = await sql.scan(tx, self._row.owner_id, self._row.id)
        if row is not None:
            await scans.tell(tx, row)


def _short(file_id: UUID) -> int:
    """Enough of an id to tell files of one folder apart, in eight bytes."""
    return file_id.int >> 64


def _holds(found: "array[int]", wanted: int) -> bool:
    at = bisect_left(found, wanted)
    return at < len(found) and found[at] == wanted
