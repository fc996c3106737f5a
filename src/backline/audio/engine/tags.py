"""Tags and the embedded pictures of a stranger's file: runs inside a confined child.

One function a family of tags turns mutagen's frames into names and plain strings; the
rest treats all families alike.
"""

import io
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from mutagen import id3
from mutagen.aiff import AIFF
from mutagen.apev2 import APEv2
from mutagen.asf import ASF
from mutagen.dsf import DSF
from mutagen.flac import FLAC
from mutagen.id3 import ID3
from mutagen.mp4 import MP4
from mutagen.oggflac import OggFLAC
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis

from backline.audio.engine import bounds, lyrics, riff
from backline.audio.engine.embedded import is_of, pictures_of
from backline.audio.engine.findings import TagsRead
from backline.audio.engine.labels import NAMES, filled, normalised
from backline.audio.engine.pictures import Embedded, write_pictures
from backline.audio.engine.pieces import Piece, Window, own_start
from backline.audio.models import Line, Tags

_ID3_FRAMES: Final = tuple(
    (name, name.upper())
    for name in dict.fromkeys(name for names in NAMES.values() for name in names)
    if len(name) == 4  # noqa: PLR2004  # as all frames' are (ID3v2.4 §4)
)
_ID3V1_BYTES: Final = 128
_IN_MS: Final = 2
_LYRICS: Final = frozenset({"lyrics", "syncedlyrics", "unsyncedlyrics", "\xa9lyr", "wm/lyrics"})
_MOST_LYRICS: Final = 8
_Opener = Callable[[Any], Any]


def _id3v2(file: BinaryIO) -> Any:
    return ID3(file, load_v1=False)


def _id3v1(file: BinaryIO) -> Any:
    file.seek(-_ID3V1_BYTES, 2)
    frames: Any = cast("Any", id3).ParseID3v1(file.read(_ID3V1_BYTES))
    if frames is None:
        return None
    tags: Any = ID3()
    for frame in frames.values():
        tags.add(frame)
    return tags


def _id3_in_riff(file: BinaryIO) -> Any:
    chunk = riff.chunk(file, b"id3 ", b"ID3 ")
    return ID3(io.BytesIO(chunk)) if chunk is not None else None


_BEHIND: Final[tuple[_Opener, ...]] = (APEv2, _id3v1)
"""What players of MP3 read from a file's end. An ID3v1's texts are cut, so it comes last."""

_OPENERS: Final[tuple[tuple[int, bytes, tuple[_Opener, ...]], ...]] = (
    (0, b"fLaC", (FLAC, *_BEHIND)),
    (0, b"OggS", (OggVorbis, OggOpus, OggFLAC)),
    (4, b"ftyp", (MP4,)),
    (0, b"FORM", (AIFF,)),
    (0, b"RIFF", (_id3_in_riff,)),
    (0, b"RF64", (_id3_in_riff,)),
    (0, b"BW64", (_id3_in_riff,)),
    (0, b"DSD ", (DSF,)),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", (ASF,)),
    *((0, magic, _BEHIND) for magic in (b"wvpk", b"MAC ", b"MPCK", b"MP+", b"TTA1", b"\xff")),
)
"""Where which bytes stand in files of which families of tags, the format's own first."""


def read_tags(path: str, folder: str) -> TagsRead:
    """Read the tags, and write the pictures among them into `folder` as they are.

    Each tag is taken from the first family that says it. Broken tags are no fault: they read as
    none.
    """
    with Path(path).open("rb") as file:
        return read_open(file, folder)


def read_open(file: BinaryIO, folder: str) -> TagsRead:
    """The same of a file that is open."""
    families = _families(file)
    count = sum(_count(opened) for opened in families)
    if count > bounds.MAX_TAGS:
        return TagsRead(count=count)
    said = [_tags(opened) for opened in families]
    words = _best([_lyrics(opened) for opened in families])
    pictures = [picture for opened in families for picture in _pictures(opened)]
    written, warning = write_pictures(pictures, folder)
    return TagsRead(filled(Tags(), *said), count, written, warning, words)


def _families(file: BinaryIO) -> list[Any]:
    """All that can be opened of a file, in the order in which it is believed."""
    start = own_start(file)
    size = file.seek(0, 2)
    own = cast("BinaryIO", Window(file, Piece(start, size - start)))
    head = own.read(16)
    native = next((n for at, magic, n in _OPENERS if head[at:].startswith(magic)), None)
    openers = native or (_BEHIND if start else ())
    tried = [_try(opener, own) for opener in openers]
    in_front = _try(_id3v2, file) if start else None
    # Where a format has tags of its own they win; MPEG has none but what stands in front.
    at = 0 if openers in ((), _BEHIND) else 1
    tried.insert(at, in_front)
    return [opened for opened in tried if opened is not None]


def _try(opener: _Opener, file: BinaryIO) -> Any | None:
    try:
        file.seek(0)
        return opener(file)
    # The reader of tags meets hostile bytes: whatever it stumbles over, there are no tags.
    except Exception:  # noqa: BLE001
        return None


def _count(opened: Any) -> int:
    tags: Any = opened if is_of(opened, ID3, APEv2) else opened.tags
    if tags is None:
        return 0
    return len(tags) + len(getattr(tags, "unknown_frames", ()))


def _tags(opened: Any) -> Tags:
    found: dict[str, list[str]] = {}
    for name, value in islice(_pairs(opened), bounds.MAX_TAG_VALUES):
        found.setdefault(name, []).append(value)
    return normalised(found)


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
    for name, frame_id in _ID3_FRAMES:
        frame: Any = tags.get(frame_id)
        if frame is None:
            continue
        for value in frame.genres if name == "tcon" else frame.text:
            yield name, str(value)
    for frame in tags.getall("TXXX"):
        for value in frame.text:
            yield f"txxx:{str(frame.desc).lower()}", str(value)
    for frame in tags.getall("UFID"):
        yield f"ufid:{str(frame.owner).lower()}", _plain(frame.data)


def _plain(value: Any) -> str:
    if is_of(value, tuple):  # MP4: (number, of how many)
        return str(value[0])
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def _lyrics(opened: Any) -> list[Line]:
    """The words that a family of tags has, timed ones where there are any."""
    tags: Any = opened if is_of(opened, ID3, APEv2) else opened.tags
    try:
        if is_of(tags, ID3):
            timed = [frame.text for frame in tags.getall("SYLT") if frame.format == _IN_MS]
            plain = [str(frame.text) for frame in tags.getall("USLT")]
            return _best([*map(lyrics.of_times, timed), *map(lyrics.read, plain)])
        named = [key for key in tags.keys() if str(key).lower() in _LYRICS]  # noqa: SIM118
        texts = ["\n".join(map(str, _listed(tags[key]))) for key in named[:_MOST_LYRICS]]
        return _best([lyrics.read(text) for text in texts])
    # The same hostile bytes as in `_try`.
    except Exception:  # noqa: BLE001
        return []


def _listed(held: Any) -> list[Any]:
    return list(held) if is_of(held, list, tuple) else [held]


def _best(found: list[list[Line]]) -> list[Line]:
    """The first that is timed, else the first that has any words."""
    timed = (lines for lines in found if lines and lines[0].start_ms is not None)
    return next(timed, next((lines for lines in found if lines), list[Line]()))


def _pictures(opened: Any) -> list[Embedded]:
    try:
        return pictures_of(opened)
    # The same hostile bytes as in `_try`.
    except Exception:  # noqa: BLE001
        return []
