"""Where a phone thinks that it is: indoors it errs, at times by a kilometre, or says nothing."""

from typing import Final

from msgspec import Struct

from tests.concerts.truth.cameras import Camera
from tests.concerts.truth.draws import Draw
from tests.concerts.truth.ground import Point, moved, towards
from tests.concerts.truth.parameters import Errors
from tests.concerts.truth.truth import Trouble

_STALE_M: Final = (500, 2_500)
_NOWHERE: Final = Point(0.0, 0.0)
_SAYS: Final = (0.9, 1.7)


class Fix(Struct, frozen=True):
    """What is written of the place; nothing is also something."""

    at: Point | None = None
    error_m: float | None = None
    trouble: Trouble | None = None


class Receiver:
    """A phone's receiver during one outing: half of its error stays the same all the time."""

    def __init__(self, camera: Camera, errors: Errors, draw: Draw, *, is_deaf: bool) -> None:
        self._camera, self._errors, self._draw = camera, errors, draw
        self._share = 0.0 if is_deaf else errors.fix
        self._blur_m = draw.uniform(*errors.blur_m)
        self._bias_m = draw.gauss(0, self._blur_m / 2), draw.gauss(0, self._blur_m / 2)

    def fix(self, at: Point) -> Fix:
        """A fix of somebody who stands at `at`."""
        if not self._camera.has_gps:
            return Fix(trouble="gps off" if self._camera.is_phone else "no gps")
        if not self._draw.happens(self._share):
            return Fix(trouble="no gps")
        if self._draw.happens(self._errors.null_island):
            return Fix(_NOWHERE, None, "null island")
        if self._draw.happens(self._errors.stale_fix):
            away = self._draw.uniform(*_STALE_M), self._draw.uniform(0, 360)
            return Fix(towards(at, *away), self._error_m(), "stale fix")
        off_m = [bias_m + self._draw.gauss(0, self._blur_m / 3) for bias_m in self._bias_m]
        return Fix(moved(at, *off_m), self._error_m())

    def _error_m(self) -> float | None:
        error_m = round(self._blur_m * self._draw.uniform(*_SAYS), 1)
        return error_m if self._camera.writes_error else None
