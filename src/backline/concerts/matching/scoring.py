"""How well an event fits a session: its day, and its venue being where the session was."""

import math
from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from backline.concerts.matching.events import is_festival
from backline.concerts.matching.evidence import Event, Session, Venue
from backline.concerts.matching.names import houses, likeness
from backline.concerts.matching.weighing import Near, Weights, hour_odds

SAME_NAME = 0.8
_NAMESAKE = 3.0
_OTHER_NAME = 0.96


class Scored(Struct, frozen=True):
    """An event, the venue that is likeliest its own, how alike their names are, and its odds."""

    event: Event
    near: Near | None
    name: float
    odds: float


def score(
    session: Session,
    days: dict[date, float],
    event: Event,
    near: Sequence[Near],
    events: Sequence[Event],
    weights: Weights,
) -> Scored:
    """An event's evidence: the day, and its venue being where the session was."""
    day = math.log(max(days[event.held_on], 1e-3)) + (weights.own if event.is_own else 0.0)
    if not session.places:
        return Scored(event, None, 0.0, day)
    best: Near | None = None
    best_name, best_odds = 0.0, weights.floor
    for one in near:
        name = _called(event.venue, one.venue)
        same = weights.same_name * (name - weights.middle_name) / (1 - weights.middle_name)
        # Either the gazetteer's venue is the event's, and distance tells; or it is another one.
        odds = _either(_log_share(same) + one.worth, _log_share(-same) + weights.floor)
        if odds > best_odds:
            best, best_name, best_odds = one, name, odds
    hours = hour_odds(session.began_at, session.ended_at, weights)
    if hours < 0 and best is not None and is_festival(event, best.venue.kind, events):
        day += weights.open_air_day - hours  # festivals begin at noon
    return Scored(event, best, best_name, day + best_odds)


def _called(name: str, venue: Venue) -> float:
    """How alike a name is to a venue's; its former and other names may be another one's today."""
    return max(likeness(name, venue.names[:1]), _OTHER_NAME * likeness(name, venue.names[1:]))


def _either(one: float, other: float) -> float:
    high = max(one, other)
    return high + math.log(math.exp(one - high) + math.exp(other - high))


def _log_share(odds: float) -> float:
    """The logarithm of the probability that has these odds (nats)."""
    return -math.log1p(math.exp(-odds)) if odds > -30 else odds  # noqa: PLR2004  # no overflow


def together(scored: Sequence[Scored]) -> list[Scored]:
    """One evening at one venue, under however many spellings setlists have it."""
    kept: dict[tuple[str, date], Scored] = {}
    others: list[Scored] = []
    for one in sorted(scored, key=lambda one: (-one.name, one.event.venue_id)):
        if one.near is None or one.name < SAME_NAME:
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
    if likeness(one.venue, [other.venue]) < SAME_NAME:
        return False
    if one.is_own or other.is_own:
        return True
    return one.city_id == other.city_id and houses(one.venue) == houses(other.venue)
