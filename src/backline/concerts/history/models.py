"""The shapes of the history: rows, answers, forms, events."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from backline.concerts.models import Location
from backline.platform.text import LINE

Source = Literal["automatic", "review", "person"]
Sort = Literal["-held_on", "held_on", "-created_at"]
NameSort = Literal["-concert_count", "name"]
_MULTILINE = r"^[^\x00-\x08\x0e-\x1f\x7f]*$"
_ONE_LINE = r"^[^\x00-\x1f\x7f]*$(?!\n)"
Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=LINE)]
Title = Annotated[str, Meta(max_length=200, pattern=_ONE_LINE)]
Notes = Annotated[str, Meta(max_length=20_000, pattern=_MULTILINE)]
CountryCode = Annotated[
    str, Meta(pattern=r"^(?:[A-Z]{2})?$(?!\n)", description="ISO 3166-1, such as `DE`")
]
Mbid = Annotated[str, Meta(max_length=36, pattern=r"^[0-9a-f-]*$(?!\n)")]
Zone = Annotated[str, Meta(max_length=64, pattern=_ONE_LINE)]
MOST_ARTISTS, MOST_SONGS, MOST_MOVED = 200, 100, 500


class VenueForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A venue; one of the same name in the same city is the same."""

    name: Name
    city: Annotated[str, Meta(max_length=200, pattern=_ONE_LINE)] = ""
    country_code: CountryCode = ""
    location: Location | None = None


class ArtistForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of a bill. Left out, `songs` are those that are known already."""

    name: Name
    mbid: Mbid = ""
    headliner: bool = False
    songs: Annotated[list[Name], Meta(max_length=MOST_SONGS)] | UnsetType = UNSET


Bill = Annotated[list[ArtistForm], Meta(max_length=MOST_ARTISTS)]


class ConcertForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A concert by hand. The bill is in the order of playing; `zone` is written `Europe/Berlin`."""

    held_on: date
    ends_on: date | None = None
    zone: Zone | None = None
    title: Title = ""
    festival: bool = False
    venue: VenueForm | None = None
    bill: Bill = []
    notes: Notes = ""


class ConcertPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A merge patch (RFC 7396); null takes a venue, a zone or a last day away."""

    held_on: date | UnsetType = UNSET
    ends_on: date | UnsetType | None = UNSET
    zone: Zone | UnsetType | None = UNSET
    title: Title | UnsetType = UNSET
    festival: bool | UnsetType = UNSET
    venue: VenueForm | UnsetType | None = UNSET
    bill: Bill | UnsetType = UNSET
    notes: Notes | UnsetType = UNSET


class PhotosForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which photos."""

    photo_ids: Annotated[list[UUID], Meta(min_length=1, max_length=MOST_MOVED)]


class PhotoMoveForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which photos, and which concert they are of: one that is there, a new one, or none.

    Without `photo_ids` they are all of `from_concert_id`; with both they have to be of it.
    """

    from_concert_id: UUID | None = None
    photo_ids: Annotated[list[UUID], Meta(max_length=MOST_MOVED)] = []
    concert_id: UUID | None = None
    concert: ConcertForm | None = None


class PhotoMove(msgspec.Struct, frozen=True):
    """Photos that were moved to a concert, or to none; `made`: the concert was made for them."""

    id: UUID
    photo_count: int
    concert_id: UUID | None
    made: bool


class Venue(msgspec.Struct, frozen=True):
    """A venue of one's own history, and how many concerts were seen there."""

    id: UUID
    name: str
    city: str
    country_code: str
    location: Location | None
    concert_count: int


class Artist(msgspec.Struct, frozen=True):
    """Somebody whom one saw, and how often. `url` leads to setlist.fm."""

    id: UUID
    name: str
    mbid: str
    url: str
    concert_count: int


class Span(msgspec.Struct, frozen=True):
    """The first and the last concert of several."""

    first_on: date | None
    last_on: date | None


class VenuePage(msgspec.Struct, frozen=True):
    """A page of venues."""

    items: list[Venue]
    next_cursor: str | None = None


class ArtistPage(msgspec.Struct, frozen=True):
    """A page of artists."""

    items: list[Artist]
    next_cursor: str | None = None


class VenueDetail(msgspec.Struct, frozen=True):
    """A venue, and when one was there. Its concerts are `/concerts?venue_id=…`."""

    venue: Venue
    first_on: date | None
    last_on: date | None


class ArtistDetail(msgspec.Struct, frozen=True):
    """An artist, and when one saw them. Their concerts are `/concerts?artist_id=…`."""

    artist: Artist
    first_on: date | None
    last_on: date | None


class Played(msgspec.Struct, frozen=True):
    """One of a bill, as the concert's page shows it.

    Where there is a `setlist_url`, the songs are setlist.fm's, and it has to be linked.
    """

    artist_id: UUID
    name: str
    mbid: str
    headliner: bool
    songs: list[str]
    tour: str
    setlist_url: str


