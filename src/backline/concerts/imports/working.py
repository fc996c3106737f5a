"""What happens to imports behind the requests: tables read, concerts made of them, taken back.

Each batch is a transaction that says what has become of it, so that whatever is killed between any
two lines goes on with the next one, and nothing is made twice.
"""

from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from backline.concerts.engine.tellings import NoTable, Table
from backline.concerts.history import concerts, making, removing
from backline.concerts.history.facts import Facts
from backline.concerts.imports import asking, judging
from backline.concerts.imports.judging import Judged
from backline.concerts.imports.models import ConcertImportJob, ImportState, ItemState
from backline.concerts.services import PhotoServices
from backline.concerts.sql import imports as sql
from backline.concerts.sql.imports import ImportRow, ItemRow
from backline.platform.confined import ConfinementFault, ConfinementLost, Limits
from backline.platform.database import Database, Write
from backline.platform.errors import Conflict, NotFound
from backline.platform.jobs import GiveUp, JobContext, JobRow

_LIMITS: Final = Limits(memory_bytes=512 * 1024 * 1024, cpu_s=60, wall_s=180.0)
# The engine is named, not imported: it works in confined processes alone.
_READ_TABLE: Final = "backline.concerts.engine.tables:read_table"
_BATCH: Final = 50
_MANY: Final = 1_000
_FAILED: Final = "This could not be done. Please try again."


async def read(context: JobContext, payload: ConcertImportJob, services: PhotoServices) -> None:
    """Find out what a table says, and what of it is new.

    Raises:
        GiveUp: it is no such table, with a sentence for its owner.
    """
    row = await _mine(context, payload, "reading")
    if row is None:
        return
    table = await _table(services, row)
    judged = [judging.judge(n, said) for n, said in enumerate(table.concerts)]
    async with context.finish() as tx:
        ids = (row.owner_id, row.id)
        about = (table.encoding, table.delimiter, table.columns, table.ignored)
        await asking.release(tx, *ids)
        if not await sql.set_read(tx, *ids, *about):
            return
        items = await _recognised(tx, row.owner_id, judged)
        for start in range(0, len(items), _MANY):
            await sql.add(tx, *ids, items[start : start + _MANY])
        await asking.tell(tx, *ids, "ready")
    await services.storage.delete_prefix(asking.key(*ids))  # else a sweep does


async def _table(services: PhotoServices, row: ImportRow) -> Table:
    try:
        async with services.storage.local_copy(asking.key(row.owner_id, row.id)) as path:
            found = await _read_table(services, path)
    except NotFound as fault:
        raise GiveUp("The file of this import is gone. Please bring it again.") from fault
    except ConfinementLost:
        raise
    except ConfinementFault as fault:
        raise GiveUp(f"This table can't be read. {fault.reason}") from fault
    if isinstance(found, NoTable):
        raise GiveUp(found.reason)
    return found


async def _read_table(services: PhotoServices, path: Path) -> Table | NoTable:
    return await services.confinement.call(
        _READ_TABLE,
        str(path),
        returns=Table | NoTable,  # type: ignore[arg-type]  # a union is a type here
        limits=_LIMITS,
        reads=[path],
    )


async def _recognised(tx: Write, owner_id: UUID, judged: list[Judged]) -> list[ItemRow]:
    days = {one.facts.held_on for one in judged if one.facts is not None}
    ids = {one.ref for one in judged if one.ref is not None}
    return judging.recognised(judged, await sql.known(tx, owner_id, sorted(days), sorted(ids)))


async def bring(context: JobContext, payload: ConcertImportJob, services: PhotoServices) -> None:
    """Make concerts of what is new in a table; where the history is full, of as many as fit."""
    row = await _mine(context, payload, "importing")
    if row is None:
        return
    total, error = row.new_count + row.made_count, None
    while error is None:
        async with context.database.write() as tx:
            some = await _some(tx, row, "importing", "new")
            if not some:
                break
            error = await _make(tx, row, some, services.most_concerts)
        await context.progress(min(row.made_count + len(some), total), total, "Adding concerts")
        row = await _now(context.database, row)
    async with context.finish() as tx:
        await sql.set_state(tx, row.owner_id, row.id, "done", error)
        await asking.tell(tx, row.owner_id, row.id, "done")


