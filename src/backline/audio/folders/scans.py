"""Scans of music: begun, looked at, paused, gone on with, cancelled; what failed tried again."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from backline.audio.folders import files_sql, places
from backline.audio.folders import scans_sql as sql
from backline.audio.folders.scans_sql import ScanRow, State
from backline.platform import events
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Database, Read, Write
from backline.platform.errors import Conflict, FieldFault, Invalid, NotFound
from backline.platform.host.folders import shown as shown_path
from backline.platform.ids import uuid7
from backline.platform.jobs import cancel as cancel_job
from backline.platform.jobs import enqueue

SCAN: Final = "audio.scan"
EVENT: Final = "music-scan"
tag = places.tag
_GONE: Final = "There is no such scan."
_MOST_PATH: Final = 1_000
_KEPT: Final = 20  # scans of a folder
_LOT: Final = 200


class MusicScanForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which folder on the server to look through, with all folders in it."""

    path: Annotated[str, Meta(min_length=1, max_length=_MOST_PATH, pattern=r"^[^\x00]*$")]


class MusicRetryForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which failed files to look at again; left out, all of them."""

    file_ids: Annotated[list[UUID], Meta(min_length=1, max_length=1_000)] | None = None


class MusicScan(msgspec.Struct, frozen=True):
    """A scan of a folder.

    Of the files `found`, `total` are new or have changed, and so many of them are `done`: of those
    some were `added`, some tracks `changed` (read anew, moved, or back again), and some `failed`.
    The others wait. `missing` tracks were hidden, since their files weren't there any more.
    """

    id: UUID
    path: str
    folder_id: UUID
    state: State
    job_id: UUID | None
    found: int
    total: int
    done: int
    waiting: int
    added: int
    changed: int
    missing: int
    failed: int
    rate_per_s: float | None
    error: str | None
    created_at: datetime
    finished_at: datetime | None


class MusicScanPage(msgspec.Struct, frozen=True):
    """A page of scans."""

    items: list[MusicScan]
    next_cursor: str | None = None


class MusicFailure(msgspec.Struct, frozen=True):
    """A file of which no track came, and why."""

    id: UUID
    path: str
    error: str


class MusicFailurePage(msgspec.Struct, frozen=True):
    """A page of failures."""

    items: list[MusicFailure]
    next_cursor: str | None = None


class MusicScanJob(msgspec.Struct, frozen=True):
    """The payload of the job that works on a scan."""

    scan_id: UUID
    owner_id: UUID


class MusicScanChanged(msgspec.Struct, frozen=True):
    """What browsers are told of a scan: how it stands."""

    id: UUID
    state: State
    found: int
    total: int
    done: int
    added: int
    changed: int
    missing: int
    failed: int
    rate_per_s: float | None


async def start(tx: Write, owner_id: UUID, given: str, roots: Sequence[Path]) -> MusicScan:
    """Have a folder looked through; it is one of somebody's from now on.

    Raises:
        Invalid: it isn't one that may be scanned.
        Conflict: a scan of it is under way, or it overlaps with another folder of theirs.
    """
    path = str(places.allowed(given, roots))
    if len(path) > _MOST_PATH or not path.isprintable():
        raise Invalid(
            "This folder's path is too long, or no text. Name one that it lies in.",
            FieldFault("path", "is too long, or no text"),
        )
    folder_id = await places.add(tx, owner_id, uuid7(), path)
    scan_id = uuid7()
    job_id = await _queue(tx, owner_id, scan_id)
    if not await sql.insert(tx, owner_id, scan_id, folder_id, job_id):
        raise Conflict(
            "A scan of this folder is under way already, or paused. Go on with it, or cancel it."
        )
    await sql.prune(tx, owner_id, folder_id, _KEPT)
    return await _told(tx, owner_id, scan_id)


async def page(read: Read, actor: Actor, before: UUID | None, limit: int) -> list[ScanRow]:
    """A page of the actor's scans, the newest first."""
    return await sql.page(read, actor.user_id, before, limit)


