"""setlist.fm 1.0, as api.setlist.fm answers under `/rest/1.0`."""

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any, Final

from backline.concerts.demo.services.exchange import Answer, Refusal, Request, page, said, xml
from backline.concerts.demo.services.known import Land, Show
from backline.concerts.demo.services.pace import Clock, Day, Pace
from backline.concerts.demo.services.setlists import DATE, artist, folded, setlist, venue

_BASE: Final = "/rest/1.0/"
_PER_PAGE: Final = 20
_ARTISTS_PER_PAGE: Final = 30


class SetlistFm:
    """What there is, as of `today`: what was entered later isn't found yet.

    Two requests a second and 1,440 a day for a standard key; `clock` is in seconds since 1970.
    """

    def __init__(
        self,
        land: Land,
        *,
        key: str = "demo",
        per_second: int = 2,
        per_day: int = 1_440,
        today: date | None = None,
        clock: Clock = time.time,
    ) -> None:
        self._land, self._key, self.today = land, key, today
        self._pace, self._day = Pace(per_second, 1.0, clock), Day(per_day, clock)

    @property
    def spent(self) -> int:
        """How many requests of today's were counted."""
        return self._day.spent

    def answer(self, request: Request) -> Answer:
        """Key, pace and day first, then the question."""
        if request.header("x-api-key") != self._key:
            return said({"message": "Forbidden"}, HTTPStatus.FORBIDDEN)
        if not self._pace.allows():
            return self.refuse("too many")
        if not self._day.allows():
            return self.refuse("over quota")
        found = self._found(request)
        if "application/json" not in request.header("accept"):
            return xml(str(found.pop("type", "error")), found)
        return said(found, HTTPStatus(found.get("code", 200)))

    def refuse(self, how: Refusal) -> Answer:
        """In the words of the gateway in front of it."""
        if how == "too many":
            return said({"message": "Too Many Requests"}, HTTPStatus.TOO_MANY_REQUESTS)
        if how == "over quota":
            return said({"message": "Limit Exceeded"}, HTTPStatus.TOO_MANY_REQUESTS)
        if how == "unavailable":
            return page("The service is unavailable.", HTTPStatus.SERVICE_UNAVAILABLE)
        return said({"message": "Internal server error"}, HTTPStatus.INTERNAL_SERVER_ERROR)

    def _found(self, request: Request) -> dict[str, Any]:
        asked = request.path.removeprefix(_BASE)
        if request.method != "GET" or not request.path.startswith(_BASE):
            return _nothing("resource not found")
        if asked.startswith("setlist/"):
            one = next((show for show in self._shows({}) if show.id == asked[8:]), None)
            return setlist(one) if one else _nothing("unknown setlistId")
        match asked:
            case "search/setlists":
                return self._setlists(request.query)
            case "search/artists":
                return self._artists(request.query)
            case "search/venues":
                return self._venues(request.query)
            case _:
                return _nothing("resource not found")

    def _setlists(self, query: Mapping[str, str]) -> dict[str, Any]:
        try:
            found = [setlist(show) for show in self._shows(query)]
        except ValueError:
            return _fault(HTTPStatus.BAD_REQUEST, "date has to be dd-MM-yyyy, ids are numbers")
        return _paged("setlists", "setlist", found, query, _PER_PAGE)

    def _artists(self, query: Mapping[str, str]) -> dict[str, Any]:
        found = [
            artist(one)
            for one in self._land.artists
            if _names(one.name, query.get("artistName", ""))
            and query.get("artistMbid", one.mbid) == one.mbid
        ]
        return _paged("artists", "artist", found, query, _ARTISTS_PER_PAGE)

    def _venues(self, query: Mapping[str, str]) -> dict[str, Any]:
        wanted = {"venueName": query.get("name", ""), **query}
        venues = {show.venue_id: venue(show) for show in self._shows(wanted)}
        return _paged("venues", "venue", list(venues.values()), query, _ARTISTS_PER_PAGE)

    def _shows(self, query: Mapping[str, str]) -> Iterable[Show]:
        """What fits all that is asked for.

        Raises:
            ValueError: a number or a date isn't one.
        """
        city = int(query["cityId"]) if query.get("cityId") else None
        on = _date(query["date"]) if query.get("date") else None
        wanted = {name: text for name, text in query.items() if name in _FILTERS and text}
        for show in self._land.shows(city, on):
            if self.today is not None and show.entered_on > self.today:
                continue
            if all(_FILTERS[name](show, text) for name, text in wanted.items()):
                yield show


_FILTERS: Final[Mapping[str, Callable[[Show, str], bool]]] = {
    "artistMbid": lambda show, text: show.artist.mbid == text,
    "artistName": lambda show, text: _names(show.artist.name, text),
    "cityName": lambda show, text: _names(show.city.name, text),
    "countryCode": lambda show, text: show.city.country_code == text.upper(),
    "venueId": lambda show, text: show.venue_id == text,
    "venueName": lambda show, text: _names(show.venue_name, text),
    "year": lambda show, text: str(show.on.year) == text,
}


def _date(text: str) -> date:
    return datetime.strptime(text, DATE).replace(tzinfo=UTC).date()


def _names(name: str, text: str) -> bool:
    return set(folded(text).split()) <= set(folded(name).split())


def _paged(
    kind: str, name: str, found: list[dict[str, Any]], query: Mapping[str, str], size: int
) -> dict[str, Any]:
    """One page; a page without anything on it isn't found."""
    number = int(query["p"]) if query.get("p", "").isdigit() else 1
    shown = found[(number - 1) * size : number * size] if number else []
    if not shown:
        return _nothing("not found")
    return {
        "type": kind,
        name: shown,
        "total": len(found),
        "page": number,
        "itemsPerPage": size,
    }


def _nothing(why: str) -> dict[str, Any]:
    return _fault(HTTPStatus.NOT_FOUND, why)


def _fault(status: HTTPStatus, message: str) -> dict[str, Any]:
    stamp = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "+0000")
    return {
        "code": status.value,
        "status": status.phrase,
        "message": message,
        "timestamp": stamp,
    }
