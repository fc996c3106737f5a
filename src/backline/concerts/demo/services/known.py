"""What the stand-ins know of the world: cities, places, artists, shows."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from msgspec import Struct


class City(Struct, frozen=True):
    """A city of GeoNames."""

    geonames_id: int
    name: str
    country_code: str
    country: str
    latitude: float
    longitude: float


class Place(Struct, frozen=True):
    """A place of OpenStreetMap: `node/…` or `way/…`, with all of its tags but those of its kind.

    `kind` is the value of `amenity`, or of `leisure` for stadiums, bandstands and parks.
    """

    osm_id: str
    kind: str
    latitude: float
    longitude: float
    tags: dict[str, str]
    city: City


class Artist(Struct, frozen=True):
    """Somebody who plays, by MusicBrainz' id."""

    mbid: str
    name: str


class Show(Struct, frozen=True):
    """One artist's setlist at setlist.fm, whose venues have no coordinates of their own."""

    id: str
    on: date
    artist: Artist
    venue_id: str
    venue_name: str
    city: City
    tour: str
    songs: tuple[str, ...]
    entered_on: date


class Land(Protocol):
    """Where the stand-ins look things up."""

    @property
    def cities(self) -> Sequence[City]:
        """All cities."""
        ...

    @property
    def artists(self) -> Sequence[Artist]:
        """All artists."""
        ...

    def places(self, latitude: float, longitude: float, radius_m: float) -> Iterable[Place]:
        """The places within reach, nearest first."""
        ...

    def shows(self, city_id: int | None, on: date | None) -> Iterable[Show]:
        """The shows of a city and a day; None stands for all of them."""
        ...
