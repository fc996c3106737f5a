"""What a sound is like, as 32 numbers: its timbre, brightness, noisiness, dynamics and pulse.

How loud it is doesn't count, nor what lies above 8 kHz: the smallest rendition has no more, so that
tracks compare whatever they were heard from. Loads numpy, and runs inside a confined child.
"""

import math
import os
from collections.abc import Sequence
from typing import Final

# Before numpy is loaded: a confined process has one thread.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

from backline.audio.engine.kin import Character

Samples = NDArray[np.float32]
"""Mono, at `RATE_HZ`."""

RATE_HZ: Final = 16_000
_WINDOW: Final = 1024
_HOP: Final = 256
_FRAME_HZ: Final = RATE_HZ / _HOP
_BANDS: Final = 32
_LOWEST_HZ: Final = 50.0
_HIGHEST_HZ: Final = 7_600.0
_CEPSTRA: Final = 12
_FLAT_FROM_HZ: Final = 100.0
_RANGE_DB: Final = 80.0
_AUDIBLE_DB: Final = 60.0
_SILENT: Final = 1e-10
_SLOWEST_BPM: Final = 45.0
_FASTEST_BPM: Final = 210.0
_USUAL_BPM: Final = 120.0
_CLEAR_PULSE: Final = 0.3
_FEWEST_FRAMES: Final = 8
_FEWEST_ONSETS_DB: Final = 0.05  # less is a tone that goes on and on


def character(stretches: Sequence[Samples]) -> Character:
    """Describe the stretches that were heard of a sound, together.

    In this order: means of 12 mel cepstra, their deviations, the brightness in octaves from 1 kHz
    and its deviation, the flatness of the spectrum and the range of levels in 10 dB, how much
    begins, how clear the pulse is, and where in its octave the tempo lies (two, as a circle).
    """
    powers = [_powers(one) for one in stretches if one.size >= _WINDOW]
    frames = np.concatenate(powers) if powers else np.zeros((0, _WINDOW // 2 + 1), np.float32)
    level_db = 10 * np.log10(frames.sum(axis=1) + _SILENT)
    if level_db.size < _FEWEST_FRAMES or frames.max() <= _SILENT:
        return Character([])
    heard = level_db > level_db.max() - _AUDIBLE_DB
    bands = [10 * np.log10(one @ _MEL.T + _SILENT) for one in powers]
    top_db = max(float(one.max()) for one in bands)
    bands = [np.maximum(one - top_db, -_RANGE_DB) for one in bands]
    cepstra = (np.concatenate(bands) @ _COSINES.T)[heard]
    centres = np.log2(frames[heard] @ _HZ / frames[heard].sum(axis=1) / 1000)
    onsets = [np.maximum(np.diff(one, axis=0), 0).mean(axis=1) for one in bands]
    tempo_bpm, clarity = _pulse(onsets)
    turn = 2 * math.pi * math.log2(tempo_bpm)
    numbers = [
        *cepstra.mean(axis=0).tolist(),
        *cepstra.std(axis=0).tolist(),
        float(centres.mean()),
        float(centres.std()),
        float(_flatness(frames[heard]).mean()),
        _range(level_db),
        float(np.concatenate(onsets).mean()),
        clarity,
        clarity * math.cos(turn),
        clarity * math.sin(turn),
    ]
    return Character(
        [round(one, 4) for one in numbers],
        round(tempo_bpm, 1) if clarity >= _CLEAR_PULSE else None,
    )


def _powers(samples: Samples) -> Samples:
    """The power spectra of overlapping windows."""
    windows = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::_HOP]
    spectra = np.fft.rfft(windows * _HANN, axis=1)
    return ((spectra.real**2 + spectra.imag**2) / _WINDOW).astype(np.float32)


def _flatness(frames: Samples) -> Samples:
    """The geometric mean of a spectrum over the arithmetic one, in 10 dB: 0 is white noise."""
    inner = frames[:, _INNER] + _SILENT
    return (np.log10(inner).mean(axis=1) - np.log10(inner.mean(axis=1))).astype(np.float32)


def _range(level_db: Samples) -> float:
    """How far the loud seconds lie above the quiet ones, in 10 dB."""
    a_second = round(_FRAME_HZ)
    count = max(level_db.size // a_second, 1)
    seconds = np.array_split(level_db, count)
    levels = np.maximum([one.mean() for one in seconds], level_db.max() - _AUDIBLE_DB)
    return float(np.percentile(levels, 95) - np.percentile(levels, 10)) / 10


def _pulse(onsets: Sequence[Samples]) -> tuple[float, float]:
    """The tempo in beats a minute, and how clear it is: 1 where every beat is like the others."""
    longest = round(60 * _FRAME_HZ / _SLOWEST_BPM)
    total = np.zeros(longest + 2)
    for one in onsets:
        if one.size > 2 * longest:
            found = np.fft.rfft(one - one.mean(), 2 * one.size)
            alike = np.fft.irfft(found.real**2 + found.imag**2)[: longest + 2]
            # What lies further apart meets less often.
            total += alike * one.size / (one.size - np.arange(longest + 2))
    if total[0] <= _SILENT or np.concatenate(onsets).mean() < _FEWEST_ONSETS_DB:
        return _USUAL_BPM, 0.0
    alike = total / total[0]
    shortest = round(60 * _FRAME_HZ / _FASTEST_BPM)
    lags = np.arange(shortest, longest + 1)
    # Of several that fit, the one nearest to the tempo that people would tap.
    octaves = np.log2(60 * _FRAME_HZ / lags / _USUAL_BPM)
    best = int(lags[np.argmax(alike[lags] * np.exp(-0.5 * octaves**2))])
    before, here, after = alike[best - 1 : best + 2]
    bend = before - 2 * here + after
    lag = best + (0.5 * (before - after) / bend if bend < 0 else 0.0)
    return float(60 * _FRAME_HZ / lag), float(min(max(here, 0.0), 1.0))


def _mel(hz: float) -> float:
    return 1127.0 * math.log1p(hz / 700.0)


def _mel_bands() -> Samples:
    """Overlapping triangles of one area, evenly spread as pitch is heard."""
    edges_mel = np.linspace(_mel(_LOWEST_HZ), _mel(_HIGHEST_HZ), _BANDS + 2)
    edges_hz = 700 * np.expm1(edges_mel / 1127.0)
    low, middle, high = (edges_hz[at : at + _BANDS, None] for at in range(3))
    rising, falling = (_HZ - low) / (middle - low), (high - _HZ) / (high - middle)
    triangles = np.maximum(np.minimum(rising, falling), 0)
    return (triangles / (triangles.sum(axis=1, keepdims=True) + _SILENT)).astype(np.float32)


def _cosines() -> Samples:
    """The first cepstra but the one that is the level (DCT-II, orthonormal)."""
    orders, places = np.arange(1, _CEPSTRA + 1)[:, None], np.arange(_BANDS) + 0.5
    rows = np.cos(np.pi / _BANDS * orders * places)
    return (rows * math.sqrt(2 / _BANDS)).astype(np.float32)


_HZ: Final = np.fft.rfftfreq(_WINDOW, 1 / RATE_HZ).astype(np.float32)
_HANN: Final = np.hanning(_WINDOW).astype(np.float32)
_INNER: Final = (_HZ >= _FLAT_FROM_HZ) & (_HZ <= _HIGHEST_HZ)
_MEL: Final = _mel_bands()
_COSINES: Final = _cosines()
