"""The queries of what is in playlists, each a typed function."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, LiteralString
from uuid import UUID

import msgspec

from backline.audio.models import TrackRow
from backline.audio.playlists_sql import Of
from backline.audio.sql import FIELDS
from backline.platform.database import Read, Write


class EntryRow(msgspec.Struct, frozen=True):
    """A row of `playlist_entries`."""

    id: UUID
    position: str
    track_id: UUID
    track_owner_id: UUID
    title: str
    artist: str
    added_at: datetime


class NewEntry(msgspec.Struct, frozen=True):
    """A track that is put in, with what it is called."""

    id: UUID
    position: str
    track_id: UUID
    title: str
    artist: str


class Around(msgspec.Struct, frozen=True):
    """The places before and behind a gap; None at an end."""

    low: str | None
    high: str | None


_FIELDS: Final = "id, position, track_id, track_owner_id, title, artist, added_at"
_IN_LIST: Final = "owner_id = $1 AND playlist_id = $2 AND removed_at IS NULL"
_ENTRIES: LiteralString = f"SELECT {_FIELDS} FROM playlist_entries WHERE {_IN_LIST}"  # noqa: S608
_ENTRY: Final = f"{_ENTRIES} AND id = $3"
_BEHIND: Final = "AND (position, id) > ($3::text, $4::uuid)"
_FROM_THE_FIRST: Final = "AND $3::text IS NULL AND $4::uuid IS NULL"
_IN_ORDER: Final = "ORDER BY position, id LIMIT $5"
_LAST: Final = f"""
SELECT max(position) FROM playlist_entries WHERE {_IN_LIST}
"""  # noqa: S608  # literals alone
_AROUND: Final = f"""
WITH low AS (SELECT position, id FROM playlist_entries WHERE {_IN_LIST} AND id = $4 AND id <> $3)
SELECT (SELECT position FROM low) AS low, (
  SELECT position FROM playlist_entries
  WHERE {_IN_LIST} AND id <> $3
    AND ($4::uuid IS NULL OR (position, id) > (SELECT position, id FROM low))
  ORDER BY position, id LIMIT 1
) AS high
"""  # noqa: S608  # literals alone
_ORDERED: Final = f"""
SELECT id FROM playlist_entries WHERE {_IN_LIST} ORDER BY position, id
"""  # noqa: S608  # literals alone
_PLACE: Final = """
UPDATE playlist_entries e SET position = u.position
FROM unnest($3::uuid[], $4::text[]) AS u(id, position)
WHERE e.owner_id = $1 AND e.playlist_id = $2 AND e.removed_at IS NULL AND e.id = u.id
"""
_INSERT: Final = """
INSERT INTO playlist_entries
  (owner_id, playlist_id, id, position, track_id, track_owner_id, title, artist)
SELECT $1, $2, u.id, u.position, u.track_id, $3, u.title, u.artist
FROM unnest($4::uuid[], $5::text[], $6::uuid[], $7::text[], $8::text[])
  AS u(id, position, track_id, title, artist)
"""
_REMOVE: Final = f"""
UPDATE playlist_entries SET removed_at = now() WHERE {_IN_LIST} AND id = ANY($3::uuid[])
"""  # noqa: S608  # literals alone
_RESTORE: Final = """
UPDATE playlist_entries SET removed_at = NULL
WHERE owner_id = $1 AND playlist_id = $2 AND removed_at IS NOT NULL AND id = ANY($3::uuid[])
"""
_REMOVE_OF: Final = """
DELETE FROM playlist_entries WHERE owner_id = $1 AND playlist_id = $2 AND track_owner_id = $3
"""
_FORGET: Final = """
WITH gone AS (
  DELETE FROM playlist_entries WHERE track_owner_id = $1
  RETURNING owner_id, playlist_id, removed_at
), fewer AS (
  SELECT owner_id, playlist_id, count(*) FILTER (WHERE removed_at IS NULL) AS number
  FROM gone GROUP BY owner_id, playlist_id
)
UPDATE playlists p SET entry_count = p.entry_count - f.number, version = p.version + 1,
  updated_at = now()
FROM fewer f WHERE p.owner_id = f.owner_id AND p.id = f.playlist_id
RETURNING p.owner_id, p.id
"""
_COUNT: Final = f"SELECT count(*) FROM playlist_entries WHERE {_IN_LIST}"  # noqa: S608
_PURGE: Final = "DELETE FROM playlist_entries WHERE removed_at < $1"
_TRACKS: Final = f"""
SELECT {FIELDS} FROM unnest($2::uuid[], $3::uuid[]) AS asked(asked_id, asked_owner_id)
JOIN tracks t ON t.id = asked_id AND t.owner_id = asked_owner_id AND t.deleted_at IS NULL
LEFT JOIN track_listening l ON l.user_id = $1 AND l.track_id = t.id
"""  # noqa: S608  # literals alone


async def page(
    read: Read, owner_id: UUID, playlist_id: UUID, *, after: tuple[str, UUID] | None, limit: int
) -> list[EntryRow]:
    """Entries in their order, behind a place and an id."""
    sql: LiteralString = "\n".join((_ENTRIES, _BEHIND if after else _FROM_THE_FIRST, _IN_ORDER))
    position, row_id = after or (None, None)
    return await read.fetch(sql, EntryRow, owner_id, playlist_id, position, row_id, limit)


async def entry(read: Read, owner_id: UUID, playlist_id: UUID, entry_id: UUID) -> EntryRow | None:
    """One entry that isn't removed."""
    return await read.fetch_one(_ENTRY, EntryRow, owner_id, playlist_id, entry_id)


