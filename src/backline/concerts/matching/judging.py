"""The verdict on a session: by log-odds over all that it could be.

The hypotheses exclude each other: each event that was held on one of its days, a concert that
nobody has listed, no concert at all. Each begins with a prior and gains or loses by the evidence
(in nats); what results is normalised. A match is made only when one event has `SURE` and leads by
`LEAD`; a likely one that falls short is for a person to decide.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from backline.concerts.matching.events import OPEN_AIR, is_festival
from backline.concerts.matching.evidence import (
    Candidate,
    Event,
    Kind,
    Place,
    Session,
    Venue,
    Verdict,
)
from backline.concerts.matching.geometry import distance_m, outside_m
from backline.concerts.matching.names import houses, likeness

SURE, LEAD = 0.85, 0.2
WORTH_A_LOOK = 0.25
MOST_CANDIDATES = 5
_SAME_NAME = 0.8
_NAMESAKE = 3.0
_OTHER_NAME = 0.96
NEAR_M = 1_500.0  # how far around a session venues are of any interest


class Weights(Struct, frozen=True):
    """What the evidence is worth; tuned on a set of its own, judged on another (`benchmarks/`).

    `city_m` is the radius over which photos of no concert are spread; `reach_sigma_m` the least
    spread of photos around a venue; `unlisted` the share of concerts that nobody has listed.
    """

    concert: float = 0.25
    unlisted: float = 0.1
    city_m: float = 1_500.0
    reach_sigma_m: float = 25.0
    evening: float = 1.3
    night: float = 1.0
    early: float = -2.5
    daytime: float = -5.0
    open_air_day: float = 0.8
    lone: float = -1.5
    long: float = 0.8
    short: float = -1.5
    many: float = 0.5
    few: float = -0.7
    marathon: float = 0.8
    same_name: float = 6.0
    middle_name: float = 0.75
    own: float = 4.0
    suburb_m: float = 8_000.0
    floor: float = -7.0


USUAL = Weights()


class _Near(Struct, frozen=True):
    """A venue of the gazetteer, how far the session was from it, and what that is worth."""

    venue: Venue
    distance_m: float
    worth: float


class _Scored(Struct, frozen=True):
    event: Event
    near: _Near | None
    name: float
    odds: float


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
    near = [_near(session.places, venue, weights) for venue in venues] if session.places else []
    days = dict(session.days)
    held = [event for event in events if event.held_on in days]
    concert = _concert_odds(session, near, weights)
    scored = _together([_score(session, days, one, near, events, weights) for one in held])
    nearest_m = min(cities.values(), default=0.0)
    away = {city: (away_m - nearest_m) / weights.suburb_m for city, away_m in cities.items()}
    prior = math.log(weights.concert * (1 - weights.unlisted) / max(len(held), 1)) + concert
    odds = [one.odds + prior - away.get(one.event.city_id, 0.0) for one in scored]
    unlisted = math.log(weights.concert * weights.unlisted / max(len(held), len(near), 1))
    unlisted += concert + _anywhere(near, scored)
    nothing = math.log(1 - weights.concert)
    shares = _normalised([*odds, unlisted, nothing])
    ranked = sorted(zip(shares, scored, strict=False), key=lambda pair: -pair[0])
    candidates = tuple(
        Candidate(
            one.event,
            one.near.venue if one.near and one.name >= weights.middle_name else None,
            share,
            _reasons(session, one, len(held)),
        )
        for share, one in ranked[:MOST_CANDIDATES]
        if share > 0.01  # noqa: PLR2004  # nobody would choose it
    )
    return Verdict(_kind(session, candidates), candidates, shares[-1] + shares[-2])


def promising(session: Session, venues: Sequence[Venue], weights: Weights = USUAL) -> list[Venue]:
    """The venues at which a show could be what a session is of, the likeliest first.

    Each is given the best that could be listed: its own name, the session's day, no other show, and
    a festival, which begins at any hour. Where that is at none of them worth a look, nothing that
    anybody lists makes a match, so nobody has to be asked.
    """
    if not session.places:
        return []
    near = [_near(session.places, venue, weights) for venue in venues]
    odds = math.log(weights.concert * (1 - weights.unlisted)) + _concert_odds(
        session, near, weights
    )
    hours = _hour_odds(session.began_at, session.ended_at, weights)
    odds += max(weights.open_air_day - hours, 0.0) if hours < 0 else 0.0
    least = math.log(1 - weights.concert) + math.log(WORTH_A_LOOK / (1 - WORTH_A_LOOK))
    best = [one for one in near if odds + one.worth >= least]
    return [one.venue for one in sorted(best, key=lambda one: (-one.worth, one.venue.id))]


def _kind(session: Session, candidates: Sequence[Candidate]) -> Kind:
    first = candidates[0].confidence if candidates else 0.0
    second = candidates[1].confidence if len(candidates) > 1 else 0.0
    is_placed = session.places or (candidates and candidates[0].event.is_own)
    if first >= SURE and first - second >= LEAD and is_placed:
        return "match"
    return "review" if first >= WORTH_A_LOOK else "none"


def _near(places: Sequence[tuple[Place, float]], venue: Venue, weights: Weights) -> _Near:
    """A venue against all places where the session may have been."""
    away_m = min(
        distance_m(place.latitude, place.longitude, venue.latitude, venue.longitude)
        for place, _ in places
    )
    worth = sum(share * math.exp(_worth(place, venue, weights)) for place, share in places)
    return _Near(venue, away_m, math.log(worth))


def _worth(place: Place, venue: Venue, weights: Weights) -> float:
    """A Gauss curve around the venue's edge against an even spread over the city."""
    if venue.outline:
        beyond_m = outside_m(place, venue.outline)
    else:
        away_m = distance_m(place.latitude, place.longitude, venue.latitude, venue.longitude)
        beyond_m = max(away_m - venue.reach_m, 0.0)
    sigma_m = math.hypot(weights.reach_sigma_m, place.error_m)
    # The area under the curve: the ground itself, its edge, and the corners.
    edge_m = math.tau * venue.reach_m * sigma_m * math.sqrt(math.pi / 2)
    area = math.pi * venue.reach_m**2 + edge_m + math.tau * sigma_m**2
    worth = math.log(math.pi * weights.city_m**2 / area) - beyond_m**2 / (2 * sigma_m**2)
    return max(worth, weights.floor)


