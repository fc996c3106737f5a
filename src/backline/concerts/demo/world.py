"""The world of the sample photos, behind a stand-in for setlist.fm that speaks its contract.

It has answers and a budget of its own, so that neither what is asked nor what is kept of the real
services has anything of it.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

from backline import __version__
from backline.concerts.demo.land import SampleLand
from backline.concerts.demo.services import setlistfm as stand_ins
from backline.concerts.demo.services.known import Place as Known
from backline.concerts.demo.services.server import serving
from backline.concerts.history.making import key_of
from backline.concerts.history.surroundings import NOTED_M, CityAround, World
from backline.concerts.matching import NEAR_M, Place, Venue
from backline.concerts.matching.geometry import distance_m
from backline.concerts.outside import SetlistFm
from backline.concerts.outside.asking import Asker
from backline.concerts.outside.terms import Terms
from backline.platform.database import Database
from backline.platform.outside.client import OutsideClient

_SERVICE: Final = "sample shows"
_KEY: Final = "sample"
_PER_SECOND: Final = 20


class _Sampled:
    """The surroundings of the sample nights."""

    def __init__(self, land: SampleLand) -> None:
        self._land = land

    async def venues(self, owner_id: UUID, place: Place) -> list[Venue]:  # noqa: ARG002  # nobody is charged
        """As `Surroundings.venues`."""
        found = self._land.places(place.latitude, place.longitude, NEAR_M)
        return [_venue(one) for one in found]

    async def cities(self, place: Place) -> list[CityAround]:
        """As `Surroundings.cities`."""
        return [
            CityAround(city.geonames_id, city.country_code, away_m)
            for city in self._land.cities
            for away_m in [
                distance_m(place.latitude, place.longitude, city.latitude, city.longitude)
            ]
            if away_m <= NOTED_M
        ]

    async def names(self, place: Place) -> set[str]:
        """As `Surroundings.names`."""
        near = {one.id for one in await self.cities(place)}
        return {key_of(city.name) for city in self._land.cities if city.geonames_id in near}

    async def has_namesake(self, venue: str, alike: float, city_id: int, place: Place) -> bool:  # noqa: ARG002  # no two have one name
        """As `Surroundings.has_namesake`."""
        return False


@asynccontextmanager
async def opened(database: Database) -> AsyncGenerator[World]:
    """The stand-in, served on this machine, and a client for it."""
    land = SampleLand()
    service = stand_ins.SetlistFm(land, key=_KEY, per_second=10 * _PER_SECOND, per_day=10**6)
    client = OutsideClient(f"Backline/{__version__} (samples)")
    terms = Terms(_SERVICE, count=_PER_SECOND, span_s=1.0)
    async with serving(service) as stand_in:
        try:
            asker = Asker(database, client)
            url = stand_in.url
            shows = SetlistFm(asker, database, url=url, key=_KEY, terms=terms, kept_as=_SERVICE)
            yield World(_Sampled(land), shows)
        finally:
            await client.close()


def _venue(one: Known) -> Venue:
    return Venue(one.osm_id, (one.tags["name"],), one.latitude, one.longitude, kind=one.kind)
