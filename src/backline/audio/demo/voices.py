"""The instruments: each makes one note as mono float32 samples. Nothing is mixed here."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.floating[Any]]
Voice = Callable[[float, float], Samples]
"""A voice takes hertz and seconds."""

RATE_HZ: Final = 44_100
_TABLE: Final = 8192


def hertz(note: float) -> float:
    """The frequency of a MIDI note number; 69 is A4, 440 Hz."""
    return 440.0 * 2.0 ** ((note - 69) / 12)


def noise(samples: int, seed: int) -> Samples:
    """White noise, the same for the same seed."""
    return np.random.default_rng(seed).standard_normal(samples, dtype=np.float32)


@cache
def _table(harmonics: int, tilt: float, odd: bool) -> Samples:
    turn = np.linspace(0, 2 * np.pi, _TABLE, endpoint=False)
    numbers = range(1, harmonics + 1, 2 if odd else 1)
    wave = sum(np.sin(turn * number) / number**tilt for number in numbers)
    return (wave / np.max(np.abs(wave))).astype(np.float32)


def _time(seconds: float) -> Samples:
    return np.arange(round(seconds * RATE_HZ), dtype=np.float32) / np.float32(RATE_HZ)


def _cycle(hz: float, seconds: float, harmonics: int, tilt: float, odd: bool = False) -> Samples:
    most = max(1, int(16_000 / hz))
    phase = np.arange(round(seconds * RATE_HZ), dtype=np.float64) * (hz * _TABLE / RATE_HZ)
    return _table(min(harmonics, most), tilt, odd)[phase.astype(np.int64) % _TABLE]


def _sine(hz: float, time: Samples) -> Samples:
    return np.sin(np.float32(2 * np.pi * hz) * time)


def _faded(wave: Samples, attack_s: float, release_s: float) -> Samples:
    """The note with a start and an end that don't click."""
    shaped = wave.copy()
    rise = min(len(wave), max(1, round(attack_s * RATE_HZ)))
    fall = min(len(wave), max(1, round(release_s * RATE_HZ)))
    shaped[:rise] *= np.sin(np.linspace(0, np.pi / 2, rise, dtype=np.float32)) ** 2
    shaped[-fall:] *= np.cos(np.linspace(0, np.pi / 2, fall, dtype=np.float32)) ** 2
    return shaped


def pluck(hz: float, seconds: float) -> Samples:
    """A nylon string: bright at the touch, mellow after."""
    time = _time(seconds)
    bright = _cycle(hz, seconds, 14, 0.9) * np.exp(-9 * time)
    mellow = _cycle(hz * 1.001, seconds, 4, 1.6) * np.exp(-2.6 * time)
    return _faded(0.45 * bright + 0.55 * mellow, 0.003, 0.06)


def piano(hz: float, seconds: float) -> Samples:
    """A soft upright: three strings slightly apart, a felt hammer."""
    time = _time(seconds)
    body = sum(_cycle(hz * detune, seconds, 8, 1.5) for detune in (0.9993, 1.0, 1.0008))
    decay = 0.6 * np.exp(-1.1 * time) + 0.4 * np.exp(-4.5 * time)
    spark = _cycle(hz, seconds, 20, 1.0) * np.exp(-16 * time)
    return _faded((body * 0.3 * decay + 0.12 * spark).astype(np.float32), 0.004, 0.12)


def electric(hz: float, seconds: float) -> Samples:
    """An electric piano: a tine and its bar by frequency modulation, with a slow tremolo."""
    time = _time(seconds)
    index = 1.7 * np.exp(-3.2 * time) + 0.15
    tine = 0.16 * np.exp(-14 * time) * _sine(hz * 7, time)
    tone = np.sin(np.float32(2 * np.pi * hz) * time + index * _sine(hz, time)) * np.exp(-1.3 * time)
    tremolo = 1 - 0.16 * (0.5 + 0.5 * _sine(4.6, time))
    return _faded(((tone + tine) * tremolo).astype(np.float32), 0.004, 0.1)