class Billed(msgspec.Struct, frozen=True):
    """One of a bill, as lists show it."""

    artist_id: UUID
    name: str
    headliner: bool


class Cover(msgspec.Struct, frozen=True):
    """The photo that stands for a concert: a starred one, else the first."""

    photo_id: UUID
    thumbnail: str | None
    placeholder: str | None


class ConcertItem(msgspec.Struct, frozen=True):
    """A concert as lists show it. Without a `title` it is called by its bill."""

    id: UUID
    held_on: date
    ends_on: date | None
    title: str
    festival: bool
    venue: Venue | None
    bill: list[Billed]
    source: Source
    confidence: float | None
    photo_count: int
    cover: Cover | None
    version: int


class Concert(msgspec.Struct, frozen=True):
    """A concert.

    `source` tells how it came into the history: `automatic` by photos, by a `review`, or by hand.
    `confidence` (of 1) and `reasons` are what the matching said. `edited`: a person has changed
    it, so that matching changes nothing any more.
    """

    id: UUID
    owner_id: UUID
    held_on: date
    ends_on: date | None
    zone: str | None
    title: str
    festival: bool
    venue: Venue | None
    bill: list[Played]
    source: Source
    confidence: float | None
    reasons: list[str]
    notes: str
    edited: bool
    photo_count: int
    cover: Cover | None
    created_at: datetime
    updated_at: datetime
    version: int


class ConcertPage(msgspec.Struct, frozen=True):
    """A page of concerts."""

    items: list[ConcertItem]
    next_cursor: str | None = None


class Year(msgspec.Struct, frozen=True):
    """How many concerts there were in a year."""

    year: int
    count: int


class Timeline(msgspec.Struct, frozen=True):
    """The years with concerts, the latest first."""

    years: list[Year]


class Point(msgspec.Struct, frozen=True):
    """A venue on the map, and how many concerts were there."""

    venue_id: UUID
    name: str
    city: str
    country_code: str
    latitude: float
    longitude: float
    concert_count: int


class Tiles(msgspec.Struct, frozen=True):
    """Pictures of the ground, 256 pixels square, in Web Mercator.

    `url` has the placeholders `{z}`, `{x}` and `{y}`; `credit` is whom to name beside them.
    """

    url: str
    credit: str


class Map(msgspec.Struct, frozen=True):
    """Venues whose place is known, where most was first, at most 2,000.

    `unplaced` are concerts at venues whose place isn't known, or at none. `tiles` are there where
    the operator has chosen some.
    """

    points: list[Point]
    unplaced: int
    tiles: Tiles | None


class ConcertChanged(msgspec.Struct, frozen=True):
    """What browsers are told: these concerts, and what happened. None named: many."""

    ids: list[UUID]
    action: Literal["created", "updated", "deleted", "restored"]


class ConcertJob(msgspec.Struct, frozen=True):
    """The payload of jobs on one concert."""

    concert_id: UUID
    owner_id: UUID


class CandidateVenue(msgspec.Struct, frozen=True):
    """Where an evening was."""

    name: str
    city: str
    country_code: str
    location: Location | None


class CandidateArtist(msgspec.Struct, frozen=True):
    """Who played on an evening; `setlist_url` has to be linked where it is shown."""

    name: str
    headliner: bool
    setlist_url: str


class ReviewCandidate(msgspec.Struct, frozen=True):
    """An evening that photos may be of, how likely (of 1), and why.

    `key` names it when it is accepted. With a `concert_id` it is in the history already.
    """

    key: str
    concert_id: UUID | None
    held_on: date
    ends_on: date | None
    title: str
    festival: bool
    venue: CandidateVenue | None
    bill: list[CandidateArtist]
    confidence: float
    reasons: list[str]


class Review(msgspec.Struct, frozen=True):
    """Photos that were taken at one go, for a person to say of which concert.

    `began_at` and `ended_at` are wall time where it was; `days` those that it may belong to, the
    likeliest first. `photos` are a few of its `photo_count`. Once it is decided, `decided` is
    true and it can be undone.
    """

    id: UUID
    state: Literal["waiting", "matched", "review", "none", "dismissed"]
    decided: bool
    began_at: str
    ended_at: str
    days: list[date]
    zone: str | None
    location: Location | None
    photo_count: int
    photos: list[Cover]
    candidates: list[ReviewCandidate]
    concert_id: UUID | None
    version: int


class ReviewPage(msgspec.Struct, frozen=True):
    """A page of reviews."""

    items: list[Review]
    next_cursor: str | None = None


class AcceptForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which candidate, by its `key`."""

    candidate: Annotated[str, Meta(min_length=1, max_length=200, pattern=_ONE_LINE)]


class JoinForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which concert of the history."""

    concert_id: UUID


class ReviewChanged(msgspec.Struct, frozen=True):
    """What browsers are told of a review: what it is now."""

    id: UUID
    state: Literal["waiting", "matched", "review", "none", "dismissed"]
    concert_id: UUID | None
