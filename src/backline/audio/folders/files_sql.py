"""The files of folders, and what became of each: the memory of all scans."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from backline.audio.folders.walking import Found
from backline.platform.database import Read, Write

# Only what changed waits again, also if it had failed; of what is as it was, nothing is written.
# What comes back waits, too, unless its owner has removed its track.
_NOTE: Final = """
INSERT INTO music_files AS f
  (owner_id, folder_id, id, path, size_bytes, mtime_ns, inode, beside, state)
SELECT $1, $2, n.id, n.path, n.size_bytes, n.mtime_ns, n.inode, n.beside, 'waiting'
FROM unnest($3::uuid[], $4::bytea[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])
  AS n (id, path, size_bytes, mtime_ns, inode, beside)
LEFT JOIN music_files k ON k.owner_id = $1 AND k.folder_id = $2 AND k.id = n.id
WHERE k.id IS NULL OR NOT k.is_there
  OR (k.size_bytes, k.mtime_ns, k.inode, k.beside)
    IS DISTINCT FROM (n.size_bytes, n.mtime_ns, n.inode, n.beside)
ON CONFLICT (owner_id, folder_id, id) DO UPDATE SET size_bytes = excluded.size_bytes,
  mtime_ns = excluded.mtime_ns, inode = excluded.inode, beside = excluded.beside, is_there = true,
  error = NULL, updated_at = now(),
  state = CASE WHEN f.state = 'done' AND f.track_id IS NULL AND f.is_there IS FALSE
    AND (f.size_bytes, f.mtime_ns) = (excluded.size_bytes, excluded.mtime_ns)
    THEN 'done' ELSE 'waiting' END
"""
_KNOWN: Final = """
SELECT id FROM music_files
WHERE owner_id = $1 AND folder_id = $2 AND id > $3 AND is_there ORDER BY id LIMIT $4
"""
_HOW_MANY: Final = """
SELECT count(*) FROM music_files WHERE owner_id = $1 AND folder_id = $2 AND is_there
"""
# What never became a track, and hasn't been removed as one either, is forgotten.
_FORGET: Final = """
DELETE FROM music_files WHERE owner_id = $1 AND folder_id = $2 AND id = ANY($3::uuid[])
  AND track_id IS NULL AND state <> 'done'
"""
_GONE: Final = """
UPDATE music_files SET is_there = false, state = 'done', error = NULL, updated_at = now()
WHERE owner_id = $1 AND folder_id = $2 AND id = ANY($3::uuid[])
"""
_WAITING: Final = """
SELECT id, path, size_bytes, mtime_ns, track_id FROM music_files
WHERE owner_id = $1 AND folder_id = $2 AND state = 'waiting' AND is_there
  AND (substring(path FROM 1 FOR 512), id) > ($3::bytea, $4::uuid)
ORDER BY substring(path FROM 1 FOR 512), id LIMIT $5
"""
_STILL: Final = """
SELECT f.id, f.track_id, f.sound_hash FROM music_files f
WHERE f.owner_id = $1 AND f.folder_id = $2 AND f.id = ANY($3::uuid[]) AND f.state = 'waiting'
"""
_LOST: Final = """
SELECT folder_id, id, track_id, content_hash, sound_hash FROM music_files
WHERE owner_id = $1 AND NOT is_there
  AND (content_hash = ANY($2::bytea[]) OR sound_hash = ANY($3::bytea[]))
ORDER BY updated_at DESC, id LIMIT $4 FOR UPDATE
"""
_TAKE: Final = """
DELETE FROM music_files WHERE owner_id = $1 AND folder_id = $2 AND id = $3
"""
_SETTLE: Final = """
UPDATE music_files f SET state = CASE WHEN u.error IS NULL THEN 'done' ELSE 'failed' END,
  track_id = coalesce(u.track_id, f.track_id), error = u.error,
  content_hash = coalesce(u.content_hash, f.content_hash),
  sound_hash = coalesce(u.sound_hash, f.sound_hash), codec = coalesce(u.codec, f.codec),
  updated_at = now()
FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::bytea[], $7::bytea[], $8::text[])
  AS u(id, track_id, error, content_hash, sound_hash, codec)
WHERE f.owner_id = $1 AND f.folder_id = $2 AND f.id = u.id
"""
_FAILURES: Final = """
SELECT id, path, error FROM music_files
WHERE owner_id = $1 AND folder_id = $2 AND state = 'failed' AND ($3::uuid IS NULL OR id > $3)
ORDER BY id LIMIT $4
"""
_RETRY: Final = """
UPDATE music_files SET state = 'waiting', error = NULL, updated_at = now()
WHERE owner_id = $1 AND folder_id = $2 AND state = 'failed'
  AND ($3::uuid[] IS NULL OR id = ANY($3))
