"""Lists of the history: filters and sorts put together from the fragments that stand here."""

from datetime import date
from typing import Final, LiteralString
from uuid import UUID

import msgspec

from backline.concerts.history.models import NameSort, Sort, Span
from backline.concerts.models import PhotoItemRow
from backline.concerts.sql.concerts import ITEM_FIELDS, JOINED, ConcertItemRow
from backline.concerts.sql.photos import ITEM_FIELDS as PHOTO_FIELDS
from backline.platform.database import Read


class Condition(msgspec.Struct, frozen=True):
    """What the concerts of a list have in common; what is empty or None lets all through."""

    artist_id: UUID | None = None
    venue_id: UUID | None = None
    city_key: str = ""
    country_code: str = ""
    since: date | None = None
    before: date | None = None
    query: str | None = None  # a tsquery


class _Order(msgspec.Struct, frozen=True):
    after: LiteralString
    order_by: LiteralString


_ORDERS: Final[dict[Sort, _Order]] = {
    "-held_on": _Order(
        "AND (c.held_on, c.id) < ($3::date, $4::uuid)", "ORDER BY c.held_on DESC, c.id DESC"
    ),
    "held_on": _Order("AND (c.held_on, c.id) > ($3::date, $4::uuid)", "ORDER BY c.held_on, c.id"),
    "-created_at": _Order("AND $3::date IS NOT NULL AND c.id < $4::uuid", "ORDER BY c.id DESC"),
}


async def page(
    read: Read,
    owner_id: UUID,
    condition: Condition,
    *,
    sort: Sort,
    after: tuple[date, UUID] | None,
    limit: int,
) -> list[ConcertItemRow]:
    """A page of somebody's concerts; `after` is the day and the id of the one before it."""
    return await read.fetch(
        _select(condition, _ORDERS[sort], after),
        ConcertItemRow,
        owner_id,
        limit,
        *(after or (None, None)),
        condition.artist_id,
        condition.venue_id,
        condition.city_key,
        condition.country_code,
        condition.since,
        condition.before,
        condition.query,
    )


def _select(condition: Condition, order: _Order, after: object) -> LiteralString:
    """The page first, then what belongs to its rows."""
    where: LiteralString = "\n    ".join((*_conditions(condition), _after(order, after)))
    return f"""
SELECT {ITEM_FIELDS} FROM (
  SELECT c.* FROM concerts c
  WHERE c.owner_id = $1 AND c.deleted_at IS NULL
    {where}
  {order.order_by} LIMIT $2) c {JOINED}
{order.order_by}
"""  # noqa: S608  # literals alone


def _after(order: _Order, after: object) -> LiteralString:
    return order.after if after else "AND $3::date IS NULL AND $4::uuid IS NULL"


def _conditions(asked: Condition) -> tuple[LiteralString, ...]:
    """Each stands for its parameter, also where it lets all through: it needs a type."""
    artist: LiteralString = """AND EXISTS (SELECT FROM concert_bill b
      WHERE b.owner_id = $1 AND b.concert_id = c.id AND b.artist_id = $5::uuid)"""
    return (
        artist if asked.artist_id else "AND $5::uuid IS NULL",
        "AND c.venue_id = $6::uuid" if asked.venue_id else "AND $6::uuid IS NULL",
        "AND c.city_key = $7::text" if asked.city_key else "AND $7::text = ''",
        "AND c.country_code = $8::text" if asked.country_code else "AND $8::text = ''",
        "AND c.held_on >= $9::date" if asked.since else "AND $9::date IS NULL",
        "AND c.held_on < $10::date" if asked.before else "AND $10::date IS NULL",
        "AND c.search @@ $11::text::tsquery" if asked.query else "AND $11::text IS NULL",
    )


# The nearest few of those before and after a day, so that each looks into one place of an index.
_NEAR: Final = f"""
SELECT {ITEM_FIELDS} FROM (
  SELECT near.* FROM (
    (SELECT c.* FROM concerts c
      WHERE c.owner_id = $1 AND c.deleted_at IS NULL AND c.held_on >= $2::date
      ORDER BY c.held_on, c.id LIMIT $3)
    UNION ALL
    (SELECT c.* FROM concerts c
      WHERE c.owner_id = $1 AND c.deleted_at IS NULL AND c.held_on < $2::date
      ORDER BY c.held_on DESC, c.id DESC LIMIT $3)) near
  ORDER BY abs(near.held_on - $2::date), near.held_on DESC, near.id LIMIT $3) c {JOINED}
ORDER BY abs(c.held_on - $2::date), c.held_on DESC, c.id
"""  # noqa: S608  # literals alone


async def near(read: Read, owner_id: UUID, day: date, limit: int) -> list[ConcertItemRow]:
    """Somebody's concerts whose days are nearest to one, the nearest first."""
    return await read.fetch(_NEAR, ConcertItemRow, owner_id, day, limit)


