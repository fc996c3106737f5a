"""Reads the boxes of ffmpeg's fragmented MP4, and writes the few that ffmpeg can't.

ISO/IEC 14496-12 (boxes), 23000-19 (CMAF). Knows nothing of playlists.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO, Final

import msgspec

_MOST_HEADER_BYTES: Final = 8 << 20
_PLAIN_START_BYTES: Final = 8
_WIDE_START_BYTES: Final = 16
_TFHD_DEFAULT_DURATION: Final = 0x8
_TFHD_BEFORE_DURATION: Final = ((0x1, 8), (0x2, 4))
_TRUN_DURATION: Final = 0x100
_TRUN_BEFORE_SAMPLES: Final = ((0x1, 4), (0x4, 4))
_TRUN_FIELDS: Final = (0x100, 0x200, 0x400, 0x800)


class Misshapen(Exception):
    """The file isn't what our own ffmpeg command makes."""


class Fragment(msgspec.Struct, frozen=True):
    """A `moof` with its `mdat`: where it lies, and its length in samples of audio."""

    offset: int
    size_bytes: int
    duration_samples: int


class Fragmented(msgspec.Struct, frozen=True):
    """One rung as ffmpeg wrote it. `header` is `ftyp` and `moov`; times are in samples."""

    header: bytes
    rate_hz: int
    priming_samples: int
    fragments: list[Fragment]

    @property
    def duration_samples(self) -> int:
        """What is heard: everything but the encoder's priming."""
        return sum(part.duration_samples for part in self.fragments) - self.priming_samples


def read_fragmented(file: BinaryIO) -> Fragmented:
    """Read where everything lies; the sound itself is skipped."""
    header = b""
    fragments: list[Fragment] = []
    moof: tuple[int, bytes] | None = None
    decoded_samples = 0
    for kind, offset, size in _top_level(file):
        if kind in {b"ftyp", b"moov"}:
            header += _read(file, offset, size)
        elif kind == b"moof":
            moof = offset, _read(file, offset, size)
        elif kind == b"mdat" and moof is not None:
            start, box = moof
            begins, duration = _moof_times(box)
            if begins != decoded_samples:
                raise Misshapen(f"fragment at {begins}, expected at {decoded_samples}")
            decoded_samples += duration
            fragments.append(Fragment(start, offset + size - start, duration))
            moof = None
        else:
            raise Misshapen(f"box {kind!r} at {offset}")
    if not fragments or moof is not None:
        raise Misshapen("no complete fragment")
    rate_hz, priming = _header_times(header)
    return Fragmented(header, rate_hz, priming, fragments)


def with_duration(header: bytes, duration_samples: int) -> bytes:
    """The header with its length told.

    In `elst`, where Apple's players look for the end, and in a new `mehd`, without which some
    players take a fragmented file for endless.
    """
    changed = bytearray(header)
    moov = _find(changed, b"moov", 0, len(changed))
    edits = _path(changed, moov, b"trak", b"edts", b"elst")
    struct.pack_into(">I", changed, edits[0] + 16, min(duration_samples, 0xFFFFFFFF))
    mvex = _path(changed, moov, b"mvex")
    mehd = struct.pack(">I4sIQ", 20, b"mehd", 1 << 24, duration_samples)
    changed[mvex[0] + 8 : mvex[0] + 8] = mehd
    for start, end in (mvex, moov):
        struct.pack_into(">I", changed, start, end - start + len(mehd))
    return bytes(changed)


def segment_index(rate_hz: int, priming_samples: int, fragments: list[Fragment]) -> bytes:
    """A `sidx` over all fragments, which follow it at once.

    Its times are those that are heard: the priming counts in none.
    """
    body = struct.pack(">IIIQQHH", 1 << 24, 1, rate_hz, 0, 0, 0, len(fragments))
    hidden = priming_samples
    for fragment in fragments:
        heard = fragment.duration_samples - hidden
        hidden = 0
        # Starts with a stream access point of type 1.
        body += struct.pack(">III", fragment.size_bytes, heard, 0x90000000)
    return struct.pack(">I4s", 8 + len(body), b"sidx") + body


