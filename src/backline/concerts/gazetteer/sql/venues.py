"""The queries of venues: near a place, in a city, by how their names begin; keeping them."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from backline.concerts.gazetteer.models import City, NearVenue, NewVenue, Venue
from backline.platform.database import Read, Write

_FIELDS: Final = """
v.id, v.source, v.source_id, v.kind, v.name, v.other_names, v.latitude, v.longitude, v.reach_m,
v.outline, v.city_id,
coalesce((SELECT c.name FROM cities c WHERE c.id = v.city_id), '') AS city,
v.country_code, v.capacity
"""
# Along the great circle (haversine), from ($2, $3).
_DISTANCE: Final = """
2 * 6371008.8 * asin(least(1, sqrt(
  sin(radians(v.latitude - $2) / 2) ^ 2
  + cos(radians($2)) * cos(radians(v.latitude)) * sin(radians(v.longitude - $3) / 2) ^ 2
)))
"""
_ONE: Final = f"""
SELECT {_FIELDS} FROM venues v WHERE v.id = $1
"""  # noqa: S608  # literals alone
_MANY: Final = f"""
SELECT {_FIELDS} FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (id, n)
JOIN venues v ON v.id = asked.id ORDER BY asked.n
"""  # noqa: S608  # literals alone
_BY_SOURCE: Final = f"""
SELECT {_FIELDS} FROM venues v
WHERE v.source = $1 AND v.source_id = $2
"""  # noqa: S608  # literals alone
# One cell after the other, whatever is known of how many venues there are (`OFFSET 0`): a table
# that was just filled mustn't be read as a whole.
_NEAR: Final = f"""
SELECT {_FIELDS}, v.distance_m
FROM (
  SELECT v.*, {_DISTANCE} AS distance_m
  FROM unnest($1::integer[]) AS around (cell)
  CROSS JOIN LATERAL (SELECT * FROM venues WHERE cell = around.cell OFFSET 0) AS v
  WHERE {_DISTANCE} <= $4 AND ($5::text[] = '{{}}' OR v.search LIKE ANY ($5))
    AND (NOT $7 OR v.is_imported)
  ORDER BY distance_m, v.id LIMIT $6
) AS v
ORDER BY v.distance_m, v.id
"""  # noqa: S608  # literals alone
_WITHOUT_PLACE: Final = f"""
SELECT {_FIELDS} FROM venues v
WHERE v.city_id = $1 AND v.cell IS NULL AND v.search LIKE ANY ($2::text[])
ORDER BY v.id LIMIT $3
"""  # noqa: S608  # literals alone
_BEGINNING: Final = """
SELECT venue_id FROM venue_names WHERE key >= $1 AND key < $2 ORDER BY key LIMIT $3
"""
# What a file said isn't overwritten by what was asked for one by one, which says less.
_KEEP: Final = """
INSERT INTO venues AS known (id, source, source_id, is_imported, kind, name, other_names, search,
  latitude, longitude, cell, reach_m, outline, city_id, country_code, capacity)
SELECT id, source, source_id, is_imported, kind, name, other_names, search,
  latitude, longitude, cell, reach_m, outline, city_id, country_code, capacity
FROM jsonb_to_recordset($1::text::jsonb) AS given (
  id uuid, source text, source_id text, is_imported boolean, kind text, name text,
  other_names text[], search text, latitude double precision, longitude double precision,
  cell integer, reach_m real, outline double precision[], city_id integer, country_code text,
  capacity integer)
ON CONFLICT (source, source_id) DO UPDATE SET
  is_imported = excluded.is_imported, kind = excluded.kind, name = excluded.name,
  other_names = excluded.other_names, search = excluded.search, latitude = excluded.latitude,
  longitude = excluded.longitude, cell = excluded.cell, reach_m = excluded.reach_m,
  outline = excluded.outline, capacity = excluded.capacity,
  city_id = CASE
    WHEN excluded.city_id IS NOT NULL THEN excluded.city_id
    WHEN (known.latitude, known.longitude) IS NOT DISTINCT FROM
      (excluded.latitude, excluded.longitude) THEN known.city_id
  END,
  country_code = CASE WHEN excluded.country_code <> '' THEN excluded.country_code
    ELSE known.country_code END,
  updated_at = now()
WHERE (excluded.is_imported OR NOT known.is_imported)
  AND (known.is_imported, known.kind, known.name, known.other_names, known.latitude,
    known.longitude, known.reach_m, known.outline, known.capacity,
    coalesce(excluded.city_id, known.city_id))
  IS DISTINCT FROM (excluded.is_imported, excluded.kind, excluded.name, excluded.other_names,
    excluded.latitude, excluded.longitude, excluded.reach_m, excluded.outline, excluded.capacity,
    known.city_id)
