"""Exports: somebody's concerts as one file, made by a job, cancelled and deleted, kept a week."""

import contextlib
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from backline.concerts.history.lists import Filters
from backline.concerts.sql import exports as sql
from backline.concerts.sql.exports import ExportRow, ExportStatus, Format
from backline.platform import events
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Database, Read, Write
from backline.platform.errors import Conflict, NotFound
from backline.platform.ids import uuid7
from backline.platform.jobs import cancel, enqueue
from backline.platform.media.signing import MediaSigner

EXPORT: Final = "concerts.export"
KIND: Final = "concert-exports"
KEPT: Final = timedelta(days=7)
MOST: Final = 20
_BATCH: Final = 200
CONTENT_TYPES: Final[dict[Format, str]] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "pdf": "application/pdf",
}
_GONE: Final = "There is no such export (any more). Please ask for a new one."


class ExportFilters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which concerts; what isn't said lets all through."""

    artist_id: UUID | None = None
    venue_id: UUID | None = None
    city: Annotated[str, Meta(max_length=200)] = ""
    country: Annotated[str, Meta(max_length=2)] = ""
    year: Annotated[int, Meta(ge=1900, le=9998)] | None = None
    q: Annotated[str, Meta(max_length=200)] = ""


class ConcertExportForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is wanted: the concerts that fit the filters, as a file."""

    format: Annotated[
        Format,
        Meta(description="`csv` for spreadsheets, `json` for programs, `pdf` to read and print"),
    ]
    filters: ExportFilters = msgspec.field(default_factory=ExportFilters)


class ConcertExportJob(msgspec.Struct, frozen=True):
    """The payload of the job that makes the file."""

    export_id: UUID
    owner_id: UUID


class ConcertExport(msgspec.Struct, frozen=True):
    """An export. Once it is `ready`, `url` gives the file until `url_expires_at`.

    `warnings` say what the file lacks or shows otherwise, such as letters that no font has.
    """

    id: UUID
    format: Format
    filters: ExportFilters
    status: ExportStatus
    error: str | None
    warnings: list[str]
    job_id: UUID
    count: int | None
    size_bytes: int | None
    url: str | None
    url_expires_at: datetime | None
    created_at: datetime
    expires_at: datetime


class ConcertExportChanged(msgspec.Struct, frozen=True):
    """What browsers are told of an export."""

    id: UUID


async def create(
    tx: Write, actor: Actor, form: ConcertExportForm, signer: MediaSigner
) -> ConcertExport:
    """Have a file made.

    Raises:
        Conflict: there are twenty files already.
    """
    export_id = uuid7()
    await sql.take_turn(tx, actor.user_id)
    job_id = await enqueue(
        tx,
        EXPORT,
        ConcertExportJob(export_id, actor.user_id),
        owner_id=actor.user_id,
        subject=("concert-export", export_id),
    )
    row = await sql.insert(
        tx,
        actor.user_id,
        export_id,
        kind=form.format,
        filters=msgspec.json.encode(form.filters).decode(),
        job_id=job_id,
        expires_at=datetime.now(UTC) + KEPT,
        most=MOST,
    )
    if row is None:
        raise Conflict(f"There are {MOST} exports of yours already. Delete one first.")
    await tell(tx, actor.user_id, export_id)
    return shown(row, signer)


async def exports(read: Read, actor: Actor, signer: MediaSigner) -> list[ConcertExport]:
    """The actor's exports, the newest first."""
    return [shown(row, signer) for row in await sql.exports(read, actor.user_id)]


async def get(read: Read, actor: Actor, export_id: UUID, signer: MediaSigner) -> ConcertExport:
    """One export.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    row = await sql.export(read, actor.user_id, export_id)
    if row is None:
        raise NotFound(_GONE)
    return shown(row, signer)


async def delete(tx: Write, actor: Actor, export_id: UUID) -> None:
    """Forget an export, also while it is made; its file goes with the next sweep.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    row = await sql.delete(tx, actor.user_id, export_id)
    if row is None:
        raise NotFound(_GONE)
    if row.status == "running":
        with contextlib.suppress(Conflict, NotFound):  # it has ended at this moment
            await cancel(tx, row.job_id, owner_id=actor.user_id)
    await tell(tx, actor.user_id, export_id)


async def expire(database: Database) -> int:
    """Forget, in several transactions, the exports of anybody that were kept long enough."""
    total = 0
    while True:
        async with database.read() as read:
            found = await sql.expired(read, _BATCH)
        if not found:
            return total
        async with database.write() as tx:
            for row in found:
                total += await sql.delete(tx, row.owner_id, row.id) is not None
                await tell(tx, row.owner_id, row.id)


async def tell(tx: Write, owner_id: UUID, export_id: UUID) -> None:
    """Have caches forget, and pages hear of it."""
    invalidate(tx, f"concert-exports:{owner_id.hex}")
    changed = ConcertExportChanged(export_id)
    await events.publish(tx, owner_id, "concerts", "concert-export", changed)


def prefix(owner_id: UUID, export_id: UUID, generation: str) -> str:
    """Where the file of an export lies; a media token opens exactly this."""
    return f"{KIND}/{owner_id.hex}/{export_id.hex}/{generation}"


def file_name(row: ExportRow) -> str:
    """What the file is called: `concerts-2024-07-06.pdf`, by the day on which it was asked for."""
    return f"concerts-{row.created_at.astimezone(UTC):%Y-%m-%d}.{row.format}"


def filters_of(row: ExportRow) -> Filters:
    """Which concerts are asked for, as lists take it."""
    asked = msgspec.json.decode(row.filters, type=ExportFilters)
    return Filters(*msgspec.structs.astuple(asked))


def shown(row: ExportRow, signer: MediaSigner) -> ConcertExport:
    """A row as it is answered."""
    link = None
    if row.generation is not None:
        where = prefix(row.owner_id, row.id, row.generation)
        link = signer.url(where, file_name(row), datetime.now(UTC))
    return ConcertExport(
        id=row.id,
        format=row.format,
        filters=msgspec.json.decode(row.filters, type=ExportFilters),
        status=row.status,
        error=row.error,
        warnings=row.warnings,
        job_id=row.job_id,
        count=row.count,
        size_bytes=row.size_bytes,
        url=link.url if link else None,
        url_expires_at=link.expires_at if link else None,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
