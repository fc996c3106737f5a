"""Nominatim: what is at a point; once a second for the whole installation."""

from typing import Final
from uuid import UUID

from msgspec import Struct, field

from backline.concerts.outside.answers import Answers
from backline.concerts.outside.asking import Asker
from backline.concerts.outside.models import Address
from backline.concerts.outside.terms import Terms
from backline.platform.database import Database
from backline.platform.jobs import Later
from backline.platform.outside.client import Call

SERVICE: Final = "Nominatim"
KIND: Final = "nominatim addresses"
TERMS: Final = Terms(SERVICE, count=1, span_s=1.0)

_DECIMALS: Final = 4
_MONTH_S: Final = 30 * 86_400.0
_WANTED: Final = {
    "format": "jsonv2",
    "zoom": "18",
    "addressdetails": "1",
    "extratags": "1",
    "namedetails": "1",
}


class _Found(Struct):
    error: str | dict[str, object] | None = None
    osm_type: str = ""
    osm_id: int = 0
    type: str = ""
    name: str | None = None
    lat: str = ""
    lon: str = ""
    address: dict[str, str] = field(default_factory=dict[str, str])


class Nominatim:
    """The service at an address."""

    def __init__(self, asker: Asker, database: Database, *, url: str) -> None:
        self._asker, self._answers = asker, Answers(database, SERVICE)
        self._url = f"{url.rstrip('/')}/reverse"

    async def at(self, owner_id: UUID, latitude: float, longitude: float) -> Address | None:
        """What is at a point, to ten metres; None: nothing that it knows.

        Raises:
            Later: not now.
        """
        lat, lon = f"{latitude:.{_DECIMALS}f}", f"{longitude:.{_DECIMALS}f}"

        async def ask() -> bytes:
            call = Call("GET", self._url, _WANTED | {"lat": lat, "lon": lon})
            reply = await self._asker.ask(TERMS, owner_id, call)
            if reply.status != 200:  # noqa: PLR2004
                raise Later(f"Nominatim answers with {reply.status}.", after_s=3_600.0)
            return reply.body

        found = await self._answers.get(KIND, f"{lat},{lon}", _Found, ask, lambda _: _MONTH_S)
        return None if found.error is not None or not found.osm_id else _address(found)


def _address(found: _Found) -> Address:
    place = (found.address.get(key) for key in ("city", "town", "village", "municipality"))
    return Address(
        osm_id=f"{found.osm_type}/{found.osm_id}",
        kind=found.type,
        name=found.name or "",
        city=next((name for name in place if name), ""),
        country_code=found.address.get("country_code", "").upper(),
        latitude=float(found.lat),
        longitude=float(found.lon),
    )
