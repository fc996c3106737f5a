"""One photo: what is read, and what people change."""

from datetime import datetime
from typing import Final, LiteralString
from uuid import UUID

from backline.concerts.models import OffsetSource, PhotoRow, Source, TimeSource
from backline.platform.database import Read, Write

ITEM_FIELDS: Final = """p.id, p.owner_id, p.source, p.filename, p.status, p.content_type,
  p.width_px, p.height_px, p.taken_at, p.offset_min, p.latitude, p.longitude, p.alt_text,
  p.starred, p.group_id, p.is_best, p.placeholder, p.thumbnail_generation, p.webp_generation,
  p.avif_generation, p.version"""
FIELDS: Final = f"""{ITEM_FIELDS}, p.source_id, p.error, p.job_id, p.size_bytes, p.camera,
  p.time_source, p.offset_source, p.is_doubtful, p.place_error_m, p.notes, p.edited_time,
  p.original_id, p.created_at, p.updated_at, (
    SELECT f.remote_id FROM processed_files f
    WHERE f.owner_id = p.owner_id AND f.photo_id = p.id AND f.remote_id IS NOT NULL
    ORDER BY f.id LIMIT 1) AS remote_id, (
    SELECT c.id FROM concerts c
    WHERE c.owner_id = p.owner_id AND c.id = p.concert_id AND c.deleted_at IS NULL) AS concert_id"""  # noqa: S608  # literals alone

_PHOTO: Final = f"""
SELECT {FIELDS} FROM photos p WHERE p.owner_id = $1 AND p.id = $2 AND p.deleted_at IS NULL
"""  # noqa: S608  # literals alone
_LOCK: Final = _PHOTO + "FOR NO KEY UPDATE"


def _changing(what: LiteralString) -> LiteralString:
    """A change of a photo that is there, which gives it back."""
    return f"""
UPDATE photos p SET {what}, version = version + 1, updated_at = now()
WHERE p.owner_id = $1 AND p.id = $2 AND p.deleted_at IS NULL
RETURNING {FIELDS}
"""  # noqa: S608  # literals alone


async def photo(read: Read, owner_id: UUID, photo_id: UUID) -> PhotoRow | None:
    """A photo that isn't deleted."""
    return await read.fetch_one(_PHOTO, PhotoRow, owner_id, photo_id)


async def lock(tx: Write, owner_id: UUID, photo_id: UUID) -> PhotoRow | None:
    """A photo that isn't deleted, for `tx` alone."""
    return await tx.fetch_one(_LOCK, PhotoRow, owner_id, photo_id)


# Of the same bytes there is one photo, so whoever comes second adds nothing.
_INSERT: Final = f"""
INSERT INTO photos AS p (owner_id, id, source, filename, sha256, size_bytes, status, job_id,
  original_id, charged_bytes)
VALUES ($1, $2, $3, $4, $5, $6, 'processing', $7, $2, $6)
ON CONFLICT (owner_id, sha256) DO NOTHING
RETURNING {FIELDS}
"""  # noqa: S608  # literals alone


async def insert(
    tx: Write,
    owner_id: UUID,
    photo_id: UUID,
    *,
    source: Source,
    filename: str,
    sha256: bytes,
    size_bytes: int,
    job_id: UUID,
) -> PhotoRow | None:
    """Add a photo whose original is stored and charged; None where its bytes are one already."""
    args = (owner_id, photo_id, source, filename, sha256, size_bytes, job_id)
    return await tx.fetch_one(_INSERT, PhotoRow, *args)


# Somebody who brings a deleted photo anew wants it back.
_SAME: Final = f"""
UPDATE photos p SET deleted_at = NULL, updated_at = now() WHERE owner_id = $1 AND sha256 = $2
RETURNING {FIELDS}
"""  # noqa: S608  # literals alone
_ADOPT: Final = _changing("original_id = $3, size_bytes = $4, charged_bytes = charged_bytes + $4")


