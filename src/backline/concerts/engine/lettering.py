"""The typefaces that files are set in, and which letters they have.

Noto covers what names are written in; what it lacks is shown as a sign and told, never as a box
that nobody speaks of.
"""

import mmap
import struct
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

MISSING: Final = "\N{REPLACEMENT CHARACTER}"
_PACKAGES: Final = ("manimgx_fonts", "manimgx_fonts_cjk")  # they hold nothing but files
FOLDERS: Final = tuple(Path(str(resources.files(package))) for package in _PACKAGES)
_SILENT: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})  # categories that draw nothing
_SELECTORS: Final = range(0xFE00, 0xFE10)
_COLLECTION: Final = b"ttcf"
_SEGMENTS, _GROUPS = 4, 12  # formats of a character map (OpenType, cmap)
_WIDE, _PLANE = 10, 1  # encodings of Unicode: all of it, and its first plane
_WINDOWS: Final = 3
_LAST_OF_SEGMENTS: Final = 0xFFFF


@cache
def letters() -> frozenset[int]:
    """The code points that some typeface has."""
    found: set[int] = set()
    for folder in FOLDERS:
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() in {".ttf", ".otf", ".ttc"}:
                found |= _of_file(path)
    return frozenset(found)


def lacking(texts: Iterable[str]) -> set[str]:
    """The characters of texts that no typeface has."""
    known = letters()
    used = {letter for text in texts for letter in text}
    return {each for each in used if ord(each) not in known and _is_drawn(each)}


def script_of(letter: str) -> str:
    """What kind of letter it is, in words: `Cherokee`, `Javanese`."""
    name = unicodedata.name(letter, "")
    first = name.split(" ", 1)[0].capitalize()
    return first or f"U+{ord(letter):04X}"


def _is_drawn(letter: str) -> bool:
    return unicodedata.category(letter) not in _SILENT and ord(letter) not in _SELECTORS


def _of_file(path: Path) -> set[int]:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        # The faces of a collection differ in shapes, hardly in what they cover.
        start = struct.unpack_from(">I", data, 12)[0] if data[:4] == _COLLECTION else 0
        for at in range(struct.unpack_from(">H", data, start + 4)[0]):
            tag, _, offset, _ = struct.unpack_from(">4sIII", data, start + 12 + 16 * at)
            if tag == b"cmap":
                return _of_map(data, offset)
    return set()


def _of_map(data: mmap.mmap, at: int) -> set[int]:
    """The widest of a font's maps of Unicode."""
    tables: dict[int, int] = {}
    for index in range(struct.unpack_from(">H", data, at + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHI", data, at + 4 + 8 * index)
        if platform == _WINDOWS:
            tables[encoding] = at + offset
    for encoding in (_WIDE, _PLANE):
        if encoding in tables:
            return _of_table(data, tables[encoding])
    return set()


def _of_table(data: mmap.mmap, at: int) -> set[int]:
    kind = struct.unpack_from(">H", data, at)[0]
    found: set[int] = set()
    if kind == _GROUPS:
        for index in range(struct.unpack_from(">I", data, at + 12)[0]):
            first, last, _ = struct.unpack_from(">III", data, at + 16 + 12 * index)
            found.update(range(first, last + 1))
    elif kind == _SEGMENTS:
        count = struct.unpack_from(">H", data, at + 6)[0] // 2
        lasts = struct.unpack_from(f">{count}H", data, at + 14)
        firsts = struct.unpack_from(f">{count}H", data, at + 16 + 2 * count)
        for first, last in zip(firsts, lasts, strict=True):
            found.update(range(first, min(last, _LAST_OF_SEGMENTS - 1) + 1))
    return found
