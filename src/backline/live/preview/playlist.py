"""The playlist of a show's last segments (RFC 8216)."""

from math import ceil
from typing import Final

from backline.live.preview.packager import WINDOW, Packager

PLAYLIST: Final = "index.m3u8"
PLAYLIST_TYPE: Final = "application/vnd.apple.mpegurl"
SEGMENT_TYPE: Final = "video/mp4"


def playlist(packager: Packager) -> bytes:
    """What there is now, the newest at the end; there has to be one."""
    segments = list(packager.segments)
    listed = segments[-WINDOW:]
    unlisted = segments[: len(segments) - len(listed)]
    longest_ms = max(one.duration_ms for one in listed)
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{ceil(longest_ms / 1000)}",
        f"#EXT-X-MEDIA-SEQUENCE:{listed[0].number}",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{packager.breaks + sum(one.is_break for one in unlisted)}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    opening: str | None = None
    for one in listed:
        if one.is_break:
            lines.append("#EXT-X-DISCONTINUITY")
        if one.opening != opening:
            opening = one.opening
            lines.append(f'#EXT-X-MAP:URI="{opening}"')
        lines += [f"#EXTINF:{one.duration_ms / 1000:.3f},", one.name]
    return "\n".join([*lines, ""]).encode()
