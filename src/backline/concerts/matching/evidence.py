"""What matching is given and what it says: photos, venues, shows; sessions, candidates, verdicts.

Nothing here comes from a table or from the network: whoever calls has read it, so the same evidence
always gives the same verdict.
"""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

Kind = Literal["match", "review", "none"]


class Place(Struct, frozen=True):
    """A position in degrees (WGS 84), and how far off it may be (one sigma)."""

    latitude: float
    longitude: float
    error_m: float = 15.0


class Sighting(Struct, frozen=True):
    """A photo as evidence.

    `wall` is what the camera's clock showed, without a zone; `offset_s` what it said of its own
    zone; `gps_at` the satellites' time (UTC). `zone` is the time zone at `place`, by its IANA name.
    """

    id: UUID
    wall: datetime
    place: Place | None = None
    offset_s: int | None = None
    gps_at: datetime | None = None
    zone: str | None = None
    camera: str = ""


class Venue(Struct, frozen=True):
    """A venue of the gazetteer: all its names, and how far it reaches.

    `outline` are the corners (latitude, longitude) of its ground; without one `reach_m` is the
    radius around its middle.
    """

    id: str
    names: tuple[str, ...]
    latitude: float
    longitude: float
    reach_m: float = 30.0
    kind: str = "music_venue"
    outline: tuple[tuple[float, float], ...] = ()


class Show(Struct, frozen=True):
    """A setlist of setlist.fm: one artist, one evening. Its venue has a name but no position."""

    id: str
    artist: str
    venue_id: str
    venue: str
    city_id: int
    held_on: date


class Event(Struct, frozen=True):
    """An evening at a venue with all who played, in the order of their setlists.

    `is_own`: the person has noted it by hand, or imported it.
    """

    venue_id: str
    venue: str
    city_id: int
    held_on: date
    shows: tuple[Show, ...]
    is_own: bool = False

    @property
    def artists(self) -> tuple[str, ...]:
        """The bill."""
        return tuple(show.artist for show in self.shows)


class Session(Struct, frozen=True):
    """Photos that were taken at one go, in the order of time.

    `began_at` and `ended_at` are local wall time where they were taken. `places` are where that may
    have been, and `days` the concert days that it may belong to: the likeliest first, each with its
    share of the evidence.
    """

    sightings: tuple[Sighting, ...]
    began_at: datetime
    ended_at: datetime
    places: tuple[tuple[Place, float], ...]
    days: tuple[tuple[date, float], ...]
    is_doubtful: bool = False

    @property
    def place(self) -> Place | None:
        """Where it was, as far as anybody knows."""
        return self.places[0][0] if self.places else None

    @property
    def ids(self) -> tuple[UUID, ...]:
        """Of its photos."""
        return tuple(one.id for one in self.sightings)


class Candidate(Struct, frozen=True):
    """An event that a session may belong to, how likely, and why in words for people."""

    event: Event
    venue: Venue | None
    confidence: float
    reasons: tuple[str, ...]


class Verdict(Struct, frozen=True):
    """What becomes of a session: `match` by itself, `review` by a person, or `none`.

    Candidates are the likeliest first; `elsewhere` is how likely it is that none of them is right.
    """

    kind: Kind
    candidates: tuple[Candidate, ...]
    elsewhere: float
