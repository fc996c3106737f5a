"""HEIC, which libvips can't read as it is shipped: by libheif, which turns pictures by itself.

Where a camera put a preview beside its picture that is large enough, that is decoded instead.
"""

from importlib import import_module
from itertools import islice
from typing import Any, Final

import pyvips

from backline.concerts.engine.previews import with_previews_as_primary

_heif: Any = import_module("pi_heif")  # it has no types
_COLOURS: Final = 3
_MOST_PREVIEWS: Final = 4  # no more of a picture's are tried
_ALIKE: Final = 0.02  # of their width to height; a preview with bars isn't the picture
_DAMAGED: Final = (OSError, ValueError, EOFError, SyntaxError, RuntimeError)  # the binding's own


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
        ValueError: it can't be decoded.
    """
    heif = _preview(data, size_px, max(width_px, height_px)) or _whole(data)
    # Its pixels are libheif's, and gone with it: nothing but a copy leaves this function.
    fitted: Any = _image(heif).thumbnail_image(
        width_px, height=height_px, size="down", output_profile="srgb"
    )
    return fitted.copy_memory()


def _whole(data: bytes) -> Any:
    try:
        found = _heif.open_heif(data, convert_hdr_to_8bit=True)
        _ = found.data  # decodes it
    except _DAMAGED:
        raise ValueError("a HEIC picture that can't be decoded") from None
    return found


def _preview(data: bytes, size_px: tuple[int, int], least_px: int) -> Any | None:
    """The picture's preview, if there is one with a side of at least this, and of its shape."""
    width_px, height_px = size_px
    for named in islice(with_previews_as_primary(data), _MOST_PREVIEWS):
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
