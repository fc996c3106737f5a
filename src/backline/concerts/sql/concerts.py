"""One concert: what is read, and what is written."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

from backline.concerts.history.models import Source
from backline.platform.database import Read, Write


class ConcertItemRow(msgspec.Struct, frozen=True):
    """A concert as lists show it, but for its bill: its venue, its photos counted, one of them."""

    id: UUID
    owner_id: UUID
    held_on: date
    ends_on: date | None
    title: str
    is_festival: bool
    source: Source
    confidence: float | None
    version: int
    venue_id: UUID | None
    venue: str | None
    city: str | None
    country_code: str | None
    latitude: float | None
    longitude: float | None
    venue_n: int | None
    photo_count: int
    cover_id: UUID | None
    cover_generation: str | None
    cover_placeholder: bytes | None


class ConcertRow(ConcertItemRow, frozen=True):
    """All of a concert, but for its bill."""

    zone: str | None
    reasons: list[str]
    notes: str
    is_edited: bool
    source_key: str | None
    created_at: datetime
    updated_at: datetime


ITEM_FIELDS: Final = """c.id, c.owner_id, c.held_on, c.ends_on, c.title, c.is_festival, c.source,
  c.confidence, c.version, c.venue_id, v.name AS venue, v.city, v.country_code, v.latitude,
  v.longitude, v.n AS venue_n, p.photo_count, f.id AS cover_id,
  f.thumbnail_generation AS cover_generation, f.placeholder AS cover_placeholder"""
_FIELDS: Final = f"""{ITEM_FIELDS}, c.zone, c.reasons, c.notes, c.is_edited, c.source_key,
  c.created_at, c.updated_at"""
# Each looks into one place of an index, in the partition of `$1`: the owner of `c`.
JOINED: Final = """
LEFT JOIN concert_venues v ON v.owner_id = $1 AND v.id = c.venue_id
CROSS JOIN LATERAL (SELECT count(*) AS photo_count FROM photos p
  WHERE p.owner_id = $1 AND p.concert_id = c.id AND p.deleted_at IS NULL) p
LEFT JOIN LATERAL (SELECT f.id, f.thumbnail_generation, f.placeholder FROM photos f
  WHERE f.owner_id = $1 AND f.concert_id = c.id AND f.deleted_at IS NULL
  ORDER BY f.starred DESC, f.taken_at, f.id LIMIT 1) f ON true"""

_CONCERT: Final = f"""
SELECT {_FIELDS} FROM concerts c {JOINED}
WHERE c.owner_id = $1 AND c.id = $2 AND c.deleted_at IS NULL
"""  # noqa: S608  # literals alone
_IS_THERE: Final = """
SELECT true FROM concerts WHERE owner_id = $1 AND id = $2 AND deleted_at IS NULL
"""
_INSERT: Final = """
INSERT INTO concerts (owner_id, id, source, source_key, confidence, reasons, held_on, ends_on,
  zone, title, is_festival, venue_id, city_key, country_code, notes, search)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
  array_to_tsvector($16::text[]))
"""
_CHANGE: Final = """
UPDATE concerts SET held_on = $3, ends_on = $4, zone = $5, title = $6, is_festival = $7,
  venue_id = $8, city_key = $9, country_code = $10, notes = $11,
  search = array_to_tsvector($12::text[]), is_edited = is_edited OR $13,
  version = version + 1, updated_at = now()
WHERE owner_id = $1 AND id = $2
"""
_DELETE: Final = """
UPDATE concerts SET deleted_at = now(), updated_at = now()
WHERE owner_id = $1 AND id = $2 AND deleted_at IS NULL
"""
_RESTORE: Final = """
UPDATE concerts SET deleted_at = NULL, updated_at = now(), version = version + 1
WHERE owner_id = $1 AND id = $2 AND deleted_at IS NOT NULL
"""
# What was deleted a moment ago can still be had back.
_PURGE: Final = """
DELETE FROM concerts WHERE owner_id = $1 AND id = $2
  AND deleted_at < now() - make_interval(secs => $3)
