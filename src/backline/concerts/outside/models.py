"""What services outside tell, in our own words."""

from datetime import date

from msgspec import Struct


class Artist(Struct, frozen=True):
    """Somebody who plays; `mbid` is MusicBrainz' id."""

    mbid: str
    name: str
    url: str = ""


class SetlistVenue(Struct, frozen=True):
    """A venue as setlist.fm has it: where it is nobody knows but for its city.

    `city_id` is GeoNames'.
    """

    id: str
    name: str
    city_id: int
    city: str
    country_code: str


class Setlist(Struct, frozen=True):
    """One artist's show. `url` has to be linked wherever it is shown."""

    id: str
    held_on: date
    artist: Artist
    venue: SetlistVenue
    tour: str
    songs: tuple[str, ...]
    url: str


class MapVenue(Struct, frozen=True):
    """A place of OpenStreetMap where concerts may be; `kind` is its `amenity` or `leisure`."""

    osm_id: str
    kind: str
    name: str
    other_names: tuple[str, ...]
    latitude: float
    longitude: float


class Address(Struct, frozen=True):
    """What is at a point: a place of OpenStreetMap with its name, if it has one, and its city."""

    osm_id: str
    kind: str
    name: str
    city: str
    country_code: str
    latitude: float
    longitude: float
