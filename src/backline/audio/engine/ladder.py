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
    """One rendition to make. `coder` is the encoder's search, chosen by measurement."""

    name: RungName
    bitrate_bps: int
    coder: Literal["twoloop", "fast"]

    @property
    def filename(self) -> str:
        """The rung's one file."""
        return f"{self.name}.m4a"

    @property
    def playlist(self) -> str:
        """The rung's HLS media playlist."""
        return f"{self.name}.m3u8"


# At 320 kbit/s the fast search gives less noise in every band at the same size, in 60 % of
# the time; at 64 and 128 it overshoots its rate by half, so those keep the thorough one.
_STEREO: Final = (
    Rung("low", 64_000, "twoloop"),
    Rung("medium", 128_000, "twoloop"),
    Rung("high", 320_000, "fast"),
)
_MONO: Final = (
    Rung("low", 48_000, "twoloop"),
    Rung("medium", 80_000, "twoloop"),
    Rung("high", 160_000, "fast"),
)


def rungs_for(channels: int) -> tuple[Rung, ...]:
    """The rungs for a source of this many channels, from low to high."""
    return _MONO if channels == 1 else _STEREO


def output_rate_hz(source_rate_hz: int) -> int:
    """44.1 kHz for its family (11.025, 22.05, 88.2 … kHz), else 48 kHz."""
    return 44_100 if source_rate_hz % 11_025 == 0 else 48_000
