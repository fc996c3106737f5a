"""Photos as evidence, and the sessions that they are cut into: where rows become what is judged."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

from backline.concerts import matching, zones
from backline.concerts.matching import Session, Sighting
from backline.concerts.sql.cutting import PhotoFact

_USUAL_ERROR_M = 15.0


def sighting(fact: PhotoFact) -> Sighting:
    """A photo as evidence. Looks up zones, so it blocks, the first time for long.

    Where a person said when it was, the satellites' time counts for nothing.
    """
    place, zone = None, None
    if fact.latitude is not None and fact.longitude is not None:
        error_m = fact.place_error_m or _USUAL_ERROR_M
        place = matching.Place(fact.latitude, fact.longitude, error_m)
        zone = _zone(round(fact.latitude, 2), round(fact.longitude, 2))
    offset_s = None
    # What was worked out from a place is no word of the camera's; the zone that a scan was given
    # is one where nothing else tells, as most people's cameras show the time of their home.
    told = {"camera", "person"} if place is not None else {"camera", "person", "default"}
    if fact.offset_min is not None and fact.offset_source in told:
        offset_s = fact.offset_min * 60
    gps_at = None if fact.edited_time else fact.gps_at
    return Sighting(fact.id, fact.taken_at, place, offset_s, gps_at, zone, fact.camera)


def cut(facts: Sequence[PhotoFact], home: str | None) -> list[Session]:
    """Cut photos into sessions; `home` is the zone of cameras that say nothing, if it is known."""
    return matching.sessions([sighting(one) for one in facts], ZoneInfo(home) if home else None)


def digest(session: Session) -> bytes:
    """What tells whether anything is known of a session that wasn't before."""
    encoded = msgspec.json.encode(session.sightings)
    return hashlib.sha256(encoded).digest()[:16]


@lru_cache(maxsize=100_000)
def _zone(latitude: float, longitude: float) -> str | None:
    return zones.zone_at(latitude, longitude)
