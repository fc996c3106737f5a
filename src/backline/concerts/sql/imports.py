"""Imports: tables of concerts that people brought, and the concerts that are in them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

from backline.concerts.imports.models import ImportState, ItemState
from backline.platform.database import Read, Write

_FIELDS: Final = """i.owner_id, i.id, i.filename, i.size_bytes, i.sha256, i.has_file, i.state,
  i.error, i.job_id, i.encoding, i.delimiter, i.columns, i.ignored, i.created_at"""


class ImportRow(msgspec.Struct, frozen=True):
    """A row of `concert_imports`, its concerts counted by what becomes of them."""

    owner_id: UUID
    id: UUID
    filename: str
    size_bytes: int
    sha256: bytes
    has_file: bool
    state: ImportState
    error: str | None
    job_id: UUID
    encoding: str
    delimiter: str
    columns: list[str]
    ignored: list[str]
    created_at: datetime
    new_count: int
    known_count: int
    wrong_count: int
    made_count: int
    removed_count: int


class ItemRow(msgspec.Struct, frozen=True):
    """A concert of a table; `facts` is JSON."""

    position: int
    line: int
    state: ItemState
    problem: str
    facts: str
    concert_id: UUID | None


class KnownRow(msgspec.Struct, frozen=True):
    """A concert of the history, by what it is recognised."""

    id: UUID
    held_on: date
    title: str
    venue_key: str
    artist_keys: list[str]


_COUNTED: Final = f"""
SELECT {_FIELDS}, n.new_count, n.known_count, n.wrong_count, n.made_count, n.removed_count
FROM concert_imports i
CROSS JOIN LATERAL (SELECT
    count(*) FILTER (WHERE t.state = 'new') AS new_count,
    count(*) FILTER (WHERE t.state = 'known') AS known_count,
    count(*) FILTER (WHERE t.state = 'wrong') AS wrong_count,
    count(*) FILTER (WHERE t.state = 'made') AS made_count,
    count(*) FILTER (WHERE t.state = 'removed') AS removed_count
  FROM concert_import_items t WHERE t.owner_id = $1 AND t.import_id = i.id) n
WHERE i.owner_id = $1"""  # noqa: S608  # literals alone
_IMPORTS: Final = f"{_COUNTED} ORDER BY i.id DESC LIMIT 200"
_IMPORT: Final = f"{_COUNTED} AND i.id = $2"
_TURN: Final = "SELECT pg_advisory_xact_lock(hashtext('backline.concerts.imports'), hashtext($1))"
_HOW_MANY: Final = "SELECT count(*) FROM concert_imports WHERE owner_id = $1"
_INSERT: Final = """
INSERT INTO concert_imports (owner_id, id, filename, size_bytes, sha256, state, job_id)
VALUES ($1, $2, $3, $4, $5, 'reading', $6)
"""
_JOB: Final = "SELECT job_id FROM concert_imports WHERE owner_id = $1 AND id = $2"
_LOCK: Final = """
SELECT state FROM concert_imports WHERE owner_id = $1 AND id = $2 FOR NO KEY UPDATE
"""
_SET_READ: Final = """
UPDATE concert_imports SET state = 'ready', has_file = false, encoding = $3, delimiter = $4,
  columns = $5, ignored = $6
WHERE owner_id = $1 AND id = $2 AND state = 'reading'
"""
_SET_STATE: Final = """
UPDATE concert_imports SET state = $3, error = $4, job_id = coalesce($5, job_id)
WHERE owner_id = $1 AND id = $2
"""
_FREE_FILE: Final = """
UPDATE concert_imports SET has_file = false WHERE owner_id = $1 AND id = $2 AND has_file
RETURNING size_bytes
"""
_DELETE: Final = "DELETE FROM concert_imports WHERE owner_id = $1 AND id = $2"
_DELETE_ITEMS: Final = "DELETE FROM concert_import_items WHERE owner_id = $1 AND import_id = $2"
_ADD: Final = """
INSERT INTO concert_import_items (owner_id, import_id, position, line, state, problem, facts,
  concert_id)
SELECT $1, $2, t.position, t.line, t.state, t.problem, t.facts::jsonb, t.concert_id
FROM unnest($3::int[], $4::int[], $5::text[], $6::text[], $7::text[], $8::uuid[])
  AS t (position, line, state, problem, facts, concert_id)
"""
_ITEMS: Final = """
SELECT position, line, state, problem, facts::text AS facts, concert_id FROM concert_import_items
WHERE owner_id = $1 AND import_id = $2 AND position > $3
  AND ($4::text IS NULL OR state = $4) ORDER BY position LIMIT $5
"""
_SET_ITEMS: Final = """
UPDATE concert_import_items t SET state = d.state, concert_id = d.concert_id
FROM unnest($3::int[], $4::text[], $5::uuid[]) AS d (position, state, concert_id)
WHERE t.owner_id = $1 AND t.import_id = $2 AND t.position = d.position
"""
_KNOWN: Final = """
SELECT c.id, c.held_on, c.title, coalesce(v.name_key, '') AS venue_key, ARRAY(
  SELECT a.name_key FROM concert_bill b
  JOIN concert_artists a ON a.owner_id = $1 AND a.id = b.artist_id
  WHERE b.owner_id = $1 AND b.concert_id = c.id) AS artist_keys
FROM concerts c LEFT JOIN concert_venues v ON v.owner_id = $1 AND v.id = c.venue_id
WHERE c.owner_id = $1 AND c.deleted_at IS NULL
  AND (c.held_on = ANY($2::date[]) OR c.id = ANY($3::uuid[]))
