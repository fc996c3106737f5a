"""How much a worker makes of a show, by how long it takes: less, before it comes too late."""

from typing import Final

from backline.live.ladder.steps import STEPS

_SLOW: Final = 3  # segments in a row, each of which took longer than it plays


class Pace:
    """`most_px` is the largest step that is still made; the smallest always is."""

    def __init__(self) -> None:
        self.most_px = STEPS[0].side_px
        self._slow = 0

    def took(self, spent_s: float, duration_s: float) -> None:
        """Note how long a segment took, and leave the largest step out if that is too long."""
        self._slow = self._slow + 1 if spent_s > duration_s else 0
        smaller = [one.side_px for one in STEPS if one.side_px < self.most_px]
        if self._slow >= _SLOW and smaller:
            self.most_px, self._slow = smaller[0], 0