async def tracks(
    read: Read, viewer_id: UUID, asked: Sequence[tuple[UUID, UUID]]
) -> dict[UUID, TrackRow]:
    """Those of the tracks (by id and owner) that there are, with what `viewer_id` has heard."""
    ids, owner_ids = [one[0] for one in asked], [one[1] for one in asked]
    rows = await read.fetch(_TRACKS, TrackRow, viewer_id, ids, owner_ids)
    return {row.id: row for row in rows}


async def last(read: Read, owner_id: UUID, playlist_id: UUID) -> str | None:
    """The place of the last entry."""
    return await read.fetch_value(_LAST, owner_id, playlist_id)


async def around(
    read: Read, owner_id: UUID, playlist_id: UUID, entry_id: UUID, behind: UUID | None
) -> Around:
    """The gap behind an entry, or at the front, as if `entry_id` weren't there."""
    args = (owner_id, playlist_id, entry_id, behind)
    found = await read.fetch_one(_AROUND, Around, *args)
    assert found is not None  # noqa: S101  # a query without FROM always gives one
    return found


async def ordered(read: Read, owner_id: UUID, playlist_id: UUID) -> list[UUID]:
    """All entries in their order."""
    return await read.fetch_values(_ORDERED, owner_id, playlist_id)


async def place(
    tx: Write, owner_id: UUID, playlist_id: UUID, places: Sequence[tuple[UUID, str]]
) -> int:
    """Give entries their places; how many there were."""
    ids, positions = [one[0] for one in places], [one[1] for one in places]
    return await tx.execute(_PLACE, owner_id, playlist_id, ids, positions)


async def insert(
    tx: Write, owner_id: UUID, playlist_id: UUID, by: UUID, entries: Sequence[NewEntry]
) -> None:
    """Put tracks of `by` in."""
    await tx.execute(
        _INSERT,
        owner_id,
        playlist_id,
        by,
        [one.id for one in entries],
        [one.position for one in entries],
        [one.track_id for one in entries],
        [one.title for one in entries],
        [one.artist for one in entries],
    )


async def remove(tx: Write, owner_id: UUID, playlist_id: UUID, ids: Sequence[UUID]) -> int:
    """Take entries out; how many there were."""
    return await tx.execute(_REMOVE, owner_id, playlist_id, list(ids))


async def restore(tx: Write, owner_id: UUID, playlist_id: UUID, ids: Sequence[UUID]) -> int:
    """Put entries back where they were; how many there were left."""
    return await tx.execute(_RESTORE, owner_id, playlist_id, list(ids))


async def remove_of(tx: Write, owner_id: UUID, playlist_id: UUID, person_id: UUID) -> int:
    """Remove for good what somebody has put in."""
    return await tx.execute(_REMOVE_OF, owner_id, playlist_id, person_id)


async def forget(tx: Write, person_id: UUID) -> list[Of]:
    """Remove for good what somebody who is gone has put in anywhere; the playlists it was in."""
    return await tx.fetch(_FORGET, Of, person_id)


async def count(read: Read, owner_id: UUID, playlist_id: UUID) -> int:
    """How many entries there are."""
    return int(await read.fetch_value(_COUNT, owner_id, playlist_id))


async def purge(tx: Write, before: datetime) -> None:
    """Remove for good what was taken out before then."""
    await tx.execute(_PURGE, before)


class _Length(msgspec.Struct, frozen=True):
    playlist_id: UUID
    length_ms: int


_LENGTHS = """
SELECT e.playlist_id, coalesce(sum(t.duration_ms), 0)::bigint AS length_ms
FROM unnest($1::uuid[], $2::uuid[]) AS wanted (owner_id, playlist_id)
JOIN playlist_entries e USING (owner_id, playlist_id)
JOIN tracks t ON t.id = e.track_id AND t.deleted_at IS NULL
WHERE e.removed_at IS NULL GROUP BY e.playlist_id
"""


async def lengths_ms(read: Read, which: Sequence[tuple[UUID, UUID]]) -> dict[UUID, int]:
    """How long playlists are, each named by its owner and itself; empty ones are left out."""
    owners, playlists = [owner for owner, _ in which], [one for _, one in which]
    rows = await read.fetch(_LENGTHS, _Length, owners, playlists)
    return {row.playlist_id: row.length_ms for row in rows}
