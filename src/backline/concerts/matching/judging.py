"""The verdict on a session: by log-odds over all that it could be.

The hypotheses exclude each other: each event that was held on one of its days, a concert that
nobody has listed, no concert at all. Each begins with a prior and gains or loses by the evidence
(in nats); what results is normalised. A match is made only when one event has `SURE` and leads by
`LEAD`; a likely one that falls short is for a person to decide.
"""

import math
from collections.abc import Mapping, Sequence

from backline.concerts.matching.evidence import Candidate, Event, Kind, Session, Venue, Verdict
from backline.concerts.matching.reasons import reasons_for
from backline.concerts.matching.scoring import SAME_NAME, Scored, score, together
from backline.concerts.matching.weighing import (
    USUAL,
    Near,
    Weights,
    concert_odds,
    hour_odds,
    near_of,
)

SURE, LEAD = 0.85, 0.2
WORTH_A_LOOK = 0.25
MOST_CANDIDATES = 5
NEAR_M = 1_500.0  # how far around a session venues are of any interest
_NOBODYS_CHOICE = 0.01


def judge(
    session: Session,
    venues: Sequence[Venue],
    events: Sequence[Event],
    cities: Mapping[int, float],
    weights: Weights = USUAL,
) -> Verdict:
    """What a session is.

    `venues` are all of the gazetteer within `NEAR_M` of its places; `events` all that are listed
    for the cities around it on its days and on those beside them, and what the person has noted;
    `cities` tells how far outside of each of these cities it was, in metres.
    """
    near = [near_of(session.places, venue, weights) for venue in venues] if session.places else []
    days = dict(session.days)
    held = [event for event in events if event.held_on in days]
    scored = together([score(session, days, one, near, events, weights) for one in held])
    away = _away(cities, weights)

    concert = concert_odds(session, near, weights)
    listed = math.log(weights.concert * (1 - weights.unlisted) / max(len(held), 1)) + concert
    odds = [one.odds + listed - away.get(one.event.city_id, 0.0) for one in scored]
    unlisted = math.log(weights.concert * weights.unlisted / max(len(held), len(near), 1))
    unlisted += concert + _anywhere(near, scored)
    nothing = math.log(1 - weights.concert)
    *shares, unlisted_share, nothing_share = _normalised([*odds, unlisted, nothing])

    ranked = sorted(zip(shares, scored, strict=True), key=lambda pair: -pair[0])
    candidates = tuple(
        _candidate(session, one, share, len(held), weights)
        for share, one in ranked[:MOST_CANDIDATES]
        if share > _NOBODYS_CHOICE
    )
    return Verdict(_kind(session, candidates), candidates, nothing_share + unlisted_share)


def promising(session: Session, venues: Sequence[Venue], weights: Weights = USUAL) -> list[Venue]:
    """The venues at which a show could be what a session is of, the likeliest first.

    Each is given the best that could be listed: its own name, the session's day, no other show, and
    a festival, which begins at any hour. Where that is at none of them worth a look, nothing that
    anybody lists makes a match, so nobody has to be asked.
    """
    if not session.places:
        return []
    near = [near_of(session.places, venue, weights) for venue in venues]
    hours = hour_odds(session.began_at, session.ended_at, weights)
    festival = weights.open_air_day - hours if hours < 0 else 0.0
    listed = math.log(weights.concert * (1 - weights.unlisted))
    best = listed + concert_odds(session, near, weights) + festival
    nothing = math.log(1 - weights.concert)
    least = nothing + math.log(WORTH_A_LOOK / (1 - WORTH_A_LOOK))
    found = [one for one in near if best + one.worth >= least]
    return [one.venue for one in sorted(found, key=lambda one: (-one.worth, one.venue.id))]


def _candidate(
    session: Session, scored: Scored, share: float, held: int, weights: Weights
) -> Candidate:
    venue = scored.near.venue if scored.near and scored.name >= weights.middle_name else None
    return Candidate(scored.event, venue, share, reasons_for(session, scored, held))


def _kind(session: Session, candidates: Sequence[Candidate]) -> Kind:
    first = candidates[0].confidence if candidates else 0.0
    second = candidates[1].confidence if len(candidates) > 1 else 0.0
    is_placed = session.places or (candidates and candidates[0].event.is_own)
    if first >= SURE and first - second >= LEAD and is_placed:
        return "match"
    return "review" if first >= WORTH_A_LOOK else "none"


def _away(cities: Mapping[int, float], weights: Weights) -> dict[int, float]:
    """What it costs an event that its city is further off than the nearest one."""
    nearest_m = min(cities.values(), default=0.0)
    return {city: (away_m - nearest_m) / weights.suburb_m for city, away_m in cities.items()}


def _anywhere(near: Sequence[Near], scored: Sequence[Scored]) -> float:
    """What the place is worth to a concert that isn't listed: at a venue of none that is."""
    taken = {one.near.venue.id for one in scored if one.near and one.name >= SAME_NAME}
    free = [one.worth for one in near if one.venue.id not in taken]
    return max(free, default=0.0)


def _normalised(odds: Sequence[float]) -> list[float]:
    high = max(odds)
    shares = [math.exp(one - high) for one in odds]
    whole = sum(shares)
    return [share / whole for share in shares]
