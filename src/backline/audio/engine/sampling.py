"""What a file is known by wherever it is: hashes of a few of its blocks, read in a moment.

A few blocks tell files of music apart: whoever changes their sound changes their length or each of
their blocks. Runs inside a confined child.
"""

import hashlib
from typing import BinaryIO, Final

from backline.audio.engine.pieces import own_start

_BLOCK_BYTES: Final = 64 * 1024
_BLOCKS: Final = 4
_ID3V1_BYTES: Final = 128
_APE_FOOTER_BYTES: Final = 32
_MOST_BOXES: Final = 1_000
_MOST_METADATA: Final = 200
_WAVE: Final = (b"RIFF", b"RF64", b"BW64")
_STREAMINFO_BYTES: Final = 34
_MD5_AT: Final = 18


def content_hash(file: BinaryIO) -> bytes:
    """Of all of a file: its size, its first and last blocks, and some between."""
    return _sampled(file, 0, file.seek(0, 2))


def sound_hash(file: BinaryIO) -> bytes:
    """Of what sounds in a file, whatever its tags say; of all of it where that can't be told."""
    size = file.seek(0, 2)
    start = own_start(file)
    file.seek(start)
    head = file.read(16)
    if head.startswith(b"fLaC"):
        return _flac(file, start + 4, size)
    if head[4:8] == b"ftyp":
        return _sampled(file, *_box(file, start, size))
    if head[:4] in _WAVE and head[8:12] == b"WAVE":
        return _sampled(file, *_chunk(file, start + 12, size))
    if head.startswith(b"OggS"):
        # Its comments stand in pages of the stream itself, each with a sum over it.
        return _sampled(file, start, size)
    return _sampled(file, start, _end(file, start, size))


def _sampled(file: BinaryIO, start: int, end: int) -> bytes:
    length = max(end - start, 0)
    digest = hashlib.sha256(length.to_bytes(8))
    if length <= _BLOCKS * _BLOCK_BYTES:
        file.seek(start)
        digest.update(file.read(length))
        return digest.digest()
    for n in range(_BLOCKS):
        file.seek(start + (length - _BLOCK_BYTES) * n // (_BLOCKS - 1))
        digest.update(file.read(_BLOCK_BYTES))
    return digest.digest()


def _flac(file: BinaryIO, at: int, size: int) -> bytes:
    """By the MD5 of its samples, which stands in front (RFC 9639 §8.2), or by its frames."""
    for _ in range(_MOST_METADATA):
        file.seek(at)
        header = file.read(4)
        if len(header) < 4:  # noqa: PLR2004  # a header
            break
        length = int.from_bytes(header[1:])
        if header[0] & 0x7F == 0:
            info = file.read(min(length, _STREAMINFO_BYTES))
            if len(info) == _STREAMINFO_BYTES and any(info[_MD5_AT:]):
                return hashlib.sha256(b"fLaC" + info[10:]).digest()
        at += 4 + length
        if header[0] & 0x80:
            break
    return _sampled(file, min(at, size), _end(file, min(at, size), size))


def _box(file: BinaryIO, start: int, size: int) -> tuple[int, int]:
    """Where the samples of an MP4 file stand: its largest `mdat`."""
    best, at = (start, start), start
    for _ in range(_MOST_BOXES):
        file.seek(at)
        header = file.read(16)
        if len(header) < 8:  # noqa: PLR2004  # a header
            break
        length, skip = int.from_bytes(header[:4]), 8
        if length == 1 and len(header) == 16:  # noqa: PLR2004  # a long one
            length, skip = int.from_bytes(header[8:]), 16
        end = size if length == 0 else min(at + length, size)
        if end < at + skip:
            break
        if header[4:8] == b"mdat" and end - at - skip > best[1] - best[0]:
            best = (at + skip, end)
        at = end
    return best if best[1] > best[0] else (start, size)


def _chunk(file: BinaryIO, at: int, size: int) -> tuple[int, int]:
    """Where the samples of a WAVE file stand."""
    start = at
    for _ in range(_MOST_BOXES):
        file.seek(at)
        header = file.read(8)
        if len(header) < 8:  # noqa: PLR2004  # a header
            break
        length = int.from_bytes(header[4:], "little")
        if header[:4] == b"data":
            return at + 8, min(at + 8 + length, size)
        at += 8 + length + (length & 1)
    return start, size


def _end(file: BinaryIO, start: int, size: int) -> int:
    """Where the sound ends: in front of what programs write behind it, APEv2 and ID3v1."""
    end = size
    if end - start > _ID3V1_BYTES:
        file.seek(end - _ID3V1_BYTES)
        if file.read(3) == b"TAG":
            end -= _ID3V1_BYTES
    if end - start > _APE_FOOTER_BYTES:
        file.seek(end - _APE_FOOTER_BYTES)
        footer = file.read(_APE_FOOTER_BYTES)
        if footer.startswith(b"APETAGEX"):
            has_header = _APE_FOOTER_BYTES if footer[23] & 0x80 else 0
            end -= int.from_bytes(footer[12:16], "little") + has_header
    return max(end, start)
