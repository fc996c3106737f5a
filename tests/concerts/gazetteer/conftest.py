"""A few venues and cities, put where tests want them."""

import zlib
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from backline.concerts.gazetteer import NewVenue, naming, venues
from backline.concerts.gazetteer.grid import CITIES
from backline.concerts.gazetteer.sql import cities as cities_sql
from backline.platform.database import Database

BERLIN, KREUZBERG, POTSDAM, FUNAFUTI, WERDER = 2950159, 2885657, 2852458, 2110394, 2811899
# Id, name, country, region, zone, latitude, longitude, population.
CITY_ROWS: Sequence[tuple[int, str, str, str, str, float, float, int]] = (
    (BERLIN, "Berlin", "DE", "16", "Europe/Berlin", 52.52437, 13.41053, 3_426_354),
    (KREUZBERG, "Kreuzberg", "DE", "16", "Europe/Berlin", 52.49973, 13.40338, 153_135),
    (POTSDAM, "Potsdam", "DE", "11", "Europe/Berlin", 52.39886, 13.06566, 145_292),
    (WERDER, "Werder", "DE", "11", "Europe/Berlin", 52.37874, 12.93400, 900),
    (FUNAFUTI, "Funafuti", "TV", "FUN", "Pacific/Funafuti", -8.52425, 179.99, 4_492),
)
OTHER_NAMES = {BERLIN: ("Berlijn", "Берлин", "Berlino")}


async def keep(database: Database, *given: NewVenue, imported: bool = False) -> None:
    async with database.write() as tx:
        await venues.keep(tx, given, imported=imported)


def venue(name: str, latitude: float, longitude: float, **more: object) -> NewVenue:
    """A venue of OpenStreetMap, known by its name."""
    made = NewVenue(
        "osm", f"node/{zlib.crc32(name.encode())}", "music_venue", name,
        latitude=latitude, longitude=longitude,
    )  # fmt: skip
    return replace(made, **more)


@pytest.fixture
async def globe(database: Database) -> Database:
    """A database with those cities."""
    names = [
        (naming.typed(name), row[0], row[7])
        for row in CITY_ROWS
        for name in (row[1], *OTHER_NAMES.get(row[0], ()))
    ]
    async with database.write() as tx:
        await cities_sql.add(tx, [(*row, CITIES.cell(row[5], row[6])) for row in CITY_ROWS])
        await cities_sql.add_names(tx, names)
        await cities_sql.note(tx, "test")
    return database
