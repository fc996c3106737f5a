"""The queries on what the library keeps, each a typed function."""

from uuid import UUID

import msgspec

from backline.platform.database import Read


class KeptRow(msgspec.Struct, frozen=True):
    """A track with its files; `files` is JSON, name -> size in bytes, of its generation."""

    id: UUID
    owner_id: UUID
    size_bytes: int
    sha256: bytes
    is_stored: bool
    generation: str | None
    files: str | None


# Deleted tracks too: until their purge they can be restored.
_PAGE = """
SELECT t.id, t.owner_id, t.size_bytes, t.sha256, t.folder_id IS NULL AS is_stored, t.generation,
  d.files::text AS files
FROM tracks t LEFT JOIN track_details d ON d.track_id = t.id AND d.owner_id = t.owner_id
WHERE t.id > $1 ORDER BY t.id LIMIT $2
"""
_FILENAMES = "SELECT filename FROM tracks WHERE owner_id = $1"


async def page(read: Read, after: UUID, limit: int) -> list[KeptRow]:
    """Tracks of everybody, by id."""
    return await read.fetch(_PAGE, KeptRow, after, limit)


async def filenames(read: Read, owner_id: UUID) -> set[str]:
    """The names of the files that someone's tracks came from, deleted tracks included."""
    return set(await read.fetch_values(_FILENAMES, owner_id))
