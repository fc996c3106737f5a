"""Which sizes a show gets, and when one is left out because it takes too long."""

from fractions import Fraction

import pytest

from backline.live.ladder.pace import Pace
from backline.live.ladder.steps import STEPS, pixel_of, size_of, steps_below


@pytest.mark.parametrize(
    ("width", "height", "names"),
    [
        (1920, 1080, ["720p", "480p", "360p"]),
        (1280, 720, ["480p", "360p"]),
        (720, 1280, ["480p", "360p"]),
        (640, 360, []),
    ],
)
def test_no_size_is_as_large_as_what_comes(width: int, height: int, names: list[str]) -> None:
    assert [one.name for one in steps_below(width, height)] == names


def test_sizes_keep_the_shape_of_the_picture_and_are_even() -> None:
    anamorphic = Fraction(64, 45)

    assert size_of(STEPS[1], 1920, 1080) == (854, 480)
    assert size_of(STEPS[1], 1080, 1920) == (480, 854)
    assert size_of(STEPS[2], 720, 576, anamorphic) == (640, 360)


def test_pixels_that_no_camera_has_make_no_picture_larger() -> None:
    told = [None, Fraction(0), Fraction(1, 16), Fraction(16), Fraction(64, 45)]
    narrow = steps_below(1280, 720, pixel=Fraction(1, 2))

    assert [pixel_of(one) for one in told] == [1, 1, 1, 1, Fraction(64, 45)]
    assert [one.name for one in narrow] == ["480p", "360p"]
    assert steps_below(720, 1280, pixel=Fraction(1, 2)) == []


def test_what_takes_too_long_three_times_loses_its_largest_size() -> None:
    pace = Pace()
    for spent_s in (2.1, 2.1, 1.9, 2.1, 2.1):
        pace.took(spent_s, 2.0)
    before = pace.most_px
    pace.took(2.1, 2.0)
    after = pace.most_px
    for _ in range(9):
        pace.took(9.0, 2.0)

    assert (before, after, pace.most_px) == (720, 480, 360)


def test_it_comes_back_when_there_is_time_for_it() -> None:
    pace = Pace()
    for _ in range(3):
        pace.took(3.0, 2.0)
    for _ in range(30):
        pace.took(0.5, 2.0)

    assert pace.most_px == 720