RETURNING id, source, source_id, xmax = 0 AS is_new
"""
_DROP_NAMES: Final = "DELETE FROM venue_names WHERE venue_id = ANY ($1::uuid[])"
_NAME: Final = """
INSERT INTO venue_names (key, venue_id) SELECT * FROM unnest($1::text[], $2::uuid[])
ON CONFLICT DO NOTHING
"""
_UNSETTLED: Final = """
SELECT id, latitude, longitude FROM venues
WHERE city_id IS NULL AND cell IS NOT NULL AND id > $1 ORDER BY id LIMIT $2
"""
# The same, and whoever is in none or in one that is gone. One city after the other is looked up:
# a join would read all of them for each batch.
_ASTRAY: Final = """
SELECT id, latitude, longitude FROM venues v
WHERE cell IS NOT NULL AND id > $1
  AND (SELECT c.id FROM cities c WHERE c.id = v.city_id) IS NULL
ORDER BY id LIMIT $2
"""
_SETTLE: Final = """
UPDATE venues v SET city_id = given.city_id,
  country_code = CASE WHEN given.country_code <> '' THEN given.country_code
    ELSE v.country_code END,
  updated_at = now()
FROM unnest($1::uuid[], $2::double precision[], $3::double precision[], $4::integer[], $5::text[])
  AS given (id, latitude, longitude, city_id, country_code)
WHERE v.id = given.id AND v.latitude = given.latitude AND v.longitude = given.longitude
  AND v.city_id IS DISTINCT FROM given.city_id
"""


class _Near(Venue, frozen=True):
    """A venue with how far it is, as one row."""

    distance_m: float


class Returned(msgspec.Struct, frozen=True):
    """What became of a venue that was given."""

    id: UUID
    source: str
    source_id: str
    is_new: bool


class Unsettled(msgspec.Struct, frozen=True):
    """A venue whose city nobody has looked for."""

    id: UUID
    latitude: float
    longitude: float


class Row(NewVenue, frozen=True, kw_only=True):
    """A venue to be kept, with what was made of it."""

    id: UUID
    is_imported: bool
    search: str
    cell: int | None


async def one(read: Read, venue_id: UUID) -> Venue | None:
    """A venue, if there is one of this id."""
    return await read.fetch_one(_ONE, Venue, venue_id)


async def many(read: Read, ids: Sequence[UUID]) -> list[Venue]:
    """Those that there are, in the order asked for."""
    return await read.fetch(_MANY, Venue, ids)


async def by_source(read: Read, source: str, source_id: str) -> Venue | None:
    """A venue by what its source calls it."""
    return await read.fetch_one(_BY_SOURCE, Venue, source, source_id)


async def near(
    read: Read,
    cells: Sequence[int],
    at: tuple[float, float],
    within_m: float,
    limit: int,
    *,
    patterns: Sequence[str] = (),
    imported: bool = False,
) -> list[NearVenue]:
    """Venues within a circle, the nearest first; any of `patterns` fits their words, if given."""
    asked = (cells, *at, within_m, patterns, limit, imported)
    found = await read.fetch(_NEAR, _Near, *asked)
    return [NearVenue(_plain(one), one.distance_m) for one in found]


async def without_place(
    read: Read, city_id: int, patterns: Sequence[str], limit: int
) -> list[Venue]:
    """Venues of a city that have no position, by patterns of their words."""
    return await read.fetch(_WITHOUT_PLACE, Venue, city_id, patterns, limit)


async def beginning(read: Read, key: str, before: str, limit: int) -> list[UUID]:
    """Venues one of whose names has a word from which on it begins so; some maybe repeatedly."""
    return await read.fetch_values(_BEGINNING, key, before, limit)


async def keep(tx: Write, rows: Sequence[Row]) -> list[Returned]:
    """Add or change venues, each once; those that are as they were aren't returned."""
    given = msgspec.json.encode(rows).decode()
    return await tx.fetch(_KEEP, Returned, given)


async def name(tx: Write, keys: Sequence[tuple[str, UUID]], ids: Sequence[UUID]) -> None:
    """Have `ids` found by `keys` and by nothing else."""
    await tx.execute(_DROP_NAMES, ids)
    await tx.execute(_NAME, [key for key, _ in keys], [venue_id for _, venue_id in keys])


async def unsettled(read: Read, after: UUID, limit: int, *, astray: bool) -> list[Unsettled]:
    """Venues whose city nobody has looked for, by id; with `astray` those whose city is gone, too.

    The latter looks at all venues.
    """
    return await read.fetch(_ASTRAY if astray else _UNSETTLED, Unsettled, after, limit)


async def settle(tx: Write, found: Sequence[tuple[Unsettled, City | None]]) -> int:
    """Note in which city venues are, or that they are in none; how many of them have changed.

    One that was moved meanwhile is passed over.
    """
    return await tx.execute(
        _SETTLE,
        [one.id for one, _ in found],
        [one.latitude for one, _ in found],
        [one.longitude for one, _ in found],
        [city.id if city else 0 for _, city in found],
        [city.country_code if city else "" for _, city in found],
    )


def _plain(found: _Near) -> Venue:
    return Venue(*(getattr(found, field) for field in Venue.__struct_fields__))
