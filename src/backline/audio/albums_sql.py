"""The queries of albums, each a typed function. Albums without a track aren't shown."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString
from uuid import UUID

import msgspec

from backline.audio.models import AlbumFilter, AlbumSort, Role, TrackRow
from backline.audio.sql import FIELDS, TRACKS
from backline.platform.database import Read


class AlbumRow(msgspec.Struct, frozen=True):
    """An album as lists show it."""

    id: UUID
    owner_id: UUID
    title: str
    artist: str
    artist_ids: list[UUID]
    artist_names: list[str]
    mbid: UUID | None
    is_compilation: bool
    year: int | None
    genre_ids: list[UUID]
    track_count: int
    disc_count: int
    duration_ms: int
    loudness_lufs: float | None
    sort_key: str
    artist_key: str
    added_at: datetime
    favorite_at: datetime | None
    cover_track_id: UUID | None
    cover_generation: str | None


_ALBUMS: LiteralString = """
SELECT a.id, a.owner_id, a.title, a.artist, a.artist_ids, a.artist_names, a.mbid,
  a.is_compilation, a.year, a.genre_ids, a.track_count, a.disc_count, a.duration_ms,
  a.loudness_lufs, a.sort_key, a.artist_key, a.added_at, a.favorite_at, a.cover_track_id,
  c.generation AS cover_generation
FROM albums a LEFT JOIN tracks c ON c.id = a.cover_track_id AND c.owner_id = a.owner_id
WHERE a.owner_id = $1 AND a.track_count > 0
"""
_ALBUM = _ALBUMS + "AND a.id = $2"


_ALBUMS_OF = _ALBUMS + "AND a.id = ANY($2::uuid[])"


class _Order(msgspec.Struct, frozen=True):
    after: LiteralString
    order_by: LiteralString


_ORDERS: dict[AlbumSort, _Order] = {
    "title": _Order(
        "AND (a.sort_key, a.id) > ($2::text, $3::uuid) AND $4::text IS NULL",
        "ORDER BY a.sort_key, a.id",
    ),
    "artist": _Order(
        "AND (a.artist_key, a.sort_key, a.id) > ($2::text, $4::text, $3::uuid)",
        "ORDER BY a.artist_key, a.sort_key, a.id",
    ),
    "year": _Order(
        "AND (coalesce(a.year::integer, 10000), a.sort_key, a.id)"
        " > ($2::integer, $4::text, $3::uuid)",
        "ORDER BY coalesce(a.year::integer, 10000), a.sort_key, a.id",
    ),
    "-year": _Order(
        "AND (-coalesce(a.year::integer, 0), a.sort_key, a.id) > ($2::integer, $4::text, $3::uuid)",
        "ORDER BY -coalesce(a.year::integer, 0), a.sort_key, a.id",
    ),
    "-added_at": _Order(
        "AND (a.added_at, a.id) < ($2::timestamptz, $3::uuid) AND $4::text IS NULL",
        "ORDER BY a.added_at DESC, a.id DESC",
    ),
}
_FIRST = "AND $2::text IS NULL AND $3::uuid IS NULL AND $4::text IS NULL"
_OF: dict[Role | None, LiteralString] = {
    None: "AND $6::uuid IS NULL",
    "main": "AND a.artist_ids @> ARRAY[$6::uuid]",
    "guest": """AND NOT a.artist_ids @> ARRAY[$6::uuid] AND a.id IN (
      SELECT t.album_id FROM tracks t
      WHERE t.artist_ids @> ARRAY[$6::uuid] AND t.owner_id = $1 AND t.deleted_at IS NULL)""",
}
_GENRE = "AND a.genre_ids @> ARRAY[$7::uuid]"
_ANY_GENRE = "AND $7::uuid IS NULL"
_YEARS = "AND a.year BETWEEN coalesce($8::integer, 0) AND coalesce($9::integer, 9999)"
_ANY_YEAR = "AND $8::integer IS NULL AND $9::integer IS NULL"
_SEARCH = "AND a.search @@ $10::text::tsquery"
_ANYTHING = "AND $10::text IS NULL"
_FAVORITE = "AND a.favorite_at IS NOT NULL"


async def albums(
    read: Read,
    owner_id: UUID,
    wanted: AlbumFilter,
    *,
    sort: AlbumSort,
    after: tuple[str | int | datetime, UUID, str | None] | None,
    limit: int,
) -> list[AlbumRow]:
    """A page of someone's albums; `after` is `sort_key` of the row before it."""
    order = _ORDERS[sort]
    has_years = wanted.from_year is not None or wanted.to_year is not None
    sql: LiteralString = "\n".join(
        (
            _ALBUMS,
            order.after if after else _FIRST,
            _OF[wanted.role if wanted.artist_id else None],
            _GENRE if wanted.genre_id else _ANY_GENRE,
            _YEARS if has_years else _ANY_YEAR,
            _SEARCH if wanted.search else _ANYTHING,
            _FAVORITE if wanted.is_favorite else "",
            order.order_by,
            "LIMIT $5",
        )
    )
    return await read.fetch(
        sql,
        AlbumRow,
        owner_id,
        *(after or (None, None, None)),
        limit,
        wanted.artist_id,
        wanted.genre_id,
        wanted.from_year,
        wanted.to_year,
        wanted.search,
    )


