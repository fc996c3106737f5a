"""The queries of pieces of lists by their place, for players that ask so: ids alone, in order.

They walk an index up to the place; what stands there is looked up afterwards by its id.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, LiteralString
from uuid import UUID

import msgspec

from backline.platform.database import Read

Order = Literal[
    "title", "artist", "newest", "year", "-year", "random", "frequent", "recent", "highest"
]

_TRACKS = "SELECT id FROM tracks WHERE owner_id = $1 AND deleted_at IS NULL\n"
_BY_TITLE: LiteralString = _TRACKS + "ORDER BY title_key, id OFFSET $2 LIMIT $3"
_MATCHING: LiteralString = (
    _TRACKS + "AND search @@ to_tsquery('simple', $4) ORDER BY title_key, id OFFSET $2 LIMIT $3"
)
_OF_GENRE: LiteralString = (
    _TRACKS + "AND genre_ids @> ARRAY[$4::uuid] ORDER BY title_key, id OFFSET $2 LIMIT $3"
)
# Pieces of a shuffled order, each from a place by chance, going on from the start where it ends.
# No more is read than they hold, and with eight of 64 no track is much likelier than another.
_PIECES: LiteralString = """
WITH places AS MATERIALIZED (
  SELECT ((random() * 2 - 1) * 9223372036854774784)::bigint AS place FROM generate_series(1, $3)
)
SELECT id FROM (
  SELECT DISTINCT piece.id FROM places CROSS JOIN LATERAL (
    (SELECT id FROM tracks WHERE owner_id = $1 AND deleted_at IS NULL
       AND uuid_hash_extended(id, 0) >= place
     ORDER BY uuid_hash_extended(id, 0), id LIMIT $4)
    UNION ALL
    (SELECT id FROM tracks WHERE owner_id = $1 AND deleted_at IS NULL
       AND uuid_hash_extended(id, 0) < place
     ORDER BY uuid_hash_extended(id, 0), id LIMIT $4)
    LIMIT $4
  ) piece
) found ORDER BY random() LIMIT $2
"""
_PIECE_TRACKS = 64
_LEAST_PIECES = 8
_RANDOM: LiteralString = _TRACKS + "ORDER BY random() LIMIT $2"
_RANDOM_OF: LiteralString = (
    _TRACKS
    + """AND ($3::uuid IS NULL OR genre_ids @> ARRAY[$3::uuid])
  AND ($4::integer IS NULL OR year >= $4) AND ($5::integer IS NULL OR year <= $5)
ORDER BY random() LIMIT $2"""
)
_ALIKE: LiteralString = (
    _TRACKS + "AND genre_ids && $3::uuid[] AND id <> ALL($4::uuid[]) ORDER BY random() LIMIT $2"
)
_BEST: LiteralString = """
SELECT t.id FROM tracks t JOIN track_listening l ON l.user_id = $1 AND l.track_id = t.id
WHERE t.owner_id = $1 AND t.deleted_at IS NULL AND t.artist_ids @> ARRAY[$3::uuid]
  AND l.play_count > 0
