"""Listens to ffmpeg while it works: progress, waveform, loudness, peaks, damage."""

import math
from collections.abc import Callable
from typing import Final

import msgspec

from backline.audio.engine.loudness import Loudness, loudness_in, true_peak_in
from backline.audio.engine.waveform import Waveform

Progress = Callable[[int, int], None]
"""Told the milliseconds done and in all."""

_FRAME: Final = "frame:"
_FIRST_FRAME: Final = "frame:0 "
_TIME: Final = "pts_time:"
_LOW: Final = "lavfi.astats.Overall.Min_level="
_HIGH: Final = "lavfi.astats.Overall.Max_level="
_NO_NUMBERS: Final = "lavfi.astats.Number of NaNs="
_OUT_TIME: Final = "out_time_us="
_DAMAGE: Final = ("Error submitting packet to decoder", "Error during demuxing", "Header missing")

_LOUDEST: Final = 1e12
"""Files of floats are written in many scales; beyond this no sample is sound."""

_ENCODER_ROOM_DB: Final = 0.5
_ALWAYS_SOUND: Final = 16.0
_TIMES_USUAL: Final = 64.0


class Steps:
    """Tells progress in steps of a hundredth, so that a long track doesn't flood its hearer."""

    def __init__(self, on_progress: Progress | None) -> None:
        self._on_progress = on_progress
        self._told_ms = -1

    def tell(self, done_ms: int, total_ms: int) -> None:
        """Pass on what is far enough from what was told before."""
        far = max(100, total_ms // 100)
        if self._on_progress is not None and done_ms - self._told_ms >= far:
            self._told_ms = done_ms
            self._on_progress(done_ms, total_ms)


class Hearing:
    """Takes the lines of ffmpeg's standard output one by one, in memory that is bounded."""

    def __init__(self, expected_ms: int, on_progress: Progress | None) -> None:
        self._expected_ms = expected_ms
        self._steps = Steps(on_progress)
        self._lowest = 0.0
        self._has_nonsense = False
        self.waveform = Waveform()
        self.beginnings = 0
        """How often the sound began: more than once where its rate or channels change."""
        self.reached_s = self.step_s = 0.0
        """Where the last stretch began, and the length of the longest."""

    def hear(self, line: str) -> None:
        """Take one line without its end."""
        if line.startswith(_LOW):
            self._lowest = self._level(line[len(_LOW) :])
        elif line.startswith(_HIGH):
            self.waveform.add(self._lowest, self._level(line[len(_HIGH) :]))
        elif line.startswith(_NO_NUMBERS):
            self._has_nonsense |= _number(line[len(_NO_NUMBERS) :]) != 0
        elif line.startswith(_FRAME):
            self.beginnings += line.startswith(_FIRST_FRAME)
            _, _, text = line.partition(_TIME)
            began_s = _number(text)
            self.step_s = max(self.step_s, began_s - self.reached_s)
            self.reached_s = began_s
            done_ms = round(began_s * 1000)
            self._steps.tell(done_ms, max(self._expected_ms, done_ms))

    def most(self) -> float | None:
        """Beyond what a sample is none; None where none is beyond it.

        A few samples of some float files are infinite, no numbers or 10^30. Whole files in another
        scale, such as that of 16 bits, are sound.
        """
        most = max(_ALWAYS_SOUND, _TIMES_USUAL * self.waveform.usual())
        return most if self._has_nonsense or self.waveform.highest > most else None

    def _level(self, text: str) -> float:
        value = _number(text)
        # What has no samples yet is printed as the largest number that there is.
        if abs(value) < _LOUDEST:
            return value
        self._has_nonsense = True
        return 0.0


class Encoding:
    """Takes the lines that ffmpeg prints of its progress."""

    def __init__(self, total_ms: int, on_progress: Progress | None) -> None:
        self._total_ms = total_ms
        self._steps = Steps(on_progress)

    def hear(self, line: str) -> None:
        """Take one line without its end."""
        if line.startswith(_OUT_TIME):
            done_ms = round(_number(line[len(_OUT_TIME) :]) / 1000)
            self._steps.tell(min(max(done_ms, 0), self._total_ms), self._total_ms)


class Verdict(msgspec.Struct, frozen=True):
    """What ffmpeg's closing words on standard error say; `faults` counts damaged places."""

    loudness: Loudness | None
    true_peak_dbtp: float | None
    faults: int
    disk_full: bool


def verdict_in(tail: str) -> Verdict:
    """Read the end of ffmpeg's log."""
    lines = tail.splitlines()
    return Verdict(
        loudness=loudness_in(lines),
        true_peak_dbtp=true_peak_in(lines),
        faults=sum(any(sign in line for sign in _DAMAGE) for line in lines),
        disk_full="No space left on device" in tail,
    )


class Heard(msgspec.Struct, frozen=True):
    """All that was found out by listening; `most` where some samples are none, see `Hearing`.

    It is longer than `least_s`, and no longer than `duration_s`.
    """

    beginnings: int
    least_s: float
    duration_s: float
    waveform: Waveform
    loudness: Loudness | None
    true_peak_dbtp: float | None
    faults: int
    most: float | None

    def gain_db(self) -> float:
        """What brings a sound down to where neither the encoder nor a player cuts it.

        ffmpeg's encoder turns each frame down by itself whose samples go beyond 0.95, which costs
        loud music 5 dB of its distance from the noise.
        """
        sample_peak_db = 20 * math.log10(max(self.waveform.highest, 1e-9))
        over_db = max(self.true_peak_dbtp or 0.0, sample_peak_db + _ENCODER_ROOM_DB, 0.0)
        return -math.ceil(over_db * 100) / 100


def heard_by(hearing: Hearing, verdict: Verdict) -> Heard:
    """What the lines of ffmpeg's output and its closing words say together."""
    return Heard(
        beginnings=hearing.beginnings,
        least_s=hearing.reached_s,
        duration_s=hearing.reached_s + hearing.step_s,
        waveform=hearing.waveform,
        loudness=verdict.loudness,
        true_peak_dbtp=verdict.true_peak_dbtp,
        faults=verdict.faults,
        most=hearing.most(),
    )


def _number(text: str) -> float:
    try:
        value = float(text.strip())
    except ValueError:
        return 0.0
    return value if not math.isnan(value) else 0.0
