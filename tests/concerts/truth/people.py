"""People, their cameras, and the concerts that they went to."""

from datetime import date, timedelta
from typing import Final

from msgspec import Struct

from tests.concerts.truth.cameras import Camera, own_camera, phone
from tests.concerts.truth.cities import CITIES
from tests.concerts.truth.draws import Draw, draw
from tests.concerts.truth.ground import Point, distance_m, towards
from tests.concerts.truth.parameters import Parameters
from tests.concerts.truth.shapes import City, Noted
from tests.concerts.truth.shows import Shows, last_day
from tests.concerts.truth.truth import Event, Stage

# How much rather people go out on each day of the week.
_WEEK: Final = {0: 0.5, 1: 0.7, 2: 0.9, 3: 1.2, 4: 2.0, 5: 2.2, 6: 0.8}
_SUMMER: Final = (5, 8)
_FESTIVAL_DAYS: Final = {1: 0.3, 2: 0.4, 3: 0.3}
_HOME_M: Final = (800, 5_000)
_QUIET_M: Final = 250


class Life(Struct, frozen=True):
    """One of the people: where they live, what they carry, where they went, what they noted."""

    person_id: int
    city: City
    home: Point
    phone: Camera
    camera: Camera | None
    visits: tuple[Event, ...]
    noted: tuple[Noted, ...]


def lives(parameters: Parameters, shows: Shows) -> list[Life]:
    """Everybody. Friends go to concerts that somebody before them went to as well."""
    counts = _shares(parameters.concerts, parameters.people)
    agenda: dict[str, list[Event]] = {name: [] for name in parameters.cities}
    return [_life(number, count, parameters, shows, agenda) for number, count in enumerate(counts)]


def _shares(total: int, people: int) -> list[int]:
    """`total` dealt out: some go ten times as often as others."""
    weights = [1 + 9 * (number / max(1, people - 1)) ** 2 for number in range(people)]
    counts = [int(total * weight / sum(weights)) for weight in weights]
    counts[-1] += total - sum(counts)
    return counts


def _life(
    number: int,
    count: int,
    parameters: Parameters,
    shows: Shows,
    agenda: dict[str, list[Event]],
) -> Life:
    chance = draw(parameters.seed, "person", number)
    habits, city = parameters.habits, CITIES[chance.choice(parameters.cities)]
    has_gps = not _is_without_gps(number, parameters)
    years = range(parameters.first_year, parameters.first_year + parameters.years)
    going = _Going(parameters, shows, chance, city, agenda)
    visits = going.out(count)
    is_noting = habits.noted if has_gps else habits.noted_without_gps
    kept = [event for event in visits if chance.happens(is_noting)]
    return Life(
        person_id=number,
        city=city,
        home=_home(chance, city, shows),
        phone=phone(chance, parameters.errors, has_gps=has_gps),
        camera=(
            own_camera(chance, parameters.errors, years)
            if chance.happens(habits.own_camera)
            else None
        ),
        visits=tuple(visits),
        noted=tuple(_noted(event, shows.stages[event.stage_id], number) for event in kept),
    )


def _is_without_gps(number: int, parameters: Parameters) -> bool:
    """The people in the middle, who go out neither often nor seldom."""
    first = (parameters.people - parameters.habits.without_gps) // 2
    return first <= number < first + parameters.habits.without_gps


def _home(chance: Draw, city: City, shows: Shows) -> Point:
    stages = [stage for stage in shows.stages.values() if stage.city is city]
    while True:
        home = towards(city.centre, chance.uniform(*_HOME_M), chance.uniform(0, 360))
        if all(distance_m(home, one.centre) > one.radius_m + _QUIET_M for one in stages):
            return home


def _noted(event: Event, stage: Stage, number: int) -> Noted:
    name = stage.venue.name if stage.venue else stage.filed_name
    headliner = event.bill[-1].name
    return Noted(f"noted/{number}/{event.on}", event.on, headliner, name, stage.city.name)


class _Going:
    """How one person comes to their concerts: one a day at most."""

    def __init__(
        self,
        parameters: Parameters,
        shows: Shows,
        chance: Draw,
        home: City,
        agenda: dict[str, list[Event]],
    ) -> None:
        self._parameters, self._habits = parameters, parameters.habits
        self._shows, self._draw, self._home, self._agenda = shows, chance, home, agenda
        self._visits: dict[date, Event] = {}
        self._first = date(parameters.first_year, 1, 2)
        self._days = (last_day(parameters) - self._first).days - len(_FESTIVAL_DAYS)

    def out(self, count: int) -> list[Event]:
        """So many visits, in their order."""
        while len(self._visits) < count:
            for event in self._next()[: count - len(self._visits)]:
                self._take(event)
        return [self._visits[on] for on in sorted(self._visits)]

    def _take(self, event: Event) -> None:
        """A night between two cities is a night at home: nobody is in two places at once."""
        around = [event.on + timedelta(days=by) for by in (-1, 1)]
        city = self._city(event)
        if event.on in self._visits or any(
            on in self._visits and self._city(self._visits[on]) != city for on in around
        ):
            return
        self._visits[event.on] = event
        self._agenda[city].append(event)

    def _city(self, event: Event) -> str:
        return self._shows.stages[event.stage_id].city.name

    def _next(self) -> list[Event]:
        is_abroad = self._draw.happens(self._habits.abroad)
        city = self._draw.choice(self._parameters.cities) if is_abroad else self._home.name
        if self._draw.happens(self._habits.together) and self._agenda[city]:
            return [self._draw.choice(self._agenda[city])]
        stages = [stage for stage in self._shows.stages.values() if stage.city.name == city]
        if self._draw.happens(self._habits.festivals):
            return self._festival([stage for stage in stages if stage.kind == "park"])
        on = self._day()
        if self._draw.happens(self._habits.twin_nights):
            stage = self._draw.choice([stage for stage in stages if stage.twin])
            self._shows.put_on(self._shows.stages[stage.twin], on)
        else:
            stage = self._draw.choice([stage for stage in stages if stage.kind != "park"])
        if self._draw.happens(self._parameters.shows.residencies):
            self._shows.put_on(stage, on + timedelta(days=1))
        return [self._shows.put_on(stage, on)]

    def _festival(self, parks: list[Stage]) -> list[Event]:
        first = self._day()
        first = first.replace(month=self._draw.randint(*_SUMMER), day=min(first.day, 25))
        days = self._draw.one(_FESTIVAL_DAYS)
        return self._shows.festival(self._draw.choice(parks), first, days)

    def _day(self) -> date:
        days = [self._first + timedelta(days=self._draw.randrange(self._days)) for _ in range(4)]
        return self._draw.one({day: _WEEK[day.weekday()] for day in days})