ORDER BY l.play_count DESC, t.id LIMIT $2
"""
_FAVORITES: LiteralString = """
SELECT t.id FROM track_listening l JOIN tracks t ON t.id = l.track_id AND t.owner_id = l.user_id
WHERE l.user_id = $1 AND l.favorite_at IS NOT NULL AND t.deleted_at IS NULL
ORDER BY l.favorite_at DESC, l.track_id DESC LIMIT $2
"""
_CALLED = "AND title_key = $2 AND artist_key = $3 ORDER BY id LIMIT 1"
_GENRES_OF = "SELECT genre_ids FROM tracks WHERE owner_id = $1 AND id = $2 AND deleted_at IS NULL"
_GENRES_OF_ARTIST = """
SELECT DISTINCT g FROM (
  SELECT genre_ids FROM tracks
  WHERE owner_id = $1 AND deleted_at IS NULL AND artist_ids @> ARRAY[$2::uuid] LIMIT 500
) t, unnest(t.genre_ids) g LIMIT 50
"""
_GENRE_NAMES = "SELECT id, name FROM genres WHERE owner_id = $1 AND id = ANY($2::uuid[])"
_GENRE = "SELECT id FROM genres WHERE owner_id = $1 AND name_key = $2"
_ARTIST_CALLED = """
SELECT id FROM artists WHERE owner_id = $1 AND name_key = $2
ORDER BY album_count DESC, track_count DESC LIMIT 1
"""

_ALBUMS = "SELECT id FROM albums WHERE owner_id = $1 AND track_count > 0\n"
_ALBUM_ORDERS: Final[Mapping[Order, LiteralString]] = {
    "title": "ORDER BY sort_key, id",
    "artist": "ORDER BY artist_key, sort_key, id",
    "newest": "ORDER BY added_at DESC, id DESC",
    "year": "ORDER BY coalesce(year::integer, 10000), sort_key, id",
    "-year": "ORDER BY -coalesce(year::integer, 0), sort_key, id",
    "random": "ORDER BY random()",
}
_HEARD: Final[Mapping[Order, LiteralString]] = {
    "frequent": "AND l.play_count > 0 GROUP BY t.album_id ORDER BY sum(l.play_count) DESC",
    "recent": "AND l.last_played_at IS NOT NULL GROUP BY t.album_id "
    "ORDER BY max(l.last_played_at) DESC",
    "highest": "AND l.rating IS NOT NULL GROUP BY t.album_id ORDER BY avg(l.rating) DESC",
}
_BY_HEARD: LiteralString = """
SELECT t.album_id FROM track_listening l JOIN tracks t ON t.id = l.track_id
WHERE l.user_id = $1 AND t.owner_id = $1 AND t.deleted_at IS NULL AND t.album_id IS NOT NULL
"""
_YEARS = "AND year BETWEEN $4::integer AND $5::integer\n"
_ARTISTS = "SELECT id FROM artists WHERE owner_id = $1 AND track_count + album_count > 0\n"
_PIECE = " OFFSET $2 LIMIT $3"
_NEWEST = "SELECT max(added_at) FROM albums WHERE owner_id = $1 AND track_count > 0"


async def tracks(
    read: Read,
    owner_id: UUID,
    *,
    offset: int,
    limit: int,
    search: str | None = None,
    genre_id: UUID | None = None,
) -> Sequence[UUID]:
    """Tracks by title: all of them, or with words, or of a genre."""
    if search is not None:
        return await read.fetch_values(_MATCHING, owner_id, offset, limit, search)
    if genre_id is not None:
        return await read.fetch_values(_OF_GENRE, owner_id, offset, limit, genre_id)
    return await read.fetch_values(_BY_TITLE, owner_id, offset, limit)


async def random_tracks(
    read: Read,
    owner_id: UUID,
    limit: int,
    *,
    genre_id: UUID | None,
    from_year: int | None,
    to_year: int | None,
) -> Sequence[UUID]:
    """Tracks by chance, of a genre and of some years where that is wanted."""
    if genre_id is None and from_year is None and to_year is None:
        pieces = max(_LEAST_PIECES, 2 * limit // _PIECE_TRACKS + 1)
        found = await read.fetch_values(_PIECES, owner_id, limit, pieces, _PIECE_TRACKS)
        if len(found) == limit:
            return found
        return await read.fetch_values(_RANDOM, owner_id, limit)  # there are few, so it is quick
    return await read.fetch_values(_RANDOM_OF, owner_id, limit, genre_id, from_year, to_year)


async def alike(
    read: Read, owner_id: UUID, genre_ids: Sequence[UUID], but: Sequence[UUID], limit: int
) -> Sequence[UUID]:
    """Tracks by chance that share a genre, without some."""
    return await read.fetch_values(_ALIKE, owner_id, limit, list(genre_ids), list(but))


async def genres_of_track(read: Read, owner_id: UUID, track_id: UUID) -> Sequence[UUID]:
    """The genres of a track."""
    return await read.fetch_value(_GENRES_OF, owner_id, track_id) or ()


async def genres_of_artist(read: Read, owner_id: UUID, artist_id: UUID) -> Sequence[UUID]:
    """The genres of an artist's tracks."""
    return await read.fetch_values(_GENRES_OF_ARTIST, owner_id, artist_id)