"""
_WITH_FILE: Final = """
SELECT owner_id, id, size_bytes, sha256 FROM concert_imports
WHERE has_file AND (owner_id, id) > ($1, $2) ORDER BY owner_id, id LIMIT $3
"""
_FILES: Final = "SELECT id FROM concert_imports WHERE id = ANY($1::uuid[]) AND has_file"
_OLD: Final = """
SELECT owner_id, id FROM concert_imports
WHERE created_at < now() - make_interval(days => $1)
  AND state NOT IN ('reading', 'importing', 'undoing') LIMIT $2
"""
_FORGET_ITEMS: Final = """
DELETE FROM concert_import_items WHERE owner_id = $1 AND (import_id, position) IN (
  SELECT import_id, position FROM concert_import_items WHERE owner_id = $1 LIMIT $2)
"""
_FORGET: Final = "DELETE FROM concert_imports WHERE owner_id = $1"


class FileRow(msgspec.Struct, frozen=True):
    """A file that waits to be read."""

    owner_id: UUID
    id: UUID
    size_bytes: int
    sha256: bytes


class Whose(msgspec.Struct, frozen=True):
    """Whose import, and which."""

    owner_id: UUID
    id: UUID


async def imports(read: Read, owner_id: UUID) -> list[ImportRow]:
    """All of somebody's imports, the newest first."""
    return await read.fetch(_IMPORTS, ImportRow, owner_id)


async def one(read: Read, owner_id: UUID, import_id: UUID) -> ImportRow | None:
    """One import."""
    return await read.fetch_one(_IMPORT, ImportRow, owner_id, import_id)


async def how_many(tx: Write, owner_id: UUID) -> int:
    """How many imports somebody has; nobody else adds one of theirs until `tx` ends."""
    await tx.fetch_value(_TURN, owner_id.hex)
    return await tx.fetch_value(_HOW_MANY, owner_id)


async def insert(
    tx: Write,
    owner_id: UUID,
    import_id: UUID,
    filename: str,
    size_bytes: int,
    sha256: bytes,
    job_id: UUID,
) -> None:
    """Add an import that is about to be read."""
    await tx.execute(_INSERT, owner_id, import_id, filename, size_bytes, sha256, job_id)


async def job_of(read: Read, owner_id: UUID, import_id: UUID) -> UUID | None:
    """The job that works on an import, or did last."""
    return await read.fetch_value(_JOB, owner_id, import_id)


async def lock(tx: Write, owner_id: UUID, import_id: UUID) -> ImportState | None:
    """What state an import is in, for `tx` alone; None where there is none."""
    return await tx.fetch_value(_LOCK, owner_id, import_id)


async def set_read(
    tx: Write,
    owner_id: UUID,
    import_id: UUID,
    encoding: str,
    delimiter: str,
    columns: Sequence[str],
    ignored: Sequence[str],
) -> bool:
    """Say how it was read; False where that is of no interest any more."""
    about = (encoding, delimiter, list(columns), list(ignored))
    return await tx.execute(_SET_READ, owner_id, import_id, *about) > 0


async def set_state(
    tx: Write,
    owner_id: UUID,
    import_id: UUID,
    state: ImportState,
    error: str | None = None,
    job_id: UUID | None = None,
) -> None:
    """Say where it is, and who works on it."""
    await tx.execute(_SET_STATE, owner_id, import_id, state, error, job_id)


async def free_file(tx: Write, owner_id: UUID, import_id: UUID) -> int | None:
    """Point to the file no more; how large it was, or None where nothing did."""
    return await tx.fetch_value(_FREE_FILE, owner_id, import_id)


async def delete(tx: Write, owner_id: UUID, import_id: UUID) -> None:
    """Remove an import; what it made stays."""
    await tx.execute(_DELETE_ITEMS, owner_id, import_id)
    await tx.execute(_DELETE, owner_id, import_id)


async def add(tx: Write, owner_id: UUID, import_id: UUID, items: Sequence[ItemRow]) -> None:
    """Add the concerts of a table."""
    columns = ([getattr(item, field) for item in items] for field in ItemRow.__struct_fields__)
    await tx.execute(_ADD, owner_id, import_id, *columns)


async def items(
    read: Read, owner_id: UUID, import_id: UUID, after: int, state: ItemState | None, limit: int
) -> list[ItemRow]:
    """Concerts of a table in its order, those of a state."""
    return await read.fetch(_ITEMS, ItemRow, owner_id, import_id, after, state, limit)


async def set_items(
    tx: Write, owner_id: UUID, import_id: UUID, now: Sequence[tuple[int, ItemState, UUID | None]]
) -> None:
    """Write what has become of some: position, state, concert."""
    columns = ([each[at] for each in now] for at in range(3))
    await tx.execute(_SET_ITEMS, owner_id, import_id, *columns)


async def known(
    read: Read, owner_id: UUID, days: Sequence[date], ids: Sequence[UUID]
) -> list[KnownRow]:
    """Somebody's concerts of these days, and of these ids."""
    return await read.fetch(_KNOWN, KnownRow, owner_id, list(days), list(ids))


async def with_file(read: Read, after: tuple[UUID, UUID], limit: int) -> list[FileRow]:
    """Imports whose file is still there, by owner and id."""
    return await read.fetch(_WITH_FILE, FileRow, *after, limit)


async def files(read: Read, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the imports whose file is still there."""
    return set(await read.fetch_values(_FILES, list(ids)))


async def old(read: Read, days: int, limit: int) -> list[Whose]:
    """Imports of anybody that rest since so many days."""
    return await read.fetch(_OLD, Whose, days, limit)


async def forget(tx: Write, owner_id: UUID, limit: int) -> int:
    """Remove some of the imports of somebody who is gone; how many rows."""
    gone = await tx.execute(_FORGET_ITEMS, owner_id, limit)
    return gone or await tx.execute(_FORGET, owner_id)