async def _make(tx: Write, row: ImportRow, some: list[ItemRow], most: int | None) -> str | None:
    """Make a batch of concerts; why there is no room for all of them, if so."""
    history = await making.held(tx, row.owner_id)
    facts = [msgspec.json.decode(one.facts, type=Facts) for one in some]
    judged = [Judged(one, each, None) for one, each in zip(some, facts, strict=True)]
    # Somebody may have added one of them by hand meanwhile.
    there = await sql.known(tx, row.owner_id, sorted({one.held_on for one in facts}), [])
    now: list[tuple[int, ItemState, UUID | None]] = []
    made: list[UUID] = []
    error = None
    for item, each in zip(judging.recognised(judged, there), facts, strict=True):
        if item.state == "known":
            now.append((item.position, "known", item.concert_id))
            continue
        if most is not None and history.concerts + len(made) >= most:
            error = (
                f"Your history is full: this server keeps at most {most:,} concerts for each "
                "account. What had no room is still here."
            )
            break
        concert_id = await making.add(tx, row.owner_id, each, source="person")
        made.append(concert_id)
        now.append((item.position, "made", concert_id))
    if now:
        await sql.set_items(tx, row.owner_id, row.id, now)
    if made:
        await concerts.tell(tx, row.owner_id, made, "created")
        await asking.tell(tx, row.owner_id, row.id, "importing")
    return error


async def take_back(
    context: JobContext, payload: ConcertImportJob, _services: PhotoServices
) -> None:
    """Remove what was made of a table; what somebody has changed since, or put photos to, stays."""
    row = await _mine(context, payload, "undoing")
    if row is None:
        return
    total, after, kept = row.made_count, -1, 0
    while True:
        async with context.database.write() as tx:
            some = await _some(tx, row, "undoing", "made", after)
            if not some:
                break
            await making.held(tx, row.owner_id)
            now: list[tuple[int, ItemState, UUID | None]] = []
            for one in some:
                if one.concert_id is not None and await removing.if_forsaken(
                    tx, row.owner_id, one.concert_id, by_person=True
                ):
                    now.append((one.position, "removed", None))
                else:
                    kept += 1
            if now:
                await sql.set_items(tx, row.owner_id, row.id, now)
            after = some[-1].position
        await context.progress(after + 1, max(after + 1, total), "Taking concerts back")
    async with context.finish() as tx:
        error = (
            f"{kept:,} of them stay: you have changed them since, put photos to them, or "
            "removed them already."
        )
        await sql.set_state(tx, row.owner_id, row.id, "undone", error if kept else None)
        await asking.tell(tx, row.owner_id, row.id, "undone")


async def died(tx: Write, job: JobRow) -> None:
    """An import rests in the transaction that ends its job."""
    payload = msgspec.json.decode(job.payload, type=ConcertImportJob)
    state = await sql.lock(tx, payload.owner_id, payload.import_id)
    after: dict[ImportState, ImportState] = {
        "reading": "failed",
        "importing": "done",
        "undoing": "done",
    }
    row = await sql.one(tx, payload.owner_id, payload.import_id)
    if state not in after or row is None or row.job_id != job.id:
        return
    await asking.release(tx, payload.owner_id, payload.import_id)
    now = after[state]
    await sql.set_state(tx, row.owner_id, row.id, now, job.error or _FAILED)
    await asking.tell(tx, row.owner_id, row.id, now)


async def _mine(
    context: JobContext, payload: ConcertImportJob, state: ImportState
) -> ImportRow | None:
    """The import, if this job is to work on it."""
    async with context.database.read() as read_:
        row = await sql.one(read_, payload.owner_id, payload.import_id)
    return row if row is not None and row.state == state and row.job_id == context.id else None


async def _some(
    tx: Write, row: ImportRow, state: ImportState, items: ItemState, after: int = -1
) -> list[ItemRow]:
    """A batch of what is to be done; none where it was stopped."""
    if await sql.lock(tx, row.owner_id, row.id) != state:
        raise Conflict("This import was stopped.")
    return await sql.items(tx, row.owner_id, row.id, after, items, _BATCH)


async def _now(database: Database, row: ImportRow) -> ImportRow:
    async with database.read() as read_:
        return await sql.one(read_, row.owner_id, row.id) or row
