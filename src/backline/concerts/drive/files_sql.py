"""The photos that lists of a Drive tell of, and the files that they are."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from backline.concerts.drive.reading import Listed
from backline.platform.database import Read, Write


class KnownFile(msgspec.Struct, frozen=True):
    """A file as an earlier list told of it."""

    id: UUID
    photo_id: UUID | None
    md5: bytes | None
    evidence: bytes | None


class SamePhoto(msgspec.Struct, frozen=True):
    """Whose bytes these are, by a digest of either kind."""

    digest: bytes
    id: UUID


class ListedPhoto(msgspec.Struct, frozen=True):
    """A photo that is to be written as a list tells it."""

    id: UUID
    listed: Listed


class ListedFile(msgspec.Struct, frozen=True):
    """A file that is to be written, and the photo that it is."""

    listed: Listed
    photo_id: UUID | None


_KNOWN: Final = """
SELECT f.id, f.photo_id, f.md5, f.evidence FROM unnest($3::uuid[]) AS n (id)
CROSS JOIN LATERAL (
  SELECT id, photo_id, md5, evidence FROM processed_files
  WHERE owner_id = $1 AND source_id = $2 AND id = n.id LIMIT 1) f
"""
_THERE: Final = "SELECT id FROM photos WHERE owner_id = $1 AND id = ANY($2::uuid[])"
# One look into an index for each: an array would be searched through for each row of the source.
# By SHA-256 also what was uploaded or lies in a folder. Deleted ones, too: whoever deletes a photo
# doesn't want its copy in its stead.
_SAME: Final = """
SELECT n.digest, p.id FROM unnest($3::bytea[]) AS n (digest)
CROSS JOIN LATERAL (
  SELECT id FROM photos WHERE owner_id = $1 AND source_id = $2 AND md5 = n.digest LIMIT 1) p
UNION ALL
SELECT n.digest, p.id FROM unnest($4::bytea[]) AS n (digest)
CROSS JOIN LATERAL (
  SELECT id FROM photos WHERE owner_id = $1 AND sha256 = n.digest LIMIT 1) p
"""
_ADD: Final = """
INSERT INTO photos (owner_id, id, source, source_id, filename, md5, sha256, size_bytes, status,
  content_type, width_px, height_px, camera, taken_at, time_source, offset_min, offset_source,
  is_doubtful, latitude, longitude, notes, metadata_at)
SELECT $1, n.id, 'drive', $2, n.filename, n.md5, n.sha256, n.size_bytes, 'ready', n.content_type,
  n.width_px, n.height_px, n.camera, n.taken_at, n.time_source, n.offset_min, n.offset_source,
  n.is_doubtful, n.latitude, n.longitude, string_to_array(n.notes, ' '), now()
FROM unnest($3::uuid[], $4::text[], $5::bytea[], $6::bytea[], $7::bigint[], $8::text[],
  $9::integer[], $10::integer[], $11::text[], $12::timestamp[], $13::text[], $14::smallint[],
  $15::text[], $16::boolean[], $17::float8[], $18::float8[], $19::text[])
  AS n (id, filename, md5, sha256, size_bytes, content_type, width_px, height_px, camera, taken_at,
    time_source, offset_min, offset_source, is_doubtful, latitude, longitude, notes)
"""
# What a person has said stays; as do sizes that a picture of these bytes has confirmed.
# Photos are locked by their ids, in the order in which all others take many of them.
_REFRESH: Final = """
WITH held AS (
  SELECT id FROM photos WHERE owner_id = $1 AND id = ANY($3::uuid[])
  ORDER BY id FOR NO KEY UPDATE)
