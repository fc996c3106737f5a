"""The bounds within which strangers' pictures are worked on: bytes, pixels, lengths."""

from typing import Final

MIB: Final = 1024 * 1024
MAX_BYTES: Final = 200 * MIB
MAX_PIXELS: Final = 150_000_000
MAX_HEIC_PIXELS: Final = 70_000_000
"""Less than for others: it can only be decoded whole, at three bytes a pixel and more."""

MAX_SIDE_PX: Final = 30_000
MAX_TEXT_CHARS: Final = 200
"""Each text of a picture's metadata is cut to this."""

MAX_EXIF_BYTES: Final = 1 * MIB
"""A larger EXIF block isn't read; in JPEG it can't have more than 64 KiB anyway."""

MAX_DIFFERENCE_MIN: Final = 14 * 60
"""No clock on earth is further from UTC."""


def too_many_pixels(width_px: int, height_px: int, limit: int = MAX_PIXELS) -> str | None:
    """Why a picture of this size is refused, or None when it fits."""
    if width_px * height_px <= limit and max(width_px, height_px) <= MAX_SIDE_PX:
        return None
    return (
        f"This picture has {width_px:,} x {height_px:,} pixels; the limit is "
        f"{limit // 1_000_000} megapixels and {MAX_SIDE_PX:,} pixels a side."
    )
