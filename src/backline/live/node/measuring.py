"""What is measured of a show between two of its samples, and how it becomes the next one."""

from collections import Counter
from collections.abc import Mapping
from typing import Final, NamedTuple
from uuid import UUID

from backline.live.models import Incoming, Relay, Report, SampledState
from backline.live.publishing import Taken
from backline.live.sql.samples import Measured, MeasuredRelay

# Reports are noted once a second; of fewer nothing is told yet.
_LEAST_NOTES: Final = 10
# Beyond that no encoder meant it: its timestamps have jumped.
_MOST_MS: Final = 3_600_000
_WORST_FIRST: Final[tuple[SampledState, ...]] = ("failed", "stalled", "connecting", "idle", "live")


class Sample(NamedTuple):
    """A show at the end of a while; `dropped` is what its destinations have lost altogether."""

    incoming: Measured
    relays: list[MeasuredRelay]
    dropped: dict[UUID, int]


class Measuring:
    """All shows of a node, as they were since their last samples."""

    def __init__(self) -> None:
        self._windows: dict[UUID, _Window] = {}
        self._told: dict[UUID, dict[UUID, int]] = {}

    def note(self, held: Mapping[UUID, Taken], reports: Mapping[UUID, Report]) -> None:
        """Note how shows are doing, about once a second; those that are gone are forgotten.

        A show is measured from its first rate on, which takes a moment.
        """
        for gone in self._windows.keys() - held.keys():
            del self._windows[gone]
            self._told.pop(gone, None)
        for key, report in reports.items():
            if key not in held:
                continue
            taken, window = held[key], self._windows.get(key)
            if window is None or window.taken.show_id != taken.show_id:
                if report.incoming is not None and not report.incoming.bitrate_kbps:
                    continue
                window = self._windows[key] = _Window(taken)
            window.taken = taken
            window.note(report)

    def take(self) -> list[Sample]:
        """A sample of each show that was noted for long enough; these begin anew."""
        due = {key: one for key, one in self._windows.items() if one.notes >= _LEAST_NOTES}
        for key, one in due.items():
            self._windows[key] = _Window(one.taken)
        return [one.sample(self._told.get(key, {})) for key, one in due.items()]

    def told(self, sample: Sample) -> None:
        """A sample is kept; what destinations lost before one that isn't, the next one tells."""
        self._told.setdefault(sample.incoming.project_id, {}).update(sample.dropped)


class _Window:
    def __init__(self, taken: Taken) -> None:
        self.taken, self.notes = taken, 0
        self._kbps, self._frames = 0, 0.0
        self._keyframe_ms: list[int] = []
        self._drift_ms: list[int] = []
        self._relays: dict[UUID, _RelayWindow] = {}

    def note(self, report: Report) -> None:
        self.notes += 1
        if report.incoming is not None:
            self._note(report.incoming)
        for relay in report.relays:
            if relay.state != "off":
                self._relays.setdefault(relay.id, _RelayWindow()).note(relay, relay.state)

    def _note(self, incoming: Incoming) -> None:
        self._kbps += incoming.bitrate_kbps
        self._frames += incoming.fps
        interval_ms, drift_ms = incoming.keyframe_interval_ms, incoming.drift_ms
        if interval_ms is not None and interval_ms <= _MOST_MS:
            self._keyframe_ms.append(interval_ms)
        if drift_ms is not None and abs(drift_ms) <= _MOST_MS:
            self._drift_ms.append(drift_ms)

    def sample(self, told: Mapping[UUID, int]) -> Sample:
        one = self.taken
        of, relays = (one.owner_id, one.show_id), self._relays.items()
        incoming = Measured(
            one.owner_id,
            one.project_id,
            one.show_id,
            one.epoch,
            round(self._kbps / self.notes),
            round(self._frames / self.notes, 2),
            _average(self._keyframe_ms),
            _average(self._drift_ms),
        )
        measured = [each.sample(of, key, told.get(key, 0)) for key, each in relays]
        return Sample(incoming, measured, {key: each.dropped for key, each in relays})


class _RelayWindow:
    def __init__(self) -> None:
        self._states: Counter[SampledState] = Counter()
        self._kbps = self._lag_ms = self.dropped = 0

    def note(self, relay: Relay, state: SampledState) -> None:
        self._states[state] += 1
        self._kbps += relay.bitrate_kbps
        self._lag_ms = min(max(self._lag_ms, relay.lag_ms), _MOST_MS)
        self.dropped = relay.dropped_frames

    def sample(self, of: tuple[UUID, UUID], key: UUID, told: int) -> MeasuredRelay:
        # That which it was in for longest; of several the worst.
        state = max(_WORST_FIRST, key=lambda one: self._states[one])
        kbps = round(self._kbps / self._states.total())
        # One that was removed and came back has begun to count anew.
        lost = self.dropped - told if self.dropped >= told else self.dropped
        return MeasuredRelay(*of, key, state, kbps, self._lag_ms, lost)


def _average(values: list[int]) -> int | None:
    return round(sum(values) / len(values)) if values else None
