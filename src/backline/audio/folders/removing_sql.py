"""Tracks of folders on their way out, each query a typed function."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from backline.platform.database import Read, Write

_UNRENDERED: Final = """
SELECT id FROM tracks WHERE owner_id = $1 AND folder_id = $2 AND deleted_at IS NULL
  AND NOT has_renditions ORDER BY id
"""
_OF_FOLDER: Final = "SELECT id FROM tracks WHERE owner_id = $1 AND folder_id = $2 ORDER BY id"
_MISSING_OF: Final = """
SELECT id FROM tracks WHERE owner_id = $1 AND folder_id = $2 AND missing_at IS NOT NULL ORDER BY id
"""
# No longer missing but removed: nothing finds it again.
_MARK: Final = """
UPDATE tracks SET deleted_at = coalesce(deleted_at, now()), missing_at = NULL,
  version = version + 1
WHERE owner_id = $1 AND id = ANY($2::uuid[])
"""
_UNTIE: Final = """
UPDATE music_files SET track_id = NULL, updated_at = now(),
  state = CASE WHEN state = 'waiting' THEN 'done' ELSE state END
WHERE owner_id = $1 AND track_id = ANY($2::uuid[])
"""
_FORGET_FILES: Final = "DELETE FROM music_files WHERE owner_id = $1 AND folder_id = $2"
_FORGET_OWNER: Final = (
    "DELETE FROM music_folders WHERE owner_id = $1",  # first: no scan writes any more
    "DELETE FROM music_files WHERE owner_id = $1",
    "DELETE FROM music_covers WHERE owner_id = $1",
)
_EXPIRED: Final = """
SELECT id FROM tracks WHERE owner_id = $1 AND missing_at < now() - make_interval(days => $2)
ORDER BY id LIMIT $3
"""
_OWNERS: Final = """
SELECT DISTINCT owner_id FROM tracks WHERE missing_at < now() - make_interval(days => $1) LIMIT $2
"""
_FORGET_GONE: Final = """
DELETE FROM music_files WHERE NOT is_there AND track_id IS NULL
  AND updated_at < now() - make_interval(days => $1)
"""


async def unrendered(read: Read, owner_id: UUID, folder_id: UUID) -> list[UUID]:
    """Tracks of a folder that are only there as they were found."""
    return await read.fetch_values(_UNRENDERED, owner_id, folder_id)


async def of_folder(read: Read, owner_id: UUID, folder_id: UUID) -> list[UUID]:
    """All tracks of a folder, hidden ones among them."""
    return await read.fetch_values(_OF_FOLDER, owner_id, folder_id)


async def missing_of(read: Read, owner_id: UUID, folder_id: UUID) -> list[UUID]:
    """The tracks of a folder whose files aren't there any more."""
    return await read.fetch_values(_MISSING_OF, owner_id, folder_id)


async def mark(tx: Write, owner_id: UUID, track_ids: Sequence[UUID]) -> None:
    """Hide tracks for good, so that nothing finds them again."""
    await tx.execute(_MARK, owner_id, list(track_ids))
    await untie(tx, owner_id, track_ids)


async def untie(tx: Write, owner_id: UUID, track_ids: Sequence[UUID]) -> None:
    """Remember of files only that their tracks were removed."""
    await tx.execute(_UNTIE, owner_id, list(track_ids))


async def forget_files(tx: Write, owner_id: UUID, folder_id: UUID) -> None:
    """Forget what is known of a folder's files."""
    await tx.execute(_FORGET_FILES, owner_id, folder_id)


async def forget_owner(tx: Write, owner_id: UUID) -> None:
    """Forget all of somebody's folders."""
    for statement in _FORGET_OWNER:
        await tx.execute(statement, owner_id)


async def owners_of_expired(read: Read, days: int, limit: int) -> list[UUID]:
    """Whose tracks have been missing for longer than that."""
    return await read.fetch_values(_OWNERS, days, limit)


async def expired(read: Read, owner_id: UUID, days: int, limit: int) -> list[UUID]:
    """Somebody's tracks that have been missing for longer than that."""
    return await read.fetch_values(_EXPIRED, owner_id, days, limit)


async def forget_gone(tx: Write, days: int) -> None:
    """Forget removed tracks' files that have been gone for long."""
    await tx.execute(_FORGET_GONE, days)
