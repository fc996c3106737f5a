"""Files listened to for what they are like, some seconds of each: runs inside a confined child."""

from collections.abc import Iterator
from typing import Any, Final

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.error import FFmpegError

from backline.audio.engine.character import RATE_HZ, Samples, character
from backline.audio.engine.kin import Audible, Character

_STRETCH_S: Final = 20
_SHORT_S: Final = 60.0
_PLACES: Final = (0.2, 0.5, 0.8)
_MICROSECONDS: Final = 1_000_000
_LOUDEST: Final = 16.0  # beyond it no sample is sound


def overhear(files: list[Audible]) -> list[Character]:
    """Describe files one after the other; what can't be decoded has nothing to hear.

    Of what is longer than a minute three stretches of 20 s are heard, so the work doesn't grow
    with the length.
    """
    return [character(_heard(file)) for file in files]


def _heard(file: Audible) -> list[Samples]:
    options = {"format_whitelist": file.demuxer, "codec_whitelist": file.decoders}
    try:
        with av.open(file.path, "r", format=file.demuxer, options=options) as opened:
            if file.duration_s is None or file.duration_s <= _SHORT_S:
                return [_stretch(opened, None, round(_SHORT_S))]
            middles = (place * file.duration_s for place in _PLACES)
            return [_stretch(opened, at - _STRETCH_S / 2, _STRETCH_S) for at in middles]
    except (FFmpegError, IndexError, ValueError):
        return []


def _stretch(opened: Any, start_s: float | None, length_s: int) -> Samples:
    """What sounds from a moment on."""
    if start_s is not None:
        opened.seek(round(start_s * _MICROSECONDS))
    parts: list[Samples] = []
    wanted = length_s * RATE_HZ
    for frame in _even(_decoded(opened)):
        parts.append(frame.to_ndarray()[0].astype(np.float32))
        wanted -= frame.samples
        if wanted <= 0:
            break
    sound = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    return np.where(np.abs(sound) < _LOUDEST, sound, np.float32(0))  # nor is a NaN


def _decoded(opened: Any) -> Iterator[AudioFrame]:
    try:
        for packet in opened.demux(opened.streams.audio[0]):
            try:
                yield from packet.decode()
            except FFmpegError:
                continue
    except FFmpegError:
        return


def _even(frames: Iterator[AudioFrame]) -> Iterator[AudioFrame]:
    """At one rate, in one channel; where the sound changes its shape, it ends."""
    resampler = AudioResampler(format="fltp", layout="mono", rate=RATE_HZ)
    try:
        for frame in frames:
            frame.pts = None
            yield from resampler.resample(frame)
    except (FFmpegError, ValueError):
        return
