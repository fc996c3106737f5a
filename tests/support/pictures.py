"""Pictures measured for tests, to be called in a confined process.

libvips has threads, and a test process that had them couldn't fork a sound zygote any more.
"""

from typing import Any

import msgspec
import pyvips


class Measured(msgspec.Struct, frozen=True):
    """A picture's size, and how bright and how varied it is (0..255)."""

    width_px: int
    height_px: int
    average: float
    deviation: float


def measure(path: str) -> Measured:
    """Decode a picture wholly."""
    image: Any = pyvips.Image.new_from_file(path)
    return Measured(image.width, image.height, image.avg(), image.deviate())
