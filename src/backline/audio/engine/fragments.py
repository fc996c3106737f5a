"""Which bytes of a rendition are needed to play it from a moment on, by its HLS playlist."""

import re
from typing import Final

import msgspec

_MAP: Final = re.compile(r'^#EXT-X-MAP:.*BYTERANGE="(\d+)@(\d+)"', re.MULTILINE)
_SEGMENT: Final = re.compile(r"^#EXTINF:([\d.]+),\n#EXT-X-BYTERANGE:(\d+)@(\d+)$", re.MULTILINE)
# The first frame that a decoder is given lacks the half that it shares with the one before.
_BEFORE_S: Final = 0.1


class Needed(msgspec.Struct, frozen=True):
    """The header, and where the fragments begin that are needed after it; in bytes."""

    header_bytes: int
    start: int


def needed_from(playlist: str, offset_s: float) -> Needed:
    """What is needed of a rung's file from `offset_s` on.

    Raises:
        ValueError: that isn't a playlist of ours.
    """
    header = _MAP.search(playlist)
    segments = [(float(m[1]), int(m[3])) for m in _SEGMENT.finditer(playlist)]
    if header is None or not segments:
        raise ValueError("not a media playlist of byte ranges")
    begins_s, start = 0.0, segments[0][1]
    for length_s, offset in segments:
        if begins_s > offset_s - _BEFORE_S:
            break
        start = offset
        begins_s += length_s
    return Needed(int(header[1]), start)
