"""What keeps the house: removal, repair, and which files photos point to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write


class Purged(msgspec.Struct, frozen=True):
    """A photo that is gone for good: what its files lie under, and its room."""

    id: UUID
    original_id: UUID | None
    charged_bytes: int


# What was deleted a moment ago can still be had back.
_PURGE: Final = """
DELETE FROM photos WHERE owner_id = $1 AND id = $2
  AND deleted_at < now() - make_interval(secs => $3)
RETURNING id, original_id, charged_bytes
"""
_IS_THERE: Final = "SELECT true FROM photos WHERE owner_id = $1 AND id = $2"
_EXPIRED: Final = """
SELECT owner_id, id FROM photos WHERE deleted_at < now() - make_interval(secs => $1) LIMIT $2
"""


class Whose(msgspec.Struct, frozen=True):
    """Whose photo, and which."""

    owner_id: UUID
    id: UUID


async def purge(tx: Write, owner_id: UUID, photo_id: UUID, after_s: float) -> Purged | None:
    """Remove a deleted photo; None where there is none, or it was restored."""
    return await tx.fetch_one(_PURGE, Purged, owner_id, photo_id, after_s)


async def is_there(read: Read, owner_id: UUID, photo_id: UUID) -> bool:
    """Whether there is such a photo, deleted or not."""
    return bool(await read.fetch_value(_IS_THERE, owner_id, photo_id))


async def expired(read: Read, after_s: float, limit: int) -> list[Whose]:
    """Photos whose time to be restored has passed and that are still there."""
    return await read.fetch(_EXPIRED, Whose, after_s, limit)


_UNFINISHED: Final = """
SELECT owner_id, id FROM photos p
WHERE deleted_at IS NULL AND status <> 'failed' AND error IS NULL AND original_id IS NOT NULL
  AND (metadata_at IS NULL OR webp_generation IS NULL) AND (owner_id, id) > ($1, $2)
ORDER BY owner_id, id LIMIT $3
"""
# Of what lies in a Drive alone there is nothing to draw, unless it may be read.
_UNDRAWN: Final = """
SELECT owner_id, id FROM photos p
WHERE deleted_at IS NULL AND starred AND status <> 'failed' AND error IS NULL
  AND (source <> 'drive' OR original_id IS NOT NULL OR EXISTS (
    SELECT FROM drive_connections c WHERE c.owner_id = p.owner_id
      AND c.source_id = p.source_id AND c.may_read AND c.fault IS NULL))
  AND avif_generation IS NULL AND (owner_id, id) > ($1, $2)
ORDER BY owner_id, id LIMIT $3
"""


async def unfinished(read: Read, after: Whose, limit: int) -> list[Whose]:
    """Photos whose original is here and that haven't all that they should have."""
    return await read.fetch(_UNFINISHED, Whose, after.owner_id, after.id, limit)


async def undrawn(read: Read, after: Whose, limit: int) -> list[Whose]:
    """Starred photos that haven't all their variants."""
    return await read.fetch(_UNDRAWN, Whose, after.owner_id, after.id, limit)


_FORGET_PHOTOS: Final = """
DELETE FROM photos WHERE owner_id = $1 AND id IN (
  SELECT id FROM photos WHERE owner_id = $1 LIMIT $2)
"""
_FORGET_FILES: Final = """
DELETE FROM processed_files WHERE owner_id = $1 AND (source_id, id) IN (
  SELECT source_id, id FROM processed_files WHERE owner_id = $1 LIMIT $2)
"""
_FORGET_SCANS: Final = "DELETE FROM scans WHERE owner_id = $1"
_FORGET_SOURCES: Final = "DELETE FROM photo_sources WHERE owner_id = $1"


async def forget_some(tx: Write, owner_id: UUID, limit: int) -> int:
    """Remove some of the photos and files of somebody who is gone; how many rows."""
    photos = await tx.execute(_FORGET_PHOTOS, owner_id, limit)
    return photos + await tx.execute(_FORGET_FILES, owner_id, limit)


async def forget_scans(tx: Write, owner_id: UUID) -> None:
    """Remove what else they had."""
    await tx.execute(_FORGET_SCANS, owner_id)
    await tx.execute(_FORGET_SOURCES, owner_id)