# Those without a time come last; the owner's partition is named by `$1`.
_PHOTOS: Final = f"""
SELECT {PHOTO_FIELDS} FROM photos p
WHERE p.owner_id = $1 AND p.concert_id = $2 AND p.deleted_at IS NULL
  AND ($3::uuid IS NULL
    OR (coalesce(p.taken_at, 'infinity'), p.id) > (coalesce($4::timestamp, 'infinity'), $3::uuid))
ORDER BY coalesce(p.taken_at, 'infinity'), p.id LIMIT $5
"""  # noqa: S608  # literals alone


async def photos(
    read: Read, owner_id: UUID, concert_id: UUID, after: tuple[object, UUID] | None, limit: int
) -> list[PhotoItemRow]:
    """A page of a concert's photos, in the order in which they were taken."""
    taken_at, photo_id = after or (None, None)
    args = (owner_id, concert_id, photo_id, taken_at, limit)
    return await read.fetch(_PHOTOS, PhotoItemRow, *args)


class NameRow(msgspec.Struct, frozen=True):
    """An artist or a venue with its sort key; what the other one has is empty."""

    id: UUID
    name: str
    sort_key: str
    n: int
    mbid: str
    url: str
    city: str
    country_code: str
    latitude: float | None
    longitude: float | None


_NAMED: Final[dict[str, LiteralString]] = {
    "artists": """SELECT t.id, t.name, t.sort_key, t.n, t.mbid, t.url, '' AS city,
  '' AS country_code, NULL::float8 AS latitude, NULL::float8 AS longitude
FROM concert_artists t""",
    "venues": """SELECT t.id, t.name, t.sort_key, t.n, '' AS mbid, '' AS url, t.city,
  t.country_code, t.latitude, t.longitude
FROM concert_venues t""",
}
_BY_NAME: Final[dict[NameSort, _Order]] = {
    "-concert_count": _Order(
        "AND (t.n, t.id) < ($3::int, $5::uuid) AND $4::text IS NOT NULL",
        "ORDER BY t.n DESC, t.id DESC",
    ),
    "name": _Order(
        "AND (t.sort_key, t.id) > ($4::text, $5::uuid) AND $3::int IS NOT NULL",
        "ORDER BY t.sort_key, t.id",
    ),
}


async def names(
    read: Read,
    kind: str,
    owner_id: UUID,
    *,
    query: str,
    sort: NameSort,
    after: tuple[int, str, UUID] | None,
    limit: int,
) -> list[NameRow]:
    """A page of the `artists` or `venues` of a history; `query` is what their names begin with."""
    order = _BY_NAME[sort]
    further = order.after if after else "AND num_nulls($3::int, $4::text, $5::uuid) = 3"
    sql: LiteralString = f"""
{_NAMED[kind]}
WHERE t.owner_id = $1 AND t.n > 0 {further}
  AND ($6::text = '' OR strpos(' ' || t.name_key, ' ' || $6) > 0)
{order.order_by} LIMIT $2
"""
    return await read.fetch(sql, NameRow, owner_id, limit, *(after or (None,) * 3), query)


async def name(read: Read, kind: str, owner_id: UUID, name_id: UUID) -> NameRow | None:
    """One artist or venue of a history."""
    sql: LiteralString = f"{_NAMED[kind]} WHERE t.owner_id = $1 AND t.id = $2 AND t.n > 0"
    return await read.fetch_one(sql, NameRow, owner_id, name_id)


_SPAN_OF_ARTIST: Final = """
SELECT min(c.held_on) AS first_on, max(c.held_on) AS last_on FROM concert_bill b
JOIN concerts c ON c.owner_id = b.owner_id AND c.id = b.concert_id AND c.deleted_at IS NULL
WHERE b.owner_id = $1 AND b.artist_id = $2
"""
_SPAN_OF_VENUE: Final = """
SELECT min(held_on) AS first_on, max(held_on) AS last_on FROM concerts
WHERE owner_id = $1 AND venue_id = $2 AND deleted_at IS NULL
"""


async def span(read: Read, kind: str, owner_id: UUID, name_id: UUID) -> Span:
    """From when to when an artist was seen, or one was at a venue."""
    sql = _SPAN_OF_ARTIST if kind == "artists" else _SPAN_OF_VENUE
    found = await read.fetch_one(sql, Span, owner_id, name_id)
    return found or Span(None, None)


_POINTS: Final = """
SELECT id, name, sort_key, n, '' AS mbid, '' AS url, city, country_code, latitude,
  longitude
FROM concert_venues
WHERE owner_id = $1 AND n > 0 AND latitude IS NOT NULL AND longitude IS NOT NULL
ORDER BY n DESC, id DESC LIMIT 2000
"""
_UNPLACED: Final = """
SELECT coalesce((SELECT concerts FROM histories WHERE owner_id = $1), 0)
  - coalesce((SELECT sum(n) FROM concert_venues
      WHERE owner_id = $1 AND n > 0 AND latitude IS NOT NULL), 0)
"""


async def points(read: Read, owner_id: UUID) -> list[NameRow]:
    """Venues whose place is known, where most was first."""
    return await read.fetch(_POINTS, NameRow, owner_id)


async def unplaced(read: Read, owner_id: UUID) -> int:
    """How many concerts were nobody knows where."""
    return max(int(await read.fetch_value(_UNPLACED, owner_id)), 0)
