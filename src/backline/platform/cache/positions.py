"""By which WAL position the primary has what this process knows of invalidations.

An answer that is kept has to be made from data in which every invalidation is contained that was
heard before it was begun, else it would be kept although it is old. A replica has that once it has
replayed the position. What came by signal has none until a look that began later brings one.
"""

from array import array
from collections.abc import Sequence
from typing import Final

NOBODY: Final = (1 << 64) - 1  # more than any replica has replayed: only the primary will do


class Positions:
    """The positions of the slots of `Tags`, by their slots."""

    def __init__(self, slots: int) -> None:
        self._slots = array("Q", bytes(8 * slots))
        # A process that has just begun hasn't heard of anything, and is behind all the same.
        self._floor, self._floor_s = NOBODY, float("-inf")
        self._open: dict[int, float] = {}

    def hear(self, slot: int, at_s: float) -> None:
        """Something of this slot was invalidated, as was known at `at_s` (monotonic)."""
        self._slots[slot] = NOBODY
        self._open[slot] = max(at_s, self._open.get(slot, at_s))

    def empty(self, at_s: float) -> None:
        """Everything was; what is open from later stays so."""
        self._floor_s = max(at_s, self._floor_s) if self._floor == NOBODY else at_s
        self._floor = NOBODY
        self._slots = array("Q", bytes(8 * len(self._slots)))
        self._open = {slot: heard_s for slot, heard_s in self._open.items() if heard_s > at_s}
        for slot in self._open:
            self._slots[slot] = NOBODY

    def place(self, began_s: float, position: int) -> None:
        """A look that began then found the primary at `position`: all that was known is in it."""
        if self._floor == NOBODY and self._floor_s <= began_s:
            self._floor = position
        for slot in [one for one, at_s in self._open.items() if at_s <= began_s]:
            del self._open[slot]
            self._slots[slot] = position

    def need(self, slots: Sequence[int]) -> int:
        """What a replica must have replayed to make an answer that depends on these."""
        positions = self._slots
        return max([self._floor, *(positions[slot] for slot in slots)])
