"""Listens to ffmpeg while it makes a rendition: progress, waveform, loudness, damage."""

from collections.abc import Callable
from typing import Final

import msgspec

from backline.audio.engine.loudness import Loudness, loudness_in
from backline.audio.engine.waveform import Peak, Waveform

Progress = Callable[[int, int], None]
"""Told the milliseconds done and in all."""

_FRAME: Final = "frame:"
_FIRST_FRAME: Final = "frame:0 "
_TIME: Final = "pts_time:"
_LOW: Final = "lavfi.astats.Overall.Min_level="
_HIGH: Final = "lavfi.astats.Overall.Max_level="
_DAMAGE: Final = ("Error submitting packet to decoder", "Error during demuxing", "Header missing")


class Hearing:
    """Takes the lines of ffmpeg's standard output one by one, in memory that is bounded."""

    def __init__(self, expected_ms: int, on_progress: Progress | None) -> None:
        self._expected_ms = expected_ms
        self._on_progress = on_progress
        self._told_ms = -1
        self._lowest = 0.0
        self._waveform = Waveform()
        self.beginnings = 0
        """How often the sound began: more than once where its rate or channels change."""

    def hear(self, line: str) -> None:
        """Take one line without its end."""
        if line.startswith(_LOW):
            self._lowest = _number(line[len(_LOW) :])
        elif line.startswith(_HIGH):
            self._waveform.add(self._lowest, _number(line[len(_HIGH) :]))
        elif line.startswith(_FRAME):
            self.beginnings += line.startswith(_FIRST_FRAME)
            self._tell(line)

    def peaks(self) -> list[Peak]:
        """The waveform so far."""
        return self._waveform.peaks()

    def _tell(self, line: str) -> None:
        if self._on_progress is None:
            return
        _, _, text = line.partition(_TIME)
        done_ms = round(_number(text) * 1000)
        total_ms = max(self._expected_ms, done_ms)
        # A step is a hundredth, so that a long track doesn't flood whoever is told.
        if done_ms - self._told_ms >= max(100, total_ms // 100):
            self._told_ms = done_ms
            self._on_progress(done_ms, total_ms)


class Verdict(msgspec.Struct, frozen=True):
    """What ffmpeg's closing words on standard error say; `faults` counts damaged places."""

    loudness: Loudness | None
    faults: int
    disk_full: bool


def verdict_in(tail: str) -> Verdict:
    """Read the end of ffmpeg's log."""
    lines = tail.splitlines()
    return Verdict(
        loudness=loudness_in(lines),
        faults=sum(any(sign in line for sign in _DAMAGE) for line in lines),
        disk_full="No space left on device" in tail,
    )


def _number(text: str) -> float:
    try:
        value = float(text.strip())
    except ValueError:
        return 0.0
    # Silence and broken floats can be printed as inf or nan.
    return value if abs(value) < 1e9 else 0.0  # noqa: PLR2004
