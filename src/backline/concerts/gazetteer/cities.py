"""Cities: around a place, the one that a place lies in, as somebody types."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from backline.concerts.gazetteer import naming
from backline.concerts.gazetteer.grid import CITIES
from backline.concerts.gazetteer.models import City, CityHit, NearCity
from backline.concerts.gazetteer.sql import cities as sql
from backline.concerts.gazetteer.sql import venues as venues_sql
from backline.concerts.matching.geometry import distance_m
from backline.platform.cache import invalidate
from backline.platform.database import Database, Read

TAG: Final = "cities"
VENUES_TAG: Final = "venues"
LEAST_TYPED: Final = 2

_WIDER_M: Final = (25_000.0, 100_000.0)
_NAMES: Final = 20  # of one city that begin alike
_BATCH: Final = 200
_FIRST: Final = UUID(int=0)


async def near(
    read: Read,
    latitude: float,
    longitude: float,
    *,
    within_m: float = 30_000.0,
    least_population: int = 0,
    limit: int = 100,
) -> list[NearCity]:
    """Cities whose middle lies within a circle of up to 400 km, the nearest first."""
    cells = CITIES.around(latitude, longitude, within_m)
    at = (latitude, longitude)
    return await sql.near(read, cells, at, within_m, least_population, limit)


async def at(read: Read, latitude: float, longitude: float) -> City | None:
    """The city that a place lies in, or the nearest within 100 km.

    A large city reaches further than a village: a place in its suburbs isn't the next village's.
    """
    for within_m in _WIDER_M:
        found = await _at(read, [(latitude, longitude)], within_m)
        if found[0] is not None:
            return found[0]
    return None


async def are_loaded(read: Read) -> bool:
    """Whether there are cities: after an installation it takes a while."""
    return await sql.version(read) is not None


async def get(read: Read, city_id: int) -> City | None:
    """A city by GeoNames' id."""
    return await sql.one(read, city_id)


async def suggest(
    read: Read, text: str, at: tuple[float, float] | None, *, limit: int = 20
) -> list[CityHit]:
    """Cities one of whose names begins so, the largest first, from two letters on.

    With `at` each says how far it is from there.
    """
    typed = naming.typed(text)
    if len(typed) < LEAST_TYPED:
        return []
    found = await sql.beginning(read, typed, limit * _NAMES, limit)
    return [hit(one, _away_m(one, at)) for one in found]


async def settle(database: Database, *, astray: bool = False) -> int:
    """Find out in which city venues are, in several transactions; how many were looked at.

    Those that nobody has looked for; with `astray` those, too, whose city isn't there any more.
    None while cities are still to be loaded.
    """
    count, after = 0, _FIRST
    while True:
        async with database.read() as read:
            if not await are_loaded(read):
                return count
            waiting = await venues_sql.unsettled(read, after, _BATCH, astray=astray)
            if not waiting:
                return count
            places = [(one.latitude, one.longitude) for one in waiting]
            found = await _at(read, places, _WIDER_M[0])
        async with database.write() as tx:
            if await venues_sql.settle(tx, list(zip(waiting, found, strict=True))):
                invalidate(tx, VENUES_TAG)
        count, after = count + len(waiting), waiting[-1].id


async def _at(
    read: Read, places: Sequence[tuple[float, float]], within_m: float
) -> list[City | None]:
    asked = [
        (n, cell, *place)
        for n, place in enumerate(places)
        for cell in CITIES.around(*place, within_m)
    ]
    found = await sql.at(read, asked, within_m)
    return [found.get(n) for n in range(len(places))]


def hit(city: City, away_m: float | None) -> CityHit:
    """A city as type-ahead shows it."""
    return CityHit(
        city.id,
        city.name,
        city.country_code,
        city.region,
        city.zone,
        city.latitude,
        city.longitude,
        city.population,
        None if away_m is None else round(away_m),
    )


def _away_m(city: City, at: tuple[float, float] | None) -> float | None:
    return None if at is None else distance_m(*at, city.latitude, city.longitude)
