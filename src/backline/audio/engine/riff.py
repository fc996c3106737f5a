"""The chunks of RIFF files, and of RF64 and BW64 for those over 4 GB (EBU Tech 3306)."""

import struct
from typing import BinaryIO, Final

_FIRST_CHUNK: Final = 12
_CHUNK_HEADER_BYTES: Final = 8
_DS64_DATA_SIZE: Final = 8
_UNSAID: Final = 0xFFFFFFFF
_MOST_CHUNKS: Final = 10_000
_MOST_BYTES: Final = 32 << 20


def chunk(file: BinaryIO, *names: bytes) -> bytes | None:
    """The content of the first chunk of one of the names; None where there is none, or too large.

    Most programs write it behind the sound.
    """
    at, data_bytes = _FIRST_CHUNK, 0
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        head = file.read(_CHUNK_HEADER_BYTES)
        if len(head) < _CHUNK_HEADER_BYTES:
            return None
        name, size = struct.unpack("<4sI", head)
        if name in names:
            return file.read(size) if size <= _MOST_BYTES else None
        if name == b"ds64":
            said = file.read(_DS64_DATA_SIZE + 8)
            data_bytes = int.from_bytes(said[_DS64_DATA_SIZE:], "little")
        if name == b"data" and size == _UNSAID:
            size = data_bytes
        at += _CHUNK_HEADER_BYTES + size + size % 2
    return None
