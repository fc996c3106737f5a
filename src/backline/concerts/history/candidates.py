"""Evenings as candidates: what a concert would be if a session was of it."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from backline.concerts import matching
from backline.concerts.history.facts import Candidate, Facts, PlayedFacts, VenueFacts
from backline.concerts.history.gathering import OWN, Around
from backline.concerts.history.models import MOST_ARTISTS, MOST_SONGS
from backline.concerts.matching import Event, Venue, is_festival
from backline.concerts.outside import Setlist
from backline.concerts.sql.judging import OwnRow

_LONGEST: Final = 200


def candidates_of(
    found: Sequence[matching.Candidate], around: Around, zone: str | None
) -> list[Candidate]:
    """What matching found, as it is kept."""
    return [one for one in (_candidate(each, around, zone) for each in found) if one is not None]


def _candidate(found: matching.Candidate, around: Around, zone: str | None) -> Candidate | None:
    setlists = [
        around.setlists[show.id] for show in found.event.shows if show.id in around.setlists
    ]
    own = _own(found.event, around.own)
    confidence, reasons = round(found.confidence, 4), list(found.reasons)
    if not setlists:
        if own is None:
            return None
        return Candidate(f"{OWN}{own.id}", _noted(own), confidence, reasons, own.id)
    first = setlists[0].venue
    key = f"{first.id}:{found.event.held_on.isoformat()}"
    event = msgspec.structs.replace(found.event, venue_id=first.id)
    festival = is_festival(event, found.venue.kind if found.venue else None, around.events)
    facts = Facts(
        found.event.held_on,
        zone=zone,
        is_festival=festival,
        venue=_venue(setlists[0], found.venue),
        bill=_bill(setlists, is_festival=festival),
    )
    return Candidate(key, facts, confidence, reasons, own.id if own else None)


def _own(event: Event, noted: Mapping[str, OwnRow]) -> OwnRow | None:
    """The concert that the person noted, if it is among what was brought together."""
    if not event.is_own:
        return None
    ids = [event.venue_id, *(show.venue_id for show in event.shows)]
    return next((noted[one] for one in ids if one in noted), None)


def _noted(own: OwnRow) -> Facts:
    at = (own.latitude, own.longitude)
    venue = VenueFacts(own.venue, own.city, own.country_code, *at) if own.venue else None
    bill = [PlayedFacts(artist) for artist in own.artists]
    return Facts(own.held_on, venue=venue, bill=bill)


def _venue(setlist: Setlist, venue: Venue | None) -> VenueFacts:
    said = setlist.venue
    where = (venue.latitude, venue.longitude) if venue else (None, None)
    name = _line(said.name) or (venue.names[0] if venue else "") or said.id
    return VenueFacts(
        name, _line(said.city), said.country_code[:2].upper(), *where, setlistfm_id=said.id
    )


def _bill(setlists: Sequence[Setlist], *, is_festival: bool) -> list[PlayedFacts]:
    """Who played, those with the longest sets last: openers play first, and short ones.

    The last one is the headliner, but of festivals, which have many.
    """
    ordered = sorted(setlists, key=lambda one: len(one.songs))[:MOST_ARTISTS]
    has_headliner = not is_festival and len({one.artist.name for one in ordered}) > 1
    return [
        PlayedFacts(
            _line(one.artist.name) or one.artist.mbid,
            one.artist.mbid,
            one.artist.url,
            has_headliner and one is ordered[-1],
            [_line(song) for song in one.songs[:MOST_SONGS] if _line(song)],
            _line(one.tour),
            one.id,
            one.url,
        )
        for one in ordered
    ]


def _line(text: str) -> str:
    """What a service calls something, as one line of a size that we keep."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_LONGEST]


def encoded(candidates: Sequence[Candidate]) -> str:
    """As JSON, to be kept."""
    return msgspec.json.encode(candidates).decode()


def setlist_ids(candidate: Candidate) -> list[str]:
    """The setlists of an evening."""
    return [one.setlist_id for one in candidate.facts.bill if one.setlist_id]


def merged(one: Facts, other: Facts) -> Facts:
    """A festival with one more of its days."""
    bill = {played.name: played for played in (*one.bill, *other.bill)}
    last = max(one.ends_on or one.held_on, other.ends_on or other.held_on)
    first = min(one.held_on, other.held_on)
    return msgspec.structs.replace(
        one,
        held_on=first,
        ends_on=last if last > first else None,
        bill=list(bill.values())[:MOST_ARTISTS],
    )
