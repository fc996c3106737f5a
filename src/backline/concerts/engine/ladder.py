"""The variants of a photo: widths, qualities, and what their files are called."""

from typing import Final, Literal

Encoding = Literal["webp", "avif"]

WIDTHS_PX: Final = (400, 800, 1200)
QUALITIES: Final = (80, 85, 90)
SHOWN_QUALITY: Final = 85
"""The one that lists name; a photo by itself names all."""

THUMBNAIL_PX: Final = 320
CONTENT_TYPES: Final[dict[Encoding, str]] = {"avif": "image/avif", "webp": "image/webp"}
AVIF_QUALITIES: Final = {80: 52, 85: 58, 90: 66}
"""The settings of AVIF's encoder that look like WebP's."""


def widths(width_px: int) -> tuple[int, ...]:
    """The widths that a photo is drawn in: none is larger than itself."""
    fitting = tuple(width for width in WIDTHS_PX if width <= width_px)
    if width_px < WIDTHS_PX[-1] and width_px not in fitting:
        return (*fitting, width_px)
    return fitting


def name(width_px: int, quality: int, encoding: Encoding) -> str:
    """What the file of a variant is called."""
    return f"w{width_px}-q{quality}.{encoding}"
