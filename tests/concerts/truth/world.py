"""A world, made from its parameters: what is seen, what can be asked, and what was so."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Final

import msgspec

from tests.concerts.truth import people, places
from tests.concerts.truth.cities import CITIES
from tests.concerts.truth.evenings import photograph
from tests.concerts.truth.everyday import Everyday
from tests.concerts.truth.ground import Point, distance_m
from tests.concerts.truth.parameters import Parameters
from tests.concerts.truth.people import Life
from tests.concerts.truth.roll import Roll
from tests.concerts.truth.shapes import City, Person, Photo, Setlist, Venue
from tests.concerts.truth.shows import Shows
from tests.concerts.truth.truth import Event, Outing, Stage, Taken

_CELLS: Final = 50  # a degree: about 2 km


class World:
    """Everything. Whoever matches is given `photos_of`, `people` and `lookups`, and no more."""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self.shows = Shows(parameters, places.stages(parameters))
        self._lives = people.lives(parameters, self.shows)
        rolls = _rolls(self._lives, parameters, self.shows)
        self.photos_of: Mapping[int, Sequence[Photo]] = {
            roll.person_id: tuple(roll.photos) for roll in rolls
        }
        self.taken: Mapping[str, Taken] = {
            one.photo_id: one for roll in rolls for one in roll.taken
        }
        self.outings: Sequence[Outing] = [one for roll in rolls for one in roll.outings]
        self.people: Mapping[int, Person] = {
            one.person_id: Person(one.person_id, one.city.zone, one.noted) for one in self._lives
        }
        self.lookups = Known(parameters, self.shows)

    @property
    def events(self) -> Mapping[str, Event]:
        """All events that somebody went to, and those beside them, by their ids."""
        return self.shows.events

    @property
    def stages(self) -> Mapping[str, Stage]:
        """All stages by their ids."""
        return self.shows.stages

    @cached_property
    def concerts(self) -> Sequence[Outing]:
        """The outings to events."""
        return [one for one in self.outings if one.event_id is not None]

    @cached_property
    def photos(self) -> Mapping[str, Photo]:
        """All photos by their ids."""
        return {photo.id: photo for found in self.photos_of.values() for photo in found}

    @property
    def digest(self) -> str:
        """Of everything that is seen: another digest is another world."""
        every_night = sorted({(event.stage_id, event.on) for event in self.events.values()})
        asked = [
            self.lookups.setlists(self.stages[stage].filed_under, on) for stage, on in every_night
        ]
        seen = (list(self.photos.values()), list(self.people.values()), self.lookups.venues, asked)
        return sha256(msgspec.json.encode(seen)).hexdigest()[:16]


class Known:
    """What the world outside knows: OpenStreetMap, GeoNames, setlist.fm, as of today."""

    def __init__(self, parameters: Parameters, shows: Shows) -> None:
        self._shows = shows
        self.cities = [CITIES[name] for name in parameters.cities]
        self.venues = [one.venue for one in shows.stages.values() if one.venue]
        self.venues += places.decoys(parameters, shows.stages)
        self._cells: dict[tuple[int, int], list[Venue]] = {}
        for venue in self.venues:
            self._cells.setdefault(_cell(venue.middle), []).append(venue)

    def venues_near(self, latitude: float, longitude: float, radius_m: float) -> Sequence[Venue]:
        """The gazetteer's places whose middle or outline is within reach, nearest first."""
        at, reach = Point(latitude, longitude), 1 + int(radius_m * _CELLS / 55_000)
        row, column = _cell(at)
        near = [
            (max(0.0, distance_m(at, one.middle) - one.radius_m), one)
            for down in range(row - reach, row + reach + 1)
            for across in range(column - reach, column + reach + 1)
            for one in self._cells.get((down, across), ())
        ]
        near.sort(key=lambda found: (found[0], found[1].osm_id))
        return [one for far_m, one in near if far_m <= radius_m]

    def cities_near(self, latitude: float, longitude: float, radius_m: float) -> Sequence[City]:
        """GeoNames' cities whose centre is within reach, nearest first."""
        at = Point(latitude, longitude)
        near = sorted((distance_m(at, city.centre), city.geonames_id) for city in self.cities)
        by_id = {city.geonames_id: city for city in self.cities}
        return [by_id[number] for far_m, number in near if far_m <= radius_m]

    def setlists(self, city_id: int, on: date) -> Sequence[Setlist]:
        """All that setlist.fm has for a city and a day."""
        return self._shows.setlists(city_id, on)


def _cell(at: Point) -> tuple[int, int]:
    return int(at.latitude * _CELLS // 1), int(at.longitude * _CELLS // 1)


def _rolls(lives: Sequence[Life], parameters: Parameters, shows: Shows) -> list[Roll]:
    """Concerts first; then everybody fills up with everyday life what is left."""
    rolls: list[Roll] = []
    for life in lives:
        roll = Roll(life.person_id, life.city.zone, parameters)
        photograph(life, roll, parameters, shows)
        rolls.append(roll)
    left = parameters.photos - sum(len(roll.photos) for roll in rolls)
    for number, (life, roll) in enumerate(zip(lives, rolls, strict=True)):
        share = left * (number + 1) // len(lives) - left * number // len(lives)
        Everyday(life, roll, parameters, shows).photograph(share)
    return rolls
