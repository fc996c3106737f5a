"""Distances on the ground: good to a metre within a city, which is all that is asked of them."""

import math
from typing import NamedTuple

_DEGREE_M = 111_195.0
_DECIMALS = 6  # a tenth of a metre, and the same on every machine


class Point(NamedTuple):
    """A place in degrees (WGS 84)."""

    latitude: float
    longitude: float


def distance_m(one: Point, other: Point) -> float:
    """How far two points of a city are apart."""
    east = (other.longitude - one.longitude + 180) % 360 - 180
    east *= math.cos(math.radians((one.latitude + other.latitude) / 2))
    return math.hypot(other.latitude - one.latitude, east) * _DEGREE_M


def moved(point: Point, east_m: float, north_m: float) -> Point:
    """Where one comes from `point` by so many metres."""
    latitude = point.latitude + north_m / _DEGREE_M
    metres = _DEGREE_M * math.cos(math.radians(point.latitude))
    longitude = (point.longitude + east_m / metres + 180) % 360 - 180
    return Point(round(latitude, _DECIMALS), round(longitude, _DECIMALS))


def towards(point: Point, far_m: float, bearing: float) -> Point:
    """Where one comes from `point` at a bearing in degrees, clockwise from the north."""
    angle = math.radians(bearing)
    return moved(point, far_m * math.sin(angle), far_m * math.cos(angle))


def ring(centre: Point, radius_m: float, corners: int) -> tuple[Point, ...]:
    """A regular outline about a point, closed as OpenStreetMap closes ways."""
    turns = [360 * corner / corners for corner in range(corners)]
    return tuple(towards(centre, radius_m, bearing) for bearing in (*turns, 0.0))
