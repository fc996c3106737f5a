"""Previews in HEIC files: small pictures that cameras put beside the one that is shown.

A preview is an item of its own that refers to the picture as its `thmb` (ISO/IEC 23008-12 §6.4.4).
libheif's binding decodes none but primary pictures, so a preview is decoded out of a copy of the
file that names it as its primary one.
"""

import struct
from collections.abc import Iterator
from typing import Final

_HEADER_BYTES, _VERSION_BYTES = 8, 4
_NO_REFERENCE: Final = b"skip"


def with_previews_as_primary(data: bytes) -> Iterator[bytes]:
    """Copies of a file, each with another one of its previews as what it shows."""
    try:
        meta = next(start for kind, start, _ in _boxes(data, 0, len(data)) if kind == b"meta")
        end = meta - _HEADER_BYTES + int.from_bytes(data[meta - 8 : meta - 4], "big")
        inner = {kind: (at, to) for kind, at, to in _boxes(data, meta + _VERSION_BYTES, end)}
        primary_at, _ = inner[b"pitm"]
        references_at, references_end = inner[b"iref"]
        primary = ">I" if data[primary_at] else ">H"
        reference = ">I" if data[references_at] else ">H"
        (shown,) = struct.unpack_from(primary, data, primary_at + _VERSION_BYTES)
        for kind, at, to in _boxes(data, references_at + _VERSION_BYTES, references_end):
            width = struct.calcsize(reference)
            (item,) = struct.unpack_from(reference, data, at)
            of = [number for (number,) in struct.iter_unpack(reference, data[at + width + 2 : to])]
            if kind == b"thmb" and shown in of:
                changes = {primary_at + _VERSION_BYTES: struct.pack(primary, item)}
                yield _changed(data, {**changes, at - 4: _NO_REFERENCE})
    except (StopIteration, LookupError, struct.error):
        return


def _changed(data: bytes, changes: dict[int, bytes]) -> bytes:
    """A copy, made once, with other bytes at these places."""
    parts: list[bytes | memoryview] = []
    start = 0
    for place, there in sorted(changes.items()):
        parts += [memoryview(data)[start:place], there]
        start = place + len(there)
    return b"".join([*parts, memoryview(data)[start:]])


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start of the body and end of each box (ISO/IEC 14496-12 §4.2), up to a torn one."""
    while start + _HEADER_BYTES <= end:
        size, kind = struct.unpack_from(">I4s", data, start)
        if size < _HEADER_BYTES or start + size > end:
            return
        yield kind, start + _HEADER_BYTES, start + size
        start += size
