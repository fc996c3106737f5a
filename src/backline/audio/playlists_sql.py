"""The queries of playlists, each a typed function."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal, LiteralString
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write

Visibility = Literal["private", "unlisted", "public"]

_FIELDS: Final = """owner_id, id, name, name_key, description, visibility, entry_count, created_at,
  updated_at, deleted_at, version"""
_BY_ID: Final = "WHERE owner_id = $1 AND id = $2"


class PlaylistRow(msgspec.Struct, frozen=True):
    """A row of `playlists`."""

    owner_id: UUID
    id: UUID
    name: str
    name_key: str
    description: str
    visibility: Visibility
    entry_count: int
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    version: int


class Of(msgspec.Struct, frozen=True):
    """A playlist among everybody's."""

    owner_id: UUID
    id: UUID


_PLAYLIST: Final = f"SELECT {_FIELDS} FROM playlists {_BY_ID}"  # noqa: S608  # literals alone
_LOCKED: Final = f"{_PLAYLIST} FOR UPDATE"
_OPEN: Final = f"""
SELECT {_FIELDS} FROM playlists
WHERE id = $1 AND visibility <> 'private' AND deleted_at IS NULL
"""  # noqa: S608  # literals alone
_OWN: Final = f"SELECT {_FIELDS} FROM playlists WHERE owner_id = $1"  # noqa: S608
_THESE: Final = f"""
SELECT {_FIELDS} FROM playlists
JOIN unnest($1::uuid[], $2::uuid[]) AS asked(owner_id, id) USING (owner_id, id)
"""  # noqa: S608  # literals alone
_PUBLIC: LiteralString = f"""
SELECT {_FIELDS} FROM playlists WHERE visibility = 'public' AND deleted_at IS NULL
"""  # noqa: S608  # literals alone
_BEFORE: Final = "AND (updated_at, id) < ($1::timestamptz, $2::uuid)"
_LATEST: Final = "AND $1::timestamptz IS NULL AND $2::uuid IS NULL"
_BY_TIME: Final = "ORDER BY updated_at DESC, id DESC LIMIT $3"
_PUBLIC_OF: Final = f"""{_PUBLIC}
AND owner_id = $1
AND ($2::timestamptz IS NULL OR (updated_at, id) < ($2::timestamptz, $3::uuid))
ORDER BY updated_at DESC, id DESC LIMIT $4
"""
_INSERT: Final = f"""
INSERT INTO playlists (owner_id, id, name, name_key, description, visibility)
SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT count(*) FROM playlists WHERE owner_id = $1) < $7
RETURNING {_FIELDS}
"""  # noqa: S608  # literals alone
_UPDATE: Final = f"""
UPDATE playlists SET name = $3, name_key = $4, description = $5, visibility = $6, deleted_at = $7,
  entry_count = $8, version = version + 1, updated_at = now()
{_BY_ID} RETURNING {_FIELDS}
"""  # noqa: S608  # literals alone
_DELETED_BEFORE: Final = """
SELECT owner_id, id FROM playlists WHERE deleted_at < $1 ORDER BY deleted_at LIMIT $2
"""
_DELETE: Final = f"DELETE FROM playlists {_BY_ID} AND deleted_at IS NOT NULL"  # noqa: S608
_FORGET: Final = "DELETE FROM playlists WHERE owner_id = $1"


async def playlist(read: Read, owner_id: UUID, playlist_id: UUID) -> PlaylistRow | None:
    """One playlist, also a deleted one."""
    return await read.fetch_one(_PLAYLIST, PlaylistRow, owner_id, playlist_id)


async def lock(tx: Write, owner_id: UUID, playlist_id: UUID) -> PlaylistRow | None:
    """One playlist, which nobody else changes until `tx` ends, nor its entries."""
    return await tx.fetch_one(_LOCKED, PlaylistRow, owner_id, playlist_id)


async def opened(read: Read, playlist_id: UUID) -> PlaylistRow | None:
    """A playlist of anybody's that whoever has its link may see."""
    return await read.fetch_one(_OPEN, PlaylistRow, playlist_id)


async def own(read: Read, owner_id: UUID) -> list[PlaylistRow]:
    """All of somebody's own, deleted ones as well."""
    return await read.fetch(_OWN, PlaylistRow, owner_id)


async def these(read: Read, asked: Sequence[tuple[UUID, UUID]]) -> list[PlaylistRow]:
    """Those of the playlists (by owner and id) that there are."""
    owner_ids, ids = [one[0] for one in asked], [one[1] for one in asked]
    return await read.fetch(_THESE, PlaylistRow, owner_ids, ids)


async def public(
    read: Read, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[PlaylistRow]:
    """A page of everybody's public ones, those changed last first."""
    sql: LiteralString = "\n".join((_PUBLIC, _BEFORE if after else _LATEST, _BY_TIME))
    changed_at, row_id = after or (None, None)
    return await read.fetch(sql, PlaylistRow, changed_at, row_id, limit)


async def public_of(
    read: Read, owner_id: UUID, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[PlaylistRow]:
    """A page of somebody's public ones, those changed last first."""
    changed_at, row_id = after or (None, None)
    return await read.fetch(_PUBLIC_OF, PlaylistRow, owner_id, changed_at, row_id, limit)


async def insert(tx: Write, row: PlaylistRow, most: int) -> PlaylistRow | None:
    """Add a playlist; None where there are `most`."""
    said = (row.name, row.name_key, row.description, row.visibility)
    return await tx.fetch_one(_INSERT, PlaylistRow, row.owner_id, row.id, *said, most)


async def update(tx: Write, row: PlaylistRow) -> PlaylistRow:
    """Write a playlist that is locked; the next version of it."""
    said = (row.name, row.name_key, row.description, row.visibility)
    args = (row.owner_id, row.id, *said, row.deleted_at, row.entry_count)
    return await tx.fetch_one(_UPDATE, PlaylistRow, *args) or row


async def deleted_before(read: Read, before: datetime, limit: int) -> list[Of]:
    """Some playlists, of anybody, that were deleted before then."""
    return await read.fetch(_DELETED_BEFORE, Of, before, limit)


async def delete(tx: Write, owner_id: UUID, playlist_id: UUID) -> bool:
    """Remove a deleted playlist for good, with all in it; False where it was restored."""
    return await tx.execute(_DELETE, owner_id, playlist_id) > 0


async def forget(tx: Write, owner_id: UUID) -> None:
    """Remove the playlists of somebody who is gone."""
    await tx.execute(_FORGET, owner_id)
