"""Fingerprints: 128 bits that near duplicates share, as a perceptual hash of a small grey image.

Between pictures that have nothing in common about half of the bits differ.
"""

from typing import Final

from tests.concerts.truth.draws import Draw

BITS: Final = 128
_SAME_MOMENT: Final = (0, 6)
_EDITED: Final = (1, 9)
_LOOKS_ALIKE: Final = (3, 11)
_SAME_SCENE: Final = (18, 40)
# What a black picture comes to: nothing is brighter than its neighbour, but for noise.
_DARKNESS: Final = 0
_NOISE_OF_DARKNESS: Final = (0, 5)
DARK_DEVIATION: Final = (0.4, 2.8)
LIT_DEVIATION: Final = (14, 70)


def scene(draw: Draw) -> int:
    """A picture like no other."""
    return draw.getrandbits(BITS)


def of_scene(draw: Draw, base: int) -> int:
    """Another picture of the same stage."""
    return _changed(draw, base, _SAME_SCENE)


def of_moment(draw: Draw, base: int) -> int:
    """The next picture of a burst."""
    return _changed(draw, base, _SAME_MOMENT)


def edited(draw: Draw, base: int) -> int:
    """The same picture, brightened, cut a little, or sent by a messenger."""
    return _changed(draw, base, _EDITED)


def look_alike(draw: Draw, base: int) -> int:
    """The same view at another time: as near as an edited copy, and not one."""
    return _changed(draw, base, _LOOKS_ALIKE)


def dark(draw: Draw) -> int:
    """A picture of nothing; all of them are nearly the same."""
    return _changed(draw, _DARKNESS, _NOISE_OF_DARKNESS)


def _changed(draw: Draw, base: int, between: tuple[int, int]) -> int:
    for bit in draw.sample(range(BITS), draw.randint(*between)):
        base ^= 1 << bit
    return base
