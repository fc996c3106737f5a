"""MusicBrainz' `/ws/2`: events, places and artists by search and by id, once a second."""

import re
import time
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from backline.concerts.demo.services.exchange import Answer, Refusal, Request, page, said, xml
from backline.concerts.demo.services.known import Artist, Land, Place, Show
from backline.concerts.demo.services.pace import Clock, Pace

_BASE: Final = "/ws/2/"
_TERM: Final = re.compile(r'(?:(?P<field>[\w-]+):)?(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]+))')
_EVERYWHERE_M: Final = 30_000.0
_MOST: Final = 100
_USUAL: Final = 25

_Entity = dict[str, Any]


class MusicBrainz:
    """What there is by Lucene queries as simple as `event:"…" AND begin:2024-05-03`."""

    def __init__(self, land: Land, *, clock: Clock = time.monotonic) -> None:
        self._land, self._pace = land, Pace(1, 1.0, clock)

    def answer(self, request: Request) -> Answer:
        """Manners first, then the question."""
        if not request.is_named:
            return page("Your User-Agent isn't meaningful.", HTTPStatus.FORBIDDEN)
        if not self._pace.allows():
            return self.refuse("too many")
        kind, _, number = request.path.removeprefix(_BASE).partition("/")
        known = _KINDS.get(kind)
        if known is None or not request.path.startswith(_BASE):
            return said({"error": "Not Found"}, HTTPStatus.NOT_FOUND)
        found = known(self._land)
        shown = _one(found, number) if number else _searched(kind, list(found), request.query)
        if not _wants_json(request):
            return xml("metadata", shown)
        return said(shown, HTTPStatus.NOT_FOUND if "error" in shown else HTTPStatus.OK)

    def refuse(self, how: Refusal) -> Answer:
        """Whoever asks too often is told that the service isn't there."""
        if how == "broken":
            return said({"error": "Internal server error"}, HTTPStatus.INTERNAL_SERVER_ERROR)
        text = "Your requests are exceeding the allowable rate limit."
        return said({"error": text}, HTTPStatus.SERVICE_UNAVAILABLE, Retry_After="1")


def _wants_json(request: Request) -> bool:
    return request.query.get("fmt") == "json" or "application/json" in request.header("accept")


def _one(found: Iterable[_Entity], number: str) -> _Entity:
    help_text = "For usage, please see: https://musicbrainz.org/development/mmd"
    return next(
        (one for one in found if one["id"] == number), {"error": "Not Found", "help": help_text}
    )


def _searched(kind: str, found: list[_Entity], query: Mapping[str, str]) -> _Entity:
    terms = [
        (term["field"] or kind, (term["quoted"] or term["bare"] or "").casefold())
        for term in _TERM.finditer(query.get("query", ""))
        if term[0] not in {"AND", "OR"}
    ]
    fitting = [one for one in found if all(_fits(one, kind, *term) for term in terms)]
    offset, limit = _number(query, "offset", 0), min(_number(query, "limit", _USUAL), _MOST)
    return {
        "created": "2026-01-31T21:00:00.000Z",
        "count": len(fitting),
        "offset": offset,
        f"{kind}s": fitting[offset : offset + limit],
    }


def _fits(one: _Entity, kind: str, field: str, text: str) -> bool:
    if field in {"begin", "end"}:
        return str(one.get("life-span", {}).get(field, "")).startswith(text)
    value = one["name"] if field in {kind, "name"} else one.get(field, "")
    return text in str(value).casefold()


def _number(query: Mapping[str, str], name: str, usual: int) -> int:
    text = query.get(name, "")
    return int(text) if text.isdigit() else usual


def _artists(land: Land) -> Iterable[_Entity]:
    return map(_artist, land.artists)


def _artist(artist: Artist) -> _Entity:
    return {"id": artist.mbid, "type": "Group", "name": artist.name, "sort-name": artist.name}


def _places(land: Land) -> Iterable[_Entity]:
    for city in land.cities:
        for place in land.places(city.latitude, city.longitude, _EVERYWHERE_M):
            if place.city == city:
                yield _place(place)


def _place(place: Place) -> _Entity:
    return {
        "id": str(uuid5(NAMESPACE_URL, place.osm_id)),
        "type": "Venue",
        "name": place.tags.get("name", ""),
        "address": place.city.name,
        "coordinates": {"latitude": f"{place.latitude}", "longitude": f"{place.longitude}"},
        "area": {"name": place.city.name, "type": "City"},
        "life-span": {"ended": None},
    }


def _events(land: Land) -> Iterable[_Entity]:
    return map(_event, land.shows(None, None))


def _event(show: Show) -> _Entity:
    on = show.on.isoformat()
    return {
        "id": str(uuid5(NAMESPACE_URL, show.id)),
        "type": "Concert",
        "name": f"{show.artist.name} at {show.venue_name}",
        "time": "20:00:00",
        "cancelled": False,
        "setlist": "\n".join(f"* {song}" for song in show.songs),
        "life-span": {"begin": on, "end": on, "ended": True},
    }


_KINDS: Final[Mapping[str, Callable[[Land], Iterable[_Entity]]]] = {
    "artist": _artists,
    "event": _events,
    "place": _places,
}
