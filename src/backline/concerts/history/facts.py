"""What a concert is, whoever tells of it: a person, or a service outside; and what it may be."""

from datetime import date
from uuid import UUID

import msgspec


class VenueFacts(msgspec.Struct, frozen=True):
    """A venue, whoever tells of it."""

    name: str
    city: str = ""
    country_code: str = ""
    latitude: float | None = None
    longitude: float | None = None
    osm_id: str = ""
    setlistfm_id: str = ""


class PlayedFacts(msgspec.Struct, frozen=True):
    """One of a bill, whoever tells of it."""

    name: str
    mbid: str = ""
    url: str = ""
    is_headliner: bool = False
    songs: list[str] = []
    tour: str = ""
    setlist_id: str = ""
    setlist_url: str = ""


class Facts(msgspec.Struct, frozen=True):
    """All that a concert is, whoever tells of it."""

    held_on: date
    ends_on: date | None = None
    zone: str | None = None
    title: str = ""
    is_festival: bool = False
    venue: VenueFacts | None = None
    bill: list[PlayedFacts] = []
    notes: str = ""


class Candidate(msgspec.Struct, frozen=True):
    """An evening that photos may be of, as it is kept; `concert_id`: it is in the history."""

    key: str
    facts: Facts
    confidence: float
    reasons: list[str]
    concert_id: UUID | None = None
