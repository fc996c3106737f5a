"""Listens to ffmpeg while it makes a rendition: progress, waveform, loudness, damage."""

from collections.abc import Callable
from typing import Final

from backline.audio.engine.loudness import Loudness, LoudnessReader
from backline.audio.engine.waveform import Peak, Waveform

Progress = Callable[[int, int], None]
"""Told the milliseconds done and in all."""

_FRAME: Final = "frame:"
_TIME: Final = "pts_time:"
_LOW: Final = "lavfi.astats.Overall.Min_level="
_HIGH: Final = "lavfi.astats.Overall.Max_level="
_DAMAGE: Final = ("Error submitting packet to decoder", "Invalid data found when processing input")


class Hearing:
    """Takes ffmpeg's lines one by one, from both of its outputs, in memory that is bounded."""

    def __init__(self, expected_ms: int, on_progress: Progress | None) -> None:
        self._expected_ms = expected_ms
        self._on_progress = on_progress
        self._told_ms = -1
        self._lowest = 0.0
        self._waveform = Waveform()
        self._loudness = LoudnessReader()
        self.damaged = False

    def hear(self, line: str) -> None:
        """Take one line without its end."""
        if line.startswith(_LOW):
            self._lowest = _number(line[len(_LOW) :])
        elif line.startswith(_HIGH):
            self._waveform.add(self._lowest, _number(line[len(_HIGH) :]))
        elif line.startswith(_FRAME):
            self._tell(line)
        else:
            self._loudness.read(line)
            self.damaged = self.damaged or any(sign in line for sign in _DAMAGE)

    def peaks(self) -> list[Peak]:
        """The waveform so far."""
        return self._waveform.peaks()

    def loudness(self) -> Loudness | None:
        """The loudness, once ffmpeg has ended; None for silence."""
        return self._loudness.result()

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


def _number(text: str) -> float:
    try:
        value = float(text.strip())
    except ValueError:
        return 0.0
    return value if abs(value) < 1e9 else 0.0
