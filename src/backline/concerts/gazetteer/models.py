"""The shapes of the gazetteer: venues and cities, as they are kept and as they are answered."""

from typing import Literal
from uuid import UUID

from msgspec import Struct

Source = Literal["osm", "file", "setlist.fm", "person"]


class Venue(Struct, frozen=True):
    """A venue, everybody's. `city` is empty while nobody knows it.

    Without a position it is known by its name and its city alone. `reach_m` is the radius of its
    ground; `outline` are the corners of that, latitude and longitude in turn.
    """

    id: UUID
    source: Source
    source_id: str
    kind: str
    name: str
    other_names: list[str]
    latitude: float | None
    longitude: float | None
    reach_m: float
    outline: list[float]
    city_id: int | None
    city: str
    country_code: str
    capacity: int | None


class NearVenue(Struct, frozen=True):
    """A venue, and how far it is from where somebody asked for it."""

    venue: Venue
    distance_m: float


class CalledVenue(Struct, frozen=True):
    """A venue, and how alike its name is to the one that was asked for: up to 1, the same."""

    venue: Venue
    likeness: float


class NewVenue(Struct, frozen=True):
    """A venue to be kept; its source and the source's id for it are what it is known again by."""

    source: Source
    source_id: str
    kind: str
    name: str
    other_names: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    reach_m: float | None = None
    outline: tuple[float, ...] = ()
    city_id: int | None = None
    country_code: str = ""
    capacity: int | None = None


class Kept(Struct, frozen=True):
    """How many venues are new and how many have changed; the others were known as they are."""

    added: int
    changed: int


class City(Struct, frozen=True):
    """A city, by GeoNames' id. `region` is GeoNames' code of its state or county."""

    id: int
    name: str
    country_code: str
    region: str
    zone: str
    latitude: float
    longitude: float
    population: int


class NearCity(Struct, frozen=True):
    """A city, and how far its middle is from where somebody asked for it."""

    city: City
    distance_m: float


class VenueHit(Struct, frozen=True):
    """A venue as type-ahead shows it; `distance_m` where the question said from where."""

    id: UUID
    name: str
    kind: str
    city: str
    country_code: str
    latitude: float | None
    longitude: float | None
    capacity: int | None
    distance_m: float | None = None


class VenueHits(Struct, frozen=True):
    """Venues, the likeliest first; whoever wants others types on."""

    items: list[VenueHit]
    next_cursor: None = None


class CityHit(Struct, frozen=True):
    """A city as type-ahead shows it."""

    id: int
    name: str
    country_code: str
    region: str
    zone: str
    latitude: float
    longitude: float
    population: int
    distance_m: float | None = None


class CityHits(Struct, frozen=True):
    """Cities, the likeliest first; whoever wants others types on."""

    items: list[CityHit]
    next_cursor: None = None
