"""The job that makes a file: out of sight, then visible together with the job's end."""

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import msgspec

from backline import accounts
from backline.concerts.exports import asking, gathering, printing, writing
from backline.concerts.exports.asking import ConcertExportJob
from backline.concerts.exports.gathering import Gathered
from backline.concerts.services import PhotoServices
from backline.concerts.sql import exports as sql
from backline.concerts.sql.exports import ExportRow
from backline.platform.actor import Actor
from backline.platform.database import Write
from backline.platform.errors import NotFound
from backline.platform.ids import uuid7_hex
from backline.platform.jobs import GiveUp, JobContext, JobRow

_PHOTOS_TOLD: Final = 500
_FAILED: Final = "The file could not be made. Please ask for a new one."


class _Made(msgspec.Struct, frozen=True):
    count: int
    size_bytes: int
    warnings: list[str] = []


async def make(context: JobContext, payload: ConcertExportJob, services: PhotoServices) -> None:
    """Write somebody's history into a file; it can be had together with the job's end.

    Raises:
        GiveUp: it can't be made, with a sentence for its owner.
    """
    async with context.database.read() as read:
        row = await sql.export(read, payload.owner_id, payload.export_id)
    if row is None:
        return  # deleted meanwhile
    generation = uuid7_hex()
    where = asking.prefix(row.owner_id, row.id, generation)
    key = f"{where}/{asking.file_name(row)}"
    try:
        made = await _made(context, services, row, key)
    except NotFound as fault:  # the artist or venue of its filters has gone
        raise GiveUp(fault.detail) from fault
    async with context.finish() as tx:
        ids = (row.owner_id, row.id)
        about = (made.count, made.size_bytes, made.warnings)
        if await sql.set_ready(tx, *ids, generation, *about):
            await asking.tell(tx, *ids)
            return
    await services.storage.delete_prefix(where)  # deleted while it was made


async def _made(context: JobContext, services: PhotoServices, row: ExportRow, key: str) -> _Made:
    actor = Actor(row.owner_id, "user", row.id)
    total = await gathering.count(context.database, actor)
    filters = asking.filters_of(row)
    count = 0

    async def noted(most_photos: int, message: str) -> AsyncIterator[list[Gathered]]:
        nonlocal count
        async for page in gathering.pages(context.database, actor, filters, most_photos):
            count += len(page)
            context.note(count, max(count, total), message)
            yield page

    if row.format != "pdf":
        pages = noted(_PHOTOS_TOLD if row.format == "json" else 1, "Writing the file")
        stored = await services.storage.put_stream(key, writing.written(pages, row.format))
        return _Made(count, stored.size_bytes)
    # A few photos of each; what is beyond the bound is told, so all are gathered.
    gathered = [
        one async for page in noted(printing.PHOTOS_EACH, "Gathering concerts") for one in page
    ]
    async with context.database.read() as read:
        names = await accounts.names(read, [row.owner_id])
    with tempfile.TemporaryDirectory(dir=services.work_dir, prefix="history-") as folder:
        printed = await printing.print_history(
            services.confinement,
            services.storage,
            row.owner_id,
            names.get(row.owner_id) or "",
            gathered,
            Path(folder),
            context.note,
        )
        stored = await services.storage.put_file(key, printed.path, adopt=True)
    return _Made(printed.count, stored.size_bytes, printed.warnings)


async def died(tx: Write, job: JobRow) -> None:
    """An export fails in the transaction that ends its job."""
    payload = msgspec.json.decode(job.payload, type=ConcertExportJob)
    if await sql.set_failed(tx, payload.owner_id, payload.export_id, job.error or _FAILED):
        await asking.tell(tx, payload.owner_id, payload.export_id)
