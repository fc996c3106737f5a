"""Fragmented MP4 (ISO/IEC 14496-12), as much of it as one picture and one sound need."""

import struct
from collections.abc import Sequence
from typing import Final

import msgspec

VIDEO_TRACK: Final = 1
AUDIO_TRACK: Final = 2
_MATRIX: Final = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_UNDEFINED: Final = 0x55C4  # the language "und"
# Samples that depend on others, and those that don't (§8.8.3.1).
_DEPENDS: Final = 0x01010000
_BEGINS: Final = 0x02000000
# What each sample of a run says of itself (§8.8.8.1): duration, size, and for a picture its flags
# and when it is shown.
_AUDIO_RUN: Final = 0x000301
_VIDEO_RUN: Final = 0x000F01
_IS_BASE: Final = 0x020000
_video_sample = struct.Struct(">IIIi").pack
_audio_sample = struct.Struct(">II").pack


class Entry(msgspec.Struct, frozen=True):
    """A track as its samples are described: `sample` is what stands in its `stsd`.

    `codecs` is how playlists name that (RFC 6381); empty where it isn't known.
    """

    track: int
    timescale: int
    sample: bytes
    width: int = 0
    height: int = 0
    codecs: str = ""


class Sample(msgspec.Struct):
    """A frame: when it is decoded and how much later it is shown, in units of its track."""

    at: int
    later: int
    is_key: bool
    data: memoryview


def box(name: bytes, *parts: bytes) -> bytes:
    """A box with its size in front."""
    return struct.pack(">I4s", 8 + sum(map(len, parts)), name) + b"".join(parts)


def full(name: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    """A box that has a version and flags."""
    return box(name, struct.pack(">I", version << 24 | flags), *parts)


def opening(entries: Sequence[Entry]) -> bytes:
    """The initialization segment: what tracks there are, and no frame."""
    brands = box(b"ftyp", b"iso6", struct.pack(">I", 0), b"iso6", b"cmfc", b"mp41")
    head = struct.pack(">4I", 0, 0, 1_000, 0) + struct.pack(">IHHII", 0x10000, 0x100, 0, 0, 0)
    moov = box(
        b"moov",
        full(b"mvhd", 0, 0, head, _MATRIX, bytes(24), struct.pack(">I", len(entries) + 1)),
        *(_track(entry) for entry in entries),
        box(
            b"mvex",
            *(full(b"trex", 0, 0, struct.pack(">5I", one.track, 1, 0, 0, 0)) for one in entries),
        ),
    )
    return brands + moov


def _track(entry: Entry) -> bytes:
    is_video = entry.track == VIDEO_TRACK
    volume = 0 if is_video else 0x100
    size = struct.pack(">II", entry.width << 16, entry.height << 16)
    head = struct.pack(">5I", 0, 0, entry.track, 0, 0) + bytes(8)
    tkhd = full(b"tkhd", 0, 3, head, struct.pack(">HHHH", 0, 0, volume, 0), _MATRIX, size)
    mdhd = full(b"mdhd", 0, 0, struct.pack(">4IHH", 0, 0, entry.timescale, 0, _UNDEFINED, 0))
    kind = b"vide" if is_video else b"soun"
    hdlr = full(b"hdlr", 0, 0, bytes(4), kind, bytes(12), b"\0")
    media = full(b"vmhd", 0, 1, bytes(8)) if is_video else full(b"smhd", 0, 0, bytes(4))
    place = box(b"dinf", full(b"dref", 0, 0, struct.pack(">I", 1), full(b"url ", 0, 1)))
    table = box(
        b"stbl",
        full(b"stsd", 0, 0, struct.pack(">I", 1), entry.sample),
        full(b"stts", 0, 0, bytes(4)),
        full(b"stsc", 0, 0, bytes(4)),
        full(b"stsz", 0, 0, bytes(8)),
        full(b"stco", 0, 0, bytes(4)),
    )
    return box(b"trak", tkhd, box(b"mdia", mdhd, hdlr, box(b"minf", media, place, table)))


class Run(msgspec.Struct, frozen=True):
    """The samples of one track in a segment; `ends` is when the one after them is decoded."""

    track: int
    samples: Sequence[Sample]
    ends: int


def segment(number: int, runs: Sequence[Run]) -> bytes:
    """A media segment: where each track's samples are, then all of them."""
    runs = [run for run in runs if run.samples]
    rows = [_rows(run) for run in runs]
    # Where the samples begin is counted from the `moof`, whose size the offsets don't change.
    size = len(_moof(number, runs, rows, [0] * len(runs)))
    offsets: list[int] = []
    at = size + 8
    for run in runs:
        offsets.append(at)
        at += sum(len(one.data) for one in run.samples)
    data = b"".join(one.data for run in runs for one in run.samples)
    head = struct.pack(">I4s", 8 + len(data), b"mdat")
    return b"".join((_moof(number, runs, rows, offsets), head, data))


def _moof(number: int, runs: Sequence[Run], rows: Sequence[bytes], offsets: Sequence[int]) -> bytes:
    return box(
        b"moof",
        full(b"mfhd", 0, 0, struct.pack(">I", number & 0xFFFFFFFF)),
        *(
            box(
                b"traf",
                full(b"tfhd", 0, _IS_BASE, struct.pack(">I", run.track)),
                full(b"tfdt", 1, 0, struct.pack(">Q", run.samples[0].at)),
                full(
                    b"trun",
                    1,
                    _VIDEO_RUN if run.track == VIDEO_TRACK else _AUDIO_RUN,
                    struct.pack(">II", len(run.samples), offset),
                    row,
                ),
            )
            for run, row, offset in zip(runs, rows, offsets, strict=True)
        ),
    )


def _rows(run: Run) -> bytes:
    """What each sample says of itself."""
    ends = [one.at for one in run.samples[1:]] + [run.ends]
    timed = zip(run.samples, ends, strict=True)
    if run.track == AUDIO_TRACK:
        return b"".join(_audio_sample(max(end - one.at, 0), len(one.data)) for one, end in timed)
    return b"".join(
        _video_sample(
            max(end - one.at, 0), len(one.data), _BEGINS if one.is_key else _DEPENDS, one.later
        )
        for one, end in timed
    )
