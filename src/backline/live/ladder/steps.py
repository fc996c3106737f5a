"""Which sizes a ladder has: those that are smaller than what comes, and sound alone."""

from fractions import Fraction
from typing import Final

import msgspec

AUDIO: Final = "audio"
_SQUARE: Final = Fraction(1)
# Pixels further from square are no camera's: they would make a small picture a huge one.
_LONGEST: Final = 3


class Step(msgspec.Struct, frozen=True):
    """A size: `side_px` is the shorter side of its picture, `kbps` what that may take."""

    name: str
    side_px: int
    kbps: int


STEPS: Final = (Step("720p", 720, 2_500), Step("480p", 480, 1_200), Step("360p", 360, 700))


def pixel_of(told: Fraction | None) -> Fraction:
    """The width of a source's pixels over their height, as far as what it tells can be."""
    if told and Fraction(1, _LONGEST) <= told <= _LONGEST:
        return told
    return _SQUARE


def steps_below(
    width: int, height: int, most_px: int = STEPS[0].side_px, pixel: Fraction = _SQUARE
) -> list[Step]:
    """Those smaller than a picture as shown, the largest first, none larger than `most_px`."""
    shorter = min(width * pixel, height)
    return [one for one in STEPS if one.side_px < shorter and one.side_px <= most_px]


def size_of(step: Step, width: int, height: int, pixel: Fraction = _SQUARE) -> tuple[int, int]:
    """Width and height of a step, of square pixels and even, as H.264 wants them.

    `pixel` is the width of the source's pixels over their height.
    """
    shown = width * pixel
    scale = Fraction(step.side_px) / min(shown, Fraction(height))
    return _even(shown * scale), _even(height * scale)


def _even(side: Fraction) -> int:
    return max(2 * round(side / 2), 2)
