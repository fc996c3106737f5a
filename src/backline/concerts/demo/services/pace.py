"""How often a service may be asked: so many in a span of time, the rest is refused."""

from collections import deque
from collections.abc import Callable

Clock = Callable[[], float]


class Pace:
    """`count` requests in any `span_s` seconds, by a clock in seconds."""

    def __init__(self, count: int, span_s: float, clock: Clock) -> None:
        self._count, self._span_s, self._clock = count, span_s, clock
        self._taken: deque[float] = deque()

    def allows(self) -> bool:
        """Whether one more is within bounds; it is counted if it is."""
        now_s = self._clock()
        while self._taken and self._taken[0] <= now_s - self._span_s:
            self._taken.popleft()
        if len(self._taken) >= self._count:
            return False
        self._taken.append(now_s)
        return True


class Day:
    """`count` requests a day, from midnight to midnight (UTC)."""

    def __init__(self, count: int, clock: Clock) -> None:
        self._count, self._clock = count, clock
        self._day, self.spent = -1, 0

    def allows(self) -> bool:
        """Whether one more is within the day's bounds; it is counted if it is."""
        today = int(self._clock() // 86_400)
        if today != self._day:
            self._day, self.spent = today, 0
        if self.spent >= self._count:
            return False
        self.spent += 1
        return True
