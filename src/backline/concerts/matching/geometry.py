"""Distances on the globe, and the middle of some places."""

import math
from collections.abc import Sequence
from statistics import median

from backline.concerts.matching.evidence import Place

_EARTH_M = 6_371_008.8  # the mean radius, IUGG
_LEAST_ERROR_M = 12.0  # fixes under one roof err together


def distance_m(
    latitude: float, longitude: float, other_latitude: float, other_longitude: float
) -> float:
    """Metres along the great circle (haversine)."""
    low, high = math.radians(latitude), math.radians(other_latitude)
    rise = math.sin((high - low) / 2) ** 2
    turn = math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    return 2 * _EARTH_M * math.asin(math.sqrt(rise + math.cos(low) * math.cos(high) * turn))


def between_m(one: Place, other: Place) -> float:
    """Metres from one place to another."""
    return distance_m(one.latitude, one.longitude, other.latitude, other.longitude)


def middle(places: Sequence[Place]) -> Place | None:
    """Where most of them are: the median, which a few strays don't move; its error in metres.

    Many fixes make it surer than each of them is, but never surer than `_LEAST_ERROR_M`.

    Places beyond a meridian of 180° are brought to one side first.
    """
    if not places:
        return None
    first = places[0].longitude
    turned = [first + (p.longitude - first + 180) % 360 - 180 for p in places]
    longitude = median(turned)
    latitude = median(p.latitude for p in places)
    here = Place(latitude, (longitude + 180) % 360 - 180)
    spread_m = median(between_m(here, p) for p in places)
    error_m = median(p.error_m for p in places)
    error_m = math.hypot(error_m, spread_m) / math.sqrt(len(places))
    return Place(here.latitude, here.longitude, math.hypot(error_m, _LEAST_ERROR_M))


def outside_m(place: Place, outline: Sequence[tuple[float, float]]) -> float:
    """How far a place lies outside of a polygon, in metres; 0 within.

    On a plane that touches the globe at the place: a venue is small.
    """
    metre = math.radians(1) * _EARTH_M
    squeeze = math.cos(math.radians(place.latitude))
    corners = [
        (
            ((longitude - place.longitude + 180) % 360 - 180) * metre * squeeze,
            (latitude - place.latitude) * metre,
        )
        for latitude, longitude in outline
    ]
    is_within, nearest_m = False, math.inf
    for (x, y), (next_x, next_y) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if (y > 0) != (next_y > 0) and x - y * (next_x - x) / (next_y - y) > 0:
            is_within = not is_within
        nearest_m = min(nearest_m, _from_edge(x, y, next_x, next_y))
    return 0.0 if is_within else nearest_m


def _from_edge(x: float, y: float, next_x: float, next_y: float) -> float:
    """From the origin to a line between two points."""
    along_x, along_y = next_x - x, next_y - y
    length = along_x**2 + along_y**2
    part = min(max(-(x * along_x + y * along_y) / length, 0.0), 1.0) if length else 0.0
    return math.hypot(x + part * along_x, y + part * along_y)
