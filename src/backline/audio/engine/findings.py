"""What confined processes find out about a file: the answers of `probe`, `tags` and `cover`.

Kept apart from them, so that whoever asks needs not load a decoder.
"""

from typing import Final

import msgspec

from backline.audio.engine.files import RenderedFile

SMALL_NAME: Final = "cover-small.webp"
LARGE_NAME: Final = "cover-large.webp"


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The file can't be played; `reason` is a sentence for its owner."""

    reason: str


class Probe(msgspec.Struct, frozen=True, tag="probe"):
    """What the file is. `duration_s` is what its headers claim, or None if they don't say.

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


class Tags(msgspec.Struct, frozen=True):
    """What a file says about itself; text of at most `bounds.MAX_TEXT_CHARS`, None if unsaid."""

    title: str | None = None
    artist: str | None = None
    album: str | None = None
    album_artist: str | None = None
    genre: str | None = None
    year: int | None = None
    track_number: int | None = None
    disc_number: int | None = None


class TagsRead(msgspec.Struct, frozen=True):
    """The tags, how many there are in all, and what became of the cover.

    Of that, its size in bytes, or why it was left out.
    """

    tags: Tags = Tags()
    count: int = 0
    cover_bytes: int = 0
    warning: str | None = None


class Covers(msgspec.Struct, frozen=True, tag="covers"):
    """The two WebP files; the longer side of each is at most 160 and 640 px."""

    small: RenderedFile
    large: RenderedFile


class NoCover(msgspec.Struct, frozen=True, tag="no_cover"):
    """The picture was left out; `warning` says why."""

    warning: str