UPDATE photos p SET filename = n.filename, md5 = n.md5, sha256 = coalesce(p.sha256, n.sha256),
  size_bytes = n.size_bytes,
  content_type = n.content_type, camera = n.camera,
  width_px = CASE WHEN p.thumbnail_generation IS NULL THEN n.width_px ELSE p.width_px END,
  height_px = CASE WHEN p.thumbnail_generation IS NULL THEN n.height_px ELSE p.height_px END,
  notes = string_to_array(n.notes, ' '),
  taken_at = CASE WHEN edited_time THEN p.taken_at ELSE n.taken_at END,
  time_source = CASE WHEN edited_time THEN p.time_source ELSE n.time_source END,
  offset_min = CASE WHEN edited_time THEN p.offset_min ELSE n.offset_min END,
  offset_source = CASE WHEN edited_time THEN p.offset_source ELSE n.offset_source END,
  is_doubtful = CASE WHEN edited_time THEN p.is_doubtful ELSE n.is_doubtful END,
  latitude = CASE WHEN edited_place THEN p.latitude ELSE n.latitude END,
  longitude = CASE WHEN edited_place THEN p.longitude ELSE n.longitude END,
  updated_at = now(), version = version + 1
FROM held JOIN unnest($3::uuid[], $4::text[], $5::bytea[], $6::bytea[], $7::bigint[], $8::text[],
  $9::integer[], $10::integer[], $11::text[], $12::timestamp[], $13::text[], $14::smallint[],
  $15::text[], $16::boolean[], $17::float8[], $18::float8[], $19::text[])
  AS n (id, filename, md5, sha256, size_bytes, content_type, width_px, height_px, camera, taken_at,
    time_source, offset_min, offset_source, is_doubtful, latitude, longitude, notes)
  ON n.id = held.id
WHERE p.owner_id = $1 AND p.id = held.id AND p.source_id = $2 AND p.original_id IS NULL
"""
_NOTE: Final = """
INSERT INTO processed_files AS f (owner_id, source_id, id, remote_id, path, size_bytes, mtime_ns,
  md5, evidence, listing, state, photo_id, thumbnail_link)
SELECT $1, $2, n.id, n.remote_id, n.path, n.size_bytes, n.mtime_ns, n.md5, n.evidence, $3, 'done',
  n.photo_id, n.thumbnail_link
FROM unnest($4::uuid[], $5::text[], $6::bytea[], $7::bigint[], $8::bigint[], $9::bytea[],
  $10::bytea[], $11::uuid[], $12::text[])
  AS n (id, remote_id, path, size_bytes, mtime_ns, md5, evidence, photo_id, thumbnail_link)
ON CONFLICT (owner_id, source_id, id) DO UPDATE SET path = excluded.path,
  size_bytes = excluded.size_bytes, mtime_ns = excluded.mtime_ns, md5 = excluded.md5,
  evidence = excluded.evidence, listing = coalesce(excluded.listing, f.listing),
  state = excluded.state, photo_id = excluded.photo_id, error = NULL,
  thumbnail_link = excluded.thumbnail_link, updated_at = now()
"""
_SEE: Final = """
UPDATE processed_files f SET listing = $3, thumbnail_link = n.link
FROM unnest($4::uuid[], $5::text[]) AS n (id, link)
WHERE f.owner_id = $1 AND f.source_id = $2 AND f.id = n.id
"""
_DROP: Final = """
DELETE FROM processed_files WHERE owner_id = $1 AND source_id = $2 AND id = ANY($3::uuid[])
RETURNING photo_id
"""
_DROP_UNSEEN: Final = """
DELETE FROM processed_files WHERE owner_id = $1 AND source_id = $2 AND id IN (
  SELECT id FROM processed_files
  WHERE owner_id = $1 AND source_id = $2 AND listing IS DISTINCT FROM $3 LIMIT $4)
