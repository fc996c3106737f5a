"""ZIP archives of stored files, made as they are read: nothing of them lies anywhere.

Files are stored, not deflated, so each byte of an archive has its place before any is read: the
length is known, and any range can be asked for (APPNOTE 6.3.10, ZIP64 where it is needed). The sum
of a file stands in front of it and in the directory; it is made by reading the file, once.
"""

import struct
import zlib
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Final, Self

import msgspec

from backline.platform.remembered import Remembered
from backline.platform.storage import CHUNK_BYTES, Reader
from backline.platform.storage.kinds import Member, StoredFile

MOST_NAME_BYTES: Final = 65_000  # of a name; its length stands in two bytes
_MOST_32: Final = 0xFFFFFFFF
_MOST_16: Final = 0xFFFF
_UTF8: Final = 1 << 11
_PLAIN, _ZIP64 = 20, 45  # what is needed to read it: 2.0, 4.5
_ON_UNIX: Final = 3 << 8
_MODE: Final = (0o100644) << 16
_FIRST, _LAST = datetime(1980, 1, 1, tzinfo=UTC), datetime(2107, 12, 31, 23, 59, 58, tzinfo=UTC)
_END_BYTES: Final = 22
_END_64_BYTES: Final = 56 + 20
_REMEMBERED: Final = 20_000

Open = Callable[[StoredFile, int], Awaitable[Reader]]
"""A file, open for reading from a byte on."""

_sums: Final[Remembered[str, int]] = Remembered(_REMEMBERED)


class _Piece(msgspec.Struct, frozen=True):
    """A run of an archive's bytes: of a member's head, of its file, or of the end (no member)."""

    start: int
    end: int
    member: int | None
    is_head: bool = False


def size_of(members: Sequence[Member]) -> int:
    """How many bytes an archive of these has."""
    return _pieces(members)[-1].end


def _head_bytes(member: Member) -> int:
    return 30 + len(member.name.encode()) + (20 if member.file.size_bytes >= _MOST_32 else 0)


def _pieces(members: Sequence[Member]) -> list[_Piece]:
    made: list[_Piece] = []
    at = directory_bytes = 0
    for n, member in enumerate(members):
        head, size = _head_bytes(member), member.file.size_bytes
        directory_bytes += 46 + len(member.name.encode()) + len(_far(size, at))
        made += [_Piece(at, at + head, n, is_head=True), _Piece(at + head, at + head + size, n)]
        at += head + size
    needs_64 = _needs_64(len(members), directory_bytes, at)
    ending = directory_bytes + (_END_64_BYTES if needs_64 else 0) + _END_BYTES
    return [*made, _Piece(at, at + ending, None)]


def _far(size_bytes: int, offset: int) -> bytes:
    """What the directory adds of a file for which 32 bits aren't enough (§4.5.3)."""
    far = [size_bytes, size_bytes] if size_bytes >= _MOST_32 else []
    if offset >= _MOST_32:
        far.append(offset)
    return struct.pack(f"<HH{len(far)}Q", 1, 8 * len(far), *far) if far else b""


def _needs_64(count: int, directory_bytes: int, offset: int) -> bool:
    return count >= _MOST_16 or directory_bytes >= _MOST_32 or offset >= _MOST_32


def _moment(modified_at: datetime) -> int:
    """A time as MS-DOS has it, in steps of two seconds."""
    at = min(max(modified_at.astimezone(UTC), _FIRST), _LAST)
    day = (at.year - 1980) << 9 | at.month << 5 | at.day
    return day << 16 | at.hour << 11 | at.minute << 5 | at.second // 2


