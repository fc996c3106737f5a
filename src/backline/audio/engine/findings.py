"""What confined processes find out about a file: what `probe`, `tags` … are asked and answer.

Kept apart from them, so that whoever asks needs not load a decoder.
"""

from typing import Final

import msgspec

from backline.audio.engine.files import RenderedFile
from backline.audio.engine.pieces import Piece
from backline.audio.models import Line, Tags

SMALL_NAME: Final = "cover-small.webp"
LARGE_NAME: Final = "cover-large.webp"


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The file can't be played; `reason` is a sentence for its owner."""

    reason: str


class Probe(msgspec.Struct, frozen=True, tag="probe"):
    """What the file is. `duration_s` is what its headers claim, or None if they don't say.

    `pieces` are where the sound stands, where that isn't simply the whole file; `sample_rate_hz`
    is the first one's, `channels` the most that any has. `pictures` were written by the probe.
    `sound_hash` is of what sounds in it, whatever its tags say (`sampling`).
    `texts` are the container's own tags by lower-case name, at most 50, each cut to
    `bounds.MAX_TEXT_CHARS`: they fill what `tags.read_tags` doesn't find.
    """

    container: str
    demuxer: str
    content_type: str
    codec: str
    decoders: str
    sample_rate_hz: int
    channels: int
    bitrate_bps: int | None
    duration_s: float | None
    size_bytes: int
    has_video: bool
    texts: dict[str, str]
    pieces: list[Piece] = []
    pictures: int = 0
    sound_hash: bytes = b""


HEADROOM: Final = 8
"""What is made even is quieter by this factor, so that nothing above full scale is cut."""


class Uneven(msgspec.Struct, frozen=True):
    """What is to be made even: `pieces` of a file, all read by one demuxer and these decoders."""

    path: str
    pieces: list[Piece]
    demuxer: str
    decoders: str
    longest_s: float


class TagsRead(msgspec.Struct, frozen=True):
    """The tags, how many there are in all, the words, and what became of the pictures.

    Of those, how many were written, the best for a cover first, or why none was.
    """

    tags: Tags = Tags()
    count: int = 0
    pictures: int = 0
    warning: str | None = None
    lyrics: list[Line] = []


class Catalogued(msgspec.Struct, frozen=True, tag="catalogued"):
    """What is known of a file that stays where it is, before anything is made of it.

    `size_bytes` and `mtime_ns` are of the file as it was opened. `picture` names the folder in
    which the pictures lie that may be its cover, None where there are none.
    """

    size_bytes: int
    mtime_ns: int
    content_hash: bytes
    sound_hash: bytes
    content_type: str
    codec: str
    duration_ms: int | None
    tags: Tags
    lyrics: list[Line]
    picture: str | None
    warnings: list[str]


Looked = Catalogued | Refused


class Covers(msgspec.Struct, frozen=True, tag="covers"):
    """The two WebP files; the longer side of each is at most 160 and 640 px."""

    small: RenderedFile
    large: RenderedFile


class NoCover(msgspec.Struct, frozen=True, tag="no_cover"):
    """The picture was left out; `warning` says why."""

    warning: str
