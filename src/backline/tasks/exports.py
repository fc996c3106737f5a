"""Exports: somebody's tasks as one file, made by a job and kept for a week."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from backline.platform import events
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Database, Read, Write
from backline.platform.errors import Conflict, NotFound
from backline.platform.ids import uuid7
from backline.platform.jobs import enqueue
from backline.platform.media.signing import MediaSigner
from backline.tasks import times
from backline.tasks.models import Filters
from backline.tasks.sql import bounds
from backline.tasks.sql import exports as sql
from backline.tasks.sql.exports import ExportRow, ExportStatus, Format

EXPORT = "tasks.export"
KIND = "task-exports"
KEPT = timedelta(days=7)
MOST = 20
_BATCH = 200
CONTENT_TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
_GONE = "There is no such export (any more). Please ask for a new one."


class ExportForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is wanted: the tasks that fit the filters, as a file."""

    format: Annotated[Format, Meta(description="`csv` for spreadsheets, `json` for programs")]
    filters: Filters = msgspec.field(default_factory=Filters)


class ExportJob(msgspec.Struct, frozen=True):
    """The payload of the job that makes the file."""

    export_id: UUID
    owner_id: UUID


class Export(msgspec.Struct, frozen=True):
    """An export. Once it is `ready`, `url` gives the file until `url_expires_at`."""

    id: UUID
    format: Format
    filters: Filters
    status: ExportStatus
    error: str | None
    job_id: UUID
    count: int | None
    size_bytes: int | None
    url: str | None
    url_expires_at: datetime | None
    created_at: datetime
    expires_at: datetime


class ExportChanged(msgspec.Struct, frozen=True):
    """What browsers are told of an export."""

    id: UUID


async def create(tx: Write, actor: Actor, form: ExportForm, signer: MediaSigner) -> Export:
    """Have a file made.

    Raises:
        Conflict: there are twenty files already.
        Invalid: a time of its filters is out of reach.
    """
    times.check(form.filters)
    export_id = uuid7()
    job_id = await enqueue(
        tx,
        EXPORT,
        ExportJob(export_id, actor.user_id),
        owner_id=actor.user_id,
        subject=("task-export", export_id),
    )
    await bounds.take_turns(tx, actor.user_id)
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


async def exports(read: Read, actor: Actor, signer: MediaSigner) -> list[Export]:
    """The actor's exports, the newest first."""
    return [shown(row, signer) for row in await sql.exports(read, actor.user_id)]


async def get(read: Read, actor: Actor, export_id: UUID, signer: MediaSigner) -> Export:
    """One export.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    row = await sql.export(read, actor.user_id, export_id)
    if row is None:
        raise NotFound(_GONE)
    return shown(row, signer)


async def delete(tx: Write, actor: Actor, export_id: UUID) -> None:
    """Forget an export; its file goes with the next sweep.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    if not await sql.delete(tx, actor.user_id, export_id):
        raise NotFound(_GONE)
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
                total += await sql.delete(tx, row.owner_id, row.id)
                await tell(tx, row.owner_id, row.id)


async def tell(tx: Write, owner_id: UUID, export_id: UUID) -> None:
    """Have caches forget, and pages hear of it."""
    invalidate(tx, f"task-exports:{owner_id.hex}")
    await events.publish(tx, owner_id, "tasks", "export", ExportChanged(export_id))


def prefix(owner_id: UUID, export_id: UUID, generation: str) -> str:
    """Where the file of an export lies; a media token opens exactly this."""
    return f"{KIND}/{owner_id.hex}/{export_id.hex}/{generation}"


def file_name(kind: Format) -> str:
    """What the file is called."""
    return f"tasks.{kind}"


def shown(row: ExportRow, signer: MediaSigner) -> Export:
    """A row as it is answered."""
    link = None
    if row.generation is not None:
        where = prefix(row.owner_id, row.id, row.generation)
        link = signer.url(where, file_name(row.format), datetime.now(UTC))
    return Export(
        id=row.id,
        format=row.format,
        filters=msgspec.json.decode(row.filters, type=Filters),
        status=row.status,
        error=row.error,
        job_id=row.job_id,
        count=row.count,
        size_bytes=row.size_bytes,
        url=link.url if link else None,
        url_expires_at=link.expires_at if link else None,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