RETURNING photo_id
"""


async def known(
    read: Read, owner_id: UUID, source_id: UUID, ids: list[UUID]
) -> dict[UUID, KnownFile]:
    """Those of the files that earlier lists told of, by their ids."""
    rows = await read.fetch(_KNOWN, KnownFile, owner_id, source_id, ids)
    return {row.id: row for row in rows}


async def there(read: Read, owner_id: UUID, ids: list[UUID]) -> set[UUID]:
    """Those of the photos that are there, deleted ones among them."""
    return set(await read.fetch_values(_THERE, owner_id, ids)) if ids else set()


async def same(
    read: Read, owner_id: UUID, source_id: UUID, listed: Sequence[Listed]
) -> dict[bytes, UUID]:
    """The photos of these bytes by their digests, MD5 and SHA-256, deleted ones among them."""
    md5 = [one.md5 for one in listed if one.md5 is not None]
    sha256 = [one.sha256 for one in listed if one.sha256 is not None]
    rows = await read.fetch(_SAME, SamePhoto, owner_id, source_id, md5, sha256)
    return {row.digest: row.id for row in rows}


async def add(tx: Write, owner_id: UUID, source_id: UUID, photos: Sequence[ListedPhoto]) -> None:
    """Add photos that lie in a Drive."""
    if photos:
        await tx.execute(_ADD, owner_id, source_id, *_columns(photos))


async def refresh(
    tx: Write, owner_id: UUID, source_id: UUID, photos: Sequence[ListedPhoto]
) -> None:
    """Write anew what a list tells of photos that aren't kept here."""
    if photos:
        await tx.execute(_REFRESH, owner_id, source_id, *_columns(photos))


async def note(
    tx: Write, owner_id: UUID, source_id: UUID, listing: UUID | None, files: Sequence[ListedFile]
) -> None:
    """Note files and what they became; `listing` is the whole list that they were in."""
    if not files:
        return
    listed = [file.listed for file in files]
    await tx.execute(
        _NOTE,
        owner_id,
        source_id,
        listing,
        [one.id for one in listed],
        [one.remote_id for one in listed],
        [one.name.encode() for one in listed],
        [one.size_bytes for one in listed],
        [one.modified_ns for one in listed],
        [one.md5 for one in listed],
        [one.evidence for one in listed],
        [file.photo_id for file in files],
        [one.link for one in listed],
    )


async def see(
    tx: Write, owner_id: UUID, source_id: UUID, listing: UUID, files: Sequence[Listed]
) -> None:
    """Note that files which are as they were are in a whole list."""
    if files:
        ids, links = [one.id for one in files], [one.link for one in files]
        await tx.execute(_SEE, owner_id, source_id, listing, ids, links)


async def drop(tx: Write, owner_id: UUID, source_id: UUID, ids: list[UUID]) -> list[UUID]:
    """Forget files that have gone; the photos that they were."""
    found = await tx.fetch_values(_DROP, owner_id, source_id, ids) if ids else []
    return [photo_id for photo_id in found if photo_id is not None]


async def drop_unseen(
    tx: Write, owner_id: UUID, source_id: UUID, listing: UUID, limit: int
) -> tuple[int, list[UUID]]:
    """Forget some of the files that aren't in a whole list; how many, and which photos."""
    found = await tx.fetch_values(_DROP_UNSEEN, owner_id, source_id, listing, limit)
    return len(found), [photo_id for photo_id in found if photo_id is not None]


def _columns(photos: Sequence[ListedPhoto]) -> list[list[object]]:
    """In the order of the parameters from the third on."""
    rows = [
        (
            one.id,
            one.listed.name,
            one.listed.md5,
            one.listed.sha256,
            one.listed.size_bytes,
            one.listed.facts.content_type,
            one.listed.facts.width_px,
            one.listed.facts.height_px,
            one.listed.facts.camera,
            one.listed.facts.taken_at,
            one.listed.facts.time_source,
            one.listed.facts.offset_min,
            one.listed.facts.offset_source,
            one.listed.facts.is_doubtful,
            one.listed.facts.latitude,
            one.listed.facts.longitude,
            " ".join(one.listed.facts.notes),
        )
        for one in photos
    ]
    return [list(column) for column in zip(*rows, strict=True)]
