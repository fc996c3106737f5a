"""Scans: begun, looked at, paused, gone on with, cancelled, and what failed in them tried again."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from backline.concerts import folders
from backline.concerts.drive import sql as drive_sql
from backline.concerts.options import zone as checked_zone
from backline.concerts.sql import processed
from backline.concerts.sql import scans as sql
from backline.concerts.sql.scans import ScanRow, State
from backline.platform import events
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Database, Read, Write
from backline.platform.errors import Conflict, FieldFault, Invalid, NotFound
from backline.platform.ids import uuid7
from backline.platform.jobs import cancel as cancel_job
from backline.platform.jobs import enqueue

SCAN: Final = "concerts.scan"
_GONE: Final = "There is no such scan."
_MOST_PATH: Final = 1_000


class FolderSource(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="folder", tag_field="kind"
):
    """A folder on the server, with all folders in it."""

    path: Annotated[str, Meta(min_length=1, max_length=_MOST_PATH, pattern=r"^[^\x00]*$")]


class DriveSource(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="drive", tag_field="kind"
):
    """The Google Drive that is connected."""


class ScanForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to look through. `zone` is that of photos that don't tell theirs: `Europe/Berlin`."""

    source: FolderSource | DriveSource
    zone: Annotated[str, Meta(max_length=64)] | None = None


class RetryForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which failed files to look at again; left out, all of them."""

    file_ids: Annotated[list[UUID], Meta(min_length=1, max_length=1_000)] | None = None


class ScannedFolder(msgspec.Struct, frozen=True, tag="folder", tag_field="kind"):
    """A folder that is looked through."""

    path: str


class ScannedDrive(msgspec.Struct, frozen=True, tag="drive", tag_field="kind"):
    """A Google Drive that is looked through, by the address of its account."""

    account: str


class Scan(msgspec.Struct, frozen=True):
    """A scan.

    Of the files `found`, `total` are new or have changed, and so many of them are `done`: of those
    some were `added`, some are `known` already, and some `failed`. The others wait. Of a Drive that
    may be read, files whose picture is missing count among the `total`.
    """

    id: UUID
    source: ScannedFolder | ScannedDrive
    source_id: UUID
    state: State
    job_id: UUID | None
    zone: str | None
    found: int
    total: int
    done: int
    waiting: int
    added: int
    known: int
    failed: int
    rate_per_s: float | None
    error: str | None
    created_at: datetime
    finished_at: datetime | None


class ScanPage(msgspec.Struct, frozen=True):
    """A page of scans."""

    items: list[Scan]
    next_cursor: str | None = None


class Failure(msgspec.Struct, frozen=True):
    """A file of which no photo came, and why."""

    id: UUID
    path: str
    error: str


class FailurePage(msgspec.Struct, frozen=True):
    """A page of failures."""

    items: list[Failure]
    next_cursor: str | None = None


class ScanJob(msgspec.Struct, frozen=True):
    """The payload of the job that works on a scan."""

    scan_id: UUID
    owner_id: UUID


class ScanChanged(msgspec.Struct, frozen=True):
    """What browsers are told of a scan: how it stands."""

    id: UUID
    state: State
    found: int
    total: int
    done: int
    added: int
    known: int
    failed: int
    rate_per_s: float | None


async def start(tx: Write, actor: Actor, form: ScanForm, roots: Sequence[Path]) -> Scan:
    """Have a folder or the Drive looked through.

    Raises:
        Invalid: the folder isn't one that may be scanned, or there is no such zone.
        Conflict: no Drive is connected, or a scan of it is under way.
    """
    zone = _zone(form.zone)
    if isinstance(form.source, FolderSource):
        source_id = await _folder(tx, actor, form.source.path, roots)
    else:
        source_id = await _drive(tx, actor)
    scan_id = uuid7()
    job_id = await _queue(tx, actor.user_id, scan_id)
    if not await sql.insert(tx, actor.user_id, scan_id, source_id, job_id, zone):
        raise Conflict(
            "A scan of this source is under way already, or paused. Go on with it, or cancel it."
        )
    return await _told(tx, actor.user_id, scan_id)


async def _folder(tx: Write, actor: Actor, path: str, roots: Sequence[Path]) -> UUID:
    found = str(folders.allowed(path, roots))
    if len(found) > _MOST_PATH:
        raise Invalid("This folder's path is too long.", FieldFault("source.path", "is too long"))
    return await sql.source(tx, actor.user_id, uuid7(), found)


async def _drive(tx: Write, actor: Actor) -> UUID:
    connection = await drive_sql.connection(tx, actor.user_id)
    if connection is None:
        raise Conflict("No Google Drive is connected. Connect one first.")
    if connection.fault is not None:
        raise Conflict(connection.fault)
    return connection.source_id


async def page(read: Read, actor: Actor, before: UUID | None, limit: int) -> list[ScanRow]:
    """A page of the actor's scans, the newest first."""
    return await sql.page(read, actor.user_id, before, limit)


