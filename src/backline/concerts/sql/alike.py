"""Photos that look alike: what is compared, and the groups that come of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write

# Before every time: the wall times of photos have no zone.
FIRST: Final = datetime.min, UUID(int=0)  # noqa: DTZ901  # as the comment says


class Print(msgspec.Struct, frozen=True):
    """A photo as it is compared. `rank` is how good it is in itself, in pixels and bytes."""

    id: UUID
    taken_at: datetime
    fingerprint: bytes
    contrast: int
    width_px: int
    height_px: int
    size_bytes: int
    starred: bool
    group_id: UUID | None
    is_best: bool


class Grouped(msgspec.Struct, frozen=True):
    """A photo and the group that it is in now."""

    id: UUID
    group_id: UUID | None
    is_best: bool


_PRINTS: Final = """
SELECT id, taken_at, fingerprint, contrast, width_px, height_px, size_bytes, starred, group_id,
  is_best
FROM photos WHERE owner_id = $1 AND deleted_at IS NULL AND taken_at IS NOT NULL
  AND fingerprint IS NOT NULL
  AND (coalesce(taken_at, '-infinity'), id) > ($2::timestamp, $3::uuid)
ORDER BY coalesce(taken_at, '-infinity'), id LIMIT $4
"""
# Photos are locked by their ids, in the order in which all others take many of them.
_SET: Final = """
WITH held AS (
  SELECT id FROM photos WHERE owner_id = $1 AND id = ANY($2::uuid[])
  ORDER BY id FOR NO KEY UPDATE)
UPDATE photos p SET group_id = n.group_id, is_best = n.is_best, version = version + 1
FROM held JOIN unnest($2::uuid[], $3::uuid[], $4::boolean[]) AS n (id, group_id, is_best)
  ON n.id = held.id
WHERE p.owner_id = $1 AND p.id = held.id
"""


async def prints(
    read: Read, owner_id: UUID, after: tuple[datetime, UUID], limit: int
) -> list[Print]:
    """Somebody's photos that can be compared, by their time."""
    return await read.fetch(_PRINTS, Print, owner_id, *after, limit)


async def set_groups(tx: Write, owner_id: UUID, grouped: Sequence[Grouped]) -> None:
    """Put photos into their groups, or out of them."""
    columns = ([getattr(one, field) for one in grouped] for field in Grouped.__struct_fields__)
    await tx.execute(_SET, owner_id, *columns)