async def best_of(read: Read, owner_id: UUID, artist_id: UUID, limit: int) -> Sequence[UUID]:
    """An artist's tracks that their owner has played, the most played first."""
    return await read.fetch_values(_BEST, owner_id, limit, artist_id)


async def favorites(read: Read, owner_id: UUID, limit: int) -> Sequence[UUID]:
    """Favourite tracks, the latest first."""
    return await read.fetch_values(_FAVORITES, owner_id, limit)


async def called(read: Read, owner_id: UUID, title_key: str, artist_key: str) -> UUID | None:
    """A track by the keys of its title and artist."""
    return await read.fetch_value(_TRACKS + _CALLED, owner_id, title_key, artist_key)


async def genre(read: Read, owner_id: UUID, name_key: str) -> UUID | None:
    """A genre by the key of its name."""
    return await read.fetch_value(_GENRE, owner_id, name_key)


async def artist_called(read: Read, owner_id: UUID, name_key: str) -> UUID | None:
    """An artist by the key of their name."""
    return await read.fetch_value(_ARTIST_CALLED, owner_id, name_key)


async def albums(
    read: Read,
    owner_id: UUID,
    order: Order,
    *,
    offset: int,
    limit: int,
    years: tuple[int, int] | None = None,
    genre_id: UUID | None = None,
    search: str | None = None,
    is_favorite: bool = False,
) -> Sequence[UUID]:
    """Albums in an order; narrowed in one way at the most."""
    if order in _HEARD:
        heard: LiteralString = _BY_HEARD + _HEARD[order] + ", t.album_id" + _PIECE
        return await read.fetch_values(heard, owner_id, offset, limit)
    piece: LiteralString = _ALBUM_ORDERS[order] + _PIECE
    if years is not None:
        return await read.fetch_values(_ALBUMS + _YEARS + piece, owner_id, offset, limit, *years)
    if genre_id is not None:
        of_genre: LiteralString = _ALBUMS + "AND genre_ids @> ARRAY[$4::uuid]\n" + piece
        return await read.fetch_values(of_genre, owner_id, offset, limit, genre_id)
    if search is not None:
        matching: LiteralString = _ALBUMS + "AND search @@ $4::text::tsquery\n" + piece
        return await read.fetch_values(matching, owner_id, offset, limit, search)
    favorite: LiteralString = "AND favorite_at IS NOT NULL\n" if is_favorite else ""
    return await read.fetch_values(_ALBUMS + favorite + piece, owner_id, offset, limit)


async def artists(
    read: Read, owner_id: UUID, *, offset: int, limit: int, search: str | None = None
) -> Sequence[UUID]:
    """Artists by name: all of them, or with words."""
    by_name: LiteralString = "ORDER BY sort_key, id" + _PIECE
    if search is not None:
        matching: LiteralString = _ARTISTS + "AND search @@ $4::text::tsquery\n" + by_name
        return await read.fetch_values(matching, owner_id, offset, limit, search)
    return await read.fetch_values(_ARTISTS + by_name, owner_id, offset, limit)


async def newest(read: Read, owner_id: UUID) -> float:
    """When the newest album came, in seconds since 1970; 0 where there is none."""
    found = await read.fetch_value(_NEWEST, owner_id)
    return 0.0 if found is None else found.timestamp()


class _Named(msgspec.Struct, frozen=True):
    id: UUID
    name: str


async def genre_names(read: Read, owner_id: UUID, ids: Sequence[UUID]) -> dict[UUID, str]:
    """What genres are called."""
    rows = await read.fetch(_GENRE_NAMES, _Named, owner_id, list(ids))
    return {row.id: row.name for row in rows}
