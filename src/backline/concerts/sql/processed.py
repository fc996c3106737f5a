"""The files of a source, and what became of each: the memory of all its scans."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from backline.concerts.folders import Found
from backline.platform.database import Read, Write

# Only what changed waits again, also if it had failed; what is as it was stays as it is.
_NOTE: Final = """
INSERT INTO processed_files AS f
  (owner_id, source_id, id, path, size_bytes, mtime_ns, inode, state)
SELECT $1, $2, n.id, n.path, n.size_bytes, n.mtime_ns, n.inode, 'waiting'
FROM unnest($3::uuid[], $4::bytea[], $5::bigint[], $6::bigint[], $7::bigint[])
  AS n (id, path, size_bytes, mtime_ns, inode)
ON CONFLICT (owner_id, source_id, id) DO UPDATE SET size_bytes = excluded.size_bytes,
  mtime_ns = excluded.mtime_ns, inode = excluded.inode, state = 'waiting', error = NULL,
  updated_at = now()
WHERE (f.size_bytes, f.mtime_ns, f.inode)
  IS DISTINCT FROM (excluded.size_bytes, excluded.mtime_ns, excluded.inode)
"""
_WAITING: Final = """
SELECT id, path, size_bytes, photo_id FROM processed_files
WHERE owner_id = $1 AND source_id = $2 AND id > $3 AND state = 'waiting' ORDER BY id LIMIT $4
"""
_STILL: Final = """
SELECT id FROM processed_files
WHERE owner_id = $1 AND source_id = $2 AND id = ANY($3::uuid[]) AND state = 'waiting'
"""
_SETTLE: Final = """
UPDATE processed_files SET state = CASE WHEN $5::text IS NULL THEN 'done' ELSE 'failed' END,
  photo_id = coalesce($4, photo_id), error = $5, updated_at = now()
WHERE owner_id = $1 AND source_id = $2 AND id = $3 AND state = 'waiting'
"""
_FAILURES: Final = """
SELECT id, path, error FROM processed_files
WHERE owner_id = $1 AND source_id = $2 AND state = 'failed' AND ($3::uuid IS NULL OR id > $3)
ORDER BY id LIMIT $4
"""
_RETRY: Final = """
UPDATE processed_files SET state = 'waiting', error = NULL, updated_at = now()
WHERE owner_id = $1 AND source_id = $2 AND state = 'failed'
  AND ($3::uuid[] IS NULL OR id = ANY($3))
"""
# Without its MD5, a photo that comes back to its Drive is a new one.
_DROP_REPLACED: Final = """
UPDATE photos p SET deleted_at = now(), updated_at = now(), md5 = NULL
WHERE p.owner_id = $1 AND p.id = ANY($2::uuid[]) AND p.deleted_at IS NULL
  AND p.original_id IS NULL AND NOT p.starred AND p.source <> 'upload'
  AND NOT EXISTS (SELECT FROM processed_files f WHERE f.owner_id = $1 AND f.photo_id = p.id)
RETURNING p.id
"""


class Waiting(msgspec.Struct, frozen=True):
    """A file that is to be looked at; `photo_id` is what it became when it was another."""

    id: UUID
    path: bytes
    size_bytes: int
    photo_id: UUID | None


class FailedFile(msgspec.Struct, frozen=True):
    """A file of which no photo came, and why."""

    id: UUID
    path: bytes
    error: str


class Outcome(msgspec.Struct, frozen=True):
    """What became of a file: a photo, or an error."""

    id: UUID
    photo_id: UUID | None = None
    error: str | None = None


async def note(tx: Write, owner_id: UUID, source_id: UUID, found: Sequence[Found]) -> int:
    """Note files as they lie there; how many of them are new or have changed, and wait now."""
    fields = ("id", "path", "size_bytes", "mtime_ns", "inode")
    columns = ([getattr(one, field) for one in found] for field in fields)
    return await tx.execute(_NOTE, owner_id, source_id, *columns)


async def waiting(
    read: Read, owner_id: UUID, source_id: UUID, after: UUID, limit: int
) -> list[Waiting]:
    """The next files that wait."""
    return await read.fetch(_WAITING, Waiting, owner_id, source_id, after, limit)


async def still_waiting(
    read: Read, owner_id: UUID, source_id: UUID, ids: Sequence[UUID]
) -> set[UUID]:
    """Those of the files that nobody has settled meanwhile."""
    return set(await read.fetch_values(_STILL, owner_id, source_id, list(ids)))


async def settle(tx: Write, owner_id: UUID, source_id: UUID, outcomes: Sequence[Outcome]) -> None:
    """Note what became of files."""
    rows = [(owner_id, source_id, one.id, one.photo_id, one.error) for one in outcomes]
    await tx.execute_many(_SETTLE, rows)


async def drop_replaced(tx: Write, owner_id: UUID, photo_ids: Sequence[UUID]) -> list[UUID]:
    """Hide photos whose files have become others, but for those that are kept here; which."""
    if not photo_ids:
        return []
    return await tx.fetch_values(_DROP_REPLACED, owner_id, list(photo_ids))


async def failures(
    read: Read, owner_id: UUID, source_id: UUID, after: UUID | None, limit: int
) -> list[FailedFile]:
    """A page of the files that failed."""
    return await read.fetch(_FAILURES, FailedFile, owner_id, source_id, after, limit)


async def retry(tx: Write, owner_id: UUID, source_id: UUID, ids: Sequence[UUID] | None) -> int:
    """Have failed files wait again, these or all; how many that were."""
    chosen = None if ids is None else list(ids)
    return await tx.execute(_RETRY, owner_id, source_id, chosen)
