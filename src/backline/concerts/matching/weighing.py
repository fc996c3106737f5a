"""What the evidence on a session is worth, in nats: its place, hours, length, number of photos."""

import math
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from backline.concerts.matching.events import OPEN_AIR
from backline.concerts.matching.evidence import Place, Session, Venue
from backline.concerts.matching.geometry import distance_m, outside_m


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


class Near(Struct, frozen=True):
    """A venue of the gazetteer, how far the session was from it, and what that is worth."""

    venue: Venue
    distance_m: float
    worth: float


def near_of(places: Sequence[tuple[Place, float]], venue: Venue, weights: Weights) -> Near:
    """A venue against all places where the session may have been."""
    away_m = min(
        distance_m(place.latitude, place.longitude, venue.latitude, venue.longitude)
        for place, _ in places
    )
    worth = sum(share * math.exp(_worth(place, venue, weights)) for place, share in places)
    return Near(venue, away_m, math.log(worth))


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


def concert_odds(session: Session, near: Sequence[Near], weights: Weights) -> float:
    """What hour, length and number of photos say for any concert."""
    began, ended = session.began_at, session.ended_at
    odds = hour_odds(began, ended, weights)
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


def hour_odds(began: datetime, ended: datetime, weights: Weights) -> float:
    """Doors open in the evening; what was over before that was hardly a concert."""
    if began.hour < 6:  # noqa: PLR2004  # it began after midnight
        return weights.night if ended.hour < 6 else weights.daytime  # noqa: PLR2004
    if ended.date() > began.date() or ended.hour >= 19:  # noqa: PLR2004
        return weights.evening
    return weights.early if ended.hour >= 16 else weights.daytime  # noqa: PLR2004
