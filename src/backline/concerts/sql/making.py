"""What jobs find out and make of photos, written."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from backline.concerts.models import Source
from backline.platform.database import Read, Write


class Facts(msgspec.Struct, frozen=True):
    """What was found out about a picture, as its row keeps it.

    Of one that nobody has decoded there is no fingerprint, and perhaps no size in pixels.
    """

    content_type: str
    width_px: int | None
    height_px: int | None
    camera: str
    taken_at: datetime | None
    time_source: str | None
    offset_min: int | None
    offset_source: str | None
    is_doubtful: bool
    gps_at: datetime | None
    latitude: float | None
    longitude: float | None
    place_error_m: float | None
    notes: list[str]
    fingerprint: bytes | None
    contrast: int | None
    placeholder: bytes | None


class Work(msgspec.Struct, frozen=True):
    """What a job has to know of a photo to do what is missing."""

    id: UUID
    owner_id: UUID
    source: Source
    filename: str
    sha256: bytes | None
    md5: bytes | None
    size_bytes: int
    starred: bool
    original_id: UUID | None
    metadata_at: datetime | None
    webp_generation: str | None
    avif_generation: str | None
    source_id: UUID | None
    source_path: str | None
    path: bytes | None
    remote_id: str | None


_WORK: Final = """
SELECT p.id, p.owner_id, p.source, p.filename, p.sha256, p.md5, p.size_bytes, p.starred,
  p.original_id, p.metadata_at, p.webp_generation, p.avif_generation, p.source_id,
  s.path AS source_path, f.path, f.remote_id
FROM photos p
LEFT JOIN photo_sources s ON s.owner_id = p.owner_id AND s.id = p.source_id
LEFT JOIN LATERAL (
  SELECT path, remote_id FROM processed_files f
  WHERE f.owner_id = p.owner_id AND f.photo_id = p.id AND f.source_id = p.source_id
  ORDER BY f.id LIMIT 1) f ON true
WHERE p.owner_id = $1 AND p.id = $2 AND p.deleted_at IS NULL
"""


async def work(read: Read, owner_id: UUID, photo_id: UUID) -> Work | None:
    """What there is to work on; None where the photo is gone."""
    return await read.fetch_one(_WORK, Work, owner_id, photo_id)


# In the order of `Facts`, behind eight of the photo's own. What lay in a Drive alone lies here now.
_ADD: Final = """
INSERT INTO photos AS p (owner_id, id, source, source_id, filename, sha256, size_bytes, status,
  thumbnail_generation, files, charged_bytes,
  content_type, width_px, height_px, camera, taken_at, time_source, offset_min, offset_source,
  is_doubtful, gps_at, latitude, longitude, place_error_m, notes, fingerprint, contrast,
  placeholder, metadata_at)
VALUES ($1, $2, 'folder', $3, $4, $5, $6, 'ready', $7, $8::text::jsonb, $9,
  $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, now())
ON CONFLICT (owner_id, sha256) DO UPDATE SET source = 'folder', source_id = excluded.source_id,
  filename = excluded.filename, size_bytes = excluded.size_bytes,
  thumbnail_generation = excluded.thumbnail_generation, files = p.files || excluded.files,
  charged_bytes = p.charged_bytes + excluded.charged_bytes, width_px = excluded.width_px,
  height_px = excluded.height_px, fingerprint = excluded.fingerprint,
  contrast = excluded.contrast, placeholder = excluded.placeholder, error = NULL,
  updated_at = now(), version = p.version + 1
WHERE p.id = excluded.id AND p.source = 'drive' AND p.original_id IS NULL
  AND p.deleted_at IS NULL
"""


class Found(msgspec.Struct, frozen=True):
    """A photo that was found in a folder; `files` is JSON, of which `made_bytes` is the size."""

    id: UUID
    filename: str
    sha256: bytes
    size_bytes: int
    generation: str
    files: str
    made_bytes: int
    facts: Facts


async def add(tx: Write, owner_id: UUID, source_id: UUID, found: Sequence[Found]) -> None:
    """Add photos of a folder, but for those whose bytes are one already that isn't elsewhere."""
    await tx.execute_many(
        _ADD,
        [
            (
                *(owner_id, one.id, source_id, one.filename, one.sha256, one.size_bytes),
                *(one.generation, one.files, one.made_bytes),
                *msgspec.structs.astuple(one.facts),
            )
            for one in found
        ],
    )


class Same(msgspec.Struct, frozen=True):
    """Whose bytes these are."""

    sha256: bytes
    id: UUID


_SAME: Final = "SELECT sha256, id FROM photos WHERE owner_id = $1 AND sha256 = ANY($2::bytea[])"


