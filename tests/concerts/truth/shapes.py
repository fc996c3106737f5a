"""What a matcher sees: photos as a scan finds them, and what the world outside knows."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal, Protocol

from msgspec import Struct

from tests.concerts.truth.ground import Point, distance_m

Kind = Literal[
    *("music_venue", "nightclub", "theatre", "concert_hall", "arts_centre", "events_venue"),
    *("stadium", "park"),
]


class Photo(Struct, frozen=True):
    """One file of one person.

    `taken_at` is the camera's wall time, None where the file has lost it; `gps_at` is UTC.
    `fingerprint` has 128 bits, of which near duplicates share most; `deviation` is that of its
    grey values (0..127): dark frames have next to none, and their fingerprints are all alike.
    """

    id: str
    person_id: int
    name: str
    sha256: str
    taken_at: datetime | None
    offset_min: int | None
    gps_at: datetime | None
    latitude: float | None
    longitude: float | None
    error_m: float | None
    camera: str | None
    fingerprint: int
    deviation: float


class City(Struct, frozen=True):
    """A city of GeoNames; setlist.fm's `cityId` is the same number."""

    geonames_id: int
    name: str
    country_code: str
    latitude: float
    longitude: float
    zone: str

    @property
    def centre(self) -> Point:
        """Its coordinates, which are all that setlist.fm tells of a venue's place."""
        return Point(self.latitude, self.longitude)


class Venue(Struct, frozen=True):
    """A place in OpenStreetMap: a closed way with an `outline`, or a node without one."""

    osm_id: str
    kind: Kind
    name: str
    alt_names: tuple[str, ...]
    old_names: tuple[str, ...]
    latitude: float
    longitude: float
    outline: tuple[Point, ...]

    @property
    def middle(self) -> Point:
        """Where its middle is."""
        return Point(self.latitude, self.longitude)

    @property
    def radius_m(self) -> float:
        """How far its outline is from there; 0 for a node."""
        return distance_m(self.middle, self.outline[0]) if self.outline else 0.0


class Artist(Struct, frozen=True):
    """Somebody who plays; `mbid` is MusicBrainz' id."""

    mbid: str
    name: str


class Setlist(Struct, frozen=True):
    """What setlist.fm knows of one artist's show. It has no coordinates but the city's."""

    id: str
    on: date
    artist: Artist
    venue_id: str
    venue_name: str
    city_id: int
    tour: str
    songs: tuple[str, ...]
    entered_on: date


class Noted(Struct, frozen=True):
    """A concert that a person has written down by hand."""

    id: str
    on: date
    artist: str
    venue: str
    city: str


class Person(Struct, frozen=True):
    """Whose photos they are. `zone` is the time zone of their settings: that of their home."""

    id: int
    zone: str
    noted: tuple[Noted, ...]


class Match(Struct, frozen=True):
    """The concert that a session is said to show, by whatever identifies it.

    At least one of `osm_id`, `setlist_ids` and `noted_id` has to be there, and each that is
    there has to be right.
    """

    on: date
    osm_id: str | None = None
    setlist_ids: tuple[str, ...] = ()
    noted_id: str | None = None


class Session(Struct, frozen=True):
    """Photos that belong together, and what a matcher says of them.

    `match` is certain enough to stand by itself, `review` is a question to the person, `none`
    is no concert.
    """

    photo_ids: tuple[str, ...]
    verdict: Literal["match", "review", "none"]
    confidence: float = 0.0
    match: Match | None = None


class Lookups(Protocol):
    """What can be asked of the world."""

    def venues_near(self, latitude: float, longitude: float, radius_m: float) -> Sequence[Venue]:
        """The gazetteer's places whose middle or outline is within reach, nearest first."""
        ...

    def cities_near(self, latitude: float, longitude: float, radius_m: float) -> Sequence[City]:
        """GeoNames' cities whose centre is within reach, nearest first."""
        ...

    def setlists(self, city_id: int, on: date) -> Sequence[Setlist]:
        """All that setlist.fm has for a city and a day, all pages; nothing is an answer, too."""
        ...


class Matcher(Protocol):
    """One person's photos in, sessions out; a photo is in one session at most."""

    def __call__(
        self, photos: Sequence[Photo], person: Person, lookups: Lookups
    ) -> Sequence[Session]:
        """Photos come in no order. Whoever needs an event loop opens one."""
        ...


class Grouper(Protocol):
    """One person's photos in, groups of near duplicates out, by the ids of the photos."""

    def __call__(self, photos: Sequence[Photo]) -> Sequence[Sequence[str]]:
        """A burst is a group, and so are a photo and its edited copies."""
        ...
