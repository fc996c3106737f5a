"""The text of HLS playlists (RFC 8216) and of the DASH MPD (ISO/IEC 23009-1) for one-file rungs.

Every address is relative, so the signature in the path of the manifest holds for all of them.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

import msgspec

from backline.audio.engine.ladder import CODECS


class Segment(msgspec.Struct, frozen=True):
    """A byte range of a rung's file; `duration_samples` counts what is heard, no priming."""

    offset: int
    size_bytes: int
    duration_samples: int


class RungMap(msgspec.Struct, frozen=True):
    """Where everything lies in a rung's file: header, then index, then the segments."""

    rung: str
    filename: str
    bitrate_bps: int
    rate_hz: int
    duration_samples: int
    header_bytes: int
    index_bytes: int
    segments: list[Segment]

    @property
    def average_bps(self) -> int:
        """Bits per second over the whole, as HLS defines AVERAGE-BANDWIDTH."""
        size_bytes = sum(segment.size_bytes for segment in self.segments)
        return ceil(Fraction(size_bytes * 8 * self.rate_hz, self.duration_samples))

    @property
    def peak_bps(self) -> int:
        """Bits per second of the densest segment of at least half the longest one's length.

        So HLS defines BANDWIDTH (RFC 8216 §4.3.4.2).
        """
        longest = max(segment.duration_samples for segment in self.segments)
        counted = [s for s in self.segments if 2 * s.duration_samples >= longest]
        return max(
            self.average_bps,
            *(ceil(Fraction(s.size_bytes * 8 * self.rate_hz, s.duration_samples)) for s in counted),
        )


def media_playlist(rung: RungMap) -> str:
    """The HLS media playlist of a rung: a VOD of byte ranges.

    Each range is given an address of its own by a number that servers don't look at: ffmpeg 9.0
    takes neighbouring ranges of one address for a single segment and stops after the first, and
    some caches keep an address whole or not at all.
    """
    longest = max(segment.duration_samples for segment in rung.segments)
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{max(1, round(Fraction(longest, rung.rate_hz)))}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        f'#EXT-X-MAP:URI="{rung.filename}",BYTERANGE="{rung.header_bytes}@0"',
    ]
    for number, segment in enumerate(rung.segments):
        lines += [
            f"#EXTINF:{_seconds(segment.duration_samples, rung.rate_hz)},",
            f"#EXT-X-BYTERANGE:{segment.size_bytes}@{segment.offset}",
            f"{rung.filename}?{number}",
        ]
    lines.append("#EXT-X-ENDLIST")
    return "\n".join(lines) + "\n"


def master_playlist(rungs: Sequence[tuple[RungMap, str]]) -> str:
    """The HLS master playlist over rungs and the names of their media playlists."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for rung, playlist in rungs:
        rates = f"BANDWIDTH={rung.peak_bps},AVERAGE-BANDWIDTH={rung.average_bps}"
        lines += [f'#EXT-X-STREAM-INF:{rates},CODECS="{CODECS}"', playlist]
    return "\n".join(lines) + "\n"


def mpd(rungs: Sequence[RungMap], channels: int) -> str:
    """The static MPD of the on-demand profile: one index per file says where segments lie."""
    first = rungs[0]
    duration = f"PT{_seconds(first.duration_samples, first.rate_hz)}S"
    longest = max(segment.duration_samples for segment in first.segments)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"',
        '     profiles="urn:mpeg:dash:profile:isoff-on-demand:2011" minBufferTime="PT2S"',
        f'     mediaPresentationDuration="{duration}"',
        f'     maxSubsegmentDuration="PT{_seconds(longest, first.rate_hz)}S">',
        f'  <Period id="0" start="PT0S" duration="{duration}">',
        '    <AdaptationSet id="0" contentType="audio" mimeType="audio/mp4"',
        f'                   codecs="{CODECS}" audioSamplingRate="{first.rate_hz}"',
        '                   segmentAlignment="true" subsegmentAlignment="true"',
        '                   subsegmentStartsWithSAP="1">',
        "      <AudioChannelConfiguration",
        '        schemeIdUri="urn:mpeg:dash:23003:3:audio_channel_configuration:2011"',
        f'        value="{channels}"/>',
    ]
    for rung in rungs:
        index_end = rung.header_bytes + rung.index_bytes - 1
        lines += [
            f'      <Representation id="{rung.rung}" bandwidth="{rung.peak_bps}">',
            f"        <BaseURL>{rung.filename}</BaseURL>",
            f'        <SegmentBase timescale="{rung.rate_hz}" indexRangeExact="true"',
            f'                     indexRange="{rung.header_bytes}-{index_end}">',
            f'          <Initialization range="0-{rung.header_bytes - 1}"/>',
            "        </SegmentBase>",
            "      </Representation>",
        ]
    lines += ["    </AdaptationSet>", "  </Period>", "</MPD>"]
    return "\n".join(lines) + "\n"


def _seconds(samples: int, rate_hz: int) -> str:
    """Seconds with nine decimals: over six hours the rounding stays under a sample."""
    whole, rest = divmod(samples, rate_hz)
    nanos = round(Fraction(rest * 1_000_000_000, rate_hz))
    return f"{whole}.{nanos:09d}"
