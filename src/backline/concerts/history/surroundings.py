"""What is around a place: venues and cities, by the gazetteer, and by a map service without it."""

from collections.abc import Sequence
from typing import Final, Protocol
from uuid import UUID

from msgspec import Struct

from backline.concerts.gazetteer import City, NearCity, cities, venues
from backline.concerts.gazetteer.asking import ask_around
from backline.concerts.history.making import key_of
from backline.concerts.matching import NEAR_M, Place, Venue
from backline.concerts.matching.geometry import distance_m
from backline.concerts.outside import Outside, SetlistFm
from backline.platform.database import Database
from backline.platform.jobs import Later

NOTED_M: Final = 60_000.0
_BESIDE: Final = 2  # cities around, besides those that a place lies in
_CITIES_M: Final = 30_000.0
_TOWN: Final = 15_000  # people; setlist.fm files few shows under smaller ones
_TOWNS: Final = 500  # around a place; no region has more
_NO_CITIES: Final = "The names of cities are being loaded, as once after an installation."
_LOADED_S: Final = 10.0


class CityAround(Struct, frozen=True):
    """A city of GeoNames that a show may be filed under; `beyond_m` is how far its ground is."""

    id: int
    country_code: str
    beyond_m: float


class Surroundings(Protocol):
    """Who tells what is around a place."""

    async def venues(self, owner_id: UUID, place: Place) -> list[Venue]:
        """The venues around, on behalf of somebody.

        Raises:
            Later: nobody can tell now.
        """
        ...

    async def cities(self, place: Place) -> list[CityAround]:
        """The cities that a show at a place may be filed under, the likeliest first.

        Raises:
            Later: nobody can tell now.
        """
        ...

    async def names(self, place: Place) -> set[str]:
        """The keys of the names of all cities within `NOTED_M`."""
        ...

    async def has_namesake(self, venue: str, alike: float, city_id: int, place: Place) -> bool:
        """Whether a show of a city and a venue is rather another's than that of one at a place.

        It is if the other one's name is as much like it (`alike` up to 1), and the city nearer.
        """
        ...


class World(Struct, frozen=True):
    """Whom to ask about a session: what is around, and what was on (None: nobody tells)."""

    surroundings: Surroundings
    setlistfm: SetlistFm | None


class Mapped:
    """The gazetteer; where it knows nothing, services are asked and what they say is kept."""

    def __init__(self, database: Database, outside: Outside) -> None:
        self._database, self._outside = database, outside

    async def venues(self, owner_id: UUID, place: Place) -> list[Venue]:
        """As `Surroundings.venues`."""
        at = (place.latitude, place.longitude)
        await ask_around(self._database, self._outside, owner_id, *at)
        async with self._database.read() as read:
            near = await venues.near(read, *at)
        return [one for one in map(venues.evidence, (n.venue for n in near)) if one is not None]

    async def cities(self, place: Place) -> list[CityAround]:
        """As `Surroundings.cities`."""
        at = (place.latitude, place.longitude)
        async with self._database.read() as read:
            here = await cities.at(read, *at)
            around = await cities.near(
                read, *at, within_m=_CITIES_M, least_population=_TOWN, limit=_TOWNS
            )
            if here is None and not await cities.are_loaded(read):
                raise Later(_NO_CITIES, after_s=_LOADED_S)
        if here is not None:
            around.append(NearCity(here, distance_m(*at, here.latitude, here.longitude)))
        return [
            CityAround(one.city.id, one.city.country_code, max(-_within_m(one), 0.0))
            for one in _likeliest(around, here)
        ]

    async def names(self, place: Place) -> set[str]:
        """As `Surroundings.names`."""
        async with self._database.read() as read:
            beside = await cities.near(read, place.latitude, place.longitude, within_m=NOTED_M)
        return {key_of(one.city.name) for one in beside}

    async def has_namesake(self, venue: str, alike: float, city_id: int, place: Place) -> bool:
        """As `Surroundings.has_namesake`."""
        async with self._database.read() as read:
            city = await cities.get(read, city_id)
            if city is None:
                return False
            namesakes = await venues.called(read, venue, city_id)
        middle = (city.latitude, city.longitude)
        away_m = distance_m(*middle, place.latitude, place.longitude)
        return any(
            distance_m(*middle, one.latitude, one.longitude) < away_m
            and distance_m(one.latitude, one.longitude, place.latitude, place.longitude) > NEAR_M
            for one in (called.venue for called in namesakes if called.likeness >= alike)
            if one.latitude is not None and one.longitude is not None
        )


def _likeliest(around: Sequence[NearCity], here: City | None) -> list[NearCity]:
    """Where setlist.fm may file what is on at a place that lies in `here`, the likeliest first.

    GeoNames knows districts as cities of their own: Paris is further off than many of its parts,
    as is Brooklyn. So of the cities whose ground a place lies in the largest comes first, then
    `here`, then the others by their people; then those in which it lies deepest for their size. At
    last come the towns that have grown together with the largest one, under any of which a venue
    in its ground may be filed.
    """
    deepest = sorted(around, key=lambda one: one.distance_m / venues.radius_m(one.city))
    holding = sorted(
        (one for one in deepest if _within_m(one) >= 0), key=lambda one: -one.city.population
    )
    ours = [one for one in deepest if here is not None and one.city.id == here.id]
    grown = [one for one in deepest if holding and _is_part(one.city, holding[0].city)]
    ranked = [*holding[:1], *ours, *holding, *deepest[:_BESIDE], *grown]
    return list({one.city.id: one for one in ranked}.values())


def _within_m(one: NearCity) -> float:
    """How deep a place lies within a city's ground; less than 0 outside."""
    return venues.radius_m(one.city) - one.distance_m


def _is_part(city: City, whole: City) -> bool:
    """Whether a city's middle lies within the ground of another."""
    apart_m = distance_m(city.latitude, city.longitude, whole.latitude, whole.longitude)
    return apart_m <= venues.radius_m(whole)
