"""The queries of lists of tracks: by name, by age, and by what their owner thinks and plays."""

from datetime import datetime
from typing import LiteralString
from uuid import UUID

import msgspec

from backline.audio.models import Sort, TrackFilter, TrackRow
from backline.audio.sql import FIELDS, TRACKS
from backline.platform.database import Read


class ListedTrack(TrackRow, frozen=True):
    """A track in a list; `key` is what it is sorted by, where that is a name."""

    key: str


class _Order(msgspec.Struct, frozen=True):
    """How a list is sorted: by which name, what stands behind a row, and in which order.

    `heard` is what a row must have to stand in a list that is sorted by it.
    """

    key: LiteralString
    after: LiteralString
    order_by: LiteralString
    heard: LiteralString | None = None


_ORDERS: dict[Sort, _Order] = {
    "created_at": _Order(
        "''", "AND (created_at, id) > ($2::timestamptz, $3::uuid)", "ORDER BY created_at, id"
    ),
    "-created_at": _Order(
        "''",
        "AND (created_at, id) < ($2::timestamptz, $3::uuid)",
        "ORDER BY created_at DESC, id DESC",
    ),
    "title": _Order(
        "title_key", "AND (title_key, id) > ($2::text, $3::uuid)", "ORDER BY title_key, id"
    ),
    "artist": _Order(
        "artist_key", "AND (artist_key, id) > ($2::text, $3::uuid)", "ORDER BY artist_key, id"
    ),
    "album": _Order(
        "album_key", "AND (album_key, id) > ($2::text, $3::uuid)", "ORDER BY album_key, id"
    ),
    "-favorite_at": _Order(
        "''",
        "AND (favorite_at, track_id) < ($2::timestamptz, $3::uuid)",
        "ORDER BY favorite_at DESC, track_id DESC",
        "AND favorite_at IS NOT NULL",
    ),
    "-rating": _Order(
        "''",
        "AND (rating, track_id) < ($2::bigint, $3::uuid)",
        "ORDER BY rating DESC, track_id DESC",
        "AND rating IS NOT NULL",
    ),
    "-play_count": _Order(
        "''",
        "AND (play_count, track_id) < ($2::bigint, $3::uuid)",
        "ORDER BY l.play_count DESC, track_id DESC",
        "AND l.play_count > 0",
    ),
    "-last_played_at": _Order(
        "''",
        "AND (last_played_at, track_id) < ($2::timestamptz, $3::uuid)",
        "ORDER BY last_played_at DESC, track_id DESC",
        "AND last_played_at IS NOT NULL",
    ),
}
# A list's first page asks for what comes after nothing: the parameters keep their places.
_FIRST = "AND ($2::text IS NULL AND $3::uuid IS NULL)"
_SEARCH = "AND search @@ to_tsquery('simple', $5)"
_ANYTHING = "AND $5::text IS NULL"
_OF_ARTIST = "AND artist_ids @> ARRAY[$6::uuid]"
_OF_ANYBODY = "AND $6::uuid IS NULL"
_OF_GENRE = "AND genre_ids @> ARRAY[$7::uuid]"
_OF_ANY_GENRE = "AND $7::uuid IS NULL"
_RATED = "AND rating >= $8::integer"
_HOWEVER_RATED = "AND $8::integer IS NULL"
_FAVORITE = "AND favorite_at IS NOT NULL"
# Sorted by what was heard: along an index of that, each with its track.
_BY_HEARD = "track_listening l JOIN tracks t ON t.id = l.track_id AND l.user_id = $1"


def _among_heard(picked: LiteralString) -> LiteralString:
    """Few of many: these are looked up first, and sorted then, however the tracks are sorted."""
    return f"""(
  SELECT track_id, favorite_at, rating, play_count, last_played_at FROM track_listening
  WHERE user_id = $1 {picked} OFFSET 0
) l JOIN tracks t ON t.id = l.track_id"""  # noqa: S608  # literals alone


async def tracks(
    read: Read,
    owner_id: UUID,
    wanted: TrackFilter,
    *,
    sort: Sort,
    after: tuple[datetime | str | int, UUID] | None,
    limit: int,
) -> list[ListedTrack]:
    """A page of someone's tracks; `after` is the sort key and id of the row before it."""
    key, row_id = after or (None, None)
    return await read.fetch(
        statement(wanted, sort, is_first=after is None),
        ListedTrack,
        owner_id,
        key,
        row_id,
        limit,
        wanted.search,
        wanted.artist_id,
        wanted.genre_id,
        wanted.min_rating,
    )


def statement(wanted: TrackFilter, sort: Sort, *, is_first: bool) -> LiteralString:
    """The query of a page, from constant fragments."""
    order = _ORDERS[sort]
    favorite: LiteralString = _FAVORITE if wanted.is_favorite else ""
    rated: LiteralString = _HOWEVER_RATED if wanted.min_rating is None else _RATED
    source: LiteralString = TRACKS
    if order.heard is not None:
        source = _BY_HEARD
    elif wanted.is_favorite or wanted.min_rating is not None:
        source = _among_heard(f"{favorite} {rated}")
    return "\n".join(
        (
            f"SELECT {FIELDS}, {order.key} AS key FROM {source}",  # noqa: S608  # literals alone
            "WHERE owner_id = $1 AND deleted_at IS NULL",
            order.heard or "",
            _FIRST if is_first else order.after,
            _SEARCH if wanted.search else _ANYTHING,
            _OF_ARTIST if wanted.artist_id else _OF_ANYBODY,
            _OF_GENRE if wanted.genre_id else _OF_ANY_GENRE,
            favorite,
            rated,
            order.order_by,
            "LIMIT $4",
        )
    )