async def get(read: Read, actor: Actor, scan_id: UUID) -> MusicScan:
    """One of the actor's scans.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    return shown(await _known(read, actor.user_id, scan_id))


async def failures(
    read: Read, actor: Actor, scan_id: UUID, after: UUID | None, limit: int
) -> list[MusicFailure]:
    """A page of the files of a scan's folder that failed, in this scan or in an earlier one.

    Raises:
        NotFound: the scan isn't there, or someone else's.
    """
    row = await _known(read, actor.user_id, scan_id)
    found = await files_sql.failures(read, actor.user_id, row.folder_id, after, limit)
    return [MusicFailure(one.id, shown_path(one.path), one.error) for one in found]


async def pause(tx: Write, actor: Actor, scan_id: UUID) -> MusicScan:
    """Stop a scan until somebody goes on with it; nothing that was done is lost.

    Raises:
        NotFound: it isn't there, or someone else's.
        Conflict: it isn't running.
    """
    row = await _locked(tx, actor, scan_id)
    if row.state != "running":
        raise Conflict("This scan isn't running, so there is nothing to pause.")
    await sql.set_state(tx, actor.user_id, scan_id, "paused")
    await _end_job(tx, row)
    return await _told(tx, actor.user_id, scan_id)


async def resume(tx: Write, actor: Actor, scan_id: UUID) -> MusicScan:
    """Go on with a scan exactly where it was.

    Raises:
        NotFound: it isn't there, or someone else's.
        Conflict: it is running, or done, or another of this folder is under way.
    """
    row = await _locked(tx, actor, scan_id)
    if row.state in {"running", "done"}:
        raise Conflict("This scan is running, or done already: there is nothing to go on with.")
    await _go_on(tx, row)
    return await _told(tx, actor.user_id, scan_id)


async def cancel(tx: Write, actor: Actor, scan_id: UUID) -> MusicScan:
    """End a scan. The tracks that it found stay.

    Raises:
        NotFound: it isn't there, or someone else's.
        Conflict: it has ended.
    """
    row = await _locked(tx, actor, scan_id)
    if row.state not in {"running", "paused"}:
        raise Conflict("This scan has ended already, so there is nothing to cancel.")
    await sql.set_state(tx, actor.user_id, scan_id, "cancelled")
    await _end_job(tx, row)
    return await _told(tx, actor.user_id, scan_id)


async def retry(tx: Write, actor: Actor, scan_id: UUID, form: MusicRetryForm) -> MusicScan:
    """Look again at files that failed, these or all.

    Raises:
        NotFound: it isn't there, or someone else's; or none of the files has failed.
        Conflict: nothing has failed, or another scan of this folder is under way.
    """
    row = await _locked(tx, actor, scan_id)
    count = await files_sql.retry(tx, actor.user_id, row.folder_id, form.file_ids)
    if count == 0 and form.file_ids is not None:
        raise NotFound("None of these files is there and has failed.")
    if count == 0:
        raise Conflict("Nothing has failed in this scan, so there is nothing to try again.")
    await sql.retried(tx, actor.user_id, scan_id, min(count, row.failed))
    if row.state not in {"running", "paused"}:
        await _go_on(tx, row)
    return await _told(tx, actor.user_id, scan_id)


async def go_on_with_stranded(database: Database, limit: int) -> int:
    """Queue scans again whose job is gone, a transaction each; how many."""
    async with database.read() as read:
        found = await sql.stranded(read, limit)
    for one in found:
        async with database.write() as tx:
            row = await sql.lock(tx, one.owner_id, one.id)
            if row is not None and row.state == "running":
                await sql.set_job(tx, row.owner_id, row.id, await _queue(tx, row.owner_id, row.id))
    return len(found)


async def start_due(database: Database, hours: int, roots: Sequence[Path]) -> int:
    """Begin scans of folders whose last one began long enough ago, a transaction each; how many."""
    after, count = sql.Whose(UUID(int=0), UUID(int=0)), 0
    while True:
        async with database.read() as read:
            due = await sql.due(read, hours, after, _LOT)
        if not due:
            return count
        after = due[-1]
        for one in due:
            count += await _start_again(database, one, roots)


async def start_all(database: Database, actor: Actor, roots: Sequence[Path]) -> None:
    """Begin scans of the actor's folders, a transaction each, but where one is under way."""
    async with database.read() as read:
        rows = await sql.folders(read, actor.user_id)
    for row in rows:
        await _start_again(database, sql.Whose(row.owner_id, row.id), roots)


