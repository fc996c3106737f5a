"""Tags and the embedded cover of a stranger's file: runs inside a confined child.

One function a family of tags turns mutagen's frames into names and plain strings; the
rest treats all families alike.
"""

from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import Any, Final

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
from backline.audio.engine.findings import TagsRead
from backline.audio.engine.labels import NAMES, normalised

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
    wanted = {name for names in NAMES.values() for name in names}
    for key in tags.keys():  # noqa: SIM118  # some of mutagen's tags only have keys()
        name = str(key).lower()
        if name not in wanted:
            continue
        held: Any = tags[key]
        values: Iterable[Any] = held if is_of(held, list, tuple) else str(held).split("\0")
        for value in values:
            yield name, _plain(value)


def _id3_pairs(tags: Any) -> Iterable[tuple[str, str]]:
    for names in NAMES.values():
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
