"""HEIC: pictures of a phone's size, the previews beside them, and files that are damaged."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backline.concerts.engine import heic, ladder, opening
from tests.support.photos import encoded, exif, picture

PREVIEW_PX = ladder.THUMBNAIL_PX
SMALL = encoded(picture(480, 360), "HEIC", previews=[200])
META_END = SMALL.index(b"mdat")


def thumbnail(data: bytes) -> Any:
    return opening.open_picture(data).thumbnail(PREVIEW_PX, PREVIEW_PX)


def difference(one: Any, other: Any) -> float:
    """Of two pictures of one size: how far samples are from each other, of 256, on average."""
    assert (one.width, one.height) == (other.width, other.height)
    return float((one.cast("int") - other.cast("int")).abs().avg())


def with_damage(data: bytes) -> bytes:
    """The middle of the file is gone: the picture's own samples, which are most of it."""
    first, last = len(data) // 3, len(data) * 2 // 3
    return data[:first] + bytes(last - first) + data[last:]


def test_a_picture_of_a_phones_size_is_decoded() -> None:
    image = picture(4_032, 3_024)

    found = thumbnail(encoded(image, "HEIC"))

    assert (found.width, found.height) == (320, 240)
    assert difference(found, thumbnail(encoded(image, "JPEG", quality=90))) < 4


@pytest.mark.parametrize(
    ("orientation", "size"), [(1, (320, 240)), (3, (320, 240)), (6, (240, 320))]
)
def test_its_preview_stands_for_it(orientation: int, size: tuple[int, int]) -> None:
    image, said = picture(1_600, 1_200), exif(orientation=orientation)
    plain = encoded(image, "HEIC", exif=said)
    data = encoded(image, "HEIC", exif=said, previews=[PREVIEW_PX])

    found = thumbnail(data)

    assert (found.width, found.height) == size
    assert difference(found, thumbnail(plain)) < 4
    assert difference(found, thumbnail(with_damage(data))) == 0


@pytest.mark.parametrize("previews", [[], [160]])
def test_a_picture_without_one_as_large_is_decoded_itself(previews: list[int]) -> None:
    data = encoded(picture(1_600, 1_200), "HEIC", previews=previews)

    found = thumbnail(data)

    assert (found.width, found.height) == (320, 240)
    with pytest.raises(Exception):  # noqa: B017, PT011  # whichever: it was the picture's samples
        assert difference(found, thumbnail(with_damage(data))) == 0


def test_variants_are_drawn_of_the_picture() -> None:
    image = picture(1_600, 1_200)
    data = encoded(image, "HEIC", previews=[PREVIEW_PX])

    found: Any = opening.open_picture(data).thumbnail(1_200, 1_200)

    assert (found.width, found.height) == (1_200, 900)
    plain = opening.open_picture(encoded(image, "HEIC")).thumbnail(1_200, 1_200)
    assert difference(found, plain) < 1


@given(st.lists(st.tuples(st.integers(0, META_END), st.integers(0, 255)), max_size=8))
@settings(max_examples=300)
def test_boxes_that_lie_are_passed_over(lies: list[tuple[int, int]]) -> None:
    data = bytearray(SMALL)
    for place, value in lies:
        data[place] = value

    named = list(heic.with_previews_as_primary(bytes(data)))

    assert all(len(one) == len(data) for one in named)
