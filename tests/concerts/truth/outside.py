"""The world as the stand-ins are given it: the same places and shows, behind the real contracts."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import cached_property

from backline.concerts.demo.services import known
from backline.concerts.demo.services.drive_library import File, Library
from tests.concerts.truth.cities import CITIES
from tests.concerts.truth.shapes import City, Photo, Setlist, Venue
from tests.concerts.truth.world import World

_BY_ID = {city.geonames_id: city for city in CITIES.values()}
_FOREVER = datetime(2_030, 1, 1, tzinfo=UTC)


class Outside:
    """A `known.Land`. Shows of all days are those that somebody went to, and no others."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.cities = [_city(city) for city in world.lookups.cities]

    @cached_property
    def artists(self) -> list[known.Artist]:
        """Everybody who played where somebody of ours was."""
        bills = (artist for event in self._world.events.values() for artist in event.bill)
        return [
            known.Artist(mbid, name) for mbid, name in {one.mbid: one.name for one in bills}.items()
        ]

    def places(self, latitude: float, longitude: float, radius_m: float) -> Iterable[known.Place]:
        """What the gazetteer has there."""
        for venue in self._world.lookups.venues_near(latitude, longitude, radius_m):
            nearest = self._world.lookups.cities_near(venue.latitude, venue.longitude, 60_000)
            yield _place(venue, nearest[0])

    def shows(self, city_id: int | None, on: date | None) -> Iterable[known.Show]:
        """What setlist.fm has, whenever it was entered."""
        for city, day in self._nights(city_id, on):
            for setlist in self._world.lookups.setlists(city, day):
                yield _show(setlist)

    def _nights(self, city_id: int | None, on: date | None) -> Iterator[tuple[int, date]]:
        if city_id is not None and on is not None:
            yield city_id, on
            return
        events = self._world.events.values()
        nights = {(self._world.stages[event.stage_id].filed_under, event.on) for event in events}
        for city, day in sorted(nights):
            if city_id in {None, city} and on in {None, day}:
                yield city, day


def drive_of(world: World, person_id: int) -> Library:
    """A person's photos in a Drive: what the list tells of them, and bytes of no picture."""
    return Library(_file(photo) for photo in world.photos_of[person_id])


def _file(photo: Photo) -> File:
    content = photo.sha256.encode()
    make, _, model = (photo.camera or "").partition(" ")
    return File(
        id=photo.id,
        name=photo.name,
        content=lambda: content,
        changed_at=(photo.taken_at or _FOREVER).replace(tzinfo=UTC),
        size_bytes=len(content),
        md5=hashlib.md5(content, usedforsecurity=False).hexdigest(),
        taken_at=photo.taken_at,
        latitude=photo.latitude,
        longitude=photo.longitude,
        make=make,
        model=model,
    )


def _city(city: City) -> known.City:
    at = city.latitude, city.longitude
    return known.City(city.geonames_id, city.name, city.country_code, city.country_code, *at)


def _place(venue: Venue, city: City) -> known.Place:
    names = {
        "name": venue.name,
        "alt_name": ";".join(venue.alt_names),
        "old_name": ";".join(venue.old_names),
    }
    tags = {key: text for key, text in names.items() if text}
    at = venue.latitude, venue.longitude
    return known.Place(venue.osm_id, venue.kind, *at, tags, _city(city))


def _show(setlist: Setlist) -> known.Show:
    return known.Show(
        id=setlist.id,
        on=setlist.on,
        artist=known.Artist(setlist.artist.mbid, setlist.artist.name),
        venue_id=setlist.venue_id,
        venue_name=setlist.venue_name,
        city=_city(_BY_ID[setlist.city_id]),
        tour=setlist.tour,
        songs=setlist.songs,
        entered_on=setlist.entered_on,
    )
