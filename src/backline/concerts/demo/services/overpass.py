"""Overpass' interpreter: the tags around a point, if nobody else of ours is asking."""

import re
import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qs

from backline.concerts.demo.services.exchange import Answer, Refusal, Request, page, said
from backline.concerts.demo.services.known import Land, Place
from backline.concerts.demo.services.pace import Clock

_PATH: Final = "/api/interpreter"
_AROUND: Final = re.compile(
    r"(?P<kinds>node|way|relation|nwr)\(around:(?P<radius>[\d.]+),(?P<lat>-?[\d.]+),(?P<lon>-?[\d.]+)\)"
    r"(?P<filters>(?:\[[^\]]+\])+)\s*;"
)
_FILTER: Final = re.compile(r'\["(?P<key>\w+)"(?:(?P<by>[=~])"(?P<value>[^"]*)")?\]')
_LEISURE: Final = {"park", "stadium", "bandstand"}
_REST_S: Final = 30.0
_REMARK: Final = 'runtime error: Query timed out in "query" at line 1 after 11 seconds.'


class Overpass:
    """Places by `nwr(around:…)["key"~"…"]`, with `out center tags`.

    One request at a time; after a 429 it wants to be left alone for 30 s, by `clock`.
    """

    def __init__(self, land: Land, *, clock: Clock = time.monotonic) -> None:
        self._land, self._clock = land, clock
        self._refused_s: float | None = None

    def answer(self, request: Request) -> Answer:
        """Manners first, then the query."""
        if not request.is_named:
            return page("Please say who you are: User-Agent.", HTTPStatus.NOT_ACCEPTABLE)
        if request.path != _PATH:
            return page("Not found.", HTTPStatus.NOT_FOUND)
        if request.beside or self._is_resting():
            return self.refuse("too many")
        query = _query(request)
        found = list(_AROUND.finditer(query))
        if "[out:json]" not in query or not found or "out " not in query:
            return page("Error: line 1: parse error: Unknown query clause", HTTPStatus.BAD_REQUEST)
        places = {one.osm_id: one for asked in found for one in self._places(asked)}
        return said(_body([_element(one) for one in places.values()]))

    def refuse(self, how: Refusal) -> Answer:
        """429 and 504 as HTML; what fails half-way is a `remark` within a 200."""
        if how in {"too many", "over quota"}:
            self._refused_s = self._clock()
            return page(
                "Error: runtime error: open64: 0 Success /osm3s_osm_base "
                "Dispatcher_Client::request_read_and_idx::rate_limited.",
                HTTPStatus.TOO_MANY_REQUESTS,
            )
        if how == "unavailable":
            return page(
                "The server is probably too busy to handle your request.",
                HTTPStatus.GATEWAY_TIMEOUT,
            )
        return said(_body([]) | {"remark": _REMARK})

    def _is_resting(self) -> bool:
        return self._refused_s is not None and self._clock() - self._refused_s < _REST_S

    def _places(self, asked: re.Match[str]) -> list[Place]:
        around = float(asked["lat"]), float(asked["lon"]), float(asked["radius"])
        filters = list(_FILTER.finditer(asked["filters"]))
        kinds = {"nwr": ("node", "way", "relation")}.get(asked["kinds"], (asked["kinds"],))
        return [
            place
            for place in self._land.places(*around)
            if place.osm_id.partition("/")[0] in kinds
            and all(_fits(_tags(place), one) for one in filters)
        ]


def _query(request: Request) -> str:
    """The query stands in the body, by itself or as `data` of a form."""
    text = request.body.decode("utf-8", "replace")
    return parse_qs(text).get("data", [text])[0] if text.startswith("data=") else text


def _fits(tags: Mapping[str, str], asked: re.Match[str]) -> bool:
    value = tags.get(asked["key"])
    if value is None or asked["by"] is None:
        return value is not None
    if asked["by"] == "=":
        return value == asked["value"]
    return re.search(asked["value"], value) is not None


def _tags(place: Place) -> dict[str, str]:
    return {"leisure" if place.kind in _LEISURE else "amenity": place.kind, **place.tags}


def _body(elements: Sequence[object]) -> dict[str, Any]:
    return {
        "version": 0.6,
        "generator": "Overpass API 0.7.62.5",
        "osm3s": {
            "timestamp_osm_base": "2026-01-31T21:00:00Z",
            "copyright": "The data included in this document is from www.openstreetmap.org. "
            "The data is made available under ODbL.",
        },
        "elements": elements,
    }


def _element(place: Place) -> dict[str, Any]:
    kind, _, number = place.osm_id.partition("/")
    at = {"lat": place.latitude, "lon": place.longitude}
    where = at if kind == "node" else {"center": at}
    return {"type": kind, "id": int(number), **where, "tags": _tags(place)}
