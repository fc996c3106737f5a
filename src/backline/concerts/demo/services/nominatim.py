"""Nominatim's `/reverse`: what is at a point, in strings, and failures that look like success."""

import time
from http import HTTPStatus
from typing import Any, Final

from backline.concerts.demo.services.exchange import Answer, Refusal, Request, page, said, xml
from backline.concerts.demo.services.known import City, Land, Place
from backline.concerts.demo.services.pace import Clock, Pace

_ON_IT_M: Final = 40.0
_INHABITED_DEGREES: Final = 0.4
_LICENCE: Final = "Data © OpenStreetMap contributors, ODbL 1.0. http://osm.org/copyright"
_FORMATS: Final = {"json", "jsonv2"}


class Nominatim:
    """The place at a point, or a street of the nearest city; once a second."""

    def __init__(self, land: Land, *, clock: Clock = time.monotonic) -> None:
        self._land, self._pace = land, Pace(1, 1.0, clock)

    def answer(self, request: Request) -> Answer:
        """Manners first, then the point."""
        if not request.is_named:
            return page("Usage policy: identify your application.", HTTPStatus.FORBIDDEN)
        if request.path != "/reverse":
            return page("Not found.", HTTPStatus.NOT_FOUND)
        if not self._pace.allows():
            return self.refuse("too many")
        try:
            latitude, longitude = (float(request.query[name]) for name in ("lat", "lon"))
        except (KeyError, ValueError):
            return said(_fault(400, "Need coordinates in order"), HTTPStatus.BAD_REQUEST)
        found = self._at(latitude, longitude, request)
        if request.query.get("format", "xml") not in _FORMATS:
            return xml("reversegeocode", found)
        return said(found)

    def refuse(self, how: Refusal) -> Answer:
        """What fails half-way is an `error` within a 200."""
        if how in {"too many", "over quota"}:
            return page("Bandwidth limit exceeded.", HTTPStatus.TOO_MANY_REQUESTS)
        if how == "unavailable":
            return page("Backend is down.", HTTPStatus.SERVICE_UNAVAILABLE)
        return said({"error": "Unable to geocode"})

    def _at(self, latitude: float, longitude: float, request: Request) -> dict[str, Any]:
        place = next(iter(self._land.places(latitude, longitude, _ON_IT_M)), None)
        if place is not None:
            return _described(place, request)
        city = min(
            self._land.cities,
            key=lambda one: _away(one, latitude, longitude),
            default=None,
        )
        if city is None or _away(city, latitude, longitude) > _INHABITED_DEGREES:
            return {"error": "Unable to geocode"}
        return _answer(city, "way/1", latitude, longitude, ("highway", "residential", ""))


def _away(city: City, latitude: float, longitude: float) -> float:
    return abs(city.latitude - latitude) + abs(city.longitude - longitude)


def _described(place: Place, request: Request) -> dict[str, Any]:
    name = place.tags.get("name", "")
    category = "leisure" if place.kind in {"park", "stadium", "bandstand"} else "amenity"
    described = (category, place.kind, name)
    found = _answer(place.city, place.osm_id, place.latitude, place.longitude, described)
    names = {key: text for key, text in place.tags.items() if key.endswith("name")}
    if request.query.get("extratags") == "1":
        found["extratags"] = {key: text for key, text in place.tags.items() if key not in names}
    if request.query.get("namedetails") == "1":
        found["namedetails"] = names
    return found


def _answer(
    city: City, osm_id: str, latitude: float, longitude: float, described: tuple[str, str, str]
) -> dict[str, Any]:
    kind, _, number = osm_id.partition("/")
    category, tag, name = described
    address = {tag: name} if name else {"road": "Hauptstraße"}
    bounds = (latitude - 1e-4, latitude + 1e-4, longitude - 1e-4, longitude + 1e-4)
    return {
        "place_id": int(number) + 1,
        "licence": _LICENCE,
        "osm_type": kind,
        "osm_id": int(number),
        # Strings, unlike everywhere else.
        "lat": f"{latitude:.7f}",
        "lon": f"{longitude:.7f}",
        "category": category,
        "type": tag,
        "name": name,
        "display_name": ", ".join(part for part in (name, city.name, city.country) if part),
        "address": {
            **address,
            "city": city.name,
            "country": city.country,
            "country_code": city.country_code.lower(),
        },
        "boundingbox": [f"{one:.7f}" for one in bounds],
    }


def _fault(code: int, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}
