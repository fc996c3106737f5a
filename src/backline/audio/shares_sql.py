"""The queries of shares, each a typed function."""

from datetime import datetime
from typing import Final, Literal, LiteralString
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write

ShareKind = Literal["track", "album", "playlist"]


class ShareRow(msgspec.Struct, frozen=True):
    """A row of `shares`; one of the three ids says what is shared."""

    owner_id: UUID
    id: UUID
    track_id: UUID | None
    album_id: UUID | None
    playlist_id: UUID | None
    description: str
    may_download: bool
    expires_at: datetime | None
    revoked_at: datetime | None
    visit_count: int
    last_visited_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int


class NamedShareRow(ShareRow, frozen=True):
    """A share with what the thing is called; None where that is gone, or in the trash."""

    title: str | None
    artist: str | None


_FIELDS: Final = """s.owner_id, s.id, s.track_id, s.album_id, s.playlist_id, s.description,
  s.may_download, s.expires_at, s.revoked_at, s.visit_count, s.last_visited_at, s.created_at,
  s.updated_at, s.version"""
_NAMED: LiteralString = f"""
SELECT {_FIELDS}, coalesce(t.title, a.title, p.name) AS title,
  coalesce(t.artist, a.artist, '') AS artist
FROM shares s
LEFT JOIN tracks t ON t.id = s.track_id AND t.owner_id = s.owner_id AND t.deleted_at IS NULL
LEFT JOIN albums a ON a.id = s.album_id AND a.owner_id = s.owner_id AND a.track_count > 0
LEFT JOIN playlists p
  ON p.id = s.playlist_id AND p.owner_id = s.owner_id AND p.deleted_at IS NULL
WHERE s.owner_id = $1 AND s.revoked_at IS NULL
"""  # noqa: S608  # literals alone
_ONE: Final = f"{_NAMED} AND s.id = $2"
_PAGE: Final = f"""{_NAMED}
AND ($2::uuid IS NULL OR s.id < $2::uuid)
AND ($4::uuid IS NULL OR $4::uuid IN (s.track_id, s.album_id, s.playlist_id))
ORDER BY s.id DESC LIMIT $3
"""
_IS_OWN: Final = """
SELECT EXISTS (SELECT FROM tracks WHERE id = $2 AND owner_id = $1 AND deleted_at IS NULL)
  OR EXISTS (SELECT FROM albums WHERE owner_id = $1 AND id = $2 AND track_count > 0)
  OR EXISTS (SELECT FROM playlists WHERE owner_id = $1 AND id = $2 AND deleted_at IS NULL)
"""
_LOCKED: Final = f"""
SELECT {_FIELDS} FROM shares s WHERE s.owner_id = $1 AND s.id = $2 FOR UPDATE
"""  # noqa: S608  # literals alone
_OPEN: Final = f"""
SELECT {_FIELDS} FROM shares s
WHERE s.id = $1 AND s.revoked_at IS NULL AND (s.expires_at IS NULL OR s.expires_at > now())
"""  # noqa: S608  # literals alone
_COUNT: Final = "SELECT count(*) FROM shares WHERE owner_id = $1 AND revoked_at IS NULL"
_INSERT: Final = """
INSERT INTO shares
  (owner_id, id, track_id, album_id, playlist_id, description, may_download, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_UPDATE: Final = """
UPDATE shares SET description = $3, may_download = $4, expires_at = $5, revoked_at = $6,
  version = version + 1, updated_at = now()
WHERE owner_id = $1 AND id = $2
"""
# So that a link that many open at once costs a write a second.
_VISIT: Final = """
UPDATE shares SET visit_count = visit_count + 1, last_visited_at = now()
WHERE owner_id = $1 AND id = $2
  AND (last_visited_at IS NULL OR last_visited_at < now() - interval '1 second')
"""
_PRUNE: Final = """
DELETE FROM shares WHERE revoked_at < now() - make_interval(secs => $1)
  OR expires_at < now() - make_interval(secs => $2)
