"""Overpass: venues around a point, where no extract was imported; one query at a time."""

import contextlib
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct, field

from backline.concerts.outside.answers import Answers
from backline.concerts.outside.asking import Asker
from backline.concerts.outside.models import MapVenue
from backline.concerts.outside.terms import Terms
from backline.platform.database import Database
from backline.platform.jobs import Later
from backline.platform.outside.client import Call

SERVICE: Final = "Overpass"
KIND: Final = "overpass venues"
TERMS: Final = Terms(SERVICE, count=1, span_s=1.0, alone_s=30.0, rest_s=30.0)

_AROUND_M: Final = 300
# Points are rounded to a grid of about 100 m, so that neighbours share answers.
_DECIMALS: Final = 3
_MONTH_S: Final = 30 * 86_400.0
_QUERY: Final = (
    "[out:json][timeout:10];("
    'nwr(around:{around},{lat:.3f},{lon:.3f})["amenity"~'
    '"^(music_venue|nightclub|theatre|concert_hall|arts_centre|events_venue|stage)$"];'
    'nwr(around:{around},{lat:.3f},{lon:.3f})["leisure"~"^(stadium|bandstand|park)$"];'
    ");out center tags;"
)


class _Centre(Struct):
    lat: float
    lon: float


class _Element(Struct):
    type: str
    id: int
    lat: float | None = None
    lon: float | None = None
    center: _Centre | None = None
    tags: dict[str, str] = field(default_factory=dict[str, str])


class _Found(Struct):
    elements: list[_Element]


class _Remark(Struct):
    remark: str = ""


class Overpass:
    """The interpreter at an address."""

    def __init__(self, asker: Asker, database: Database, *, url: str) -> None:
        self._asker, self._answers = asker, Answers(database, SERVICE)
        self._url = f"{url.rstrip('/')}/api/interpreter"

    async def around(self, owner_id: UUID, latitude: float, longitude: float) -> list[MapVenue]:
        """The named venues within 300 m or a little more, whoever asked first.

        Raises:
            Later: not now.
        """
        lat, lon = round(latitude, _DECIMALS), round(longitude, _DECIMALS)

        async def ask() -> bytes:
            query = _QUERY.format(around=_AROUND_M, lat=lat, lon=lon)
            call = Call("POST", self._url, form={"data": query})
            reply = await self._asker.ask(TERMS, owner_id, call)
            if reply.status != 200:  # noqa: PLR2004
                raise Later(f"Overpass answers with {reply.status}.", after_s=3_600.0)
            return _whole(reply.body)

        found = await self._answers.get(KIND, f"{lat},{lon}", _Found, ask, lambda _: _MONTH_S)
        return [one for one in map(_venue, found.elements) if one is not None]


def _whole(body: bytes) -> bytes:
    """The answer, unless it is a failure within a 200, which nobody may keep."""
    with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError):
        remark = msgspec.json.decode(body, type=_Remark).remark
        if remark:
            raise Later(f"Overpass gave up: {remark[:100]}", after_s=300.0)
    return body


def _venue(one: _Element) -> MapVenue | None:
    """In our words; what has no name or no place is left out."""
    at = one.center
    if one.lat is not None and one.lon is not None:
        at = _Centre(one.lat, one.lon)
    name = one.tags.get("name", "")
    if at is None or not name:
        return None
    others = (one.tags.get(key, "") for key in ("alt_name", "old_name", "short_name"))
    return MapVenue(
        osm_id=f"{one.type}/{one.id}",
        kind=one.tags.get("amenity") or one.tags.get("leisure", ""),
        name=name,
        other_names=tuple(part for other in others for part in other.split(";") if part),
        latitude=at.lat,
        longitude=at.lon,
    )
