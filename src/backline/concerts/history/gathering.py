"""What is known around a session: venues, cities, what was on there, what its person noted.

Services outside are asked within their terms, and no more often than the verdict needs.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Final
from uuid import UUID

import msgspec

from backline.concerts.history.surroundings import NOTED_M, World
from backline.concerts.matching import (
    Event,
    Place,
    Session,
    Show,
    Venue,
    evenings,
)
from backline.concerts.matching.geometry import distance_m
from backline.concerts.matching.names import likeness
from backline.concerts.outside import Setlist
from backline.concerts.sql import judging as sql
from backline.concerts.sql.judging import OwnRow
from backline.platform.database import Database

OWN: Final = "own:"
_PLACES: Final = 3
_CITIES: Final = 3  # that are asked about around a place
_NAMES: Final = 3  # of venues that are asked about
_MANY: Final = 3
_AFTERNOON: Final = 16
_DAY: Final = timedelta(days=1)


class Around(msgspec.Struct):
    """What a session is judged by. It grows as more is asked.

    `cities` are those that its show may be filed under, and how far outside of them it was;
    `likeliest` of them are asked about. `setlists` and `own` are what events were made of, by the
    ids of their shows and venues.
    """

    venues: list[Venue]
    cities: dict[int, float]
    likeliest: list[int]
    country_codes: list[str]
    setlists: dict[str, Setlist]
    own: dict[str, OwnRow]
    asked: set[tuple[int, date]]

    @property
    def events(self) -> list[Event]:
        """All evenings that are known of."""
        shows = [_show(one) for one in self.setlists.values()]
        return [*evenings(shows), *(_event(one) for one in self.own.values())]


class Gatherer:
    """Gathers for one person."""

    def __init__(self, database: Database, world: World, owner_id: UUID) -> None:
        self._database, self._world, self._owner_id = database, world, owner_id

    @property
    def can_ask(self) -> bool:
        """Whether anybody tells what was on."""
        return self._world.setlistfm is not None

    async def begin(self, session: Session) -> Around:
        """What is known here: venues around, cities, what the person noted for those days.

        Raises:
            Later: nobody can tell now what is around.
        """
        places = [place for place, _ in session.places[:_PLACES]]
        around = Around([], {}, [], [], {}, {}, set())
        found: dict[str, Venue] = {}
        days = [day for day, _ in session.days]
        async with self._database.read() as read:
            noted = await sql.own(read, self._owner_id, days)
        named: set[str] = set()
        surroundings = self._world.surroundings
        for place in places:
            found |= {one.id: one for one in await surroundings.venues(self._owner_id, place)}
            near = await surroundings.cities(place)
            for city in near:
                known_m = around.cities.get(city.id, city.beyond_m)
                around.cities[city.id] = min(city.beyond_m, known_m)
            likeliest = near[:_CITIES]
            around.likeliest += [one.id for one in likeliest if one.id not in around.likeliest]
            codes = dict.fromkeys(one.country_code for one in likeliest[:1])
            around.country_codes += [one for one in codes if one not in around.country_codes]
            if noted:
                named |= await surroundings.names(place)
        around.venues = list(found.values())
        around.own = {f"{OWN}{one.id}": one for one in noted if _may_be(one, places, named)}
        return around

    async def ask_likeliest(self, around: Around, session: Session) -> None:
        """Ask what was on in the likeliest city.

        Raises:
            Later: setlist.fm can't be asked now.
        """
        await self._ask(around, around.likeliest[:1], [day for day, _ in session.days])

    async def ask_further(self, around: Around, session: Session) -> None:
        """Ask what was on in the other cities; and, if it may be a festival's, on the days beside.

        Raises:
            Later: setlist.fm can't be asked now.
        """
        days = [day for day, _ in session.days]
        await self._ask(around, around.likeliest, days)
        is_many = any(len(set(event.artists)) >= _MANY for event in around.events)
        if is_many and session.began_at.hour < _AFTERNOON:
            beside = [day + step for day in days[:1] for step in (-_DAY, _DAY)]
            await self._ask(around, around.likeliest[:1], beside)

    async def ask_by_name(self, around: Around, session: Session, venues: Sequence[Venue]) -> None:
        """Ask what was on at `venues`, the likeliest first, whatever city they are filed under.

        A city has more towns around it than can be asked about one by one. What is filed under
        another than those, or is rather that of another venue with such a name, counts for nothing.

        Raises:
            Later: setlist.fm can't be asked now.
        """
        setlistfm = self._world.setlistfm
        if setlistfm is None or session.place is None:
            return
        today = datetime.now(UTC).date()
        wanted = product(_names(venues), around.country_codes, (day for day, _ in session.days))
        for name, country_code, day in wanted:
            if day > today + _DAY:
                continue
            found = await setlistfm.called(self._owner_id, name, country_code, day, today=today)
            around.setlists |= {
                one.id: one for one in found if await self._is_here(one, around, session.place)
            }

    async def _is_here(self, one: Setlist, around: Around, place: Place) -> bool:
        name, city_id = one.venue.name, one.venue.city_id
        if city_id not in around.cities:
            return False
        alike = max(likeness(name, venue.names) for venue in around.venues)
        return not await self._world.surroundings.has_namesake(name, alike, city_id, place)

    async def _ask(self, around: Around, city_ids: Sequence[int], days: Iterable[date]) -> None:
        setlistfm = self._world.setlistfm
        if setlistfm is None:
            return
        today = datetime.now(UTC).date()
        for city_id, day in ((city_id, day) for city_id in city_ids for day in days):
            if (city_id, day) in around.asked or day > today + _DAY:
                continue
            found = await setlistfm.on(self._owner_id, city_id, day, today=today)
            around.setlists |= {one.id: one for one in found}
            around.asked.add((city_id, day))


def _names(venues: Sequence[Venue]) -> list[str]:
    """The names to ask by: what venues are called, then what they are called as well."""
    first = [one.names[0] for one in venues if one.names]
    others = [name for one in venues for name in one.names[1:]]
    return list(dict.fromkeys([*first, *others]))[:_NAMES]


def _may_be(own: OwnRow, places: Sequence[Place], named: set[str]) -> bool:
    """Whether a concert that was noted by hand can have been where a session was."""
    if not places:
        return True
    if own.latitude is not None and own.longitude is not None:
        return any(
            distance_m(one.latitude, one.longitude, own.latitude, own.longitude) <= NOTED_M
            for one in places
        )
    return not own.city_key or own.city_key in named


def _show(one: Setlist) -> Show:
    venue = one.venue
    return Show(one.id, one.artist.name, venue.id, venue.name, venue.city_id, one.held_on)


def _event(one: OwnRow) -> Event:
    key = f"{OWN}{one.id}"
    artists: Mapping[int, str] = dict(enumerate(one.artists or [""]))
    shows = tuple(
        Show(f"{key}:{n}", artist, key, one.venue, 0, one.held_on) for n, artist in artists.items()
    )
    return Event(key, one.venue, 0, one.held_on, shows, is_own=True)
