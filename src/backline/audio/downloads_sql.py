"""The queries of files to take along, each a typed function."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, LiteralString
from uuid import UUID

from backline.audio.naming import Called
from backline.platform.database import Read


class FileRow(Called, frozen=True):
    """A track with its original and, where there is one, its best rendition.

    `root`, `path`, `found_bytes` and `mtime_ns` are of an original in a folder, as it lay there;
    without them, one with a `folder_id` isn't there.
    """

    id: UUID
    owner_id: UUID
    size_bytes: int
    created_at: datetime
    folder_id: UUID | None
    root: str | None
    path: bytes | None
    found_bytes: int | None
    mtime_ns: int | None
    generation: str | None
    high_bytes: int | None
    rendered_at: datetime | None


_FIELDS: LiteralString = """
SELECT t.title, t.artist, t.album, t.album_artist, t.track_number, t.disc_number, t.filename,
  t.content_type, t.id, t.owner_id, t.size_bytes, t.created_at, t.folder_id, f.root, f.path,
  f.found_bytes, f.mtime_ns, t.generation, d.high_bytes, d.rendered_at
"""
_BESIDE: LiteralString = """
LEFT JOIN LATERAL (
  SELECT o.path AS root, m.path, m.size_bytes AS found_bytes, m.mtime_ns
  FROM music_files m JOIN music_folders o ON o.owner_id = m.owner_id AND o.id = m.folder_id
  WHERE m.owner_id = t.owner_id AND m.track_id = t.id AND m.is_there ORDER BY m.id LIMIT 1
) f ON t.folder_id IS NOT NULL
LEFT JOIN LATERAL (
  SELECT (files ->> 'high.m4a')::bigint AS high_bytes, rendered_at FROM track_details
  WHERE track_id = t.id LIMIT 1
) d ON true
"""
_OF_ALBUM: Final = f"""
{_FIELDS} FROM tracks t {_BESIDE}
WHERE t.owner_id = $1 AND t.album_id = $2 AND t.deleted_at IS NULL
ORDER BY coalesce(t.disc_number, 1), coalesce(t.track_number, 10000), t.title_key, t.id LIMIT $3
"""
_OF_PLAYLIST: Final = f"""
{_FIELDS} FROM playlist_entries e
JOIN tracks t ON t.id = e.track_id AND t.owner_id = e.track_owner_id AND t.deleted_at IS NULL
{_BESIDE}
WHERE e.owner_id = $1 AND e.playlist_id = $2 AND e.removed_at IS NULL
ORDER BY e.position, e.id LIMIT $3
"""
_OF_OWNER: Final = f"""
{_FIELDS} FROM tracks t {_BESIDE}
WHERE t.owner_id = $1 AND t.id > $2 AND t.deleted_at IS NULL ORDER BY t.id LIMIT $3
"""
_IDS: Final = "SELECT count(*) FROM tracks WHERE owner_id = $1 AND deleted_at IS NULL"


async def of_album(read: Read, owner_id: UUID, album_id: UUID, limit: int) -> Sequence[FileRow]:
    """The tracks of an album in their order."""
    return await read.fetch(_OF_ALBUM, FileRow, owner_id, album_id, limit)


async def of_playlist(
    read: Read, owner_id: UUID, playlist_id: UUID, limit: int
) -> Sequence[FileRow]:
    """The tracks in a playlist in their order, whosever they are."""
    return await read.fetch(_OF_PLAYLIST, FileRow, owner_id, playlist_id, limit)


async def of_owner(read: Read, owner_id: UUID, after: UUID, limit: int) -> Sequence[FileRow]:
    """Somebody's tracks by id."""
    return await read.fetch(_OF_OWNER, FileRow, owner_id, after, limit)


async def how_many(read: Read, owner_id: UUID) -> int:
    """How many tracks somebody has."""
    return int(await read.fetch_value(_IDS, owner_id))
