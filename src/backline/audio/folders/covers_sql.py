"""Covers of tracks in folders, one for all that show the same picture."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write


class Drawn(msgspec.Struct, frozen=True):
    """A cover that was drawn and lies in the storage; `files` are names and sizes in bytes."""

    id: UUID
    digest: bytes
    files: dict[str, int]


class Known(msgspec.Struct, frozen=True):
    """A cover by the digest of its picture."""

    digest: bytes
    id: UUID


class KeptCover(msgspec.Struct, frozen=True):
    """A cover with its files, as JSON."""

    owner_id: UUID
    id: UUID
    files: str


class CoverFile(msgspec.Struct, frozen=True):
    """A file of the cover that a track shows."""

    cover_id: UUID
    size_bytes: int
    created_at: datetime


_KNOWN: Final = """
SELECT digest, id FROM music_covers WHERE owner_id = $1 AND digest = ANY($2::bytea[])
"""
_LOCK: Final = _KNOWN + " ORDER BY id FOR KEY SHARE"
_ADD: Final = """
INSERT INTO music_covers (owner_id, id, digest, files, charged_bytes)
SELECT $1, u.id, u.digest, u.files::jsonb, u.size_bytes
FROM unnest($2::uuid[], $3::bytea[], $4::text[], $5::bigint[]) AS u(id, digest, files, size_bytes)
ORDER BY u.digest
ON CONFLICT (owner_id, digest) DO NOTHING RETURNING charged_bytes
"""
_PAGE: Final = """
SELECT owner_id, id, files::text AS files FROM music_covers
WHERE (owner_id, id) > ($1::uuid, $2::uuid) ORDER BY owner_id, id LIMIT $3
"""
_THERE: Final = "SELECT id FROM music_covers WHERE id = ANY($1::uuid[])"
_FILE: Final = """
SELECT c.id AS cover_id, (c.files ->> $4)::bigint AS size_bytes, c.created_at
FROM tracks t JOIN music_covers c ON c.owner_id = t.owner_id AND c.id = t.cover_id
WHERE t.id = $1 AND t.owner_id = $2 AND t.generation = $3 AND t.deleted_at IS NULL AND c.files ? $4
"""
_UNUSED: Final = """
SELECT id FROM music_covers c
WHERE owner_id = $1 AND created_at < now() - interval '1 hour' AND NOT EXISTS (
  SELECT FROM tracks t WHERE t.owner_id = $1 AND t.cover_id = c.id)
ORDER BY id LIMIT $2 FOR UPDATE
"""
_DROP: Final = """
WITH gone AS (
  DELETE FROM music_covers c WHERE owner_id = $1 AND id = ANY($2::uuid[]) AND NOT EXISTS (
    SELECT FROM tracks t WHERE t.owner_id = $1 AND t.cover_id = c.id)
  RETURNING charged_bytes
) SELECT coalesce(sum(charged_bytes), 0)::bigint FROM gone
"""
_OWNERS: Final = "SELECT DISTINCT owner_id FROM music_covers WHERE owner_id > $1 LIMIT $2"


async def known(read: Read, owner_id: UUID, digests: Sequence[bytes]) -> dict[bytes, UUID]:
    """Those of somebody's covers that show one of these pictures."""
    rows = await read.fetch(_KNOWN, Known, owner_id, list(digests))
    return {row.digest: row.id for row in rows}


async def lock(tx: Write, owner_id: UUID, digests: Sequence[bytes]) -> dict[bytes, UUID]:
    """The same; none of them is dropped until `tx` ends."""
    rows = await tx.fetch(_LOCK, Known, owner_id, list(digests))
    return {row.digest: row.id for row in rows}


async def add(tx: Write, owner_id: UUID, drawn: Sequence[Drawn]) -> int:
    """Keep covers, but for those of pictures that are known by now; how many bytes they count."""
    if not drawn:
        return 0
    columns = (
        [one.id for one in drawn],
        [one.digest for one in drawn],
        [msgspec.json.encode(one.files).decode() for one in drawn],
        [sum(one.files.values()) for one in drawn],
    )
    return sum(await tx.fetch_values(_ADD, owner_id, *columns))


async def page(read: Read, after: tuple[UUID, UUID], limit: int) -> list[KeptCover]:
    """Covers of everybody, by owner and id."""
    return await read.fetch(_PAGE, KeptCover, *after, limit)


async def there(read: Read, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the ids that are covers."""
    return set(await read.fetch_values(_THERE, list(ids)))


async def file(
    read: Read, track_id: UUID, owner_id: UUID, generation: str, name: str
) -> CoverFile | None:
    """A file of the cover that a track shows."""
    return await read.fetch_one(_FILE, CoverFile, track_id, owner_id, generation, name)


async def drop_unused(tx: Write, owner_id: UUID, limit: int) -> tuple[int, int]:
    """Forget covers that no track shows: how many there were, and what they counted."""
    ids = await tx.fetch_values(_UNUSED, owner_id, limit)
    if not ids:
        return 0, 0
    # A statement of its own: it sees what those wrote who had them meanwhile.
    return len(ids), await tx.fetch_value(_DROP, owner_id, ids)


async def owners(read: Read, after: UUID, limit: int) -> list[UUID]:
    """Who has covers."""
    return await read.fetch_values(_OWNERS, after, limit)
