"""Which photos look alike, by fingerprint, contrast and time."""

from datetime import datetime, timedelta

from backline.concerts.alike import best, groups
from backline.concerts.engine.fingerprint import of_cells
from backline.concerts.sql.alike import Print
from backline.platform.ids import uuid7

START = datetime.fromisoformat("2019-07-04T21:30:00")
STAGE = int.from_bytes(b"\xa5\x3c" * 8, "big")


def seen(
    second: float, bits: int = STAGE, *, contrast: int = 40, px: int = 100, starred: bool = False
) -> Print:
    return Print(
        uuid7(),
        START + timedelta(seconds=second),
        bits.to_bytes(16, "big"),
        contrast,
        px,
        px,
        1_000,
        starred,
        None,
        False,
    )


def flipped(bits: int, count: int) -> int:
    return bits ^ ((1 << count) - 1)


def test_a_burst_is_one_group() -> None:
    burst = [seen(n, flipped(STAGE, n)) for n in range(5)]

    assert groups(burst) == [burst]


def test_what_is_far_in_time_or_looks_is_not() -> None:
    assert groups([seen(0), seen(11)]) == []
    assert groups([seen(0), seen(1, flipped(STAGE, 15))]) == []
    assert len(groups([seen(0), seen(1, flipped(STAGE, 14))])) == 1


def test_a_long_row_of_photos_does_not_drift() -> None:
    row = [seen(n, flipped(STAGE, n)) for n in range(40)]

    assert [len(one) for one in groups(row)] == [15, 15, 10]


def test_two_cameras_at_once_are_two_groups() -> None:
    other = ~STAGE & ((1 << 128) - 1)
    mixed = [seen(n, STAGE if n % 2 else other) for n in range(6)]

    assert sorted(len(one) for one in groups(mixed)) == [3, 3]


def test_dark_frames_and_even_walls_are_of_no_group() -> None:
    assert groups([seen(n, contrast=3) for n in range(4)]) == []
    assert groups([seen(n, 0) for n in range(4)]) == []


def test_the_best_is_starred_or_the_largest() -> None:
    small, large = seen(0), seen(1, px=200)

    assert best([small, large]) is large
    assert best([star := seen(2, starred=True), large]) is star


def test_noise_in_the_dark_leaves_no_bits() -> None:
    assert of_cells(bytes([10, 11, 12] * 27)) == bytes(16)
