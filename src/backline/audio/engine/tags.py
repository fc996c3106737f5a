"""Tags and the embedded cover of a stranger's file: runs inside a confined child.

One function a family of tags turns mutagen's frames into names and plain strings; the
rest treats all families alike.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final

import msgspec
from mutagen.aiff import AIFF
from mutagen.apev2 import APEv2
from mutagen.asf import ASF
from mutagen.flac import FLAC
from mutagen.id3 import ID3
from mutagen.mp4 import MP4
from mutagen.oggflac import OggFLAC
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis
from mutagen.wave import WAVE
from mutagen.wavpack import WavPack

from backline.audio.engine import bounds
from backline.audio.engine.embedded import is_of, pictures_of


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


_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "title": ("title", "tit2", "\xa9nam", "inam"),
    "artist": ("artist", "tpe1", "\xa9art", "author", "iart"),
    "album": ("album", "talb", "\xa9alb", "wm/albumtitle", "iprd"),
    "album_artist": (
        *("albumartist", "album artist", "album_artist", "tpe2", "aart", "wm/albumartist"),
    ),
    "genre": ("genre", "tcon", "\xa9gen", "gnre", "wm/genre", "ignr"),
    "year": (
        *("date", "year", "tdrc", "tyer", "tdor", "\xa9day", "wm/year", "originaldate", "icrd"),
    ),
    "track_number": ("tracknumber", "track", "trck", "trkn", "wm/tracknumber", "part_number"),
    "disc_number": ("discnumber", "disc", "disk", "tpos", "wm/partofset"),
}

_ID3_NAME_CHARS: Final = 4
_Opener = Callable[[str], Any]
_OPENERS: Final[tuple[tuple[int, bytes, tuple[_Opener, ...]], ...]] = (
    (0, b"fLaC", (FLAC,)),
    (0, b"OggS", (OggVorbis, OggOpus, OggFLAC)),
    (4, b"ftyp", (MP4,)),
    (0, b"FORM", (AIFF,)),
    (0, b"RIFF", (WAVE,)),
    (0, b"wvpk", (WavPack,)),
    (0, b"MAC ", (APEv2,)),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", (ASF,)),
    (0, b"ID3", (ID3, APEv2)),
    (0, b"\xff", (ID3, APEv2)),
)
"""Where which bytes stand in files of which family of tags."""


def read_tags(path: str, cover_path: str) -> TagsRead:
    """Read the tags and write the embedded front cover, if any, to `cover_path` as it is.

    Broken tags are no fault: they read as none.
    """
    opened = _open(path)
    found: dict[str, list[str]] = {}
    count = _count(opened)
    if opened is None or count > bounds.MAX_TAGS:
        return TagsRead(count=count)
    for name, value in islice(_pairs(opened), bounds.MAX_TAG_VALUES):
        found.setdefault(name, []).append(value)
    cover, warning = _cover(opened)
    if cover:
        Path(cover_path).write_bytes(cover)
    return TagsRead(normalised(found), count, len(cover), warning)


def filled(tags: Tags, texts: Mapping[str, str]) -> Tags:
    """The tags, and where they say nothing what the container's own `texts` say."""
    spare = normalised({name.lower(): [value] for name, value in texts.items()})
    unsaid = {
        field: getattr(spare, field)
        for field in Tags.__struct_fields__
        if getattr(tags, field) is None
    }
    return msgspec.structs.replace(tags, **unsaid)


def normalised(found: Mapping[str, list[str]]) -> Tags:
    """Tags by any family's names (in lower case) as ours: cleaned, cut and in range."""

    def texts(field: str) -> list[str]:
        named = (found[name] for name in _NAMES[field] if name in found)
        return next(named, list[str]())

    def text(field: str) -> str | None:
        cleaned = (clean(value) for value in islice(texts(field), 20))
        joined = "; ".join(dict.fromkeys(value for value in cleaned if value))
        return joined[: bounds.MAX_TEXT_CHARS].strip() or None

    def number(field: str, pattern: str, top: int) -> int | None:
        match = re.search(pattern, " ".join(texts(field)[:3])[:100], re.ASCII)
        value = int(match[1]) if match else 0
        return value if 0 < value <= top else None

    return Tags(
        title=text("title"),
        artist=text("artist"),
        album=text("album"),
        album_artist=text("album_artist"),
        genre=text("genre"),
        year=number("year", r"\b(\d{4})(?!\d)", 9999),
        track_number=number("track_number", r"^\D{0,2}(\d{1,5})", 9999),
        disc_number=number("disc_number", r"^\D{0,2}(\d{1,5})", 999),
    )


def clean(value: str) -> str:
    """The text in NFC on one line, without NULs, other controls and lone surrogates."""
    short = unicodedata.normalize("NFC", value[: 4 * bounds.MAX_TEXT_CHARS])
    kept = "".join(" " if _unwanted(char) else char for char in short)
    return " ".join(kept.split())[: bounds.MAX_TEXT_CHARS]


def _unwanted(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}


def _open(path: str) -> Any | None:
    with Path(path).open("rb") as file:
        head = file.read(16)
    for at, magic, openers in _OPENERS:
        if head[at:].startswith(magic):
            tried = (_try(opener, path) for opener in openers)
            return next((opened for opened in tried if opened is not None), None)
    return None


def _try(opener: _Opener, path: str) -> Any | None:
    try:
        return opener(path)
    # The reader of tags meets hostile bytes: whatever it stumbles over, there are no tags.
    except Exception:  # noqa: BLE001
        return None


def _count(opened: Any | None) -> int:
    tags: Any = opened if opened is None or is_of(opened, ID3, APEv2) else opened.tags
    if tags is None:
        return 0
    return len(tags) + len(getattr(tags, "unknown_frames", ()))


def _pairs(opened: Any) -> Iterable[tuple[str, str]]:
    tags: Any = opened if is_of(opened, ID3, APEv2) else opened.tags
    if tags is None:
        return
    if is_of(tags, ID3):
        yield from _id3_pairs(tags)
        return
    wanted = {name for names in _NAMES.values() for name in names}
    for key in tags.keys():  # noqa: SIM118  # some of mutagen's tags only have keys()
        name = str(key).lower()
        if name not in wanted:
            continue
        held: Any = tags[key]
        values: Iterable[Any] = held if is_of(held, list, tuple) else str(held).split("\0")
        for value in values:
            yield name, _plain(value)


def _id3_pairs(tags: Any) -> Iterable[tuple[str, str]]:
    for names in _NAMES.values():
        for name in names:
            frame: Any = tags.get(name.upper()) if len(name) == _ID3_NAME_CHARS else None
            if frame is None:
                continue
            for value in frame.genres if name == "tcon" else frame.text:
                yield name, str(value)


def _plain(value: Any) -> str:
    if is_of(value, tuple):  # MP4: (number, of how many)
        return str(value[0])
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def _cover(opened: Any | None) -> tuple[bytes, str | None]:
    try:
        pictures = pictures_of(opened) if opened is not None else []
    # The same hostile bytes as in `_open`.
    except Exception:  # noqa: BLE001
        pictures = []
    cover = max(pictures, key=lambda picture: picture.is_front, default=None)
    if cover is None or not cover.data:
        return b"", None
    if len(cover.data) > bounds.MAX_COVER_BYTES:
        size = f"{len(cover.data) / 2**20:.0f} MB"
        limit = f"{bounds.MAX_COVER_BYTES // 2**20} MB"
        return b"", f"The cover was left out: it is {size} large and the limit is {limit}."
    return cover.data, None