def bell(hz: float, seconds: float) -> Samples:
    """A glass bell."""
    time = _time(seconds)
    index = 1.4 * np.exp(-2.8 * time)
    tone = np.sin(np.float32(2 * np.pi * hz) * time + index * _sine(hz * 3.5, time))
    return _faded((tone * np.exp(-1.9 * time)).astype(np.float32), 0.003, 0.3)


def pad(hz: float, seconds: float) -> Samples:
    """Strings far away: four detuned saws without their edge, swelling in and out."""
    time = _time(seconds)
    parts = (0.9962, 0.9987, 1.0015, 1.0041)
    body = sum(_cycle(hz * detune, seconds, 9, 1.45) for detune in parts)
    swell = 0.82 + 0.18 * _sine(0.31, time)
    return _faded((body * 0.25 * swell).astype(np.float32), seconds * 0.3, seconds * 0.35)


def saw(hz: float, seconds: float) -> Samples:
    """A synthesiser's short saw whose filter closes."""
    time = _time(seconds)
    open_ = _cycle(hz, seconds, 30, 1.0) + _cycle(hz * 1.006, seconds, 30, 1.0)
    closed = _cycle(hz, seconds, 5, 1.2)
    shape = np.exp(-7 * time)
    return _faded(0.4 * open_ * shape + 0.5 * closed * np.exp(-2.2 * time), 0.003, 0.05)


def lead(hz: float, seconds: float) -> Samples:
    """A hollow lead with a vibrato that comes late."""
    time = _time(seconds)
    depth = np.clip((time - 0.25) * 2, 0, 1) * np.float32(0.004 * hz / 5.2)
    phase = hz * time + depth * _sine(5.2, time)
    index = (phase * _TABLE).astype(np.int64) % _TABLE
    return _faded(_table(9, 1.25, True)[index] * np.exp(-0.7 * time), 0.02, 0.12)


def bass(hz: float, seconds: float) -> Samples:
    """A round electric bass."""
    time = _time(seconds)
    body = _sine(hz, time) + 0.35 * _cycle(hz, seconds, 6, 1.3) * np.exp(-5 * time)
    driven = 0.6 * np.tanh(1.1 * body * np.exp(-1.8 * time))
    return _faded(driven.astype(np.float32), 0.005, 0.05)


def kick(_hz: float = 0, seconds: float = 0.42) -> Samples:
    """A bass drum: a falling sine and the click of the beater."""
    time = _time(seconds)
    phase = 46 * time + (118 / 26) * (1 - np.exp(-26 * time))
    body = np.sin(np.float32(2 * np.pi) * phase) * np.exp(-7.5 * time)
    click = noise(len(time), 3) * np.exp(-320 * time)
    return _faded((body + 0.12 * click).astype(np.float32), 0.001, 0.03)


def snare(_hz: float = 0, seconds: float = 0.26) -> Samples:
    """A snare drum, played gently."""
    time = _time(seconds)
    wires = np.diff(noise(len(time) + 1, 5)) * 0.5 * np.exp(-19 * time)
    shell = _sine(186, time) * np.exp(-24 * time)
    return _faded((0.6 * wires + 0.5 * shell).astype(np.float32), 0.001, 0.03)


def hat(_hz: float = 0, seconds: float = 0.08) -> Samples:
    """A closed hi-hat; longer is more open."""
    time = _time(seconds)
    hiss = np.diff(noise(len(time) + 2, 7), n=2)
    return _faded((0.3 * hiss * np.exp(-3.6 / seconds * time)).astype(np.float32), 0.001, 0.01)


def rim(_hz: float = 0, seconds: float = 0.07) -> Samples:
    """A click on the rim."""
    time = _time(seconds)
    tone = _sine(1720, time) + 0.6 * _sine(2610, time)
    return _faded((tone * np.exp(-75 * time)).astype(np.float32), 0.001, 0.01)


def brush(_hz: float = 0, seconds: float = 0.22) -> Samples:
    """A brush across the skin."""
    time = _time(seconds)
    hiss = np.diff(noise(len(time) + 1, 11))
    return _faded((0.35 * hiss * np.exp(-9 * time)).astype(np.float32), 0.04, 0.05)
