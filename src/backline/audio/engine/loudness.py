"""Loudness after EBU R 128, as ffmpeg's ebur128 filter sums it up, and the gain from it."""

import re
from collections.abc import Iterable
from typing import Final

import msgspec

REFERENCE_LUFS: Final = -18.0
"""ReplayGain 2.0: the loudness to which `gain_db` brings a track."""

_SILENCE_LUFS: Final = -70.0
_QUIETEST_PEAK_DBTP: Final = -144.0
_INTEGRATED: Final = re.compile(r"\s*I:\s+(-?[\d.]+|-inf|nan) LUFS$")
_PEAK: Final = re.compile(r"\s*Peak:\s+(-?[\d.]+|-inf|nan) dBFS$")


class Loudness(msgspec.Struct, frozen=True):
    """Integrated loudness, true peak (BS.1770) and the gain to -18 LUFS.

    Mono is measured as it is heard: from two loudspeakers.
    """

    integrated_lufs: float
    true_peak_dbtp: float
    gain_db: float


def loudness_in(log: Iterable[str]) -> Loudness | None:
    """The loudness in the lines of ffmpeg's log: that of the last summary in it.

    None for silence and for less than 0.4 s, which have none.
    """
    integrated = peak = None
    for line in log:
        if match := _INTEGRATED.match(line):
            integrated = float(match[1])
        elif match := _PEAK.match(line):
            peak = float(match[1])
    # Not <=: a NaN is no loudness either.
    if integrated is None or peak is None or not integrated > _SILENCE_LUFS:
        return None
    return Loudness(
        integrated_lufs=integrated,
        true_peak_dbtp=max(peak, _QUIETEST_PEAK_DBTP),
        gain_db=round(REFERENCE_LUFS - integrated, 2),
    )
