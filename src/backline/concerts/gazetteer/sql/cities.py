"""The queries of cities: near a place, around many places, by how their names begin; loading."""

from collections.abc import Sequence
from typing import Final

import msgspec

from backline.concerts.gazetteer.models import City, NearCity
from backline.platform.database import Read, Write

_FIELDS: Final = """
c.id, c.name, c.country_code, c.region, c.zone, c.latitude, c.longitude, c.population
"""
_ONE: Final = f"SELECT {_FIELDS} FROM cities c WHERE c.id = $1"  # noqa: S608
# One cell or city after the other, whatever is known of how many there are (`OFFSET 0`): a table
# that was just filled mustn't be read as a whole. Distances are along the great circle (haversine).
_NEAR: Final = f"""
SELECT {_FIELDS}, distance_m FROM (
  SELECT {_FIELDS}, 2 * 6371008.8 * asin(least(1, sqrt(
    sin(radians(c.latitude - $2) / 2) ^ 2
    + cos(radians($2)) * cos(radians(c.latitude)) * sin(radians(c.longitude - $3) / 2) ^ 2
  ))) AS distance_m
  FROM unnest($1::integer[]) AS around (cell)
  CROSS JOIN LATERAL (SELECT * FROM cities WHERE cell = around.cell OFFSET 0) AS c
  WHERE c.population >= $5
) AS c
WHERE distance_m <= $4 ORDER BY distance_m, id LIMIT $6
"""  # noqa: S608  # literals alone
# For each of many places the one that it lies in: cities are circles as large as their people
# need, and the best is where the place is nearest to the middle for its size. Outside of all
# circles it is the nearest.
_AT: Final = f"""
SELECT DISTINCT ON (n) n, {_FIELDS} FROM (
  SELECT given.n, {_FIELDS}, 10.3 * sqrt(greatest(c.population, 200)) AS size_m,
    2 * 6371008.8 * asin(least(1, sqrt(
      sin(radians(c.latitude - given.latitude) / 2) ^ 2
      + cos(radians(given.latitude)) * cos(radians(c.latitude))
        * sin(radians(c.longitude - given.longitude) / 2) ^ 2
    ))) AS distance_m
  FROM unnest($1::integer[], $2::integer[], $3::double precision[], $4::double precision[])
    AS given (n, cell, latitude, longitude)
  CROSS JOIN LATERAL (SELECT * FROM cities WHERE cell = given.cell OFFSET 0) AS c
) AS c
WHERE distance_m <= $5
ORDER BY n, distance_m > size_m,
  CASE WHEN distance_m <= size_m THEN distance_m / size_m ELSE distance_m END, id
"""  # noqa: S608  # literals alone
# In the order of population; a city has many names, so more names are read than cities wanted.
_BY_TWO: Final = f"""
SELECT {_FIELDS} FROM (
  SELECT city_id, max(population) AS people FROM (
    SELECT city_id, population FROM city_names
    WHERE left(key, 2) = $1 AND population >= 15000 ORDER BY population DESC LIMIT $2
  ) AS named GROUP BY city_id ORDER BY people DESC, city_id LIMIT $3
) AS found
CROSS JOIN LATERAL (SELECT * FROM cities WHERE id = found.city_id OFFSET 0) AS c
ORDER BY c.population DESC, c.id
"""  # noqa: S608  # literals alone
_BY_THREE: Final = f"""
SELECT {_FIELDS} FROM (
  SELECT city_id, max(population) AS people FROM (
    SELECT city_id, population FROM city_names
    WHERE left(key, 3) = left($1, 3) AND starts_with(key, $1)
    ORDER BY population DESC LIMIT $2
  ) AS named GROUP BY city_id ORDER BY people DESC, city_id LIMIT $3
) AS found
CROSS JOIN LATERAL (SELECT * FROM cities WHERE id = found.city_id OFFSET 0) AS c
ORDER BY c.population DESC, c.id
"""  # noqa: S608  # literals alone
_VERSION: Final = "SELECT version FROM gazetteer_loaded WHERE what = 'cities'"
_NOTE: Final = """
INSERT INTO gazetteer_loaded (what, version) VALUES ('cities', $1)
ON CONFLICT (what) DO UPDATE SET version = excluded.version, loaded_at = now()
"""
# Two who load wait for each other; readers don't.
_ALONE: Final = "LOCK TABLE gazetteer_loaded IN SHARE ROW EXCLUSIVE MODE"
_EMPTY: Final = "DELETE FROM cities"
_EMPTY_NAMES: Final = "DELETE FROM city_names"
_ANALYZE: Final = "ANALYZE cities, city_names"
_COLUMNS: Final = (
    "id", "name", "country_code", "region", "zone", "latitude", "longitude", "population", "cell",
)  # fmt: skip
_NAME_COLUMNS: Final = ("key", "city_id", "population")


class _Near(City, frozen=True):
    """A city with how far it is, as one row."""

    distance_m: float


class _At(msgspec.Struct, frozen=True):
    n: int
    id: int
    name: str
    country_code: str
    region: str
    zone: str
    latitude: float
    longitude: float
    population: int


async def one(read: Read, city_id: int) -> City | None:
    """A city by GeoNames' id."""
    return await read.fetch_one(_ONE, City, city_id)


async def near(
    read: Read,
    cells: Sequence[int],
    at: tuple[float, float],
    within_m: float,
    least_population: int,
    limit: int,
) -> list[NearCity]:
    """Cities within a circle, the nearest first."""
    found = await read.fetch(_NEAR, _Near, cells, *at, within_m, least_population, limit)
    return [NearCity(_plain(one), one.distance_m) for one in found]


async def at(
    read: Read, places: Sequence[tuple[int, int, float, float]], within_m: float
) -> dict[int, City]:
    """For each place by its number the city that it lies in; a place comes with each of its cells.

    A place is its number, a cell, latitude, longitude.
    """
    numbers, cells, latitudes, longitudes = map(list, zip(*places, strict=True))
    found = await read.fetch(_AT, _At, numbers, cells, latitudes, longitudes, within_m)
    return {one.n: _plain(one) for one in found}


async def beginning(read: Read, key: str, names: int, limit: int) -> list[City]:
    """Cities one of whose names begins so, the largest first; `names` of these are looked at."""
    sql = _BY_TWO if len(key) <= 2 else _BY_THREE  # noqa: PLR2004
    return await read.fetch(sql, City, key, names, limit)


async def version(read: Read) -> str | None:
    """What is loaded."""
    return await read.fetch_value(_VERSION)


async def alone(tx: Write) -> None:
    """Keep everybody else who loads waiting until `tx` ends."""
    await tx.execute(_ALONE)


async def empty(tx: Write) -> None:
    """Remove all cities."""
    await tx.execute(_EMPTY_NAMES)
    await tx.execute(_EMPTY)


async def add(tx: Write, rows: Sequence[Sequence[object]]) -> None:
    """Append cities: id, name, country, region, zone, latitude, longitude, population, cell."""
    await tx.copy_rows("cities", _COLUMNS, rows)


async def add_names(tx: Write, rows: Sequence[Sequence[object]]) -> None:
    """Append names: key, city, population."""
    await tx.copy_rows("city_names", _NAME_COLUMNS, rows)


async def note(tx: Write, version: str) -> None:
    """Remember what was loaded, and have the planner know it."""
    await tx.execute(_NOTE, version)
    await tx.execute(_ANALYZE)


def _plain(found: _Near | _At) -> City:
    return City(*(getattr(found, field) for field in City.__struct_fields__))
