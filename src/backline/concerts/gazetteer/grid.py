"""A grid over the globe, by which positions are found in an index.

Its rows are equally high, and each row has as many cells as make them about as wide as high: a
circle of some size is about as many cells everywhere, at the poles and at the meridian of 180° too.
"""

import math
from typing import Final

from msgspec import Struct

_EARTH_M: Final = 6_371_008.8  # the mean radius, IUGG
_WAY_ROUND: Final = 360


class Grid(Struct, frozen=True):
    """`per_degree` rows in each degree; circles of up to `most_m` are looked for."""

    per_degree: int
    most_m: float

    def cell(self, latitude: float, longitude: float) -> int:
        """The cell of a position in degrees."""
        row = self._row(latitude)
        count = self._cells_in(row)
        column = math.floor((longitude + 180) / _WAY_ROUND * count) % count
        return row * _WAY_ROUND * self.per_degree + column

    def around(self, latitude: float, longitude: float, within_m: float) -> list[int]:
        """All cells that a circle touches, each once.

        Raises:
            ValueError: the circle is larger than `most_m`.
        """
        if not 0 <= within_m <= self.most_m:
            raise ValueError(f"Within {self.most_m:g} m, not {within_m:g}.")
        angle = within_m / _EARTH_M
        high = math.degrees(angle)
        rows = range(self._row(latitude - high), self._row(latitude + high) + 1)
        # How far to the east and west a circle reaches: all the way where it holds a pole.
        reach = math.sin(angle) / max(math.cos(math.radians(latitude)), 1e-12)
        wide = math.degrees(math.asin(reach)) if reach < 1 else float(_WAY_ROUND)
        found: list[int] = []
        for row in rows:
            count = self._cells_in(row)
            first = math.floor((longitude - wide + 180) / _WAY_ROUND * count)
            last = math.floor((longitude + wide + 180) / _WAY_ROUND * count)
            columns = range(count) if last - first >= count else range(first, last + 1)
            start = row * _WAY_ROUND * self.per_degree
            found += {start + column % count: None for column in columns}
        return found

    def _row(self, latitude: float) -> int:
        row = math.floor((latitude + 90) * self.per_degree)
        return min(max(row, 0), 180 * self.per_degree - 1)

    def _cells_in(self, row: int) -> int:
        middle = (row + 0.5) / self.per_degree - 90
        return max(1, round(_WAY_ROUND * self.per_degree * math.cos(math.radians(middle))))


VENUES: Final = Grid(20, 50_000.0)  # cells of 5.6 km
CITIES: Final = Grid(4, 400_000.0)  # cells of 28 km
