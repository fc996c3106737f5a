"""Grounds: the middle, the reach and the corners of what a map draws as lines."""

import math
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

Corner = tuple[float, float]  # latitude, longitude

_MOST_CORNERS: Final = 48
_METRE: Final = math.radians(1) * 6_371_008.8  # of a degree of latitude
_LEAST_CORNERS: Final = 3
_LEAST_REACH_M: Final = 8.0


class Ground(Struct, frozen=True):
    """Where something is; `reach_m` is None, and the outline empty, where it has no area."""

    latitude: float
    longitude: float
    reach_m: float | None = None
    outline: tuple[float, ...] = ()


def ground(rings: Sequence[Sequence[Corner]]) -> Ground | None:
    """What rings enclose: one as it is drawn, several by the hull around them.

    None where there is no corner. A line that isn't closed has no area.
    """
    corners = [corner for ring in rings for corner in ring]
    if not corners:
        return None
    first = corners[0][1]
    if max(abs(longitude - first) for _, longitude in corners) > 180:  # noqa: PLR2004
        # Across the meridian of 180°: brought to one side, and back at the end.
        corners = [(lat, lon % 360) for lat, lon in corners]
        rings = [[(lat, lon % 360) for lat, lon in ring] for ring in rings]
    south, north = min(lat for lat, _ in corners), max(lat for lat, _ in corners)
    west, east = min(lon for _, lon in corners), max(lon for _, lon in corners)
    middle = ((south + north) / 2, _turned((west + east) / 2))
    if len(rings) == 1 and rings[0][0] != rings[0][-1]:
        return Ground(*middle)
    ring = list(rings[0][:-1]) if len(rings) == 1 else _hull(corners)
    ring = ring[:: math.ceil(len(ring) / _MOST_CORNERS)] if ring else ring
    if len(ring) < _LEAST_CORNERS:
        return Ground(*middle)
    reach_m = max(math.sqrt(_area_m2(ring, middle[0]) / math.pi), _LEAST_REACH_M)
    outline = tuple(part for lat, lon in ring for part in (lat, _turned(lon)))
    return Ground(*middle, reach_m, outline)


def _turned(longitude: float) -> float:
    return longitude - 360 if longitude > 180 else longitude  # noqa: PLR2004


def _area_m2(ring: Sequence[Corner], latitude: float) -> float:
    """By Gauss' formula, on a plane: a venue is small."""
    squeeze = math.cos(math.radians(latitude))
    twice = sum(
        (lon * next_lat - next_lon * lat)
        for (lat, lon), (next_lat, next_lon) in zip(ring, [*ring[1:], ring[0]], strict=True)
    )
    return abs(twice) / 2 * _METRE**2 * squeeze


def _hull(corners: Sequence[Corner]) -> list[Corner]:
    """The convex hull (Andrew's monotone chain)."""
    ordered = sorted(set(corners))
    if len(ordered) < _LEAST_CORNERS:
        return ordered
    lower, upper = _half(ordered), _half(ordered[::-1])
    return [*lower[:-1], *upper[:-1]]


def _half(ordered: Sequence[Corner]) -> list[Corner]:
    found: list[Corner] = []
    for corner in ordered:
        while len(found) > 1 and _turn(found[-2], found[-1], corner) <= 0:
            found.pop()
        found.append(corner)
    return found


def _turn(one: Corner, two: Corner, three: Corner) -> float:
    return (two[0] - one[0]) * (three[1] - one[1]) - (two[1] - one[1]) * (three[0] - one[0])
