"""The ladder: which rungs are made of a track, at which rates and with which settings."""

from typing import Final, Literal

import msgspec

RungName = Literal["low", "medium", "high"]

FRAME_SAMPLES: Final = 1024
"""Samples in one AAC-LC frame, and the encoder's priming."""

SEGMENT_MS: Final = 6_000
"""Segments are the fewest whole frames that last this long: 6.01 s at 44.1 kHz."""

CODECS: Final = "mp4a.40.2"
"""AAC-LC, as RFC 6381 writes it."""


class Rung(msgspec.Struct, frozen=True):
    """One rendition to make. `options` are the encoder's, chosen by measurement."""

    name: RungName
    bitrate_bps: int
    options: tuple[str, ...]

    @property
    def filename(self) -> str:
        """The rung's one file."""
        return f"{self.name}.m4a"

    @property
    def playlist(self) -> str:
        """The rung's HLS media playlist."""
        return f"{self.name}.m3u8"


# The thorough search for all: the fast one takes tones for noise, and leaves a sine at full rate
# 10 dB above its own errors, where the thorough one leaves 65.
_SEARCH: Final = ("-aac_coder", "twoloop")

# Where there are bits enough nothing is replaced by noise, and no channel by the other one's
# envelope: 5 dB less error in music for the same bits and time.
_WHOLE: Final = (*_SEARCH, "-aac_pns", "0", "-aac_is", "0")

_STEREO: Final = (
    Rung("low", 64_000, _SEARCH),
    Rung("medium", 128_000, _SEARCH),
    Rung("high", 320_000, _WHOLE),
)
_MONO: Final = (
    Rung("low", 48_000, _SEARCH),
    Rung("medium", 80_000, _SEARCH),
    Rung("high", 160_000, _WHOLE),
)


def rungs_for(channels: int) -> tuple[Rung, ...]:
    """The rungs for a source of this many channels, from low to high."""
    return _MONO if channels == 1 else _STEREO


def output_rate_hz(source_rate_hz: int) -> int:
    """44.1 kHz for its family (11.025, 22.05, 88.2 … kHz), else 48 kHz."""
    return 44_100 if source_rate_hz % 11_025 == 0 else 48_000
