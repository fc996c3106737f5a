"""A picture's bytes opened by the one loader that its first bytes allow.

Only these loaders can be reached: never SVG, PDF or anything that ImageMagick would open. All of
this runs inside a confined child.
"""

import os
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec
import pyvips

from backline.concerts.engine import bounds, heic
from backline.concerts.engine.findings import PhotoFormat
from backline.concerts.engine.sniffing import HEAD_BYTES, sniff
from backline.platform.host.beneath import open_beneath

_TURNED: Final = 5  # orientations from here on have width and height exchanged (EXIF 2.32 §4.6.4)
_JPEG_REDUCTIONS: Final = (8, 4, 2, 1)  # a decoder's own, by leaving frequencies out
_NO_PHOTO: Final = "This isn't a JPEG, PNG, WebP, HEIC or AVIF picture, whatever its name says."
_LOADERS: Final[dict[PhotoFormat, Callable[..., Any]]] = {
    "jpeg": pyvips.Image.jpegload_buffer,
    "png": pyvips.Image.pngload_buffer,
    "webp": pyvips.Image.webpload_buffer,
    "avif": pyvips.Image.heifload_buffer,
}


class Unusable(Exception):
    """The file isn't taken; its text is a sentence for its owner."""


class Opened(msgspec.Struct, frozen=True):
    """A picture's bytes and what its header says; width and height as it is looked at.

    `is_plain`: its colours are sRGB already, as of every picture that says nothing else.
    """

    data: bytes
    format: PhotoFormat
    width_px: int
    height_px: int
    exif: bytes
    is_plain: bool = False

    def thumbnail(self, width_px: int, height_px: int) -> Any:
        """The picture in memory, upright, in sRGB, at most this large and never enlarged."""
        if self.format == "heic":
            size_px = (self.width_px, self.height_px)
            return heic.thumbnail(self.data, size_px, width_px, height_px)
        # Converting what is sRGB already changes nothing, and takes longer than the decoding.
        into: dict[str, Any] = {} if self.is_plain else {"output_profile": "srgb"}
        into |= {"height": height_px, "size": "down"}
        if self.format == "jpeg":
            reduced = _reduced_jpeg(self, width_px, height_px)
            return reduced.thumbnail_image(width_px, **into).copy_memory()
        image: Any = pyvips.Image.thumbnail_buffer(self.data, width_px, **into)
        return image.copy_memory()


def _reduced_jpeg(picture: Opened, width_px: int, height_px: int) -> Any:
    """Decoded at the least of the sizes that cost less which isn't smaller than what is wanted.

    libvips by itself leaves at least half of the work to resampling, which takes a fifth of the
    time of a scan and can't be told from this.
    """
    times = max(picture.width_px / width_px, picture.height_px / height_px)
    shrink = next(one for one in _JPEG_REDUCTIONS if one <= max(times, 1))
    return pyvips.Image.jpegload_buffer(picture.data, shrink=shrink)


def prepare() -> None:
    """Set libvips up for strangers' bytes."""
    pyvips.block_untrusted_set(True)
    pyvips.cache_set_max(0)


def load(root: str, parts: Sequence[bytes]) -> bytes:
    """The bytes of a file beneath a folder.

    Raises:
        Unusable: it is empty or too large, or can't be read.
    """
    try:
        with os.fdopen(open_beneath(root, parts), "rb") as file:
            size_bytes = os.fstat(file.fileno()).st_size
            if size_bytes > bounds.MAX_BYTES:
                raise Unusable(
                    f"This file has {size_bytes / bounds.MIB:,.0f} MiB; the limit for a photo is "
                    f"{bounds.MAX_BYTES // bounds.MIB} MiB."
                )
            # For the most that may come, memory would be asked of the system each time.
            data = file.read(size_bytes)
    except FileNotFoundError:
        raise Unusable("This file is gone, or was moved.") from None
    except PermissionError:
        raise Unusable("The server's user may not read this file.") from None
    except OSError as fault:
        raise Unusable(f"This file can't be read: {fault.strerror or 'it fails'}.") from None
    if not data:
        raise Unusable("This file is empty.")
    return data


def open_picture(data: bytes) -> Opened:
    """Look at the header alone, so that a bomb costs nothing.

    Raises:
        Unusable: it is no photo, a damaged one, or has too many pixels.
    """
    found = sniff(data[:HEAD_BYTES])
    if found is None:
        raise Unusable(_NO_PHOTO)
    if found == "heic":
        return _open_heic(data)
    try:
        header: Any = _LOADERS[found](data)
        width_px, height_px = int(header.width), int(header.height)
        fields = set(header.get_fields())
        exif = bytes(header.get("exif-data")) if "exif-data" in fields else b""
        is_plain = header.interpretation == "srgb" and "icc-profile-data" not in fields
        turned = "orientation" in fields and int(header.get("orientation")) >= _TURNED
    except pyvips.Error:
        raise Unusable("This picture is damaged: its header can't be read.") from None
    if (fault := bounds.too_many_pixels(width_px, height_px)) is not None:
        raise Unusable(fault)
    if turned:
        width_px, height_px = height_px, width_px
    return Opened(data, found, width_px, height_px, exif, is_plain)


def _open_heic(data: bytes) -> Opened:
    try:
        width_px, height_px, exif = heic.header(data)
    except Exception:  # noqa: BLE001  # a stranger's bytes may break a parser in any way
        raise Unusable("This HEIC picture is damaged: its header can't be read.") from None
    fault = bounds.too_many_pixels(width_px, height_px, bounds.MAX_HEIC_PIXELS)
    if fault is not None:
        raise Unusable(fault)
    return Opened(data, "heic", width_px, height_px, exif)