async def under_way(read: Read, actor: Actor) -> sql.Standing:
    """How the actor's scans stand, taken together."""
    return await sql.standing(read, actor.user_id)


async def _start_again(database: Database, one: sql.Whose, roots: Sequence[Path]) -> bool:
    try:
        async with database.write() as tx:
            folder = await sql.one_folder(tx, one.owner_id, one.id)
            if folder is None:
                return False
            await start(tx, one.owner_id, folder.path, roots)
    except (Conflict, Invalid):
        return False  # somebody scans it, or it isn't there at the moment
    return True


async def _go_on(tx: Write, row: ScanRow) -> None:
    other = await sql.under_way(tx, row.owner_id, row.folder_id)
    if other is not None and other != row.id:
        raise Conflict("Another scan of this folder is under way, or paused.")
    await sql.set_state(tx, row.owner_id, row.id, "running")
    await sql.set_job(tx, row.owner_id, row.id, await _queue(tx, row.owner_id, row.id))


async def _end_job(tx: Write, row: ScanRow) -> None:
    if row.job_id is None:
        return
    try:
        await cancel_job(tx, row.job_id, owner_id=row.owner_id)
    except (Conflict, NotFound):
        return  # it has ended by itself


async def _queue(tx: Write, owner_id: UUID, scan_id: UUID) -> UUID:
    return await enqueue(
        tx, SCAN, MusicScanJob(scan_id, owner_id), owner_id=owner_id, subject=("scan", scan_id)
    )


async def _locked(tx: Write, actor: Actor, scan_id: UUID) -> ScanRow:
    row = await sql.lock(tx, actor.user_id, scan_id)
    if row is None:
        raise NotFound(_GONE)
    return row


async def _known(read: Read, owner_id: UUID, scan_id: UUID) -> ScanRow:
    row = await sql.scan(read, owner_id, scan_id)
    if row is None:
        raise NotFound(_GONE)
    return row


async def _told(tx: Write, owner_id: UUID, scan_id: UUID) -> MusicScan:
    """Have caches forget and pages hear of a scan; how it stands."""
    row = await _known(tx, owner_id, scan_id)
    await tell(tx, row)
    return shown(row)


async def tell(tx: Write, row: ScanRow) -> None:
    """Have caches forget, and pages hear of it."""
    invalidate(tx, tag(row.owner_id))
    await events.publish(tx, row.owner_id, "tracks", EVENT, changed(row))


def changed(row: ScanRow) -> MusicScanChanged:
    """What browsers are told."""
    figures = (row.found, row.total, row.done, row.added, row.changed, row.missing, row.failed)
    return MusicScanChanged(row.id, row.state, *figures, row.rate_per_s)


def shown(row: ScanRow) -> MusicScan:
    """A row as it is answered."""
    return MusicScan(
        id=row.id,
        path=row.path,
        folder_id=row.folder_id,
        state=row.state,
        job_id=row.job_id,
        found=row.found,
        total=row.total,
        done=row.done,
        waiting=max(row.total - row.done, 0),
        added=row.added,
        changed=row.changed,
        missing=row.missing,
        failed=row.failed,
        rate_per_s=row.rate_per_s,
        error=row.error,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
