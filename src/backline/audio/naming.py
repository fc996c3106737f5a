"""What tracks are called where files have names: `artist/album/01 Title.flac`.

Names are made safe for every file system that people use: no separators, no signs that Windows
forbids, none of its reserved names, no dots or spaces at the end, no more bytes than fit.
"""

import re
import unicodedata
from typing import Final

import msgspec

from backline.audio.models import TrackRow
from backline.audio.sql import SourceFile

_MOST_BYTES: Final = 180  # of a segment: 255 are allowed, ` (2)` and an ending must fit, too
_FORBIDDEN: Final = re.compile(
    r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\ufffd\u2028\u2029\u202a-\u202e\u2066-\u2069]'
)
_RESERVED: Final = re.compile(
    r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE
)
_ENDING: Final = re.compile(r"\.([A-Za-z0-9]{1,5})")
_BY_TYPE: Final = {
    "audio/aac": "aac",
    "audio/aiff": "aiff",
    "audio/flac": "flac",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/webm": "webm",
}


class Called(msgspec.Struct, frozen=True):
    """What a track is called, and its file."""

    title: str
    artist: str
    album: str
    album_artist: str
    track_number: int | None
    disc_number: int | None
    filename: str
    content_type: str


def called(row: TrackRow | SourceFile) -> Called:
    """What a track's file stands for where it is saved by itself."""
    return Called(row.title, row.artist, "", "", None, None, row.filename, row.content_type)


def segment(name: str, otherwise: str) -> str:
    """A name as a part of a path; `otherwise` where nothing of it is left."""
    whole = unicodedata.normalize("NFC", name.encode(errors="replace").decode())
    plain = " ".join(_FORBIDDEN.sub("_", whole).split())
    plain = _cut(plain, _MOST_BYTES).strip(" .")
    if not plain.strip("_"):
        return otherwise
    return f"_{plain}" if _RESERVED.fullmatch(plain) or plain.startswith("~") else plain


def file_name(track: Called) -> str:
    """A track's file in the folder of its album: `1-02 Title.flac` where there are discs."""
    number = ""
    if track.track_number is not None:
        disc = f"{track.disc_number}-" if track.disc_number is not None else ""
        number = f"{disc}{track.track_number:02} "
    return f"{segment(number + track.title, 'Untitled')}.{ending(track)}"


def single_name(track: Called) -> str:
    """A track's file where it stands alone: `Artist - Title.flac`."""
    said = f"{track.artist} - {track.title}" if track.artist else track.title
    return f"{segment(said, 'Untitled')}.{ending(track)}"


def path(track: Called) -> tuple[str, str, str]:
    """Artist, album and file of a track."""
    return (
        segment(track.album_artist or track.artist, "Unknown artist"),
        segment(track.album, "Unknown album"),
        file_name(track),
    )


def ending(track: Called) -> str:
    """What the name of its file ends with: as it came, or as its type has it."""
    found = _ENDING.fullmatch(f".{track.filename.rpartition('.')[2]}")
    if found is not None and "." in track.filename:
        return found[1].lower()
    return _BY_TYPE.get(track.content_type, "bin")


class Taken:
    """Names that are given out, each once, also where case and accents' forms don't count."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, wanted: str) -> str:
        """The name itself, or with the first number that makes it another's no longer."""
        stem, dot, tail = wanted.rpartition(".")
        if not dot or "/" in tail:
            stem, dot, tail = wanted, "", ""
        given, number = wanted, 1
        while (key := _same(given)) in self._taken:
            number += 1
            given = f"{stem} ({number}){dot}{tail}"
        self._taken.add(key)
        return given


def _same(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKD", name).casefold())


def _cut(name: str, most_bytes: int) -> str:
    """At most so many bytes of UTF-8, and no half character."""
    return name.encode()[:most_bytes].decode(errors="ignore")


def album_folder(title: str, artist: str) -> str:
    """An album as one folder: `Artist - Album`."""
    return segment(f"{artist} - {title}" if artist else title, "Unknown album")
