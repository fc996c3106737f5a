"""Imports as people ask for them: taken in, looked at, begun, taken back, deleted."""

import contextlib
from typing import Final
from uuid import UUID

import msgspec

from backline import accounts
from backline.concerts.history.facts import Facts
from backline.concerts.imports.models import (
    ConcertImport,
    ConcertImportChanged,
    ConcertImportItem,
    ConcertImportJob,
    ImportState,
    ItemState,
)
from backline.concerts.sql import imports as sql
from backline.concerts.sql.imports import ImportRow, ItemRow
from backline.platform import events
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Database, Read, Write
from backline.platform.errors import Conflict, NotFound
from backline.platform.jobs import cancel, enqueue
from backline.platform.storage.takes import Taken, Takes

READ: Final = "concerts.read-import"
BRING: Final = "concerts.import"
TAKE_BACK: Final = "concerts.undo-import"
KIND: Final = "concert-imports"
MOST: Final = 20
MOST_BYTES: Final = 8 * 1024 * 1024
KEPT_DAYS: Final = 30
_BATCH: Final = 200
_SHOWN_ARTISTS: Final = 5
_GONE: Final = "There is no such import (any more). Please bring the file again."


class _Shown(msgspec.Struct, frozen=True):
    """What is shown of what can't be a concert."""

    held_on: str = ""
    title: str = ""
    venue: str = ""
    city: str = ""
    bill: list[str] = []


def key(owner_id: UUID, import_id: UUID) -> str:
    """Where a table lies until it is read."""
    return f"{KIND}/{owner_id.hex}/{import_id.hex}/source/original"


async def _owner(_read: Read, actor: Actor, _subject: UUID | None) -> UUID:
    """Everybody has a history of their own, and adds to no other's."""
    return actor.user_id


async def _add(tx: Write, _actor: Actor, taken: Taken) -> ImportRow:
    if await sql.how_many(tx, taken.owner_id) >= MOST:
        raise Conflict(f"There are {MOST} imports of yours already. Delete one first.")
    job_id = await _queue(tx, READ, taken.owner_id, taken.id)
    about = (taken.filename, taken.size_bytes, taken.sha256, job_id)
    await sql.insert(tx, taken.owner_id, taken.id, *about)
    await tell(tx, taken.owner_id, taken.id, "reading")
    return await _known(tx, taken.owner_id, taken.id)


TABLES: Final = Takes(
    kind="concert-table",
    scope="concerts",
    max_bytes=lambda settings: min(settings.max_upload_bytes, MOST_BYTES),
    owner=_owner,
    key=key,
    add=_add,
    id_of=lambda row: row.id,
    job=sql.job_of,
)


async def imports(read: Read, actor: Actor) -> list[ConcertImport]:
    """The actor's imports, the newest first."""
    return [shown(row) for row in await sql.imports(read, actor.user_id)]


async def get(read: Read, actor: Actor, import_id: UUID) -> ConcertImport:
    """One import.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    return shown(await _known(read, actor.user_id, import_id))


async def items(
    read: Read, actor: Actor, import_id: UUID, state: ItemState | None, after: int, limit: int
) -> list[ItemRow]:
    """A page of the concerts of a table, in its order.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    await _known(read, actor.user_id, import_id)
    return await sql.items(read, actor.user_id, import_id, after, state, limit)


async def begin(tx: Write, actor: Actor, import_id: UUID) -> ConcertImport:
    """Have the new ones among its concerts made.

    Raises:
        NotFound: it isn't there, or someone else's.
        Conflict: it isn't ready for that, or has nothing new.
    """
    await _locked(tx, actor, import_id)
    row = await _known(tx, actor.user_id, import_id)
    if row.state not in {"ready", "done", "undone"}:
        raise Conflict("This table is being worked on, or can't be read.")
    if row.new_count == 0:
        raise Conflict("There is nothing new in this table.")
    return await _go(tx, actor, import_id, "importing", BRING)


async def undo(tx: Write, actor: Actor, import_id: UUID) -> ConcertImport:
    """Have what was made of it removed, but for what somebody has changed since.

    Raises:
        NotFound: it isn't there, or someone else's.
        Conflict: nothing was made of it, or it is being worked on.
    """
    await _locked(tx, actor, import_id)
    row = await _known(tx, actor.user_id, import_id)
    if row.state == "importing":
        with contextlib.suppress(Conflict, NotFound):  # it has ended at this moment
            await cancel(tx, row.job_id, owner_id=actor.user_id)
    elif row.state != "done" or row.made_count == 0:
        raise Conflict("Nothing was made of this table that could be taken back.")
    return await _go(tx, actor, import_id, "undoing", TAKE_BACK)