"""
_FORGET: Final = "DELETE FROM shares WHERE owner_id = $1"


async def page(
    read: Read, owner_id: UUID, thing_id: UUID | None, *, before: UUID | None, limit: int
) -> list[NamedShareRow]:
    """A page of somebody's shares that aren't revoked, the newest first; or those of one thing."""
    return await read.fetch(_PAGE, NamedShareRow, owner_id, before, limit, thing_id)


async def is_own(read: Read, owner_id: UUID, thing_id: UUID) -> bool:
    """Whether a track, an album or a playlist is there, and somebody's own."""
    return bool(await read.fetch_value(_IS_OWN, owner_id, thing_id))


async def share(read: Read, owner_id: UUID, share_id: UUID) -> NamedShareRow | None:
    """One share that isn't revoked."""
    return await read.fetch_one(_ONE, NamedShareRow, owner_id, share_id)


async def lock(tx: Write, owner_id: UUID, share_id: UUID) -> ShareRow | None:
    """One share, also a revoked one, which nobody else changes until `tx` ends."""
    return await tx.fetch_one(_LOCKED, ShareRow, owner_id, share_id)


async def opened(read: Read, share_id: UUID) -> ShareRow | None:
    """A share of anybody's that is neither revoked nor over."""
    return await read.fetch_one(_OPEN, ShareRow, share_id)


async def count(read: Read, owner_id: UUID) -> int:
    """How many somebody has that aren't revoked."""
    return int(await read.fetch_value(_COUNT, owner_id))


async def insert(tx: Write, row: ShareRow) -> None:
    """Add a share."""
    thing = (row.track_id, row.album_id, row.playlist_id)
    said = (row.description, row.may_download, row.expires_at)
    await tx.execute(_INSERT, row.owner_id, row.id, *thing, *said)


async def update(tx: Write, row: ShareRow) -> None:
    """Write a share that is locked; its next version."""
    said = (row.description, row.may_download, row.expires_at, row.revoked_at)
    await tx.execute(_UPDATE, row.owner_id, row.id, *said)


async def visit(tx: Write, owner_id: UUID, share_id: UUID) -> None:
    """Count a visit; several within a second count once."""
    await tx.execute(_VISIT, owner_id, share_id)


async def prune(tx: Write, *, revoked_s: int, over_s: int) -> None:
    """Remove those that have been revoked, or over, for so long."""
    await tx.execute(_PRUNE, revoked_s, over_s)


async def forget(tx: Write, owner_id: UUID) -> None:
    """Remove the shares of somebody who is gone."""
    await tx.execute(_FORGET, owner_id)


class Sum(msgspec.Struct, frozen=True):
    """How many tracks, and how long they are together."""

    track_count: int
    duration_ms: int


_SUM: Final = """
SELECT count(*) AS track_count, coalesce(sum(t.duration_ms), 0)::bigint AS duration_ms
FROM playlist_entries e
JOIN tracks t ON t.id = e.track_id AND t.owner_id = e.owner_id AND t.deleted_at IS NULL
WHERE e.owner_id = $1 AND e.playlist_id = $2 AND e.removed_at IS NULL
"""
_COVER_TRACK: Final = """
SELECT t.id FROM playlist_entries e
JOIN tracks t ON t.id = e.track_id AND t.owner_id = e.owner_id AND t.deleted_at IS NULL
WHERE e.owner_id = $1 AND e.playlist_id = $2 AND e.removed_at IS NULL
  AND t.has_cover AND t.generation IS NOT NULL
ORDER BY e.position, e.id LIMIT 1
"""
_IS_IN: Final = """
SELECT EXISTS (SELECT FROM playlist_entries
  WHERE owner_id = $1 AND playlist_id = $2 AND track_id = $3 AND track_owner_id = $1
    AND removed_at IS NULL)
"""


async def playlist_sum(read: Read, owner_id: UUID, playlist_id: UUID) -> Sum:
    """What of a playlist is its owner's, and there."""
    return await read.fetch_one(_SUM, Sum, owner_id, playlist_id) or Sum(0, 0)


async def cover_track(read: Read, owner_id: UUID, playlist_id: UUID) -> UUID | None:
    """The first track of its owner's in a playlist that has a cover."""
    return await read.fetch_value(_COVER_TRACK, owner_id, playlist_id)


async def is_in(read: Read, owner_id: UUID, playlist_id: UUID, track_id: UUID) -> bool:
    """Whether a track of its owner's is in a playlist."""
    return bool(await read.fetch_value(_IS_IN, owner_id, playlist_id, track_id))