def _top_level(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    end = file.seek(0, 2)
    offset = 0
    while offset < end:
        file.seek(offset)
        size, kind = _size_and_kind(file.read(_WIDE_START_BYTES))
        if size < _PLAIN_START_BYTES or offset + size > end:
            raise Misshapen(f"box {kind!r} at {offset} leaves the file")
        yield kind, offset, size
        offset += size


def _size_and_kind(start: bytes) -> tuple[int, bytes]:
    if len(start) < _PLAIN_START_BYTES:
        raise Misshapen("a torn box")
    size, kind = struct.unpack_from(">I4s", start)
    if size == 1 and len(start) == _WIDE_START_BYTES:
        size = struct.unpack_from(">Q", start, 8)[0]
    return size, kind


def _read(file: BinaryIO, offset: int, size: int) -> bytes:
    if size > _MOST_HEADER_BYTES:
        raise Misshapen(f"a header of {size} bytes")
    file.seek(offset)
    return file.read(size)


def _boxes(data: bytes | bytearray, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    while start < end:
        size, kind = _size_and_kind(bytes(data[start : start + _PLAIN_START_BYTES]))
        if size < _PLAIN_START_BYTES or start + size > end:
            raise Misshapen(f"box {kind!r} leaves its parent")
        yield kind, start, start + size
        start += size


def _find(data: bytes | bytearray, wanted: bytes, start: int, end: int) -> tuple[int, int]:
    for kind, first, last in _boxes(data, start, end):
        if kind == wanted:
            return first, last
    raise Misshapen(f"no {wanted!r}")


def _path(data: bytes | bytearray, within: tuple[int, int], *kinds: bytes) -> tuple[int, int]:
    for kind in kinds:
        within = _find(data, kind, within[0] + 8, within[1])
    return within


def _header_times(header: bytes) -> tuple[int, int]:
    """The rate that all times count in, and the priming that the edit list cuts off."""
    moov = _find(header, b"moov", 0, len(header))
    movie = _path(header, moov, b"mvhd")
    media = _path(header, moov, b"trak", b"mdia", b"mdhd")
    edits = _path(header, moov, b"trak", b"edts", b"elst")
    movie_rate, rate_hz = (
        struct.unpack_from(">I", header, box[0] + 20)[0] for box in (movie, media)
    )
    version, count, _, priming = struct.unpack_from(">IIIi", header, edits[0] + 8)
    if movie_rate != rate_hz or version or count != 1 or priming < 0:
        raise Misshapen("unexpected times in the header")
    return rate_hz, priming


def _moof_times(moof: bytes) -> tuple[int, int]:
    """Where a fragment begins and how long it is."""
    traf = _path(moof, (0, len(moof)), b"traf")
    default = _default_duration(moof, _path(moof, traf, b"tfhd")[0])
    tfdt = _path(moof, traf, b"tfdt")[0]
    wide = moof[tfdt + 8] == 1
    begins: int = struct.unpack_from(">Q" if wide else ">I", moof, tfdt + 12)[0]
    duration = sum(
        _run_duration(moof, start, default)
        for kind, start, _ in _boxes(moof, traf[0] + 8, traf[1])
        if kind == b"trun"
    )
    return begins, duration


def _default_duration(moof: bytes, tfhd: int) -> int:
    flags = struct.unpack_from(">I", moof, tfhd + 8)[0] & 0xFFFFFF
    if not flags & _TFHD_DEFAULT_DURATION:
        return 0
    before = sum(size for flag, size in _TFHD_BEFORE_DURATION if flags & flag)
    return struct.unpack_from(">I", moof, tfhd + 16 + before)[0]


def _run_duration(moof: bytes, trun: int, default: int) -> int:
    flags, count = struct.unpack_from(">II", moof, trun + 8)
    flags &= 0xFFFFFF
    if not flags & _TRUN_DURATION:
        return default * count
    at = trun + 16 + sum(size for flag, size in _TRUN_BEFORE_SAMPLES if flags & flag)
    stride = 4 * sum(bool(flags & flag) for flag in _TRUN_FIELDS)
    return sum(struct.unpack_from(">I", moof, at + index * stride)[0] for index in range(count))
