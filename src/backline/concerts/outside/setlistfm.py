"""setlist.fm 1.0: the setlists of a city and a day, artists and venues by name."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct, field

from backline.concerts.outside.answers import Answers
from backline.concerts.outside.asking import Asker
from backline.concerts.outside.models import Artist, Setlist, SetlistVenue
from backline.concerts.outside.terms import Terms
from backline.platform.database import Database
from backline.platform.jobs import Later
from backline.platform.outside.client import Call, Reply

SERVICE: Final = "setlist.fm"
SETLISTS: Final = "setlist.fm setlists"
ARTISTS: Final = "setlist.fm artists"
VENUES: Final = "setlist.fm venues"

_DATE: Final = "%d-%m-%Y"
_MOST_PAGES: Final = 20
_HOUR_S: Final = 3_600.0
_DAY_S: Final = 86_400.0
_NOTHING: Final = b'{"total":0}'
_WRONG_KEY_S: Final = 3_600.0


class _Country(Struct):
    code: str = ""


class _City(Struct):
    id: str | int
    name: str = ""
    country: _Country = field(default_factory=_Country)


class _Venue(Struct):
    id: str
    city: _City
    name: str = ""


class _Artist(Struct):
    mbid: str
    name: str
    url: str = ""


class _Tour(Struct):
    name: str = ""


class _Song(Struct):
    name: str = ""
    tape: bool = False


class _Set(Struct):
    song: list[_Song] = []


class _Sets(Struct):
    set: list[_Set] = []


class _Setlist(Struct, rename="camel"):
    id: str
    event_date: str
    artist: _Artist
    venue: _Venue
    tour: _Tour | None = None
    sets: _Sets = field(default_factory=_Sets)
    url: str = ""


class _Page(Struct, rename="camel"):
    total: int = 0
    items_per_page: int = 20
    setlist: list[_Setlist] = []
    artist: list[_Artist] = []
    venue: list[_Venue] = []


class _Fault(Struct):
    code: int = 0
    message: str = ""


class SetlistFm:
    """The service behind one key, for everybody on this installation."""

    def __init__(
        self,
        asker: Asker,
        database: Database,
        *,
        url: str,
        key: str,
        terms: Terms,
        kept_as: str = "",
    ) -> None:
        """`kept_as` keeps what another service says apart from what setlist.fm does."""
        self._asker, self._answers = asker, Answers(database, SERVICE)
        self._kept_as = f"{kept_as}: " if kept_as else ""
        self._base, self._key, self._terms = f"{url.rstrip('/')}/rest/1.0", key, terms

    async def on(
        self, owner_id: UUID, city_id: int, held_on: date, *, today: date
    ) -> list[Setlist]:
        """All setlists of a city and a day, whoever asked first; none is an answer, too.

        Each page is kept by itself, so that what was paid for isn't asked for again.

        Raises:
            Later: the rest has to wait.
        """
        return await self._setlists(owner_id, {"cityId": str(city_id)}, held_on, today)

    async def called(
        self, owner_id: UUID, venue: str, country_code: str, held_on: date, *, today: date
    ) -> list[Setlist]:
        """All setlists of a day at the venues of a country with such a name; as `on`.

        Raises:
            Later: the rest has to wait.
        """
        name = " ".join(venue.casefold().split()).removeprefix("the ")
        query = {"venueName": name, "countryCode": country_code}
        return await self._setlists(owner_id, query, held_on, today)

    async def _setlists(
        self, owner_id: UUID, asked_for: Mapping[str, str], held_on: date, today: date
    ) -> list[Setlist]:
        query = {**asked_for, "date": held_on.strftime(_DATE)}
        good_s = _while(held_on, today)
        first = await self._page(SETLISTS, owner_id, "search/setlists", query, good_s)
        found = [*first.setlist]
        pages = math.ceil(first.total / max(1, first.items_per_page))
        for number in range(2, min(pages, _MOST_PAGES) + 1):
            asked = query | {"p": str(number)}
            page = await self._page(SETLISTS, owner_id, "search/setlists", asked, good_s)
            found += page.setlist
        return [one for one in map(_setlist, found) if one is not None]

    async def artists(self, owner_id: UUID, name: str) -> list[Artist]:
        """Artists by a part of their name: the first page, an hour old at most."""
        query = {"artistName": name.strip().casefold(), "sort": "relevance"}
        page = await self._page(ARTISTS, owner_id, "search/artists", query, _HOUR_S)
        return [Artist(one.mbid, one.name, one.url) for one in page.artist]

    async def venues(self, owner_id: UUID, name: str) -> list[SetlistVenue]:
        """Venues by a part of their name: the first page, a day old at most."""
        query = {"name": name.strip().casefold()}
        page = await self._page(VENUES, owner_id, "search/venues", query, _DAY_S)
        return [_venue(one) for one in page.venue]

    async def _page(
        self, kind: str, owner_id: UUID, path: str, query: Mapping[str, str], good_s: float
    ) -> _Page:
        key = "&".join(f"{name}={text}" for name, text in sorted(query.items()))

        async def ask() -> bytes:
            headers = {"x-api-key": self._key, "Accept": "application/json"}
            call = Call("GET", f"{self._base}/{path}", query, headers)
            reply = await self._asker.ask(self._terms, owner_id, call, rest_s=self._rest_s)
            return _body(reply)

        return await self._answers.get(kind, self._kept_as + key, _Page, ask, lambda _: good_s)

    def _rest_s(self, refusal: Reply) -> float:
        """An hour once the day's number is reached: nobody knows when its day ends."""
        return _HOUR_S if b"Limit Exceeded" in refusal.body else self._terms.rest_s