async def get(read: Read, actor: Actor, scan_id: UUID) -> Scan:
    """One of the actor's scans.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    return shown(await _known(read, actor.user_id, scan_id))


async def failures(
    read: Read, actor: Actor, scan_id: UUID, after: UUID | None, limit: int
) -> list[Failure]:
    """A page of the files of a scan's source that failed, in this scan or in an earlier one.

    Raises:
        NotFound: the scan isn't there, or someone else's.
    """
    row = await _known(read, actor.user_id, scan_id)
    found = await processed.failures(read, actor.user_id, row.source_id, after, limit)
    return [Failure(one.id, folders.shown(one.path), one.error) for one in found]


async def pause(tx: Write, actor: Actor, scan_id: UUID) -> Scan:
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


async def resume(tx: Write, actor: Actor, scan_id: UUID) -> Scan:
    """Go on with a scan exactly where it was.

    Raises:
        NotFound: it isn't there, or someone else's.
        Conflict: it is running, or done, or another of this source is under way.
    """
    row = await _locked(tx, actor, scan_id)
    if row.state in {"running", "done"}:
        raise Conflict("This scan is running, or done already: there is nothing to go on with.")
    await _go_on(tx, row)
    return await _told(tx, actor.user_id, scan_id)


async def cancel(tx: Write, actor: Actor, scan_id: UUID) -> Scan:
    """End a scan. The photos that it found stay.

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


async def retry(tx: Write, actor: Actor, scan_id: UUID, form: RetryForm) -> Scan:
    """Look again at files that failed, these or all.

    Raises:
        NotFound: it isn't there, or someone else's; or none of the files has failed.
        Conflict: nothing has failed, or another scan of this source is under way.
    """
    row = await _locked(tx, actor, scan_id)
    count = await processed.retry(tx, actor.user_id, row.source_id, form.file_ids)
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


async def _go_on(tx: Write, row: ScanRow) -> None:
    other = await sql.under_way(tx, row.owner_id, row.source_id)
    if other is not None and other != row.id:
        raise Conflict("Another scan of this source is under way, or paused.")
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
        tx, SCAN, ScanJob(scan_id, owner_id), owner_id=owner_id, subject=("scan", scan_id)
    )


def _zone(name: str | None) -> str | None:
    try:
        return None if name is None else checked_zone(name)
    except ValueError:
        raise Invalid(
            "A time zone is written as Europe/Berlin.", FieldFault("zone", "isn't a time zone")
        ) from None


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


async def _told(tx: Write, owner_id: UUID, scan_id: UUID) -> Scan:
    """Have caches forget and pages hear of a scan; how it stands."""
    row = await _known(tx, owner_id, scan_id)
    await tell(tx, row)
    return shown(row)


async def tell(tx: Write, row: ScanRow) -> None:
    """Have caches forget, and pages hear of it."""
    invalidate(tx, f"scans:{row.owner_id.hex}")
    await events.publish(tx, row.owner_id, "photos", "scan", changed(row))


def changed(row: ScanRow) -> ScanChanged:
    """What browsers are told."""
    figures = (row.found, row.total, row.done, row.added, row.known, row.failed)
    return ScanChanged(row.id, row.state, *figures, row.rate_per_s)


def _scanned(row: ScanRow) -> ScannedFolder | ScannedDrive:
    return ScannedDrive(row.name) if row.kind == "drive" else ScannedFolder(row.path)


def shown(row: ScanRow) -> Scan:
    """A row as it is answered."""
    return Scan(
        id=row.id,
        source=_scanned(row),
        source_id=row.source_id,
        state=row.state,
        job_id=row.job_id,
        zone=row.zone,
        found=row.found,
        total=row.total,
        done=row.done,
        waiting=max(row.total - row.done, 0),
        added=row.added,
        known=row.known,
        failed=row.failed,
        rate_per_s=row.rate_per_s,
        error=row.error,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
