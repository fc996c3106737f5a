"""The Range header (RFC 9110 §14): pure reading, no bytes."""

import re

import msgspec

_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,64})-([0-9]{0,64})[ \t]*", re.IGNORECASE)


class ByteRange(msgspec.Struct, frozen=True):
    """Bytes from `start` up to but without `end`: never none."""

    start: int
    end: int


class Unsatisfiable(Exception):
    """A range that is well formed and holds none of the file's bytes."""


def parse_range(header: str | None, size_bytes: int) -> ByteRange | None:
    """The part that is asked for, or None for the whole file.

    What isn't understood is ignored, as §14.2 lets us: other units, odd forms and several
    ranges at once, which no player needs and which invite abuse (§17.15).

    Raises:
        Unsatisfiable: answer 416.
    """
    match = _RANGE.fullmatch(header) if header else None
    if match is None or (not match[1] and not match[2]):
        return None
    if not match[1]:
        suffix = min(int(match[2]), size_bytes)
        return _part(size_bytes - suffix, size_bytes)
    start = int(match[1])
    last = int(match[2]) if match[2] else size_bytes - 1
    if match[2] and last < start:
        return None
    if start >= size_bytes:
        raise Unsatisfiable
    return _part(start, min(last + 1, size_bytes))


def _part(start: int, end: int) -> ByteRange:
    if start >= end:
        raise Unsatisfiable
    return ByteRange(start, end)