async def album(read: Read, owner_id: UUID, album_id: UUID) -> AlbumRow | None:
    """One album that has a track."""
    return await read.fetch_one(_ALBUM, AlbumRow, owner_id, album_id)


async def albums_of(read: Read, owner_id: UUID, ids: Sequence[UUID]) -> list[AlbumRow]:
    """Those of someone's albums that have a track, in any order."""
    return await read.fetch(_ALBUMS_OF, AlbumRow, owner_id, list(ids))


class Disc(msgspec.Struct, frozen=True):
    """A disc of an album."""

    number: int
    track_count: int
    duration_ms: int


class DiscTrack(TrackRow, frozen=True):
    """A track of an album, with what it stands by there: disc, number, title."""

    disc: int
    number: int
    title_key: str


_DISCS = """
SELECT coalesce(disc_number, 1)::integer AS number, count(*) AS track_count,
  coalesce(sum(duration_ms), 0) AS duration_ms
FROM tracks WHERE album_id = $2 AND owner_id = $1 AND deleted_at IS NULL
GROUP BY 1 ORDER BY 1 LIMIT 200
"""
_TRACKS = f"""
SELECT {FIELDS}, coalesce(disc_number, 1)::integer AS disc,
  coalesce(track_number, 10000)::integer AS number, title_key
FROM {TRACKS} WHERE album_id = $2 AND owner_id = $1 AND deleted_at IS NULL
"""  # noqa: S608  # literals alone
_BEHIND = """
AND (coalesce(disc_number, 1)::integer, coalesce(track_number, 10000)::integer, title_key, id)
  > ($4::integer, $5::integer, $6::text, $7::uuid)
"""
_FROM_THE_FIRST = """
AND $4::integer IS NULL AND $5::integer IS NULL AND $6::text IS NULL AND $7::uuid IS NULL
"""
_BY_DISC = "ORDER BY disc, number, title_key, id LIMIT $3"


async def discs(read: Read, owner_id: UUID, album_id: UUID) -> list[Disc]:
    """The discs of an album; tracks that don't say one are on the first."""
    return await read.fetch(_DISCS, Disc, owner_id, album_id)


async def tracks(
    read: Read,
    owner_id: UUID,
    album_id: UUID,
    *,
    after: tuple[int, int, str, UUID] | None,
    limit: int,
) -> list[DiscTrack]:
    """A page of an album's tracks, disc by disc; those without a number come last on theirs."""
    sql: LiteralString = _TRACKS + (_BEHIND if after else _FROM_THE_FIRST) + _BY_DISC
    args = after or (None, None, None, None)
    return await read.fetch(sql, DiscTrack, owner_id, album_id, limit, *args)