def _score(
    session: Session,
    days: dict[date, float],
    event: Event,
    near: Sequence[_Near],
    events: Sequence[Event],
    weights: Weights,
) -> _Scored:
    """An event's evidence: the day, and its venue being where the session was."""
    day = math.log(max(days[event.held_on], 1e-3)) + (weights.own if event.is_own else 0.0)
    if not session.places:
        return _Scored(event, None, 0.0, day)
    best: _Near | None = None
    best_name, best_odds = 0.0, weights.floor
    for one in near:
        name = _called(event.venue, one.venue)
        same = weights.same_name * (name - weights.middle_name) / (1 - weights.middle_name)
        # Either the gazetteer's venue is the event's, and distance tells; or it is another one.
        odds = _either(_log_share(same) + one.worth, _log_share(-same) + weights.floor)
        if odds > best_odds:
            best, best_name, best_odds = one, name, odds
    hours = _hour_odds(session.began_at, session.ended_at, weights)
    if hours < 0 and best is not None and is_festival(event, best.venue.kind, events):
        day += weights.open_air_day - hours  # festivals begin at noon
    return _Scored(event, best, best_name, day + best_odds)


def _called(name: str, venue: Venue) -> float:
    """How alike a name is to a venue's; its former and other names may be another one's today."""
    return max(likeness(name, venue.names[:1]), _OTHER_NAME * likeness(name, venue.names[1:]))


def _together(scored: Sequence[_Scored]) -> list[_Scored]:
    """One evening at one venue, under however many spellings setlists have it."""
    kept: dict[tuple[str, date], _Scored] = {}
    others: list[_Scored] = []
    for one in sorted(scored, key=lambda one: (-one.name, one.event.venue_id)):
        if one.near is None or one.name < _SAME_NAME:
            others.append(one)
            continue
        place = one.near.venue.id, one.event.held_on
        first = kept.setdefault(place, one)
        if first is one:
            continue
        if not _is_same(first.event, one.event):
            # Another house of a like name: this one's evening is known by its own.
            others.append(replace(one, odds=one.odds - _NAMESAKE))
        else:
            shows = (*first.event.shows, *one.event.shows)
            is_own = first.event.is_own or one.event.is_own
            event = replace(first.event, shows=shows, is_own=is_own)
            kept[place] = replace(first, event=event, odds=max(first.odds, one.odds))
    return [*kept.values(), *others]


