"""Where the sound stands in a file: behind tags of another format, or in several pieces.

An Ogg file may be a chain of streams one after the other (RFC 3533 §4), each with a set-up, a
rate and a layout of its own; libavformat decodes all of them by the first one's set-up.
"""

import io
import struct
from collections.abc import Iterator
from typing import BinaryIO, Final

import msgspec

MOST_PIECES: Final = 1_000

_ID3_HEADER_BYTES: Final = 10
_ID3_FOOTER: Final = 0x10
_MOST_FRONT_TAGS: Final = 8
_READ_BYTES: Final = 1 << 20
_PAGE_HEADER_BYTES: Final = 27
_FIRST_PAGE: Final = b"OggS\0\x02"
_LONGEST_FIRST_PAGE_BYTES: Final = 4096
_POLYNOMIAL: Final = 0x04C11DB7


class Piece(msgspec.Struct, frozen=True):
    """A stretch of a file that is a whole file by itself."""

    offset: int
    size_bytes: int


class Window(io.RawIOBase):
    """A piece of a file, read as if it were a file; it has no name."""

    def __init__(self, file: BinaryIO, piece: Piece) -> None:
        super().__init__()
        self._file, self._piece, self._at = file, piece, 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to `offset` from the piece's beginning, from here or from its end."""
        base = (0, self._at, self._piece.size_bytes)[whence]
        if base + offset < 0:
            raise OSError("before the beginning")
        self._at = base + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        """The next bytes, as many as there are."""
        left = max(self._piece.size_bytes - self._at, 0)
        wanted = left if size < 0 else min(size, left)
        self._file.seek(self._piece.offset + self._at)
        data = self._file.read(wanted)
        self._at += len(data)
        return data


def pieces_of(file: BinaryIO) -> list[Piece]:
    """The pieces of a file in the order they are heard; one more than may be, where too many."""
    size = file.seek(0, 2)
    start = own_start(file)
    begins = [start, *_later_links(file, start, size)]
    ends = [*begins[1:], size]
    return [Piece(at, end - at) for at, end in zip(begins, ends, strict=True)]


def own_start(file: BinaryIO) -> int:
    """Where a file begins by itself: behind ID3v2 tags, which some programs put before any."""
    at = 0
    for _ in range(_MOST_FRONT_TAGS):
        file.seek(at)
        head = file.read(_ID3_HEADER_BYTES)
        size = _id3_bytes(head)
        if size is None:
            break
        at += size
    return at if at < file.seek(0, 2) else 0


def _id3_bytes(head: bytes) -> int | None:
    """How long the tag is that begins so (ID3v2.4 §3.1), or None where none does."""
    whole = len(head) == _ID3_HEADER_BYTES and head[:3] == b"ID3"
    if not whole or max(head[6:10]) > 0x7F or max(head[3:5]) == 0xFF:  # noqa: PLR2004
        return None
    size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
    footer = _ID3_HEADER_BYTES if head[5] & _ID3_FOOTER else 0
    return _ID3_HEADER_BYTES + size + footer


def _later_links(file: BinaryIO, start: int, size: int) -> Iterator[int]:
    """Where the links of an Ogg chain begin, but for the first one."""
    file.seek(start)
    if file.read(4) != b"OggS":
        return
    found, after = 0, start
    for at, page_bytes in _first_pages(file, start, size):
        # The streams of one link all begin before any of them goes on.
        if at != after:
            found += 1
            yield at
        if found >= MOST_PIECES:
            return
        after = at + page_bytes


def _first_pages(file: BinaryIO, start: int, size: int) -> Iterator[tuple[int, int]]:
    """Where a stream's first page stands, and its length in bytes."""
    at = start
    while at < size:
        file.seek(at)
        block = file.read(_READ_BYTES + _LONGEST_FIRST_PAGE_BYTES)
        within = block.find(_FIRST_PAGE, 0, _READ_BYTES + len(_FIRST_PAGE) - 1)
        if within < 0:
            at += _READ_BYTES
            continue
        page_bytes = _page_bytes(block, within)
        if page_bytes is not None:
            yield at + within, page_bytes
        at += within + (page_bytes or len(_FIRST_PAGE))


def _page_bytes(block: bytes, at: int) -> int | None:
    """The length of the page that begins there, or None where only its name does."""
    head = block[at : at + _PAGE_HEADER_BYTES]
    if len(head) < _PAGE_HEADER_BYTES:
        return None
    lacing = block[at + _PAGE_HEADER_BYTES : at + _PAGE_HEADER_BYTES + head[26]]
    size = _PAGE_HEADER_BYTES + len(lacing) + sum(lacing)
    if size > _LONGEST_FIRST_PAGE_BYTES:
        return None
    page = bytearray(block[at : at + size])
    expected: int = struct.unpack_from("<I", page, 22)[0]
    page[22:26] = bytes(4)
    return size if len(page) == size and _checksum(page) == expected else None


def _checksum(page: bytes | bytearray) -> int:
    """The CRC of a page (RFC 3533 §6); a first page is short."""
    value = 0
    for byte in page:
        value = (value << 8 & 0xFFFFFFFF) ^ _TABLE[value >> 24 ^ byte]
    return value


def _table() -> list[int]:
    table: list[int] = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1) ^ (_POLYNOMIAL if value & 0x80000000 else 0)
        table.append(value & 0xFFFFFFFF)
    return table


_TABLE: Final = _table()
