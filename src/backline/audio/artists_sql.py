"""The queries of artists and genres, each a typed function. Those without a track aren't shown."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString
from uuid import UUID

import msgspec

from backline.audio.models import GenreSort
from backline.platform.database import Read


class ArtistRow(msgspec.Struct, frozen=True):
    """An artist as lists show them."""

    id: UUID
    owner_id: UUID
    name: str
    mbid: UUID | None
    track_count: int
    album_count: int
    sort_key: str
    favorite_at: datetime | None
    cover_track_id: UUID | None
    cover_generation: str | None


_ARTISTS: LiteralString = """
SELECT a.id, a.owner_id, a.name, a.mbid, a.track_count, a.album_count, a.sort_key,
  a.favorite_at, a.cover_track_id, c.generation AS cover_generation
FROM artists a LEFT JOIN tracks c ON c.id = a.cover_track_id AND c.owner_id = a.owner_id
WHERE a.owner_id = $1
"""
_SHOWN = "AND a.track_count + a.album_count > 0"
_WITH_ALBUMS = "AND a.album_count > 0"
_ARTIST = _ARTISTS + _SHOWN + " AND a.id = $2"
_AFTER = "AND (a.sort_key, a.id) > ($2::text, $3::uuid)"
_FIRST = "AND $2::text IS NULL AND $3::uuid IS NULL"
_SEARCH = "AND a.search @@ $5::text::tsquery"
_ANYTHING = "AND $5::text IS NULL"
_FAVORITE = "AND a.favorite_at IS NOT NULL"


async def artists(
    read: Read,
    owner_id: UUID,
    *,
    has_albums: bool,
    is_favorite: bool,
    search: str | None,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[ArtistRow]:
    """A page of someone's artists, or of those that an album is by; `search` is a `tsquery`."""
    sql: LiteralString = "\n".join(
        (
            _ARTISTS,
            _WITH_ALBUMS if has_albums else _SHOWN,
            _AFTER if after else _FIRST,
            _SEARCH if search else _ANYTHING,
            _FAVORITE if is_favorite else "",
            "ORDER BY a.sort_key, a.id LIMIT $4",
        )
    )
    key, row_id = after or (None, None)
    return await read.fetch(sql, ArtistRow, owner_id, key, row_id, limit, search)


async def artist(read: Read, owner_id: UUID, artist_id: UUID) -> ArtistRow | None:
    """One artist of whom there is something."""
    return await read.fetch_one(_ARTIST, ArtistRow, owner_id, artist_id)


_ARTISTS_OF = _ARTISTS + _SHOWN + " AND a.id = ANY($2::uuid[])"


async def artists_of(read: Read, owner_id: UUID, ids: Sequence[UUID]) -> list[ArtistRow]:
    """Those of someone's artists of whom there is something, in any order."""
    return await read.fetch(_ARTISTS_OF, ArtistRow, owner_id, list(ids))


class GenreRow(msgspec.Struct, frozen=True):
    """A genre as lists show it."""

    id: UUID
    name: str
    name_key: str
    track_count: int
    album_count: int


_GENRES: LiteralString = """
SELECT id, name, name_key, track_count, album_count FROM genres
WHERE owner_id = $1 AND track_count > 0
"""
_GENRE = _GENRES + "AND id = $2"
_NAMED = _GENRES + "AND id = ANY($2::uuid[]) ORDER BY name_key LIMIT 100"
_BY_NAME = (
    "AND name_key > $2::text AND $4::integer IS NULL",
    "AND $2::text IS NULL AND $4::integer IS NULL",
    "ORDER BY name_key LIMIT $3",
)
_BY_SIZE = (
    "AND (-track_count, name_key) > ($4::integer, $2::text)",
    "AND $2::text IS NULL AND $4::integer IS NULL",
    "ORDER BY -track_count, name_key LIMIT $3",
)


async def genres(
    read: Read, owner_id: UUID, *, sort: GenreSort, after: tuple[str, int] | None, limit: int
) -> list[GenreRow]:
    """A page of someone's genres; `after` is the key and the tracks of the row before it."""
    behind, first, order_by = _BY_NAME if sort == "name" else _BY_SIZE
    sql: LiteralString = "\n".join((_GENRES, behind if after else first, order_by))
    name_key, count = after or (None, None)
    least = None if count is None or sort == "name" else -count
    return await read.fetch(sql, GenreRow, owner_id, name_key, limit, least)


async def genre(read: Read, owner_id: UUID, genre_id: UUID) -> GenreRow | None:
    """One genre of which there is something."""
    return await read.fetch_one(_GENRE, GenreRow, owner_id, genre_id)


async def genres_of(read: Read, owner_id: UUID, ids: list[UUID]) -> list[GenreRow]:
    """Genres by their ids, in the order of their names."""
    return await read.fetch(_NAMED, GenreRow, owner_id, ids)
