"""A fingerprint by which a picture is known again: 128 bits of where it grows brighter.

Each bit compares neighbours on a grid, in 64 places across and 64 down (a difference hash). A
copy that was scaled, compressed or tinted keeps nearly all of them; an unlike picture about half.
"""

from typing import Any, Final

GRID: Final = 9
BYTES: Final = 16
_CELLS: Final = GRID - 1
_DEAD_ZONE: Final = 2  # of 256 tones: less than that is noise, as in the dark of a hall


def fingerprint(picture: Any) -> tuple[bytes, int]:
    """The fingerprint of a small picture in memory, and its contrast (0 to 127)."""
    grey: Any = picture.colourspace("b-w")
    grey = grey.extract_band(0)
    contrast = round(float(grey.deviate()))
    cells: Any = grey.thumbnail_image(GRID, height=GRID, size="force").cast("uchar")
    return of_cells(bytes(cells.write_to_memory())), min(contrast, 127)


def of_cells(tones: bytes) -> bytes:
    """The fingerprint of nine rows of nine tones."""
    bits = 0
    for row in range(_CELLS):
        for column in range(_CELLS):
            here = tones[row * GRID + column]
            right, under = tones[row * GRID + column + 1], tones[(row + 1) * GRID + column]
            bits = bits << 2 | (right - here > _DEAD_ZONE) << 1 | (under - here > _DEAD_ZONE)
    return bits.to_bytes(BYTES, "big")