class ZipReader:
    """An archive that is open for reading; at most one of its files is open at a time."""

    def __init__(self, members: Sequence[Member], open_file: Open) -> None:
        self._members, self._open = members, open_file
        self._pieces = _pieces(members)
        self._starts = [piece.start for piece in self._pieces]
        self.size_bytes = self._pieces[-1].end
        self._reading: tuple[int, Reader] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    async def read(self, offset: int, size_bytes: int) -> bytes:
        """Up to `size_bytes` from `offset`, perhaps fewer; nothing past the end.

        Raises:
            NotFound: one of the files is gone.
            Unavailable: one of them has changed, or the storage doesn't answer.
        """
        if offset >= self.size_bytes or size_bytes <= 0:
            return b""
        piece = self._pieces[bisect_right(self._starts, offset) - 1]
        begin, most = offset - piece.start, min(size_bytes, piece.end - offset)
        if piece.member is None:
            return (await self._ending())[begin : begin + most]
        if piece.is_head:
            return (await self._head(piece.member))[begin : begin + most]
        return await self._file_bytes(piece.member, begin, most)

    def close(self) -> None:
        """Give the file that is open back."""
        if self._reading is not None:
            self._reading[1].close()
            self._reading = None

    async def _file_bytes(self, n: int, offset: int, size_bytes: int) -> bytes:
        if self._reading is None or self._reading[0] != n:
            self.close()
            self._reading = (n, await self._open(self._members[n].file, offset))
        return await self._reading[1].read(offset, size_bytes)

    async def _sum(self, n: int) -> int:
        """CRC-32 of a file; read for it once."""
        file = self._members[n].file
        known = _sums.get(file.etag)
        if known is not None:
            return known
        total, at = 0, 0
        while at < file.size_bytes:
            data = await self._file_bytes(n, at, min(CHUNK_BYTES, file.size_bytes - at))
            if not data:
                break
            total, at = zlib.crc32(data, total), at + len(data)
        self.close()  # what comes next is its first byte
        _sums.keep(file.etag, total)
        return total

    async def _head(self, n: int) -> bytes:
        member, total = self._members[n], await self._sum(n)
        name, size = member.name.encode(), member.file.size_bytes
        is_large = size >= _MOST_32
        short = _MOST_32 if is_large else size
        extra = struct.pack("<HHQQ", 1, 16, size, size) if is_large else b""
        return (
            struct.pack(
                "<IHHHIIIIHH",
                0x04034B50,
                _ZIP64 if is_large else _PLAIN,
                _UTF8,
                0,
                _moment(member.file.modified_at),
                total,
                short,
                short,
                len(name),
                len(extra),
            )
            + name
            + extra
        )

    async def _ending(self) -> bytes:
        """The directory, and where it stands."""
        entries = [await self._entry(n) for n in range(len(self._members))]
        directory, at, count = b"".join(entries), self._pieces[-1].start, len(entries)
        beyond = b""
        if _needs_64(count, len(directory), at):
            place = at + len(directory)
            versions = _ON_UNIX | _ZIP64, _ZIP64
            sizes = count, count, len(directory), at
            beyond = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, *versions, 0, 0, *sizes)
            beyond += struct.pack("<IIQI", 0x07064B50, 0, place, 1)
        short = min(count, _MOST_16)
        sizes = min(len(directory), _MOST_32), min(at, _MOST_32)
        end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, short, short, *sizes, 0)
        return directory + beyond + end

    async def _entry(self, n: int) -> bytes:
        member, total = self._members[n], await self._sum(n)
        name, size = member.name.encode(), member.file.size_bytes
        offset = self._pieces[2 * n].start
        extra = _far(size, offset)
        version = _ZIP64 if extra else _PLAIN
        return (
            struct.pack(
                "<IHHHHIIIIHHHHHII",
                0x02014B50,
                _ON_UNIX | version,
                version,
                _UTF8,
                0,
                _moment(member.file.modified_at),
                total,
                min(size, _MOST_32),
                min(size, _MOST_32),
                len(name),
                len(extra),
                0,
                0,
                0,
                _MODE,
                min(offset, _MOST_32),
            )
            + name
            + extra
        )
