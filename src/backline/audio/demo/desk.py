"""The mixing desk: notes go in at a beat, one stereo mix comes out."""

from functools import cache
from typing import Final

import numpy as np

from backline.audio.demo.voices import RATE_HZ, Samples, Voice, hertz, noise

_PEAK: Final = 0.84
_TAIL_S: Final = 2.5


class Desk:
    """One piece under way. Times are in beats, pans in -1..1, levels linear.

    What is played on the bus `soft` gives way to the drums where `duck` was called.
    """

    def __init__(self, bpm: float, beats: float, *, swing: float = 0.0) -> None:
        self.beats = beats
        self._beat_s = 60 / bpm
        self._swing = swing
        samples = round((beats * self._beat_s + _TAIL_S) * RATE_HZ)
        self._dry = np.zeros((2, samples), dtype=np.float32)
        self._soft = np.zeros((2, samples), dtype=np.float32)
        self._send = np.zeros(samples, dtype=np.float32)
        self._notes: dict[tuple[Voice, float, float], Samples] = {}

    def play(
        self,
        voice: Voice,
        note: float,
        beat: float,
        beats: float = 1.0,
        *,
        level: float = 0.3,
        pan: float = 0.0,
        room: float = 0.2,
        soft: bool = False,
    ) -> None:
        """Play a note (a MIDI number) and send `room` of it to the reverb."""
        sound = self._sound(voice, note, beats * self._beat_s)
        self._place(sound, self._at(beat), level, pan, room, soft)

    def hit(
        self, voice: Voice, beat: float, *, level: float = 0.3, pan: float = 0.0, room: float = 0.1
    ) -> None:
        """Strike a drum."""
        key = (voice, 0.0, 0.0)
        if key not in self._notes:
            self._notes[key] = voice(0.0, {"hat": 0.06}.get(voice.__name__, 0.3))
        self._place(self._notes[key], self._at(beat), level, pan, room, soft=False)

    def duck(self, beats: list[float], depth: float = 0.6) -> None:
        """Let the bus `soft` give way at these beats and come back within half a beat."""
        length = round(0.5 * self._beat_s * RATE_HZ)
        dip = 1 - depth * (1 - np.linspace(0, 1, length, dtype=np.float32)) ** 1.5
        for beat in beats:
            start = self._at(beat)
            part = self._soft[:, start : start + length]
            part *= dip[: part.shape[1]]

    def echo(self, beats: float, feedback: float, wet: float) -> None:
        """Repeat everything so far every `beats`, alternating sides."""
        step = round(beats * self._beat_s * RATE_HZ)
        repeat = (self._dry + self._soft) * np.float32(wet)
        at = step
        while at < repeat.shape[1] and wet > 0.02:  # noqa: PLR2004  # no longer heard
            repeat = repeat[::-1] * np.float32(feedback)
            self._dry[:, at:] += repeat[:, : repeat.shape[1] - at]
            wet *= feedback
            at += step

    def mix(self, *, room_s: float = 1.8, room: float = 0.5) -> Samples:
        """The finished piece, shape (2, samples): reverb added, never over -1.5 dBFS."""
        mixed = self._dry + self._soft
        mixed += room * _reverb(self._send, room_s)
        # A little saturation holds the peaks together as a tape would.
        mixed = np.tanh(mixed * (0.7 / max(float(np.max(np.abs(mixed))), 1e-6)))
        mixed *= _PEAK / float(np.max(np.abs(mixed)))
        fade = round(1.5 * RATE_HZ)
        mixed[:, -fade:] *= np.linspace(1, 0, fade, dtype=np.float32) ** 2
        return mixed

    def _sound(self, voice: Voice, note: float, seconds: float) -> Samples:
        key = (voice, note, round(seconds, 4))
        if key not in self._notes:
            self._notes[key] = voice(hertz(note), seconds)
        return self._notes[key]

    def _at(self, beat: float) -> int:
        """The sample of a beat; every second eighth comes later by the swing."""
        late = self._swing if round(beat * 2) % 2 and round(beat * 4) % 2 == 0 else 0.0
        return round((beat + late) * self._beat_s * RATE_HZ)

    def _place(
        self, sound: Samples, start: int, level: float, pan: float, room: float, soft: bool
    ) -> None:
        end = min(start + len(sound), len(self._send))
        if start >= end:
            return
        sound = sound[: end - start] * np.float32(level)
        angle = (pan + 1) * np.pi / 4
        bus = self._soft if soft else self._dry
        bus[0, start:end] += sound * np.float32(np.cos(angle) * np.sqrt(2))
        bus[1, start:end] += sound * np.float32(np.sin(angle) * np.sqrt(2))
        self._send[start:end] += sound * np.float32(room)


@cache
def _rooms(seconds: float) -> Samples:
    """The room's answer to a clap, at half the rate: noise that fades and grows dark."""
    samples = round(seconds * RATE_HZ / 2)
    time = np.arange(samples, dtype=np.float32) * np.float32(2 / RATE_HZ)
    sides = np.stack([noise(samples, seed) for seed in (21, 22)])
    dark = np.cumsum(sides, axis=1)
    dark = 0.25 * (dark - np.concatenate([np.zeros((2, 6), np.float32), dark[:, :-6]], axis=1))
    share = np.exp(-4 * time / seconds)
    sides = (share * sides + (1 - share) * dark) * np.exp(-6.9 * time / seconds)
    sides[:, : round(0.012 * RATE_HZ / 2)] = 0
    return (sides / np.sqrt(np.sum(sides**2, axis=1, keepdims=True))).astype(np.float32)


def _reverb(send: Samples, seconds: float) -> Samples:
    half = send[: len(send) // 2 * 2].reshape(-1, 2).mean(axis=1)
    room = _rooms(seconds)
    size = 1 << (len(half) + room.shape[1]).bit_length()
    spectrum = np.fft.rfft(half, size)
    wet = np.fft.irfft(spectrum * np.fft.rfft(room, size, axis=1), size, axis=1)[:, : len(half)]
    spread = np.repeat(wet.astype(np.float32), 2, axis=1)
    # Repeated samples are steps; their mean with the neighbour smooths them.
    spread[:, 1:] = 0.5 * (spread[:, 1:] + spread[:, :-1])
    return np.pad(spread, ((0, 0), (0, len(send) - spread.shape[1])))
