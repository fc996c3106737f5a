"""The waveform: about 1,000 lowest and highest levels, gathered in bounded memory."""

from itertools import pairwise
from statistics import median
from typing import Final

from backline.audio.engine.bounds import MAX_DURATION_S, WAVEFORM_POINTS

Peak = tuple[int, int]
"""The lowest and the highest level of a stretch, each in -128..127."""

_FEWEST_SAMPLES: Final = 256
_UNKNOWN_LENGTH_S: Final = 240.0
LOWEST_BITRATE_BPS: Final = 8_000
"""No file of music has less, so its size bounds its length."""
_MOST_CHUNKS: Final = 1_000_000


def chunk_samples(duration_s: float | None, size_bytes: int, rate_hz: int) -> int:
    """How many samples to measure at a time, so that a chunk makes a point.

    Each costs ffmpeg 60 µs, however long it is: more of them were dearer than all else that is
    heard of a short track. The length is only a claim: the file's size keeps a false one from
    making millions of chunks.
    """
    claimed = (duration_s or _UNKNOWN_LENGTH_S) * rate_hz
    possible = min(size_bytes * 8 / LOWEST_BITRATE_BPS, MAX_DURATION_S) * rate_hz
    wanted = max(claimed / WAVEFORM_POINTS, possible / _MOST_CHUNKS)
    return max(_FEWEST_SAMPLES, round(wanted))


class Waveform:
    """Levels as they come in.

    Too many are merged in pairs, so a file that claims a minute and lasts for hours needs no
    more memory.
    """

    def __init__(self) -> None:
        self._chunks: list[tuple[float, float]] = []
        self._merge = 1
        self._pending: list[tuple[float, float]] = []
        self.highest = 0.0
        """How far from zero any sample is."""

    def add(self, lowest: float, highest: float) -> None:
        """Take the levels (-1.0..1.0) of the next chunk."""
        self._pending.append((lowest, highest))
        self.highest = max(self.highest, -lowest, highest)
        if len(self._pending) < self._merge:
            return
        self._chunks.append(_span(self._pending))
        self._pending.clear()
        if len(self._chunks) >= 4 * WAVEFORM_POINTS:
            chunks = self._chunks
            self._chunks = [_span(chunks[at : at + 2]) for at in range(0, len(chunks), 2)]
            self._merge *= 2

    def usual(self) -> float:
        """How far from zero a stretch goes: half of them go further."""
        return median(max(-low, high) for low, high in self._all()) if self._all() else 0.0

    def peaks(self, gain: float = 1.0, points: int = WAVEFORM_POINTS) -> list[Peak]:
        """The whole as at most `points` pairs, with its levels times `gain`."""
        chunks = self._all()
        count = min(points, len(chunks))
        edges = [index * len(chunks) // count for index in range(count + 1)] if count else []
        return [
            (_level(lowest * gain), _level(highest * gain))
            for lowest, highest in (_span(chunks[start:end]) for start, end in pairwise(edges))
        ]

    def _all(self) -> list[tuple[float, float]]:
        return self._chunks + ([_span(self._pending)] if self._pending else [])


def _span(chunks: list[tuple[float, float]]) -> tuple[float, float]:
    return min(low for low, _ in chunks), max(high for _, high in chunks)


def _level(value: float) -> int:
    return max(-128, min(127, round(value * 127)))