"""
_ORIGINAL: Final = """
SELECT o.path AS root, f.path, f.size_bytes, f.mtime_ns, coalesce(f.codec, '') AS codec
FROM music_files f JOIN music_folders o ON o.owner_id = f.owner_id AND o.id = f.folder_id
WHERE f.owner_id = $1 AND f.track_id = $2 AND f.is_there ORDER BY f.id LIMIT 1
"""


class Waiting(msgspec.Struct, frozen=True):
    """A file that is to be looked at; `track_id` is what it became when it was another."""

    id: UUID
    path: bytes
    size_bytes: int
    mtime_ns: int
    track_id: UUID | None


class Still(msgspec.Struct, frozen=True):
    """A file that waits: its track, and what sounded in it."""

    id: UUID
    track_id: UUID | None
    sound_hash: bytes | None


class Lost(msgspec.Struct, frozen=True):
    """A file that isn't there any more; without a track, its owner has removed that."""

    folder_id: UUID
    id: UUID
    track_id: UUID | None
    content_hash: bytes
    sound_hash: bytes | None


class FailedFile(msgspec.Struct, frozen=True):
    """A file of which no track came, and why."""

    id: UUID
    path: bytes
    error: str


class Outcome(msgspec.Struct, frozen=True):
    """What became of a file: a track with what it is known by, or an error."""

    id: UUID
    track_id: UUID | None = None
    error: str | None = None
    content_hash: bytes | None = None
    sound_hash: bytes | None = None
    codec: str | None = None


class Original(msgspec.Struct, frozen=True):
    """Where the original of a track lies, as it was when it was looked at."""

    root: str
    path: bytes
    size_bytes: int
    mtime_ns: int
    codec: str


Place = tuple[bytes, UUID]


async def note(tx: Write, owner_id: UUID, folder_id: UUID, found: Sequence[Found]) -> int:
    """Note files as they lie there; how many of them are new or have changed, and wait now."""
    fields = ("id", "path", "size_bytes", "mtime_ns", "inode", "beside")
    columns = ([getattr(one, field) for one in found] for field in fields)
    return await tx.execute(_NOTE, owner_id, folder_id, *columns)


async def known(read: Read, owner_id: UUID, folder_id: UUID, after: UUID, limit: int) -> list[UUID]:
    """Files that were there when somebody looked last, by id."""
    return await read.fetch_values(_KNOWN, owner_id, folder_id, after, limit)


async def how_many(read: Read, owner_id: UUID, folder_id: UUID) -> int:
    """How many files were there when somebody looked last."""
    return await read.fetch_value(_HOW_MANY, owner_id, folder_id)


async def set_gone(tx: Write, owner_id: UUID, folder_id: UUID, ids: Sequence[UUID]) -> None:
    """Note that files aren't there any more."""
    await tx.execute(_FORGET, owner_id, folder_id, list(ids))
    await tx.execute(_GONE, owner_id, folder_id, list(ids))


async def waiting(
    read: Read, owner_id: UUID, folder_id: UUID, after: Place, limit: int
) -> list[Waiting]:
    """The next files that wait, folder by folder."""
    return await read.fetch(_WAITING, Waiting, owner_id, folder_id, *after, limit)


def place(file: Waiting) -> Place:
    """Where a file stands in that order."""
    return file.path[:512], file.id


async def still_waiting(
    tx: Write, owner_id: UUID, folder_id: UUID, ids: Sequence[UUID]
) -> dict[UUID, Still]:
    """Those of the files that nobody has settled meanwhile."""
    rows = await tx.fetch(_STILL, Still, owner_id, folder_id, list(ids))
    return {row.id: row for row in rows}


async def lost(
    tx: Write, owner_id: UUID, contents: Sequence[bytes], sounds: Sequence[bytes], limit: int
) -> list[Lost]:
    """Files of somebody's that are gone and had one of these contents, or sounds.

    They are locked until `tx` ends.
    """
    if not contents:
        return []
    return await tx.fetch(_LOST, Lost, owner_id, list(contents), list(sounds), limit)


async def take(tx: Write, owner_id: UUID, taken: Sequence[Lost]) -> None:
    """Forget files that are others now."""
    await tx.execute_many(_TAKE, [(owner_id, one.folder_id, one.id) for one in taken])


async def settle(tx: Write, owner_id: UUID, folder_id: UUID, outcomes: Sequence[Outcome]) -> None:
    """Note what became of files."""
    fields = ("id", "track_id", "error", "content_hash", "sound_hash", "codec")
    columns = ([getattr(one, field) for one in outcomes] for field in fields)
    await tx.execute(_SETTLE, owner_id, folder_id, *columns)


async def failures(
    read: Read, owner_id: UUID, folder_id: UUID, after: UUID | None, limit: int
) -> list[FailedFile]:
    """A page of the files that failed."""
    return await read.fetch(_FAILURES, FailedFile, owner_id, folder_id, after, limit)


async def retry(tx: Write, owner_id: UUID, folder_id: UUID, ids: Sequence[UUID] | None) -> int:
    """Have failed files wait again, these or all; how many that were."""
    chosen = None if ids is None else list(ids)
    return await tx.execute(_RETRY, owner_id, folder_id, chosen)


async def original(read: Read, owner_id: UUID, track_id: UUID) -> Original | None:
    """Where the original of a track lies, if it is in a folder and there."""
    return await read.fetch_one(_ORIGINAL, Original, owner_id, track_id)
