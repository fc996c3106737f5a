"""Sound in another coding while somebody listens to it: ffmpeg's command, rates, and sizes.

What goes in comes by standard input, either as a rendition's fragments or as a whole file that can
be sought in; what comes out leaves by standard output as it is made, and is kept nowhere.
"""

from math import ceil
from pathlib import Path
from typing import Final, Literal

import msgspec

from backline.audio.engine import bounds
from backline.audio.engine.formats import CONTAINERS, decoders_of
from backline.audio.engine.ladder import output_rate_hz
from backline.platform.confined import Limits

Coding = Literal["mp3", "opus"]

CONTENT_TYPES: Final[dict[Coding, str]] = {"mp3": "audio/mpeg", "opus": "audio/ogg"}
ENDINGS: Final[dict[Coding, str]] = {"mp3": "mp3", "opus": "opus"}

# MPEG-1 layer III has these and no others (ISO/IEC 11172-3 §2.4.2.3).
_MP3_KBPS: Final = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_OPUS_KBPS: Final = (16, 320)
_OPUS_RATE_HZ: Final = 48_000
_MP3_FRAME_SAMPLES: Final = 1152
_LAME_DELAY_SAMPLES: Final = 1105
_SPARE_FRAMES: Final = 2
# Below this, two channels sound worse than one that is given all bits.
_STEREO_BPS: Final = {"mp3": 64_000, "opus": 24_000}
_MIB: Final = 1024 * 1024
_LONGEST_LISTENING_S: Final = 24 * 3600.0

_RENDITION: Final = ("mov", "aac")
_ALONE: Final = (
    *("-hide_banner", "-nostdin", "-nostats", "-loglevel", "warning"),
    *("-filter_complex_threads", "1"),
)


class Target(msgspec.Struct, frozen=True):
    """What is wanted: a coding, and its bits per second, of which it has."""

    coding: Coding
    bitrate_bps: int

    @property
    def content_type(self) -> str:
        """Its media type."""
        return CONTENT_TYPES[self.coding]


class Fragments(msgspec.Struct, frozen=True):
    """A rendition's header and some of its fragments, which come one after the other.

    `end_s` is where its sound ends; the rest is an encoder's padding.
    """

    rate_hz: int
    channels: int
    end_s: float


class WholeFile(msgspec.Struct, frozen=True):
    """A stranger's file, of which is known what it is."""

    demuxer: str
    decoders: str
    duration_s: float | None


Feed = Fragments | WholeFile


def target(coding: Coding, most_kbps: int) -> Target:
    """The best that a coding gives within a bit rate: its lowest where it has none so low."""
    if coding == "opus":
        lowest, highest = _OPUS_KBPS
        return Target(coding, 1000 * min(max(most_kbps, lowest), highest))
    fitting = [kbps for kbps in _MP3_KBPS if kbps <= most_kbps]
    return Target(coding, 1000 * max(fitting, default=_MP3_KBPS[0]))


def whole_file(content_type: str, codec: str, duration_s: float | None) -> WholeFile | None:
    """How a file is read that was found to be of this type and codec; None if it can't be."""
    decoders = decoders_of(codec)
    kinds = [kind for kind in CONTAINERS.values() if kind.content_type == _plain(content_type)]
    if codec.startswith("mpc"):
        kinds = [kind for kind in kinds if kind.demuxer == ("mpc" if codec == "mpc7" else codec)]
    if decoders is None or not kinds:
        return None
    return WholeFile(kinds[0].demuxer, decoders, duration_s)


def _plain(content_type: str) -> str:
    return "audio/x-matroska" if content_type == "audio/webm" else content_type


