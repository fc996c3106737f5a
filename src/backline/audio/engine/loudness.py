"""Loudness after EBU R 128, as ffmpeg's ebur128 filter sums it up, and the gain from it."""

import re
from typing import Final

import msgspec

REFERENCE_LUFS: Final = -18.0
"""ReplayGain 2.0: the loudness to which `gain_db` brings a track."""

_SILENCE_LUFS: Final = -70.0
_QUIETEST_PEAK_DBTP: Final = -144.0


class Loudness(msgspec.Struct, frozen=True):
    """Integrated loudness, true peak (BS.1770) and the gain to -18 LUFS.

    Mono is measured as it is heard: from two loudspeakers.
    """

    integrated_lufs: float
    true_peak_dbtp: float
    gain_db: float


class LoudnessReader:
    """Finds the two figures in ffmpeg's closing summary, line by line."""

    _INTEGRATED = re.compile(r"^\s*I:\s+(-?[\d.]+|-inf|nan) LUFS")
    _PEAK = re.compile(r"^\s*Peak:\s+(-?[\d.]+|-inf|nan) dBFS")

    def __init__(self) -> None:
        self._integrated: float | None = None
        self._peak: float | None = None

    def read(self, line: str) -> None:
        """Look at one line of ffmpeg's log."""
        if match := self._INTEGRATED.match(line):
            self._integrated = float(match[1])
        elif match := self._PEAK.match(line):
            self._peak = float(match[1])

    def result(self) -> Loudness | None:
        """The loudness, or None for silence and for less than 0.4 s, which have none."""
        integrated, peak = self._integrated, self._peak
        # Not >: a NaN has no loudness either.
        if integrated is None or peak is None or not integrated > _SILENCE_LUFS:
            return None
        return Loudness(
            integrated_lufs=integrated,
            true_peak_dbtp=max(peak, _QUIETEST_PEAK_DBTP),
            gain_db=round(REFERENCE_LUFS - integrated, 2),
        )
