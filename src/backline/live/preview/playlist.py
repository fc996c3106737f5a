"""The playlists of a show's last segments, and the one that lists those (RFC 8216)."""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Final

import msgspec

from backline.live.preview.packager import WINDOW, Packager, Segment

PLAYLIST: Final = "index.m3u8"
LADDER: Final = "ladder.m3u8"
PLAYLIST_TYPE: Final = "application/vnd.apple.mpegurl"
SEGMENT_TYPE: Final = "video/mp4"


class Line(msgspec.Struct, frozen=True):
    """A segment as it is listed; `opening` is None where there is none to be played."""

    name: str
    duration_ms: int
    opening: str | None
    is_break: bool


class Variant(msgspec.Struct, frozen=True):
    """A size of a show: its playlist, and what players choose by. Rates are in bit/s."""

    playlist: str
    most: int
    average: int
    width: int
    height: int
    fps: float
    codecs: str


def playlist(packager: Packager) -> bytes:
    """What there is now, the newest at the end; there has to be one."""
    listed = window(packager)
    lines = (Line(one.name, one.duration_ms, one.opening, one.is_break) for one in listed)
    return written(packager, listed, lines, version=7)


def window(packager: Packager) -> list[Segment]:
    """The segments that are listed."""
    return list(packager.segments)[-WINDOW:]


def written(
    packager: Packager, listed: Sequence[Segment], lines: Iterable[Line], *, version: int
) -> bytes:
    """The text of a playlist of `listed`, one of the `lines` for each: all sizes count alike."""
    unlisted = [one for one in packager.segments if one.number < listed[0].number]
    longest_ms = max(one.duration_ms for one in window(packager))
    text = [
        "#EXTM3U",
        f"#EXT-X-VERSION:{version}",
        f"#EXT-X-TARGETDURATION:{ceil(longest_ms / 1000)}",
        f"#EXT-X-MEDIA-SEQUENCE:{listed[0].number}",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{packager.breaks + sum(one.is_break for one in unlisted)}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    opening: str | None = None
    for one in lines:
        if one.is_break:
            text.append("#EXT-X-DISCONTINUITY")
        if one.opening is None:
            text.append("#EXT-X-GAP")
        elif one.opening != opening:
            opening = one.opening
            text.append(f'#EXT-X-MAP:URI="{opening}"')
        text += [f"#EXTINF:{one.duration_ms / 1000:.3f},", one.name]
    return "\n".join([*text, ""]).encode()


def multivariant(variants: Iterable[Variant]) -> bytes:
    """The playlist of playlists, in the order in which players should try them."""
    text = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for one in variants:
        told = [f"BANDWIDTH={one.most}", f"AVERAGE-BANDWIDTH={one.average}"]
        if one.width:
            told += [f"RESOLUTION={one.width}x{one.height}"]
        if one.fps:
            told += [f"FRAME-RATE={one.fps:.3f}"]
        if one.codecs:
            told += [f'CODECS="{one.codecs}"']
        text += [f"#EXT-X-STREAM-INF:{','.join(told)}", one.playlist]
    return "\n".join([*text, ""]).encode()
