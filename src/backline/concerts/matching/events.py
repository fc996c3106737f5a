"""Setlists into evenings: who played at one venue on one day, and which of those are festivals."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from backline.concerts.matching.evidence import Event, Show

_MANY = 3  # artists, from which on an evening in the open is a festival
OPEN_AIR = frozenset({"park", "stadium", "stage", "bandstand", "festival_grounds", "field"})


def evenings(shows: Iterable[Show]) -> list[Event]:
    """Bring shows together by venue and day; each setlist once, the bill in the order given."""
    found: dict[tuple[str, object], dict[str, Show]] = {}
    for show in shows:
        found.setdefault((show.venue_id, show.held_on), {})[show.id] = show
    return [
        Event(first.venue_id, first.venue, first.city_id, first.held_on, tuple(by_id.values()))
        for by_id in found.values()
        for first in [next(iter(by_id.values()))]
    ]


def is_festival(event: Event, kind: str | None, others: Sequence[Event]) -> bool:
    """Whether an evening is a festival's; `kind` is the venue's, where that is known.

    Three artists or more at a park or stadium, or days of as many that follow each other.
    """
    artists = len(set(event.artists))
    if artists < _MANY:
        return False
    if kind in OPEN_AIR:
        return True
    beside = {event.held_on - timedelta(days=1), event.held_on + timedelta(days=1)}
    return any(
        other.venue_id == event.venue_id
        and other.held_on in beside
        and len(set(other.artists)) >= _MANY
        for other in others
    )
