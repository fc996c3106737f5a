"""Photos moved between concerts by hand, and what was moved lately."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from backline.platform.database import Write


class PlaceRow(msgspec.Struct, frozen=True):
    """A photo, the concert that it is of, and whether a person said so."""

    id: UUID
    concert_id: UUID | None
    by_hand: bool


class MoveRow(msgspec.Struct, frozen=True):
    """A row of `photo_moves`."""

    id: UUID
    concert_id: UUID | None
    made_concert: bool
    photo_ids: list[UUID]
    from_ids: list[UUID | None]
    by_hand: list[bool]


_LOCK: Final = """
SELECT id, concert_id, edited_concert AS by_hand FROM photos
WHERE owner_id = $1 AND id = ANY($2::uuid[]) AND deleted_at IS NULL
ORDER BY id FOR NO KEY UPDATE
"""
_LOCK_OF: Final = """
SELECT id, concert_id, edited_concert AS by_hand FROM photos
WHERE owner_id = $1 AND concert_id = $2 AND deleted_at IS NULL
ORDER BY id LIMIT $3 FOR NO KEY UPDATE
"""
_MOVE: Final = """
UPDATE photos SET concert_id = $3, edited_concert = true, version = version + 1,
  updated_at = now()
WHERE owner_id = $1 AND id = ANY($2::uuid[])
"""
# What was of a concert by itself is of whichever matching holds for right now. Whoever moved on
# since stays there, and of a concert that is gone nothing can be.
_MOVE_BACK: Final = """
UPDATE photos p SET edited_concert = m.by_hand, version = p.version + 1, updated_at = now(),
  concert_id = CASE
    WHEN m.by_hand THEN (SELECT c.id FROM concerts c WHERE c.owner_id = $1 AND c.id = m.from_id)
    ELSE (SELECT s.concert_id FROM photo_sessions s
      WHERE s.owner_id = $1 AND s.id = p.session_id) END
FROM unnest($2::uuid[], $3::uuid[], $4::boolean[]) AS m (id, from_id, by_hand)
WHERE p.owner_id = $1 AND p.id = m.id AND p.edited_concert
  AND p.concert_id IS NOT DISTINCT FROM $5::uuid
RETURNING p.id, p.concert_id, p.edited_concert AS by_hand
"""
_KEEP: Final = """
INSERT INTO photo_moves (owner_id, id, concert_id, made_concert, photo_ids, from_ids, by_hand)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
_FORGET_OLD: Final = """
DELETE FROM photo_moves WHERE owner_id = $1 AND id NOT IN (
  SELECT id FROM photo_moves WHERE owner_id = $1 ORDER BY id DESC LIMIT $2)
"""
_TAKE: Final = """
DELETE FROM photo_moves WHERE owner_id = $1 AND id = $2
RETURNING id, concert_id, made_concert, photo_ids, from_ids, by_hand
"""


async def lock(tx: Write, owner_id: UUID, photo_ids: Sequence[UUID]) -> list[PlaceRow]:
    """Those of the photos that are somebody's, for `tx` alone."""
    return await tx.fetch(_LOCK, PlaceRow, owner_id, list(photo_ids))


async def lock_of(tx: Write, owner_id: UUID, concert_id: UUID, limit: int) -> list[PlaceRow]:
    """The photos of a concert, for `tx` alone."""
    return await tx.fetch(_LOCK_OF, PlaceRow, owner_id, concert_id, limit)


async def move(
    tx: Write, owner_id: UUID, photo_ids: Sequence[UUID], concert_id: UUID | None
) -> None:
    """Say by hand which concert photos are of."""
    await tx.execute(_MOVE, owner_id, list(photo_ids), concert_id)


async def move_back(tx: Write, owner_id: UUID, row: MoveRow) -> list[PlaceRow]:
    """Say of photos that are still where a move put them what was said before; where they are."""
    before = (row.photo_ids, row.from_ids, row.by_hand)
    return await tx.fetch(_MOVE_BACK, PlaceRow, owner_id, *before, row.concert_id)


async def keep(
    tx: Write,
    owner_id: UUID,
    move_id: UUID,
    concert_id: UUID | None,
    places: Sequence[PlaceRow],
    *,
    made_concert: bool,
    most: int,
) -> None:
    """Remember a move and where its photos were; of somebody's, the last `most`."""
    columns = [list(one) for one in zip(*map(msgspec.structs.astuple, places), strict=True)]
    about = (owner_id, move_id, concert_id, made_concert)
    await tx.execute(_KEEP, *about, *columns)
    await tx.execute(_FORGET_OLD, owner_id, most)


async def take(tx: Write, owner_id: UUID, move_id: UUID) -> MoveRow | None:
    """A move of somebody's, which is remembered no longer."""
    return await tx.fetch_one(_TAKE, MoveRow, owner_id, move_id)