async def same(read: Read, owner_id: UUID, digests: Sequence[bytes]) -> dict[bytes, UUID]:
    """The photos of these bytes, deleted ones among them."""
    rows = await read.fetch(_SAME, Same, owner_id, list(digests))
    return {row.sha256: row.id for row in rows}


_ELSEWHERE: Final = """
SELECT sha256, id FROM photos WHERE owner_id = $1 AND sha256 = ANY($2::bytea[])
  AND source = 'drive' AND original_id IS NULL AND deleted_at IS NULL
"""


async def elsewhere(read: Read, owner_id: UUID, digests: Sequence[bytes]) -> dict[bytes, UUID]:
    """Those of the photos of these bytes that lie in a Drive alone."""
    rows = await read.fetch(_ELSEWHERE, Same, owner_id, list(digests))
    return {row.sha256: row.id for row in rows}


# What was looked at before keeps its times: they may be of the zone that its scan was given. What
# a Drive told of a place stays where the picture itself says nothing.
_SET_SEEN: Final = """
UPDATE photos SET
  content_type = $3, width_px = $4, height_px = $5, camera = $6,
  taken_at = CASE WHEN edited_time OR metadata_at IS NOT NULL THEN taken_at ELSE $7::timestamp END,
  time_source = CASE WHEN edited_time OR metadata_at IS NOT NULL THEN time_source ELSE $8 END,
  offset_min = CASE WHEN edited_time OR metadata_at IS NOT NULL THEN offset_min
    ELSE $9::smallint END,
  offset_source = CASE WHEN edited_time OR metadata_at IS NOT NULL THEN offset_source ELSE $10 END,
  is_doubtful = CASE WHEN edited_time OR metadata_at IS NOT NULL THEN is_doubtful ELSE $11 END,
  gps_at = $12::timestamptz,
  latitude = CASE WHEN edited_place OR (source = 'drive' AND $13::float8 IS NULL)
    THEN latitude ELSE $13 END,
  longitude = CASE WHEN edited_place OR (source = 'drive' AND $14::float8 IS NULL)
    THEN longitude ELSE $14 END,
  place_error_m = CASE WHEN edited_place THEN place_error_m ELSE $15::real END,
  notes = $16::text[], fingerprint = $17, contrast = $18, placeholder = $19,
  thumbnail_generation = $20, webp_generation = $20, files = files || $21::text::jsonb,
  charged_bytes = charged_bytes + $22, status = 'ready', error = NULL,
  metadata_at = now(), updated_at = now(), version = version + 1
WHERE owner_id = $1 AND id = $2
"""
_SET_AVIF: Final = """
UPDATE photos SET avif_generation = $3, files = files || $4::text::jsonb,
  charged_bytes = charged_bytes + $5, error = NULL, updated_at = now(), version = version + 1
WHERE owner_id = $1 AND id = $2
"""
_SET_ORIGINAL: Final = """
UPDATE photos SET original_id = $3, charged_bytes = charged_bytes + size_bytes,
  updated_at = now(), version = version + 1
WHERE owner_id = $1 AND id = $2 AND original_id IS NULL AND deleted_at IS NULL
"""
_SET_COPIED: Final = """
UPDATE photos SET original_id = $3, sha256 = $4, size_bytes = $5,
  charged_bytes = charged_bytes + $5, updated_at = now(), version = version + 1
WHERE owner_id = $1 AND id = $2 AND original_id IS NULL AND deleted_at IS NULL
"""


async def set_seen(
    tx: Write,
    owner_id: UUID,
    photo_id: UUID,
    facts: Facts,
    generation: str,
    files: str,
    made_bytes: int,
) -> bool:
    """Write what was found out, and point to what was drawn; False where the photo is gone."""
    args = (*msgspec.structs.astuple(facts), generation, files, made_bytes)
    return await tx.execute(_SET_SEEN, owner_id, photo_id, *args) > 0


async def set_avif(
    tx: Write, owner_id: UUID, photo_id: UUID, generation: str, files: str, made_bytes: int
) -> bool:
    """Point to what was drawn besides; False where the photo is gone."""
    args = (owner_id, photo_id, generation, files, made_bytes)
    return await tx.execute(_SET_AVIF, *args) > 0


async def set_original(tx: Write, owner_id: UUID, photo_id: UUID, original_id: UUID) -> bool:
    """Point to a copy of the original; False where there is one, or no photo."""
    return await tx.execute(_SET_ORIGINAL, owner_id, photo_id, original_id) > 0


async def set_copied(
    tx: Write, owner_id: UUID, photo_id: UUID, original_id: UUID, sha256: bytes, size_bytes: int
) -> bool:
    """As `set_original`, of one whose bytes nobody had read before."""
    return await tx.execute(_SET_COPIED, owner_id, photo_id, original_id, sha256, size_bytes) > 0