async def delete(tx: Write, actor: Actor, import_id: UUID) -> None:
    """Forget a table; concerts that were made of it stay.

    Raises:
        NotFound: it isn't there, or someone else's.
        Conflict: it is being worked on.
    """
    state = await _locked(tx, actor, import_id)
    row = await _known(tx, actor.user_id, import_id)
    if state in {"importing", "undoing"}:
        raise Conflict("This table is being worked on. Wait until that is done.")
    if state == "reading":
        with contextlib.suppress(Conflict, NotFound):  # it has ended at this moment
            await cancel(tx, row.job_id, owner_id=actor.user_id)
    await remove(tx, actor.user_id, import_id)


async def remove(tx: Write, owner_id: UUID, import_id: UUID) -> None:
    """Remove an import, and give back the room of its file; a sweep has the bytes."""
    await release(tx, owner_id, import_id)
    await sql.delete(tx, owner_id, import_id)
    await tell(tx, owner_id, import_id, "undone")


async def release(tx: Write, owner_id: UUID, import_id: UUID) -> None:
    """Point to the file no more, and give back its room."""
    freed_bytes = await sql.free_file(tx, owner_id, import_id)
    if freed_bytes is not None:
        await accounts.release(tx, owner_id, freed_bytes)


async def expire(database: Database) -> int:
    """Forget, in several transactions, tables of anybody that rest for a month."""
    total = 0
    while True:
        async with database.read() as read:
            found = await sql.old(read, KEPT_DAYS, _BATCH)
        if not found:
            return total
        for row in found:
            async with database.write() as tx:
                await remove(tx, row.owner_id, row.id)
        total += len(found)


async def tell(tx: Write, owner_id: UUID, import_id: UUID, state: ImportState) -> None:
    """Have caches forget, and pages hear of it."""
    invalidate(tx, f"concert-imports:{owner_id.hex}")
    changed = ConcertImportChanged(import_id, state)
    await events.publish(tx, owner_id, "concerts", "concert-import", changed)


def shown(row: ImportRow) -> ConcertImport:
    """A row as it is answered."""
    return ConcertImport(
        id=row.id,
        filename=row.filename,
        size_bytes=row.size_bytes,
        state=row.state,
        error=row.error,
        job_id=row.job_id,
        encoding=row.encoding,
        delimiter=row.delimiter,
        columns=row.columns,
        ignored=row.ignored,
        new_count=row.new_count,
        known_count=row.known_count,
        wrong_count=row.wrong_count,
        made_count=row.made_count,
        removed_count=row.removed_count,
        created_at=row.created_at,
    )


def item(row: ItemRow) -> ConcertImportItem:
    """A concert of a table as it is answered."""
    if row.state == "wrong":
        said = msgspec.json.decode(row.facts, type=_Shown)
        about = (None, said.title, said.bill, said.venue, said.city)
    else:
        facts = msgspec.json.decode(row.facts, type=Facts)
        venue, city = (facts.venue.name, facts.venue.city) if facts.venue else ("", "")
        artists = [one.name for one in facts.bill[:_SHOWN_ARTISTS]]
        about = (facts.held_on, facts.title, artists, venue, city)
    return ConcertImportItem(
        row.position, row.line, row.state, row.problem, *about, concert_id=row.concert_id
    )


async def _known(read: Read, owner_id: UUID, import_id: UUID) -> ImportRow:
    row = await sql.one(read, owner_id, import_id)
    if row is None:
        raise NotFound(_GONE)
    return row


async def _locked(tx: Write, actor: Actor, import_id: UUID) -> ImportState:
    state = await sql.lock(tx, actor.user_id, import_id)
    if state is None:
        raise NotFound(_GONE)
    return state


async def _go(
    tx: Write, actor: Actor, import_id: UUID, state: ImportState, kind: str
) -> ConcertImport:
    job_id = await _queue(tx, kind, actor.user_id, import_id)
    await sql.set_state(tx, actor.user_id, import_id, state, None, job_id)
    await tell(tx, actor.user_id, import_id, state)
    return await get(tx, actor, import_id)


async def _queue(tx: Write, kind: str, owner_id: UUID, import_id: UUID) -> UUID:
    return await enqueue(
        tx,
        kind,
        ConcertImportJob(import_id, owner_id),
        owner_id=owner_id,
        subject=("concert-import", import_id),
    )
