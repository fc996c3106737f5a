"""What a scan of a Drive does: its whole list once, from then on what has changed; then pictures.

Time and place come with the list, so nothing is downloaded for them. The token of the next page is
written with each page: what was killed between any two lines goes on there.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from backline.concerts.attempting import Attempt
from backline.concerts.drive import connecting, pictures, reading, sql, writing
from backline.concerts.drive.opening import NOT_CONNECTED, open_drive
from backline.concerts.drive.pictures import Pictures
from backline.concerts.drive.sql import ConnectionRow, ListsRow
from backline.concerts.drive.writing import PageTally
from backline.concerts.outside.drive import Changes, Drive, Page
from backline.concerts.outside.drive_asking import NotAllowed, Rejected, Unreadable
from backline.concerts.outside.google import READ, Ended, Misset
from backline.concerts.services import PhotoServices
from backline.concerts.sql import scans as scans_sql
from backline.concerts.sql.scans import ScanRow
from backline.platform.database import Write
from backline.platform.ids import uuid7
from backline.platform.jobs import GiveUp, JobContext, Later

T = TypeVar("T")
_MOST_PAGES: Final = 10_000  # of one attempt: ten million files, or a list without an end
_RESTARTS: Final = 3
_AGAIN_S: Final = 600.0
_ENDLESS: Final = "Google Drive's list doesn't end, so the scan was stopped."
_RESTLESS: Final = "Google Drive takes back where its lists go on, so the scan waits."


class DriveScanning:
    """One attempt at a scan of a Drive."""

    def __init__(self, context: JobContext, services: PhotoServices, row: ScanRow) -> None:
        self._context, self._services, self._row = context, services, row
        self._attempt = Attempt(context, row)
        self._ids = (row.owner_id, row.source_id)
        self._zone = row.zone or services.zone
        self._began_s = time.monotonic()
        self._listed = self._pages = 0

    async def run(self) -> None:
        """List or follow the changes, fetch pictures where they may be read, and finish.

        Raises:
            GiveUp: the Drive can't be scanned any more.
            Later: Google can't be asked now.
            LeaseLost: it was paused or cancelled, or another attempt has it.
        """
        connection, drive = await self._open()
        try:
            await self._go_through(drive)
            connection, drive = await self._again(connection, drive)
            await self._fetch_pictures(connection, drive)
        except (Ended, NotAllowed) as fault:
            async with self._context.database.write() as tx:
                await connecting.fail(tx, connection, str(fault))
            raise GiveUp(str(fault)) from fault
        except Misset as fault:
            raise GiveUp(str(fault)) from fault
        except Later as fault:
            async with self._context.database.write() as tx:
                await self._attempt.hold(tx)
                ids = (self._row.owner_id, self._row.id)
                await scans_sql.set_state(tx, *ids, "running", str(fault))
                await self._attempt.tell(tx)
            raise
        await self._attempt.finish()

    async def _open(self) -> tuple[ConnectionRow, Drive]:
        async with self._context.database.read() as read:
            row = await sql.connection(read, self._row.owner_id)
        if row is None or row.source_id != self._row.source_id:
            raise GiveUp(NOT_CONNECTED)
        return row, await open_drive(self._context.database, self._services, row)

    async def _again(self, row: ConnectionRow, drive: Drive) -> tuple[ConnectionRow, Drive]:
        """The connection as it is now: more may have been agreed to while lists were read."""
        may_read = READ in drive.scopes
        if drive.scopes and may_read != row.may_read:
            async with self._context.database.write() as tx:
                await connecting.set_may_read(tx, row, may_read=may_read)
        async with self._context.database.read() as read:
            now = await sql.connection(read, self._row.owner_id)
        if now is None or now.token != row.token:
            return await self._open()
        return now, drive

    async def _fetch_pictures(self, row: ConnectionRow, drive: Drive) -> None:
        if row.may_read:
            try:
                await Pictures(self._context, self._services, self._attempt, drive).run()
            except Unreadable:
                async with self._context.database.write() as tx:
                    await connecting.set_may_read(tx, row, may_read=False)
            else:
                return
        await pictures.unmark(self._context, self._attempt, self._row)

    async def _go_through(self, drive: Drive) -> None:
        for _ in range(_RESTARTS):
            lists = await self._lists()
            try:
                if lists.changes_token is None:
                    lists = await self._list(drive, lists)
                await self._follow(drive, lists.changes_token or "")
            except Rejected:
                await self._start_over(lists)
            else:
                return
        raise Later(_RESTLESS, after_s=_AGAIN_S)

    async def _lists(self) -> ListsRow:
        async with self._context.database.read() as read:
            found = await sql.lists(read, *self._ids)
        return found or ListsRow(None, None, None, None)

    async def _list(self, drive: Drive, lists: ListsRow) -> ListsRow:
        """Go through the whole list, from wherever that is; what isn't in it any more goes."""
        if lists.listing is None:
            # Before the list, so that nothing is missed that changes meanwhile.
            start = await drive.start_token()
            async with self._context.database.write() as tx:
                await self._attempt.hold(tx)
                await sql.begin_list(tx, *self._ids, uuid7(), start)
            lists = await self._lists()
        token: str | None = lists.page_token
        page: Page | None = await drive.page(token)
        while page is not None:
            page = await self._beside(self._turn(page, lists), drive.page, page.following)
        assert lists.listing is not None  # noqa: S101  # for the type checker: it was begun
        more = True
        while more:
            async with self._context.database.write() as tx:
                await self._attempt.hold(tx)
                more = await writing.remove_unseen(tx, self._row, lists.listing)
                if not more:
                    await sql.end_list(tx, *self._ids)
        return await self._lists()

    async def _follow(self, drive: Drive, token: str) -> None:
        """Go through what changed since a token."""
        page: Changes | None = await drive.changes(token)
        while page is not None:
            following = None if page.is_last else page.following
            page = await self._beside(self._change(page), drive.changes, following)

    async def _beside(
        self, writing_: Awaitable[None], fetch: Callable[[str], Awaitable[T]], token: str | None
    ) -> T | None:
        """Write a page while the next is fetched, if there is one."""
        self._pages += 1
        if self._pages > _MOST_PAGES:
            raise GiveUp(_ENDLESS)
        fetching = asyncio.ensure_future(fetch(token)) if token is not None else None
        try:
            await writing_
        except BaseException:
            if fetching is not None:
                fetching.cancel()
                await asyncio.gather(fetching, return_exceptions=True)
            raise
        return await fetching if fetching is not None else None

    async def _turn(self, page: Page, lists: ListsRow) -> None:
        """Write a page of the whole list, and which one is next."""
        listed = await asyncio.to_thread(reading.read, page.files, self._zone)
        async with self._context.database.write() as tx:
            await self._attempt.hold(tx)
            tally = await writing.write_page(tx, self._row, listed, lists.listing)
            await sql.turn_page(tx, *self._ids, page.following)
            row = await self._count(tx, tally)
        await self._attempt.pass_on(row, "Looking through Google Drive")

    async def _change(self, page: Changes) -> None:
        """Write a page of changes, and where they go on."""
        raw = [one.file for one in page.changes if one.file is not None and not one.is_gone]
        listed = await asyncio.to_thread(reading.read, raw, self._zone)
        there = {one.id for one in listed}
        # Removed, in the trash, or no photo any more; most of them never were one.
        told = [one.file_id for one in page.changes if one.is_gone or one.file is not None]
        gone = {reading.file_id(one) for one in told if reading.is_id(one)} - there
        async with self._context.database.write() as tx:
            await self._attempt.hold(tx)
            tally = await writing.write_page(tx, self._row, listed, None)
            await writing.remove(tx, self._row, list(gone))
            await sql.go_on(tx, *self._ids, page.following)
            row = await self._count(tx, tally)
        await self._attempt.pass_on(row, "Looking at what changed in Google Drive")

    async def _count(self, tx: Write, tally: PageTally) -> ScanRow | None:
        self._listed += tally.found
        rate_per_s = self._listed / max(time.monotonic() - self._began_s, 0.001)
        ids = (self._row.owner_id, self._row.id)
        figures = (tally.found, tally.looked, tally.added, tally.known)
        await scans_sql.count_listed(tx, *ids, *figures, rate_per_s, self._attempt.spent_s())
        return await self._attempt.counted(tx)

    async def _start_over(self, lists: ListsRow) -> None:
        """A page's token counts no more: its list begins anew. That of changes: a whole list."""
        async with self._context.database.write() as tx:
            await self._attempt.hold(tx)
            await sql.turn_page(tx, *self._ids, None)
            if lists.changes_token is not None:
                await sql.go_on(tx, *self._ids, None)
            await scans_sql.count_anew(tx, self._row.owner_id, self._row.id)