_FORGET_HISTORY: Final = (
    """
DELETE FROM concerts WHERE owner_id = $1 AND id IN (
  SELECT id FROM concerts WHERE owner_id = $1 LIMIT $2)
""",
    """
DELETE FROM concert_bill WHERE owner_id = $1 AND (concert_id, artist_id) IN (
  SELECT concert_id, artist_id FROM concert_bill WHERE owner_id = $1 LIMIT $2)
""",
    """
DELETE FROM concert_artists WHERE owner_id = $1 AND id IN (
  SELECT id FROM concert_artists WHERE owner_id = $1 LIMIT $2)
""",
    """
DELETE FROM concert_venues WHERE owner_id = $1 AND id IN (
  SELECT id FROM concert_venues WHERE owner_id = $1 LIMIT $2)
""",
    """
DELETE FROM concert_counts WHERE owner_id = $1 AND (measure, key) IN (
  SELECT measure, key FROM concert_counts WHERE owner_id = $1 LIMIT $2)
""",
    """
DELETE FROM photo_sessions WHERE owner_id = $1 AND id IN (
  SELECT id FROM photo_sessions WHERE owner_id = $1 LIMIT $2)
""",
    """
DELETE FROM photo_moves WHERE owner_id = $1 AND id IN (
  SELECT id FROM photo_moves WHERE owner_id = $1 LIMIT $2)
""",
)


async def forget_history(tx: Write, owner_id: UUID, limit: int) -> int:
    """Remove some of the history of somebody who is gone; how many rows."""
    return sum([await tx.execute(one, owner_id, limit) for one in _FORGET_HISTORY])


class KeptRow(msgspec.Struct, frozen=True):
    """A photo with its files; `files` is JSON, generation/name -> size in bytes."""

    owner_id: UUID
    id: UUID
    original_id: UUID | None
    size_bytes: int
    sha256: bytes | None
    content_type: str | None
    filename: str
    created_at: datetime
    updated_at: datetime
    files: str


_KEPT: Final = """owner_id, id, original_id, size_bytes, sha256, content_type, filename,
  created_at, updated_at, files::text AS files"""
# Deleted ones too: until their purge they can be restored.
_PAGE: Final = f"""
SELECT {_KEPT} FROM photos WHERE (owner_id, id) > ($1, $2) ORDER BY owner_id, id LIMIT $3
"""  # noqa: S608  # literals alone
_SHOWN: Final = f"""
SELECT {_KEPT} FROM photos WHERE owner_id = $1 AND id = $2 AND deleted_at IS NULL
"""  # noqa: S608  # literals alone
_BY_ORIGINAL: Final = f"""
SELECT {_KEPT} FROM photos WHERE owner_id = $1 AND original_id = $2 AND deleted_at IS NULL
"""  # noqa: S608  # literals alone
# An id from a key names its owner, so that each look visits one partition.
_KNOWN: Final = """
SELECT n.owner || '/' || n.id AS place, p.files::text AS files FROM unnest($1::uuid[], $2::uuid[])
  AS n (owner, id)
CROSS JOIN LATERAL (SELECT files FROM photos WHERE owner_id = n.owner AND id = n.id) p
"""
_KNOWN_ORIGINALS: Final = """
SELECT n.id FROM unnest($1::uuid[], $2::uuid[]) AS n (owner, id)
WHERE EXISTS (SELECT FROM photos WHERE owner_id = n.owner AND original_id = n.id)
"""


class FilesRow(msgspec.Struct, frozen=True):
    """The files of a photo, by `owner/photo`."""

    place: str
    files: str


async def page(read: Read, after: tuple[UUID, UUID], limit: int) -> list[KeptRow]:
    """Photos of everybody, by owner and id."""
    return await read.fetch(_PAGE, KeptRow, *after, limit)


async def kept(read: Read, owner_id: UUID, photo_id: UUID) -> KeptRow | None:
    """A photo that isn't deleted, with its files."""
    return await read.fetch_one(_SHOWN, KeptRow, owner_id, photo_id)


async def by_original(read: Read, owner_id: UUID, original_id: UUID) -> KeptRow | None:
    """The photo whose original lies under this id, unless it is deleted."""
    return await read.fetch_one(_BY_ORIGINAL, KeptRow, owner_id, original_id)


async def files_of(read: Read, places: Sequence[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], str]:
    """The files of photos, deleted ones too, by owner and photo."""
    owners, ids = [place[0] for place in places], [place[1] for place in places]
    rows = await read.fetch(_KNOWN, FilesRow, owners, ids)
    found: dict[tuple[UUID, UUID], str] = {}
    for row in rows:
        owner, _, photo = row.place.partition("/")
        found[UUID(owner), UUID(photo)] = row.files
    return found


async def known_originals(read: Read, places: Sequence[tuple[UUID, UUID]]) -> set[UUID]:
    """Those of the originals, by owner and id, that a photo points to."""
    owners, ids = [place[0] for place in places], [place[1] for place in places]
    return set(await read.fetch_values(_KNOWN_ORIGINALS, owners, ids))