def _is_same(one: Event, other: Event) -> bool:
    """Whether two spellings are one venue's; what a person notes by hand is seldom exact."""
    if likeness(one.venue, [other.venue]) < _SAME_NAME:
        return False
    if one.is_own or other.is_own:
        return True
    return one.city_id == other.city_id and houses(one.venue) == houses(other.venue)


def _anywhere(near: Sequence[_Near], scored: Sequence[_Scored]) -> float:
    """What the place is worth to a concert that isn't listed: at a venue of none that is."""
    taken = {one.near.venue.id for one in scored if one.near and one.name >= _SAME_NAME}
    free = [one.worth for one in near if one.venue.id not in taken]
    return max(free, default=0.0)


def _concert_odds(session: Session, near: Sequence[_Near], weights: Weights) -> float:
    """What hour, length and number of photos say for any concert."""
    began, ended = session.began_at, session.ended_at
    odds = _hour_odds(began, ended, weights)
    if odds < 0 and any(one.venue.kind in OPEN_AIR and one.worth > 0 for one in near):
        odds += weights.open_air_day
    if (ended - began).total_seconds() >= 45 * 60:
        odds += weights.long
    elif (ended - began).total_seconds() < 20 * 60:
        odds += weights.short
    if (ended - began).total_seconds() >= 4 * 3600:
        odds += weights.marathon
    count = len(session.sightings)
    if count >= 8:  # noqa: PLR2004
        odds += weights.many
    elif count <= 2:  # noqa: PLR2004
        odds += weights.lone if count == 1 else weights.few
    return odds


def _hour_odds(began: datetime, ended: datetime, weights: Weights) -> float:
    """Doors open in the evening; what was over before that was hardly a concert."""
    if began.hour < 6:  # noqa: PLR2004  # it began after midnight
        return weights.night if ended.hour < 6 else weights.daytime  # noqa: PLR2004
    if ended.date() > began.date() or ended.hour >= 19:  # noqa: PLR2004
        return weights.evening
    return weights.early if ended.hour >= 16 else weights.daytime  # noqa: PLR2004


def _either(one: float, other: float) -> float:
    high = max(one, other)
    return high + math.log(math.exp(one - high) + math.exp(other - high))


def _log_share(odds: float) -> float:
    """The logarithm of the probability that has these odds (nats)."""
    return -math.log1p(math.exp(-odds)) if odds > -30 else odds  # noqa: PLR2004  # no overflow


def _normalised(odds: Sequence[float]) -> list[float]:
    high = max(odds)
    shares = [math.exp(one - high) for one in odds]
    whole = sum(shares)
    return [share / whole for share in shares]


def _reasons(session: Session, scored: _Scored, held: int) -> tuple[str, ...]:
    """Why, in words for people."""
    said: list[str] = []
    near = scored.near
    if session.place is None:
        said.append("The photos don't tell where they were taken.")
    elif near is None or near.worth <= 0:
        said.append(f"No known venue called {scored.event.venue} is near.")
    else:
        said.append(f"Taken {_metres(near.distance_m)} from {near.venue.names[0]}.")
        if scored.name < 1:
            said.append(f"The setlist calls the venue {scored.event.venue}.")
    if held > 1:
        said.append(f"{held} concerts are listed around there for these days.")
    if session.is_doubtful:
        said.append("The camera's clock and its place disagree about the time.")
    if len(session.days) > 1 and session.days[0][0] != scored.event.held_on:
        said.append("The photos are from after midnight.")
    return tuple(said)


def _metres(distance_m: float) -> str:
    if distance_m < 995:  # noqa: PLR2004  # what rounds to less than a kilometre
        return f"{round(distance_m, -1):.0f} m"
    return f"{distance_m / 1000:.1f} km"
