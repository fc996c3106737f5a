"""What is around a place: venues and cities, by the gazetteer, and by a map service without it."""

from collections.abc import Sequence
from typing import Final, Protocol
from uuid import UUID

from msgspec import Struct

from backline.concerts.gazetteer import NearCity, cities, venues
from backline.concerts.gazetteer.asking import ask_around
from backline.concerts.history.making import key_of
from backline.concerts.matching import Place, Venue
from backline.concerts.matching.geometry import distance_m
from backline.concerts.outside import Outside, SetlistFm
from backline.platform.database import Database
from backline.platform.jobs import Later

NOTED_M: Final = 60_000.0
_CITIES: Final = 3
_CITIES_M: Final = 30_000.0
_TOWN: Final = 15_000  # people; setlist.fm files few shows under smaller ones
_TOWNS: Final = 500  # around a place; no region has more
_NO_CITIES: Final = "The names of cities are being loaded, as once after an installation."
_LOADED_S: Final = 10.0


class Surroundings(Protocol):
    """Who tells what is around a place."""

    async def venues(self, owner_id: UUID, place: Place) -> list[Venue]:
        """The venues around, on behalf of somebody.

        Raises:
            Later: nobody can tell now.
        """
        ...

    async def cities(self, place: Place) -> dict[int, float]:
        """The city that a place lies in, then others likely, each with its distance in metres.

        Raises:
            Later: nobody can tell now.
        """
        ...

    async def names(self, place: Place) -> set[str]:
        """The keys of the names of all cities within `NOTED_M`."""
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

    async def cities(self, place: Place) -> dict[int, float]:
        """As `Surroundings.cities`."""
        at = (place.latitude, place.longitude)
        async with self._database.read() as read:
            here = await cities.at(read, *at)
            around = await cities.near(
                read, *at, within_m=_CITIES_M, least_population=_TOWN, limit=_TOWNS
            )
            if here is None and not await cities.are_loaded(read):
                raise Later(_NO_CITIES, after_s=_LOADED_S)
        found: dict[int, float] = {}
        if here is not None:
            found[here.id] = distance_m(*at, here.latitude, here.longitude)
        for one in _likeliest(around):
            if len(found) < _CITIES:
                found.setdefault(one.city.id, one.distance_m)
        return found

    async def names(self, place: Place) -> set[str]:
        """As `Surroundings.names`."""
        async with self._database.read() as read:
            beside = await cities.near(read, place.latitude, place.longitude, within_m=NOTED_M)
        return {key_of(one.city.name) for one in beside}


def _likeliest(around: Sequence[NearCity]) -> list[NearCity]:
    """Where setlist.fm may file what is on at a place, the likeliest first.

    GeoNames knows districts as cities of their own: Paris is further off than many of its parts.
    So the largest city whose ground a place lies in comes first, then those in which it lies
    deepest for their size.
    """
    deepest = sorted(around, key=lambda one: one.distance_m / venues.radius_m(one.city))
    holding = [one for one in deepest if one.distance_m <= venues.radius_m(one.city)]
    largest = max(holding, key=lambda one: one.city.population, default=None)
    return deepest if largest is None else [largest, *deepest]
