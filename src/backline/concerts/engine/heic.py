"""HEIC, which libvips can't read as it is shipped: by libheif, which turns pictures by itself.

A camera puts a preview of some 320 pixels beside its picture, an item of its own that refers to
the picture as its `thmb` (ISO/IEC 23008-12 §6.4.4). libheif's binding decodes none but primary
pictures, so the preview is decoded out of a copy of the file that names it as its primary one.
"""

import struct
from collections.abc import Iterator
from importlib import import_module
from itertools import islice
from typing import Any, Final

import pyvips

_heif: Any = import_module("pi_heif")  # it has no types
_COLOURS: Final = 3
_HEADER_BYTES, _VERSION_BYTES = 8, 4
_ALIKE: Final = 0.02  # of their width to height; a preview with bars isn't the picture
_NO_REFERENCE: Final = b"skip"
_DAMAGED: Final = (OSError, ValueError, EOFError, SyntaxError, RuntimeError)  # the binding's own

MOST_PREVIEWS: Final = 4
"""No more of a picture's previews are looked at."""


def header(data: bytes) -> tuple[int, int, bytes]:
    """Width and height as it is looked at, and its EXIF.

    Raises:
        OSError, ValueError and others: it is damaged; a stranger's bytes break it in any way.
    """
    picture = _heif.open_heif(data)
    width_px, height_px = picture.size
    return width_px, height_px, picture.info.get("exif") or b""


def thumbnail(data: bytes, size_px: tuple[int, int], width_px: int, height_px: int) -> Any:
    """The picture, whose size is given first, in memory, in sRGB, at most this large.

    Raises:
        OSError, ValueError and others: it can't be decoded.
    """
    heif = _preview(data, size_px, max(width_px, height_px))
    if heif is None:
        heif = _heif.open_heif(data, convert_hdr_to_8bit=True)
    # Its pixels are libheif's, and gone with it: nothing but a copy leaves this function.
    fitted: Any = _image(heif).thumbnail_image(
        width_px, height=height_px, size="down", output_profile="srgb"
    )
    return fitted.copy_memory()


def _preview(data: bytes, size_px: tuple[int, int], least_px: int) -> Any | None:
    """The picture's preview, if there is one with a side of at least this, and of its shape."""
    width_px, height_px = size_px
    for named in islice(with_previews_as_primary(data), MOST_PREVIEWS):
        try:
            found = _heif.open_heif(named, convert_hdr_to_8bit=True)
            across, down = found.size
            is_alike = abs(across * height_px / (down * width_px) - 1) <= _ALIKE
            if is_alike and max(across, down) >= least_px:
                _ = found.data  # decodes it
                return found
        except _DAMAGED:
            continue
    return None


def _image(heif: Any) -> Any:
    width_px, height_px = heif.size
    bands = len(heif.mode)
    packed = heif.data
    if heif.stride != width_px * bands:
        starts = range(0, height_px * heif.stride, heif.stride)
        packed = b"".join(packed[start : start + width_px * bands] for start in starts)
    image: Any = pyvips.Image.new_from_memory(packed, width_px, height_px, bands, "uchar")
    image = image.copy(interpretation="srgb" if bands >= _COLOURS else "b-w")
    if profile := heif.info.get("icc_profile"):
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    return image


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
