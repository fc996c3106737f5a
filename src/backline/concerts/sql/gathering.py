"""What of concerts goes into a file, of a page of them at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from backline.platform.database import Read


class AboutRow(msgspec.Struct, frozen=True):
    """What lists don't show of a concert."""

    id: UUID
    zone: str | None
    notes: str


class PlayedRow(msgspec.Struct, frozen=True):
    """One of the bills of several concerts, with all that is known; `songs` is JSON."""

    concert_id: UUID
    name: str
    mbid: str
    url: str
    is_headliner: bool
    songs: str
    tour: str
    setlist_id: str
    setlist_url: str


class PhotoRow(msgspec.Struct, frozen=True):
    """A photo of a concert, and the generations in which it is drawn."""

    concert_id: UUID
    id: UUID
    filename: str
    taken_at: datetime | None
    starred: bool
    width_px: int | None
    thumbnail_generation: str | None
    webp_generation: str | None


_ABOUT: Final = "SELECT id, zone, notes FROM concerts WHERE owner_id = $1 AND id = ANY($2::uuid[])"
_BILLS: Final = """
SELECT b.concert_id, a.name, a.mbid, a.url, b.is_headliner, b.songs::text AS songs, b.tour,
  b.setlist_id, b.setlist_url
FROM concert_bill b
JOIN concert_artists a ON a.owner_id = b.owner_id AND a.id = b.artist_id
WHERE b.owner_id = $1 AND b.concert_id = ANY($2::uuid[]) ORDER BY b.concert_id, b.position
"""
# Of each concert the best few: a look into its place of the index.
_PHOTOS: Final = """
SELECT p.concert_id, p.id, p.filename, p.taken_at, p.starred, p.width_px, p.thumbnail_generation,
  p.webp_generation
FROM unnest($2::uuid[]) AS c (id)
CROSS JOIN LATERAL (
  SELECT * FROM photos p
  WHERE p.owner_id = $1 AND p.concert_id = c.id AND p.deleted_at IS NULL
    AND p.thumbnail_generation IS NOT NULL
  ORDER BY p.starred DESC, p.is_best DESC, p.taken_at, p.id LIMIT $3) p
"""


async def about(read: Read, owner_id: UUID, ids: Sequence[UUID]) -> dict[UUID, AboutRow]:
    """What lists don't show, by concert."""
    rows = await read.fetch(_ABOUT, AboutRow, owner_id, list(ids))
    return {row.id: row for row in rows}


async def bills(read: Read, owner_id: UUID, ids: Sequence[UUID]) -> dict[UUID, list[PlayedRow]]:
    """Whole bills in their order, by concert."""
    found: dict[UUID, list[PlayedRow]] = {}
    for row in await read.fetch(_BILLS, PlayedRow, owner_id, list(ids)):
        found.setdefault(row.concert_id, []).append(row)
    return found


async def photos(
    read: Read, owner_id: UUID, ids: Sequence[UUID], most: int
) -> dict[UUID, list[PhotoRow]]:
    """At most that many photos of each concert, starred ones first."""
    found: dict[UUID, list[PhotoRow]] = {}
    for row in await read.fetch(_PHOTOS, PhotoRow, owner_id, list(ids), most):
        found.setdefault(row.concert_id, []).append(row)
    return found
