"""Pictures of no concert, which are most pictures: at home, in town, far away, near a show."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from tests.concerts.truth import light
from tests.concerts.truth.cities import CITIES
from tests.concerts.truth.draws import draw
from tests.concerts.truth.ground import Point, towards
from tests.concerts.truth.parameters import Parameters
from tests.concerts.truth.people import Life
from tests.concerts.truth.roll import Roll, Scene
from tests.concerts.truth.shapes import City
from tests.concerts.truth.shows import Shows, last_day
from tests.concerts.truth.truth import Stage

Where = Literal["home", "town", "park", "away", "beside", "inside"]

_PHOTOS: Final = 4.5
_HOURS: Final = (9, 21)
_EVENING: Final = (19, 21)
_MORNING: Final = (9, 10)
_BY_DAY: Final = (10, 14)
_STAY_MIN: Final = (10, 100)
_TOWN_M: Final = 4_500
_BESIDE_M: Final = (70, 260)
_WANDERS_M: Final = {"home": 8, "town": 60, "park": 150, "away": 80, "beside": 12, "inside": 15}


class Everyday:
    """The days of one person on which there is no concert, or not yet."""

    def __init__(self, life: Life, roll: Roll, parameters: Parameters, shows: Shows) -> None:
        self._life, self._roll, self._shows, self._parameters = life, roll, shows, parameters
        self._draw = draw(parameters.seed, "everyday", life.person_id)
        cities = {event.on: shows.stages[event.stage_id].city for event in life.visits}
        self._cities: Mapping[date, City] = cities
        self._used: set[date] = set()
        self._first = date(parameters.first_year, 1, 1)
        self._days = (last_day(parameters) - self._first).days
        self._home_view = light.scene(self._draw)

    def photograph(self, count: int) -> None:
        """So many pictures, neither more nor less."""
        while count > 0:
            wanted = min(count, 1 + self._draw.count(_PHOTOS - 1))
            if self._outing(self._where(), wanted):
                count -= wanted

    def _where(self) -> Where:
        habits = self._parameters.habits
        rest = 1 - habits.beside_a_show - habits.inside_by_day - habits.holidays
        return self._draw.one(
            {
                "beside": habits.beside_a_show,
                "inside": habits.inside_by_day,
                "away": habits.holidays,
                "home": rest * 0.35,
                "town": rest * 0.5,
                "park": rest * 0.15,
            }
        )

    def _outing(self, where: Where, count: int) -> bool:
        """One outing, unless the person is somewhere else that day."""
        on = self._first + timedelta(days=self._draw.randrange(self._days))
        city = self._life.city
        if where == "away":
            city = CITIES[self._draw.choice(self._parameters.cities)]
        if on in self._used or not self._can_be_in(city, on):
            return False
        stage = self._stage(where, city, on)
        if where in {"beside", "inside", "park"} and stage is None:
            return False
        self._used.add(on)
        self._roll.take(None, [self._scene(where, city, on, count, stage)], (self._life.phone,))
        return True

    def _can_be_in(self, city: City, on: date) -> bool:
        near = (self._cities.get(on + timedelta(days=by)) for by in (-1, 0, 1))
        return all(other is None or other is city for other in near)

    def _stage(self, where: Where, city: City, on: date) -> Stage | None:
        """The park that they are in, or a stage on which somebody plays that day."""
        stages = [one for one in self._shows.stages.values() if one.city is city]
        if where == "park":
            return self._draw.choice([one for one in stages if one.kind == "park"])
        if where not in {"beside", "inside"} or on in self._cities:
            return None
        playing = {one.venue_id for one in self._shows.setlists(city.geonames_id, on)}
        found = [one for one in stages if one.filed_id in playing]
        return self._draw.choice(found) if found else None

    def _scene(self, where: Where, city: City, on: date, count: int, stage: Stage | None) -> Scene:
        hours = _MORNING if on in self._cities else _BY_DAY if where == "inside" else _HOURS
        if where == "beside" and self._draw.happens(0.5):
            hours = _EVENING
        at = time(self._draw.randint(*hours), self._draw.randrange(60))
        begins_at = datetime.combine(on, at, ZoneInfo(city.zone)).astimezone(UTC)
        return Scene(
            begins_at=begins_at,
            ends_at=begins_at + timedelta(minutes=self._draw.randint(*_STAY_MIN)),
            centre=self._centre(where, city, stage),
            reach_m=_WANDERS_M[where],
            zone=city.zone,
            view=self._home_view if where == "home" else light.scene(self._draw),
            count=count,
        )

    def _centre(self, where: Where, city: City, stage: Stage | None) -> Point:
        bearing = self._draw.uniform(0, 360)
        if where == "home":
            return self._life.home
        if stage is None:
            return towards(city.centre, self._draw.uniform(200, _TOWN_M), bearing)
        if where in {"park", "inside"}:
            return stage.centre
        return towards(stage.centre, stage.radius_m + self._draw.uniform(*_BESIDE_M), bearing)
