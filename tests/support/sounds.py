"""Sounds for tests: tones, noise and silence from the standard library, encoded by ffmpeg."""

import array
import math
import subprocess
import wave
from functools import cache
from pathlib import Path

import imageio_ffmpeg

LEVEL = 12_000


@cache
def ffmpeg() -> Path:
    """The ffmpeg that the program itself would use."""
    return Path(imageio_ffmpeg.get_ffmpeg_exe())


def tone_samples(samples: int, rate_hz: int, hz: float, start: int = 0) -> "array.array[int]":
    """A sine from sample `start` on, so that a tone can be made in pieces."""
    turn = 2 * math.pi * hz / rate_hz
    return array.array(
        "h", (round(LEVEL * math.sin(turn * index)) for index in range(start, start + samples))
    )


def write_wav(path: Path, channels: "list[array.array[int]]", rate_hz: int) -> Path:
    """A 16-bit WAV file of equally long channels."""
    mixed = array.array("h", bytes(2 * len(channels) * len(channels[0])))
    for index, channel in enumerate(channels):
        mixed[index :: len(channels)] = channel
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(mixed.tobytes())
    return path


def tone(
    path: Path, seconds: float = 1.0, *, rate_hz: int = 44_100, channels: int = 2, hz: float = 440
) -> Path:
    """A WAV file of a sine at about -9 dBFS in every channel."""
    wanted = tone_samples(round(seconds * rate_hz), rate_hz, hz)
    return write_wav(path, [wanted] * channels, rate_hz)


def silence(path: Path, seconds: float = 1.0, *, rate_hz: int = 44_100) -> Path:
    """A stereo WAV file of nothing."""
    nothing = array.array("h", bytes(2 * round(seconds * rate_hz)))
    return write_wav(path, [nothing, nothing], rate_hz)


def encoded(source: Path, target: Path, *options: str) -> Path:
    """`source` as what the name of `target` says, by ffmpeg with these output options."""
    run("-i", str(source), *options, str(target))
    return target


def run(*options: str) -> None:
    """Start ffmpeg and let it fail loudly."""
    command = [str(ffmpeg()), "-nostdin", "-loglevel", "error", "-y", *options]
    subprocess.run(command, check=True, capture_output=True)


def decoded(*source: str, rate_hz: int = 44_100, channels: int = 2) -> "array.array[int]":
    """Interleaved 16-bit samples as ffmpeg plays a file or an address, edit list honoured."""
    command = [str(ffmpeg()), "-nostdin", "-loglevel", "error", *source, "-f", "s16le"]
    command += ["-ar", str(rate_hz), "-ac", str(channels), "-"]
    done = subprocess.run(command, check=True, capture_output=True)
    samples = array.array("h")
    samples.frombytes(done.stdout)
    return samples