async def same(tx: Write, owner_id: UUID, sha256: bytes) -> PhotoRow | None:
    """The photo of these bytes, back from its deletion if need be."""
    return await tx.fetch_one(_SAME, PhotoRow, owner_id, sha256)


async def adopt(
    tx: Write, owner_id: UUID, photo_id: UUID, original_id: UUID, size_bytes: int
) -> PhotoRow | None:
    """Point to an original that came in under another id, its room charged."""
    return await tx.fetch_one(_ADOPT, PhotoRow, owner_id, photo_id, original_id, size_bytes)


_CHANGE: Final = _changing("""starred = $3, alt_text = $4, taken_at = $5, offset_min = $6,
  time_source = $7, offset_source = $8, is_doubtful = $9, edited_time = $10,
  latitude = $11, longitude = $12, place_error_m = CASE WHEN $13 THEN NULL ELSE place_error_m END,
  edited_place = edited_place OR $13""")


async def change(
    tx: Write,
    row: PhotoRow,
    *,
    starred: bool,
    alt_text: str,
    taken_at: datetime | None,
    offset_min: int | None,
    time_source: TimeSource | None,
    offset_source: OffsetSource | None,
    is_doubtful: bool,
    edited_time: bool,
    latitude: float | None,
    longitude: float | None,
    edited_place: bool,
) -> PhotoRow | None:
    """Write what a person changed."""
    args = (starred, alt_text, taken_at, offset_min, time_source, offset_source, is_doubtful)
    args = (*args, edited_time, latitude, longitude, edited_place)
    return await tx.fetch_one(_CHANGE, PhotoRow, row.owner_id, row.id, *args)


_SET_JOB: Final = _changing("job_id = $3, error = NULL")
_SET_RETRIED: Final = _changing("job_id = $3, error = NULL, status = 'processing'")
_SET_FAILED: Final = """
UPDATE photos SET error = $3, version = version + 1, updated_at = now(),
  status = CASE WHEN metadata_at IS NULL THEN 'failed' ELSE status END
WHERE owner_id = $1 AND id = $2
"""
_JOB_OF: Final = "SELECT job_id FROM photos WHERE owner_id = $1 AND id = $2"


async def set_job(tx: Write, owner_id: UUID, photo_id: UUID, job_id: UUID) -> PhotoRow | None:
    """Name the job that works on it."""
    return await tx.fetch_one(_SET_JOB, PhotoRow, owner_id, photo_id, job_id)


async def set_retried(tx: Write, owner_id: UUID, photo_id: UUID, job_id: UUID) -> PhotoRow | None:
    """As `set_job`, for one that had failed."""
    return await tx.fetch_one(_SET_RETRIED, PhotoRow, owner_id, photo_id, job_id)


async def set_failed(tx: Write, owner_id: UUID, photo_id: UUID, error: str) -> bool:
    """Say why a job came to nothing; a photo that can be shown stays so."""
    return await tx.execute(_SET_FAILED, owner_id, photo_id, error) > 0


async def job_of(read: Read, owner_id: UUID, photo_id: UUID) -> UUID | None:
    """The job that works on a photo, or did."""
    return await read.fetch_value(_JOB_OF, owner_id, photo_id)


_DELETE: Final = """
UPDATE photos SET deleted_at = now(), updated_at = now()
WHERE owner_id = $1 AND id = $2 AND deleted_at IS NULL
"""
_RESTORE: Final = f"""
UPDATE photos p SET deleted_at = NULL, updated_at = now(), version = version + 1
WHERE p.owner_id = $1 AND p.id = $2 AND p.deleted_at IS NOT NULL
RETURNING {FIELDS}
"""  # noqa: S608  # literals alone


async def delete(tx: Write, owner_id: UUID, photo_id: UUID) -> bool:
    """Hide a photo."""
    return await tx.execute(_DELETE, owner_id, photo_id) > 0


async def restore(tx: Write, owner_id: UUID, photo_id: UUID) -> PhotoRow | None:
    """Show a hidden photo again; None where there is none."""
    return await tx.fetch_one(_RESTORE, PhotoRow, owner_id, photo_id)