def transcoding_arguments(ffmpeg: Path, feed: Feed, wanted: Target, offset_s: float) -> list[str]:
    """The argv that makes standard input's sound, from `offset_s` on, what is wanted."""
    argv = [str(ffmpeg), *_ALONE]
    if isinstance(feed, Fragments):
        demuxer, decoders = _RENDITION
        # Fragments carry their place in the track, so the cut is right to the sample, wherever
        # the first of them begins.
        cut = f"atrim=start={offset_s:.6f}:end={feed.end_s:.6f},"
        source = ("-copyts", "-i", "pipe:0")
        protocols = "pipe"
    else:
        demuxer, decoders, cut = feed.demuxer, feed.decoders, ""
        source = ("-ss", f"{offset_s:.6f}", "-t", str(bounds.MAX_DURATION_S), "-i", "fd:")
        protocols = "fd"
    return [
        *argv,
        *("-protocol_whitelist", protocols, "-format_whitelist", demuxer),
        *("-codec_whitelist", decoders, "-f", demuxer, "-threads", "1", "-vn", "-sn", "-dn"),
        *source,
        *("-filter_complex", f"[0:a:0]{cut}{_shape(feed, wanted)},asetpts=N/SR/TB[sound]"),
        *("-map", "[sound]", "-map_metadata", "-1", "-map_chapters", "-1"),
        *_encoder(wanted),
        *("-fflags", "+bitexact", "-flags:a", "+bitexact", "-flush_packets", "1", "pipe:1"),
    ]


def _shape(feed: Feed, wanted: Target) -> str:
    rate_hz = made_rate_hz(feed, wanted)
    mono = made_channels(feed, wanted) == 1
    return f"aresample={rate_hz}:out_chlayout={'mono' if mono else 'stereo'}:rematrix_maxval=1"


def made_channels(feed: Feed, wanted: Target) -> int:
    """How many channels come out."""
    if wanted.bitrate_bps < _STEREO_BPS[wanted.coding]:
        return 1
    return feed.channels if isinstance(feed, Fragments) else 2


def made_rate_hz(feed: Feed, wanted: Target) -> int:
    """The sample rate that comes out: 48 kHz is the only one that Opus is decoded to."""
    if wanted.coding == "opus":
        return _OPUS_RATE_HZ
    return output_rate_hz(feed.rate_hz if isinstance(feed, Fragments) else 44_100)


def _encoder(wanted: Target) -> list[str]:
    rate = ("-b:a", str(wanted.bitrate_bps))
    if wanted.coding == "opus":
        # Pages of a fifth of a second, so that the first is there soon.
        paged = ("-page_duration", "200000")
        return ["-c:a", "libopus", *rate, "-vbr", "on", *paged, "-f", "ogg"]
    # All frames have the same rate: players then know where in the track any byte is. A header
    # that tells the length would have to be written when all is done.
    return ["-c:a", "libmp3lame", *rate, "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3"]


def most_bytes(feed: Feed, wanted: Target, offset_s: float) -> int | None:
    """What comes out at most, and nearly that; None where that can't be known before.

    Frames of one rate differ by a byte and keep to it in sum; who sends this much fills up with
    zeros, which players skip (a frame begins with ones).
    """
    if wanted.coding != "mp3" or not isinstance(feed, Fragments):
        return None
    rate_hz = made_rate_hz(feed, wanted)
    samples = max(feed.end_s - offset_s, 0) * rate_hz + _LAME_DELAY_SAMPLES
    frames = ceil(samples / _MP3_FRAME_SAMPLES) + _SPARE_FRAMES
    return ceil(frames * _MP3_FRAME_SAMPLES * wanted.bitrate_bps / 8 / rate_hz)


def limits_of(feed: Feed) -> Limits:
    """Bounds of one transcode; a listener may take as long as they like, within a day."""
    length_s = feed.end_s if isinstance(feed, Fragments) else feed.duration_s
    length_s = length_s or bounds.MAX_DURATION_S
    return Limits(
        memory_bytes=512 * _MIB,
        cpu_s=60 + round(length_s / 2),
        wall_s=_LONGEST_LISTENING_S,
        output_bytes=64 * _MIB + round(length_s * 320_000 / 8 * 2),
    )
