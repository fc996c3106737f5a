"""Loudness after EBU R 128, as ffmpeg's ebur128 filter sums it up, and the gain from it."""

import math
import re
from collections.abc import Sequence
from typing import Final

import msgspec

REFERENCE_LUFS: Final = -18.0
"""ReplayGain 2.0: the loudness to which `gain_db` brings a track."""

_SILENCE_LUFS: Final = -70.0
_QUIETEST_PEAK_DBTP: Final = -144.0
_INTEGRATED: Final = re.compile(r"\s*I:\s+(-?[\d.]+|-?inf|-?nan) LUFS$")
_PEAK: Final = re.compile(r"\s*Peak:\s+(-?[\d.]+|-?inf|-?nan) dBFS$")


class Loudness(msgspec.Struct, frozen=True):
    """Integrated loudness, true peak (BS.1770) and the gain to -18 LUFS, all of what is played.

    Mono is measured as it is heard: from two loudspeakers.
    """

    integrated_lufs: float
    true_peak_dbtp: float
    gain_db: float

    def louder(self, gain_db: float) -> "Loudness":
        """The loudness of the same sound after that gain."""
        return _loudness(self.integrated_lufs + gain_db, self.true_peak_dbtp + gain_db)


def loudness_in(log: Sequence[str]) -> Loudness | None:
    """The loudness in the lines of ffmpeg's log: that of the last summary in it.

    None for silence and for less than 0.4 s, which have none.
    """
    integrated, peak = _last(_INTEGRATED, log), true_peak_in(log)
    # Not <=: a NaN is no loudness either.
    if integrated is None or peak is None or not integrated > _SILENCE_LUFS:
        return None
    return _loudness(integrated, peak)


def true_peak_in(log: Sequence[str]) -> float | None:
    """The true peak in the lines of ffmpeg's log, of however short a sound; None if unsaid."""
    peak = _last(_PEAK, log)
    return peak if peak is not None and math.isfinite(peak) else None


def _last(pattern: re.Pattern[str], log: Sequence[str]) -> float | None:
    found = (match for line in reversed(log) if (match := pattern.match(line)))
    return next((float(match[1]) for match in found), None)


def _loudness(integrated_lufs: float, true_peak_dbtp: float) -> Loudness:
    integrated_lufs = round(integrated_lufs, 2)
    return Loudness(
        integrated_lufs=integrated_lufs,
        true_peak_dbtp=round(max(true_peak_dbtp, _QUIETEST_PEAK_DBTP), 2),
        gain_db=round(REFERENCE_LUFS - integrated_lufs, 2),
    )
