"""A history in figures: how many concerts by year, weekday, artist, venue, city and country."""

from collections import Counter
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from backline.concerts.history import making
from backline.concerts.history.models import Year
from backline.concerts.sql import statistics as sql
from backline.concerts.sql.statistics import MOST_NAMES, FigureRow
from backline.platform.actor import Actor
from backline.platform.database import Read

_WEEKDAYS: Final = 7


class ArtistCount(msgspec.Struct, frozen=True):
    """How often one saw somebody."""

    id: UUID
    name: str
    count: int


class VenueCount(msgspec.Struct, frozen=True):
    """How often one was at a venue."""

    id: UUID
    name: str
    city: str
    country_code: str
    count: int


class CityCount(msgspec.Struct, frozen=True):
    """How many concerts one saw in a city, as it is written most often."""

    city: str
    country_code: str
    count: int


class CountryCount(msgspec.Struct, frozen=True):
    """How many concerts one saw in a country (ISO 3166-1)."""

    country_code: str
    count: int


class Statistics(msgspec.Struct, frozen=True):
    """A history in figures.

    `years` are those with concerts, the first first; `weekdays` count from Monday to Sunday. Of
    artists, venues and cities these are the twenty with most concerts; `artist_count` and the
    like are how many there are in all.
    """

    concert_count: int
    artist_count: int
    venue_count: int
    city_count: int
    years: list[Year]
    weekdays: list[int]
    artists: list[ArtistCount]
    venues: list[VenueCount]
    cities: list[CityCount]
    countries: list[CountryCount]


async def get(read: Read, actor: Actor) -> Statistics:
    """The actor's history in figures."""
    rows: dict[str, list[FigureRow]] = {}
    for row in await sql.figures(read, actor.user_id):
        rows.setdefault(row.measure, []).append(row)
    by_weekday = {int(row.key): row.n for row in rows.get("weekday", ())}
    cities = _cities(rows.get("city", ()))
    years = [Year(int(row.key), row.n) for row in reversed(rows.get("year", ()))]
    return Statistics(
        concert_count=sum(year.count for year in years),
        artist_count=sum(row.n for row in rows.get("artists", ())),
        venue_count=sum(row.n for row in rows.get("venues", ())),
        city_count=len(cities),
        years=years,
        weekdays=[by_weekday.get(day, 0) for day in range(1, _WEEKDAYS + 1)],
        artists=[
            ArtistCount(row.id, row.key, row.n)
            for row in rows.get("artist", ())
            if row.id is not None
        ],
        venues=[
            VenueCount(row.id, row.key, row.place, row.country_code, row.n)
            for row in rows.get("venue", ())
            if row.id is not None
        ],
        cities=cities[:MOST_NAMES],
        countries=[CountryCount(row.key, row.n) for row in rows.get("country", ())],
    )


def _cities(rows: Sequence[FigureRow]) -> list[CityCount]:
    """The cities with most concerts first; spellings that differ in case and accents are one."""
    totals: Counter[tuple[str, str]] = Counter()
    spellings: dict[tuple[str, str], str] = {}
    for row in rows:
        country_code, _, city = row.key.partition("/")
        key = (country_code, making.key_of(city))
        totals[key] += row.n
        spellings.setdefault(key, city)  # the most frequent comes first
    return [CityCount(spellings[key], key[0], n) for key, n in totals.most_common()]