def _body(reply: Reply) -> bytes:
    """The answer; an empty search is one, although it comes as 404.

    Raises:
        Later: it is something else.
    """
    match reply.status:
        case 200:
            return reply.body
        case 404 if _code(reply.body) == reply.status:
            return _NOTHING
        case 401 | 403:
            raise Later("setlist.fm refuses the operator's key.", after_s=_WRONG_KEY_S)
        case status:
            raise Later(f"setlist.fm answers with {status}.", after_s=_HOUR_S)


def _while(held_on: date, today: date) -> float:
    """How long an answer holds: setlists come within days, or within years."""
    age_days = (today - held_on).days
    for youngest_days, good_days in ((365, 180.0), (30, 30.0), (7, 3.0)):
        if age_days >= youngest_days:
            return good_days * _DAY_S
    return 0.5 * _DAY_S


def _code(body: bytes) -> int:
    """The code that setlist.fm itself gives; a 404 of anybody else has none."""
    try:
        return msgspec.json.decode(body, type=_Fault).code
    except (msgspec.DecodeError, UnicodeDecodeError):
        return 0


def _setlist(one: _Setlist) -> Setlist | None:
    """In our words; one without a day that can be read is left out."""
    try:
        held_on = datetime.strptime(one.event_date, _DATE).date()  # noqa: DTZ007  # a day has no zone
    except ValueError:
        return None
    return Setlist(
        id=one.id,
        held_on=held_on,
        artist=Artist(one.artist.mbid, one.artist.name, one.artist.url),
        venue=_venue(one.venue),
        tour=one.tour.name if one.tour else "",
        songs=_songs(one.sets.set),
        url=one.url,
    )


def _songs(sets: Sequence[_Set]) -> tuple[str, ...]:
    """What was played, without what came from a tape."""
    return tuple(song.name for one in sets for song in one.song if song.name and not song.tape)


def _venue(one: _Venue) -> SetlistVenue:
    city = one.city
    number = int(city.id) if str(city.id).isdigit() else 0
    return SetlistVenue(one.id, one.name, number, city.name, city.country.code)