"""
_REMOVE: Final = "DELETE FROM concerts WHERE owner_id = $1 AND id = $2"
_EXPIRED: Final = """
SELECT owner_id, id FROM concerts WHERE deleted_at < now() - make_interval(secs => $1) LIMIT $2
"""
# Setlists tell an evening, too: under another spelling its venue has another key.
_SAME: Final = """
SELECT id FROM concerts WHERE owner_id = $1 AND source_key = $2 AND deleted_at IS NULL
UNION ALL
SELECT c.id FROM concert_bill b JOIN concerts c ON c.owner_id = b.owner_id AND c.id = b.concert_id
WHERE b.owner_id = $1 AND b.setlist_id = ANY($3::text[]) AND b.setlist_id <> ''
  AND c.deleted_at IS NULL
LIMIT 1
"""
_FREE_KEY: Final = """
UPDATE concerts SET source_key = NULL
WHERE owner_id = $1 AND source_key = $2 AND deleted_at IS NOT NULL
"""


class Labels(msgspec.Struct, frozen=True):
    """What of a concert is written and not shown: where lists find it."""

    city_key: str
    country_code: str
    lexemes: list[str]


class Plain(msgspec.Struct, frozen=True):
    """A concert's own columns, in the order in which they are written."""

    held_on: date
    ends_on: date | None
    zone: str | None
    title: str
    is_festival: bool
    venue_id: UUID | None
    notes: str


class Whose(msgspec.Struct, frozen=True):
    """Whose concert, and which."""

    owner_id: UUID
    id: UUID


async def concert(read: Read, owner_id: UUID, concert_id: UUID) -> ConcertRow | None:
    """A concert that isn't deleted."""
    return await read.fetch_one(_CONCERT, ConcertRow, owner_id, concert_id)


async def is_there(read: Read, owner_id: UUID, concert_id: UUID) -> bool:
    """Whether somebody has this concert."""
    return bool(await read.fetch_value(_IS_THERE, owner_id, concert_id))


async def insert(
    tx: Write,
    owner_id: UUID,
    concert_id: UUID,
    plain: Plain,
    labels: Labels,
    *,
    source: Source,
    source_key: str | None = None,
    confidence: float | None = None,
    reasons: list[str],
) -> None:
    """Add a concert."""
    about = (source, source_key, confidence, reasons)
    await tx.execute(_INSERT, owner_id, concert_id, *about, *_columns(plain, labels))


async def change(
    tx: Write, owner_id: UUID, concert_id: UUID, plain: Plain, labels: Labels, *, by_person: bool
) -> None:
    """Write what a concert is now."""
    await tx.execute(_CHANGE, owner_id, concert_id, *_columns(plain, labels), by_person)


def _columns(plain: Plain, labels: Labels) -> tuple[object, ...]:
    own = (plain.held_on, plain.ends_on, plain.zone, plain.title, plain.is_festival)
    where = (plain.venue_id, labels.city_key, labels.country_code)
    return (*own, *where, plain.notes, labels.lexemes)


async def delete(tx: Write, owner_id: UUID, concert_id: UUID) -> None:
    """Hide a concert."""
    await tx.execute(_DELETE, owner_id, concert_id)


async def restore(tx: Write, owner_id: UUID, concert_id: UUID) -> bool:
    """Show a hidden concert again; False where there is none."""
    return await tx.execute(_RESTORE, owner_id, concert_id) > 0


async def purge(tx: Write, owner_id: UUID, concert_id: UUID, after_s: float) -> bool:
    """Remove a deleted concert; False where there is none, or it was restored."""
    return await tx.execute(_PURGE, owner_id, concert_id, after_s) > 0


async def remove(tx: Write, owner_id: UUID, concert_id: UUID) -> None:
    """Remove a concert at once."""
    await tx.execute(_REMOVE, owner_id, concert_id)


async def expired(read: Read, after_s: float, limit: int) -> list[Whose]:
    """Concerts whose time to be restored has passed and that are still there."""
    return await read.fetch(_EXPIRED, Whose, after_s, limit)


async def same(
    read: Read, owner_id: UUID, source_key: str, setlist_ids: Sequence[str]
) -> UUID | None:
    """The concert that this evening is already, by its key or by one of its setlists."""
    return await read.fetch_value(_SAME, owner_id, source_key, list(setlist_ids))


async def free_key(tx: Write, owner_id: UUID, source_key: str) -> None:
    """Let an evening be a concert again, of which one was deleted a moment ago."""
    await tx.execute(_FREE_KEY, owner_id, source_key)
