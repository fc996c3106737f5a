"""What was so, whatever photos and databases say of it."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from tests.concerts.truth.ground import Point
from tests.concerts.truth.parameters import Naming
from tests.concerts.truth.shapes import Artist, City, Kind, Venue

Trouble = Literal[
    *("no time", "no gps", "gps off", "stale fix", "null island", "no offset", "wrong offset"),
    *("other zone", "clock wrong", "after midnight", "burst", "edited", "dark", "look-alike"),
]
Why = Literal[
    *("known", "no photo tells when", "no show in the database", "nothing tells where"),
    *("names have nothing in common", "two shows fit", "not on the map"),
]


class Stage(Struct, frozen=True):
    """A place where shows are, about `radius_m` around its centre.

    `venue` is what OpenStreetMap has of it. setlist.fm has it in the city `filed_under`, by
    `filed_id` and `filed_name`; its second entry there is `second_id` and `second_name`.
    """

    id: str
    city: City
    kind: Kind
    centre: Point
    radius_m: float
    venue: Venue | None
    filed_under: int
    filed_id: str
    filed_name: str
    second_id: str
    second_name: str
    naming: Naming
    twin: str = ""


class Event(Struct, frozen=True):
    """A show, or one day of a festival: a stage, a concert day, and the bill in its order.

    `begins_at` and `ends_at` are instants (UTC); `setlist_ids` are those that can be found.
    """

    id: str
    stage_id: str
    on: date
    bill: tuple[Artist, ...]
    begins_at: datetime
    ends_at: datetime
    festival: str
    setlist_ids: tuple[str, ...]


class Outing(Struct, frozen=True):
    """Where somebody was with a camera: at an event, or anywhere else (`event_id` is None)."""

    id: str
    person_id: int
    event_id: str | None
    photo_ids: tuple[str, ...]


class Taken(Struct, frozen=True):
    """The truth of one photo.

    `is_around`: before or after the show, nearby; matching it or not are both right.
    `is_datable`: what it says of its time is right within two hours.
    `duplicates` names its group of near duplicates; the empty text means that it has none.
    """

    photo_id: str
    outing_id: str
    event_id: str | None
    taken_at: datetime
    at: Point
    is_around: bool
    is_datable: bool
    duplicates: str
    troubles: frozenset[Trouble]
