"""What was on: the shows that people went to, everything else that night, and its setlists."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.concerts.truth import names
from tests.concerts.truth.draws import Draw, draw
from tests.concerts.truth.parameters import Parameters
from tests.concerts.truth.shapes import Artist, Setlist
from tests.concerts.truth.truth import Event, Stage

_LATE_KINDS: Final = {"music_venue", "nightclub"}
_WEEKEND: Final = (4, 5)
_BILL_OF_A_FESTIVAL: Final = (6, 26)
_ENTERED_WITHIN_D: Final = (0, 4)
_ENTERED_LATE_D: Final = (30, 700)
_CLOSED_DAYS: Final = 60
_SET: Final = (6, 22)


class Shows:
    """All that is played in a world. What nobody we follow went to is drawn when it is asked for.

    Everything is put on before the first question, so that answers depend on nothing else.
    """

    def __init__(self, parameters: Parameters, stages: Mapping[str, Stage]) -> None:
        self._parameters, self._seed = parameters, parameters.seed
        self.stages = stages
        self.events: dict[str, Event] = {}
        self.today = last_day(parameters) + timedelta(days=_CLOSED_DAYS)
        self._artists = _artists(draw(self._seed, "artists"), parameters.shows.artists)
        self._known: dict[tuple[int, date], list[Setlist]] = {}
        self._busy: set[tuple[str, date]] = set()
        self._others: dict[tuple[int, date], tuple[Setlist, ...]] = {}

    def put_on(self, stage: Stage, on: date) -> Event:
        """The show on a stage and a day, made when it is first asked for."""
        chance = draw(self._seed, "show", stage.id, on)
        rates = self._parameters.shows
        size = 1 + chance.one(rates.openers)
        hours = _hours(chance, stage, on, rates.late_nights)
        return self._add(stage, on, chance.sample(self._artists, size), hours, chance)

    def festival(self, park: Stage, first: date, days: int) -> list[Event]:
        """A festival: for each of its days an event."""
        held: list[Event] = []
        for on in (first + timedelta(days=number) for number in range(days)):
            chance = draw(self._seed, "festival", park.id, on)
            bill = chance.sample(self._artists, chance.randint(*_BILL_OF_A_FESTIVAL))
            hours = _instant(park, on, 13, 0), _instant(park, on, 23, 40)
            name = f"{park.id} Festival {first.year}"
            held.append(self._add(park, on, bill, hours, chance, name))
        return held

    def _add(
        self,
        stage: Stage,
        on: date,
        bill: Sequence[Artist],
        hours: tuple[datetime, datetime],
        chance: Draw,
        festival: str = "",
    ) -> Event:
        name = f"{stage.id} {on}"
        if name in self.events:
            return self.events[name]
        entered: list[Setlist] = []
        if not chance.happens(self._parameters.shows.unknown):
            entered = list(self._entered(stage, on, bill, chance))
        visible = [one for one in entered if one.entered_on <= self.today]
        self._known.setdefault((stage.filed_under, on), []).extend(visible)
        self._busy.add((stage.id, on))
        ids = tuple(one.id for one in visible)
        event = Event(name, stage.id, on, tuple(bill), *hours, festival, ids)
        self.events[name] = event
        return event

    def _entered(
        self, stage: Stage, on: date, bill: Sequence[Artist], chance: Draw
    ) -> Iterator[Setlist]:
        """The headliner's setlist, many of the others, and now and then one in a second place."""
        rates = self._parameters.shows
        is_twice = chance.happens(rates.filed_twice)
        *openers, headliner = bill
        found = [one for one in openers if chance.happens(rates.opener_known)]
        for number, artist in enumerate([headliner, *found]):
            yield _setlist(stage, on, artist, chance, rates.entered_late)
            if is_twice and number == 0:
                yield _setlist(stage, on, artist, chance, rates.entered_late, is_second=True)

    def setlists(self, city_id: int, on: date) -> tuple[Setlist, ...]:
        """All that setlist.fm has for a city and a day, as of today."""
        key = (city_id, on)
        if key not in self._others:
            self._others[key] = tuple(self._elsewhere(city_id, on))
        return (*self._known.get(key, ()), *self._others[key])

    def _elsewhere(self, city_id: int, on: date) -> Iterator[Setlist]:
        chance = draw(self._seed, "elsewhere", city_id, on)
        rates = self._parameters.shows
        free = [
            stage
            for stage in self.stages.values()
            if stage.filed_under == city_id
            and stage.kind != "park"
            and (stage.id, on) not in self._busy
        ]
        mean = rates.a_night_per_city * (1.6 if on.weekday() in _WEEKEND else 0.8)
        for stage in chance.sample(free, min(len(free), chance.count(mean))):
            bill = chance.sample(self._artists, 1 + chance.one(rates.openers))
            for setlist in self._entered(stage, on, bill, chance):
                if setlist.entered_on <= self.today:
                    yield setlist


def last_day(parameters: Parameters) -> date:
    """The last day on which photos are taken."""
    return date(parameters.first_year + parameters.years, 1, 1) - timedelta(days=1)


def _artists(chance: Draw, count: int) -> list[Artist]:
    taken: set[str] = set()
    return [
        Artist(str(UUID(int=chance.getrandbits(128), version=4)), names.artist(chance, taken))
        for _ in range(count)
    ]


def _hours(chance: Draw, stage: Stage, on: date, late: float) -> tuple[datetime, datetime]:
    """When a show begins and ends: some begin when others are over, and end in the small hours."""
    if stage.kind in _LATE_KINDS and chance.happens(late):
        begins_at = _instant(stage, on, 23, 20) + timedelta(minutes=chance.randrange(100))
        return begins_at, begins_at + timedelta(minutes=chance.randint(120, 220))
    begins_at = _instant(stage, on, chance.randint(19, 20), chance.randrange(60))
    return begins_at, begins_at + timedelta(minutes=chance.randint(150, 230))


def _instant(stage: Stage, on: date, hour: int, minute: int) -> datetime:
    local = datetime.combine(on, time(hour, minute), ZoneInfo(stage.city.zone))
    return local.astimezone(UTC)


def _setlist(
    stage: Stage,
    on: date,
    artist: Artist,
    chance: Draw,
    late: float,
    *,
    is_second: bool = False,
) -> Setlist:
    days = _ENTERED_LATE_D if chance.happens(late) else _ENTERED_WITHIN_D
    return Setlist(
        id=chance.hex(8),
        on=on,
        artist=artist,
        venue_id=stage.second_id if is_second else stage.filed_id,
        venue_name=stage.second_name if is_second else stage.filed_name,
        city_id=stage.filed_under,
        tour=names.tour(chance, on.year),
        # Many setlists are entered without a single song.
        songs=names.songs(chance, chance.randint(*_SET)) if chance.happens(0.7) else (),
        entered_on=on + timedelta(days=chance.randint(*days)),
    )
