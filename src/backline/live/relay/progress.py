"""Whether a destination takes what it is sent: by bytes and acknowledgements, not by its socket."""

from backline.live.relay.line import Line
from backline.live.relay.models import Pace

_LEAST_BYTES = 4_096
# Slower than this share of the stream is no progress: it will never come back by itself.
_LEAST_SHARE = 0.1
# How many windows a destination that used to acknowledge may leave out.
_WINDOWS = 4
_MOST_UNACKNOWLEDGED = 1 << 20


class Progress:
    """Judges one connection, about once a second.

    Time in which this process itself stood still counts for nobody.
    """

    def __init__(self, line: Line, pace: Pace, now_s: float) -> None:
        self._line, self._pace = line, pace
        self._looked_s = now_s
        self._clock_s = self._moved_s = self._acknowledged_s = 0.0
        self._marked_bytes = line.delivered_bytes
        self._acknowledged_bytes = 0
        self._window_bytes = 0
        self._windows = 0

    def look(self, now_s: float, *, waits: bool, bytes_per_s: float) -> float:
        """For how many seconds nothing has moved; 0 if it does."""
        self._clock_s += min(now_s - self._looked_s, 2 * self._pace.watch_s)
        self._looked_s = now_s
        self._look_at_acknowledgements()
        delivered = self._line.delivered_bytes
        wanted = max(_LEAST_BYTES, bytes_per_s * _LEAST_SHARE * self._pace.stall_s)
        is_waiting = waits or self._line.waiting_bytes > 0
        if not is_waiting or delivered - self._marked_bytes >= wanted:
            self._marked_bytes = delivered
            self._moved_s = self._clock_s
        return max(self._clock_s - self._moved_s, self._unacknowledged_s(delivered))

    def _look_at_acknowledgements(self) -> None:
        acknowledged = self._line.acknowledged_bytes
        if acknowledged > self._acknowledged_bytes:
            window = acknowledged - self._acknowledged_bytes
            self._window_bytes = max(self._window_bytes, window)
            self._windows += 1
            self._acknowledged_bytes, self._acknowledged_s = acknowledged, self._clock_s

    def _unacknowledged_s(self, delivered: int) -> float:
        """How long a destination that acknowledges has missed what it should have."""
        missed = delivered - self._acknowledged_bytes
        most = self._window_bytes * _WINDOWS + _MOST_UNACKNOWLEDGED
        if self._windows < 2 or missed <= most:  # noqa: PLR2004  # one could be by chance
            return 0.0
        return self._clock_s - self._acknowledged_s
