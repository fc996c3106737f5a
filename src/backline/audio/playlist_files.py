"""Playlists as other programs write and read them: M3U8 and XSPF, from text and to text.

What comes is a stranger's: sizes are bounded, and XML with a document type, which is what entities
are declared in, is refused.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final
from urllib.parse import quote, unquote
from xml.parsers import expat
from xml.sax.saxutils import escape

import msgspec

from backline.platform.errors import Invalid

MOST_ENTRIES: Final = 10_000
_MOST_CHARS: Final = 1_000  # of a name or a path; more is cut off
_MOST_DEPTH: Final = 32
_INFO = re.compile(r"#EXTINF:\s*(-?\d+(?:\.\d+)?)[^,]*,(.*)")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\]+")
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_XSPF: Final = "http://xspf.org/ns/0/"
_TOO_MANY = f"This file has more than {MOST_ENTRIES:,} entries. Cut it into several."


class Listed(msgspec.Struct, frozen=True):
    """A track as a file names it; what it doesn't say is empty, or None."""

    title: str = ""
    artist: str = ""
    album: str = ""
    path: str = ""
    duration_ms: int | None = None

    @property
    def filename(self) -> str:
        """The last part of its path, which may be a Windows one or an address."""
        return re.split(r"[/\\]", self.path)[-1]


class File(msgspec.Struct, frozen=True):
    """What a file of a playlist has in it."""

    name: str
    entries: list[Listed]


def read(text: str) -> File:
    """What is in a file, whichever of both it is.

    Raises:
        Invalid: it is neither, or more than a playlist can have.
    """
    text = text.removeprefix("\ufeff")
    return _read_xspf(text) if text.lstrip().startswith("<") else _read_m3u8(text)


def _read_m3u8(text: str) -> File:
    name, found, said = "", list[Listed](), Listed()
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("#PLAYLIST:"):
            name = line.removeprefix("#PLAYLIST:").strip()[:_MOST_CHARS]
        elif line.startswith("#EXTALB:"):
            said = msgspec.structs.replace(said, album=line.removeprefix("#EXTALB:").strip())
        elif (info := _INFO.match(line)) is not None:
            artist, _, title = info[2].rpartition(" - ")
            said = Listed(title.strip(), artist.strip(), said.album, "", _length_ms(info[1], 1000))
        elif line and not line.startswith("#"):
            found.append(_cut(msgspec.structs.replace(said, path=_path(line))))
            said = Listed()
            if len(found) > MOST_ENTRIES:
                raise Invalid(_TOO_MANY)
    return File(name, found)


class _Xspf:
    """What expat tells of an XSPF; elements that we don't know are passed over."""

    def __init__(self) -> None:
        self.name = ""
        self.found: list[Listed] = []
        self._path: list[str] = []
        self._said: dict[str, str] = {}
        self._text: list[str] = []

    def begin(self, name: str, _attributes: dict[str, str]) -> None:
        self._path.append(name.rpartition(" ")[2])
        self._text = []
        if len(self._path) > _MOST_DEPTH:
            raise Invalid("This file is nested too deeply for a playlist.")

    def characters(self, text: str) -> None:
        if len(self._text) < _MOST_CHARS:
            self._text.append(text[:_MOST_CHARS])

    def end(self, _name: str) -> None:
        match self._path:
            case ["playlist", "title"]:
                self.name = self._word()
            case ["playlist", "trackList", "track", what]:
                self._said.setdefault(what, self._word())
            case ["playlist", "trackList", "track"]:
                self._add(self._said)
                self._said = {}
            case _:
                pass
        self._path.pop()
        self._text = []

    def _word(self) -> str:
        return "".join(self._text).strip()[:_MOST_CHARS]

    def _add(self, said: dict[str, str]) -> None:
        self.found.append(
            Listed(
                said.get("title", ""),
                said.get("creator", ""),
                said.get("album", ""),
                _path(said.get("location", "")),
                _length_ms(said.get("duration", ""), 1),
            )
        )
        if len(self.found) > MOST_ENTRIES:
            raise Invalid(_TOO_MANY)


def _read_xspf(text: str) -> File:
    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
    told = _Xspf()
    parser.StartElementHandler = told.begin
    parser.EndElementHandler = told.end
    parser.CharacterDataHandler = told.characters
    parser.StartDoctypeDeclHandler = _refuse
    parser.buffer_text = True
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)  # by position alone
    except expat.ExpatError as fault:
        where = f"line {fault.lineno}"
        raise Invalid(f"This isn't a playlist: its XML is broken in {where}.") from fault
    return File(told.name, told.found)


def _refuse(*_said: object) -> None:
    raise Invalid("XML with a document type isn't taken: playlists have none.")


def write_m3u8(name: str, entries: Sequence[Listed]) -> Iterator[str]:
    """The lines of a file, each with its end."""
    yield "#EXTM3U\n"
    yield f"#PLAYLIST:{_line(name)}\n"
    for one in entries:
        seconds = -1 if one.duration_ms is None else round(one.duration_ms / 1000)
        by = f"{_line(one.artist)} - " if one.artist else ""
        yield f"#EXTINF:{seconds},{by}{_line(one.title)}\n"
        if one.album:
            yield f"#EXTALB:{_line(one.album)}\n"
        # A line that begins with # would be a remark.
        yield f"./{one.path}\n" if one.path.startswith("#") else f"{one.path}\n"


def write_xspf(name: str, entries: Sequence[Listed]) -> Iterator[str]:
    """The lines of a file, each with its end."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<playlist version="1" xmlns="{_XSPF}">\n'
    yield f"  <title>{_xml(name)}</title>\n  <trackList>\n"
    for one in entries:
        length = "" if one.duration_ms is None else str(one.duration_ms)
        yield "    <track>\n"
        said = (
            ("location", quote(one.path)),
            ("title", one.title),
            ("creator", one.artist),
            ("album", one.album),
            ("duration", length),
        )
        yield from (f"      <{tag}>{_xml(text)}</{tag}>\n" for tag, text in said if text)
        yield "    </track>\n"
    yield "  </trackList>\n</playlist>\n"


WRITERS: Final[dict[str, Callable[[str, Sequence[Listed]], Iterator[str]]]] = {
    "m3u8": write_m3u8,
    "xspf": write_xspf,
}


def path_of(artist: str, album: str, name: str) -> str:
    """`artist/album/name`, relative, each part one that a file can be called."""
    parts = (artist or "Unknown artist", album or "Unknown album", name)
    return "/".join(_UNSAFE.sub(" ", part).strip(". ")[:120] or "_" for part in parts)


def _path(said: str) -> str:
    """A path as it is, without a leading `./`; an address without its escapes."""
    is_address = re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", said) is not None or "%" in said
    path = unquote(said.partition("?")[0]) if is_address else said
    return path.removeprefix("./")[:_MOST_CHARS]


def _length_ms(said: str, unit_ms: int) -> int | None:
    try:
        length_ms = round(float(said) * unit_ms)
    except (ValueError, OverflowError):
        return None
    return length_ms if 0 < length_ms < 2**31 else None


def _cut(one: Listed) -> Listed:
    return msgspec.structs.replace(
        one,
        title=one.title[:_MOST_CHARS],
        artist=one.artist[:_MOST_CHARS],
        album=one.album[:_MOST_CHARS],
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def _xml(text: str) -> str:
    return escape(_NO_XML.sub("", text))
