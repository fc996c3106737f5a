"""Who played: the artists of somebody's history, and the bills that they are on."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write


class ArtistRow(msgspec.Struct, frozen=True):
    """An artist as they are found by name."""

    id: UUID
    name: str
    name_key: str
    mbid: str


class NewArtist(msgspec.Struct, frozen=True):
    """An artist to be added."""

    id: UUID
    name: str
    name_key: str
    sort_key: str
    mbid: str
    url: str


class Known(msgspec.Struct, frozen=True):
    """What an artist turns out to be."""

    id: UUID
    mbid: str
    url: str


class PlayedRow(msgspec.Struct, frozen=True):
    """One of a bill, with all that is known; `songs` is JSON."""

    artist_id: UUID
    name: str
    mbid: str
    url: str
    is_headliner: bool
    songs: str
    tour: str
    setlist_id: str
    setlist_url: str


class BilledRow(msgspec.Struct, frozen=True):
    """One of the bills of several concerts."""

    concert_id: UUID
    artist_id: UUID
    name: str
    is_headliner: bool


class BillRow(msgspec.Struct, frozen=True):
    """One of a bill to be written; `songs` is JSON."""

    artist_id: UUID
    position: int
    is_headliner: bool
    songs: str
    tour: str
    setlist_id: str
    setlist_url: str


_ALIKE: Final = """
SELECT id, name, name_key, mbid FROM concert_artists
WHERE owner_id = $1 AND (name_key = ANY($2::text[]) OR (mbid <> '' AND mbid = ANY($3::text[])))
ORDER BY id
"""
_ADD: Final = """
INSERT INTO concert_artists (owner_id, id, name, name_key, sort_key, mbid, url)
SELECT $1, a.* FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
  AS a (id, name, name_key, sort_key, mbid, url)
"""
_KNOW: Final = """
UPDATE concert_artists a SET mbid = k.mbid, url = k.url
FROM unnest($2::uuid[], $3::text[], $4::text[]) AS k (id, mbid, url)
WHERE a.owner_id = $1 AND a.id = k.id
"""
_COUNT: Final = """
UPDATE concert_artists a SET n = a.n + d.n FROM unnest($2::uuid[], $3::int[]) AS d (id, n)
WHERE a.owner_id = $1 AND a.id = d.id
"""
_CLEAR: Final = "DELETE FROM concert_bill WHERE owner_id = $1 AND concert_id = $2"
_WRITE: Final = """
INSERT INTO concert_bill (owner_id, concert_id, artist_id, position, is_headliner, songs, tour,
  setlist_id, setlist_url)
SELECT $1, $2, b.artist_id, b.position, b.is_headliner, b.songs::jsonb, b.tour, b.setlist_id,
  b.setlist_url
FROM unnest($3::uuid[], $4::smallint[], $5::boolean[], $6::text[], $7::text[], $8::text[],
  $9::text[]) AS b (artist_id, position, is_headliner, songs, tour, setlist_id, setlist_url)
"""
_BILL: Final = """
SELECT b.artist_id, a.name, a.mbid, a.url, b.is_headliner, b.songs::text AS songs, b.tour,
  b.setlist_id, b.setlist_url
FROM concert_bill b
JOIN concert_artists a ON a.owner_id = b.owner_id AND a.id = b.artist_id
WHERE b.owner_id = $1 AND b.concert_id = $2 ORDER BY b.position
"""
_BILLS: Final = """
SELECT b.concert_id, b.artist_id, a.name, b.is_headliner
FROM concert_bill b
JOIN concert_artists a ON a.owner_id = b.owner_id AND a.id = b.artist_id
WHERE b.owner_id = $1 AND b.concert_id = ANY($2::uuid[]) ORDER BY b.position
"""


async def alike(
    read: Read, owner_id: UUID, keys: Sequence[str], mbids: Sequence[str]
) -> list[ArtistRow]:
    """Somebody's artists of these names or ids."""
    return await read.fetch(_ALIKE, ArtistRow, owner_id, list(keys), list(mbids))


async def add(tx: Write, owner_id: UUID, artists: Sequence[NewArtist]) -> None:
    """Add artists."""
    fields = NewArtist.__struct_fields__
    await tx.execute(_ADD, owner_id, *([getattr(a, field) for a in artists] for field in fields))


async def know(tx: Write, owner_id: UUID, artists: Sequence[Known]) -> None:
    """Write what artists turn out to be."""
    fields = Known.__struct_fields__
    await tx.execute(_KNOW, owner_id, *([getattr(a, field) for a in artists] for field in fields))


async def count(tx: Write, owner_id: UUID, changes: Mapping[UUID, int]) -> None:
    """Count concerts of artists that came, or went."""
    await tx.execute(_COUNT, owner_id, list(changes), list(changes.values()))


async def clear(tx: Write, owner_id: UUID, concert_id: UUID) -> None:
    """Remove a concert's bill."""
    await tx.execute(_CLEAR, owner_id, concert_id)


async def write(tx: Write, owner_id: UUID, concert_id: UUID, rows: Sequence[BillRow]) -> None:
    """Write a concert's bill, of which nothing is there."""
    columns = ([getattr(row, field) for row in rows] for field in BillRow.__struct_fields__)
    await tx.execute(_WRITE, owner_id, concert_id, *columns)


async def bill(read: Read, owner_id: UUID, concert_id: UUID) -> list[PlayedRow]:
    """A concert's bill, in its order."""
    return await read.fetch(_BILL, PlayedRow, owner_id, concert_id)


async def bills(
    read: Read, owner_id: UUID, concert_ids: Sequence[UUID]
) -> dict[UUID, list[BilledRow]]:
    """The bills of concerts, by concert."""
    found: dict[UUID, list[BilledRow]] = {}
    for row in await read.fetch(_BILLS, BilledRow, owner_id, list(concert_ids)):
        found.setdefault(row.concert_id, []).append(row)
    return found
