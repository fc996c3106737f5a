"""Which files of a Drive wait for their picture, and what became of each."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from backline.concerts.sql.processed import Outcome
from backline.platform.database import Read, Write


class Marked(msgspec.Struct, frozen=True):
    """How many files wait from now on, and the last photo that was looked at for it."""

    count: int
    last_id: UUID | None


class WaitingPicture(msgspec.Struct, frozen=True):
    """A file whose picture is to be fetched, if its photo still `wants` one."""

    id: UUID
    remote_id: str
    link: str | None
    photo_id: UUID | None
    wants: bool


class Pictured(msgspec.Struct, frozen=True):
    """What was found out of a photo by its small picture; `files` is JSON, of `made_bytes`.

    `is_tall`: it is higher than wide, None for a square. Drive tells sizes as the camera's sensor
    has them, whichever way up it was.
    """

    photo_id: UUID
    fingerprint: bytes
    contrast: int
    placeholder: bytes
    is_tall: bool | None
    generation: str
    files: str
    made_bytes: int


_MARK: Final = """
WITH lacking AS (
  SELECT id FROM photos
  WHERE owner_id = $1 AND source_id = $2 AND id > $3 AND deleted_at IS NULL AND source = 'drive'
    AND thumbnail_generation IS NULL AND original_id IS NULL
  ORDER BY id LIMIT $4),
marked AS (
  UPDATE processed_files f SET state = 'waiting', updated_at = now() FROM lacking
  WHERE f.owner_id = $1 AND f.source_id = $2 AND f.photo_id = lacking.id AND f.state = 'done'
  RETURNING f.id)
SELECT (SELECT count(*) FROM marked) AS count,
  (SELECT id FROM lacking ORDER BY id DESC LIMIT 1) AS last_id
"""
_UNMARK: Final = """
UPDATE processed_files SET state = 'done', updated_at = now()
WHERE owner_id = $1 AND source_id = $2 AND state = 'waiting'
"""
_WAITING: Final = """
SELECT f.id, f.remote_id, f.thumbnail_link AS link, f.photo_id, p.id IS NOT NULL AS wants
FROM processed_files f LEFT JOIN photos p ON p.owner_id = f.owner_id AND p.id = f.photo_id
  AND p.deleted_at IS NULL AND p.thumbnail_generation IS NULL
WHERE f.owner_id = $1 AND f.source_id = $2 AND f.id > $3 AND f.state = 'waiting'
  AND f.remote_id IS NOT NULL
ORDER BY f.id LIMIT $4
"""
_SHOW: Final = """
UPDATE photos p SET fingerprint = n.fingerprint, contrast = n.contrast,
  placeholder = n.placeholder, thumbnail_generation = n.generation,
  files = p.files || n.files::jsonb, charged_bytes = p.charged_bytes + n.made_bytes,
  width_px = CASE WHEN n.is_tall <> (p.width_px < p.height_px) THEN height_px ELSE width_px END,
  height_px = CASE WHEN n.is_tall <> (p.width_px < p.height_px) THEN width_px ELSE height_px END,
  updated_at = now(), version = version + 1
FROM unnest($2::uuid[], $3::bytea[], $4::smallint[], $5::bytea[], $6::boolean[], $7::text[],
  $8::text[], $9::bigint[])
  AS n (id, fingerprint, contrast, placeholder, is_tall, generation, files, made_bytes)
WHERE p.owner_id = $1 AND p.id = n.id AND p.deleted_at IS NULL AND p.thumbnail_generation IS NULL
RETURNING p.id
"""
_SETTLE: Final = """
UPDATE processed_files f SET state = CASE WHEN n.error IS NULL THEN 'done' ELSE 'failed' END,
  error = n.error, thumbnail_link = NULL, updated_at = now()
FROM unnest($3::uuid[], $4::text[]) AS n (id, error)
WHERE f.owner_id = $1 AND f.source_id = $2 AND f.id = n.id AND f.state = 'waiting'
RETURNING f.id
"""
_BEGIN: Final = """
UPDATE scans SET done = greatest(done - $3, 0), updated_at = now(),
  total = greatest(total, greatest(done - $3, 0) + (
    SELECT count(*) FROM processed_files f
    WHERE f.owner_id = $1 AND f.source_id = scans.source_id AND f.state = 'waiting'))
WHERE owner_id = $1 AND id = $2
"""
_END: Final = "UPDATE scans SET done = total, updated_at = now() WHERE owner_id = $1 AND id = $2"


async def mark(tx: Write, owner_id: UUID, source_id: UUID, after: UUID, limit: int) -> Marked:
    """Have files wait whose photos have no picture, some at a time; what failed stays so."""
    found = await tx.fetch_one(_MARK, Marked, owner_id, source_id, after, limit)
    return found or Marked(0, None)


async def unmark(tx: Write, owner_id: UUID, source_id: UUID) -> bool:
    """Have no file wait: pictures can't be read. Whether any did."""
    return await tx.execute(_UNMARK, owner_id, source_id) > 0


async def waiting(
    read: Read, owner_id: UUID, source_id: UUID, after: UUID, limit: int
) -> list[WaitingPicture]:
    """The next files that wait."""
    return await read.fetch(_WAITING, WaitingPicture, owner_id, source_id, after, limit)


async def show(tx: Write, owner_id: UUID, pictured: Sequence[Pictured]) -> set[UUID]:
    """Point photos to their pictures; those that still wanted one."""
    if not pictured:
        return set()
    columns = ([getattr(one, field) for one in pictured] for field in Pictured.__struct_fields__)
    return set(await tx.fetch_values(_SHOW, owner_id, *columns))


async def settle(
    tx: Write, owner_id: UUID, source_id: UUID, outcomes: Sequence[Outcome]
) -> set[UUID]:
    """Note what became of files; those that nobody had settled meanwhile."""
    ids, errors = [one.id for one in outcomes], [one.error for one in outcomes]
    return set(await tx.fetch_values(_SETTLE, owner_id, source_id, ids, errors))


async def begin(tx: Write, owner_id: UUID, scan_id: UUID, marked: int) -> None:
    """Count files as not done whose picture a scan is to fetch; `marked` had been done before."""
    await tx.execute(_BEGIN, owner_id, scan_id, marked)


async def end(tx: Write, owner_id: UUID, scan_id: UUID) -> None:
    """Count all files of a scan as done."""
    await tx.execute(_END, owner_id, scan_id)
