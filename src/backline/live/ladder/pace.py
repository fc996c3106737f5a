"""How much a worker makes of a show, by how long it takes: less, before it comes too late."""

from typing import Final

from backline.live.ladder.steps import STEPS

_SIDES: Final = [one.side_px for one in STEPS]
_SLOW: Final = 3  # segments in a row, each of which took longer than it plays
_QUICK: Final = 30  # in a row, each of which took a third of that at the most
_QUICK_SHARE: Final = 3


class Pace:
    """`most_px` is the largest step that is made at present; the smallest always is."""

    def __init__(self) -> None:
        self._at = self._slow = self._quick = 0

    @property
    def most_px(self) -> int:
        """The shorter side of its picture."""
        return _SIDES[self._at]

    def took(self, spent_s: float, duration_s: float) -> None:
        """Note how long a segment took: the largest step is left out, or comes back, by that."""
        self._slow = self._slow + 1 if spent_s > duration_s else 0
        self._quick = self._quick + 1 if spent_s * _QUICK_SHARE <= duration_s else 0
        if self._slow >= _SLOW:
            self._move(1)
        elif self._quick >= _QUICK:
            self._move(-1)

    def _move(self, by: int) -> None:
        self._at = min(max(self._at + by, 0), len(_SIDES) - 1)
        self._slow = self._quick = 0
