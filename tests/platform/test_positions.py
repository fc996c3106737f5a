"""Keys of places: always room between two, and short where people usually put things."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backline.platform import positions

NOW = datetime(2026, 5, 1, tzinfo=UTC)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=200))
def test_whatever_is_put_anywhere_lies_where_it_was_put(places: list[int]) -> None:
    keys = [positions.at_end(NOW)]
    for number, place in enumerate(places):
        behind = place % (len(keys) + 1)
        if behind == len(keys):
            key = positions.at_end(NOW + timedelta(microseconds=number), keys[-1])
        elif behind == 0:
            key = positions.at_front(keys[0])
        else:
            key = positions.between(keys[behind - 1], keys[behind])
        keys.insert(behind, key)

        assert not key.endswith("0")
    assert keys == sorted(set(keys))


def test_nothing_lies_between_equal_places() -> None:
    with pytest.raises(ValueError, match="nothing between"):
        positions.between("V", "V")


def test_ends_stay_short_however_often_something_goes_there() -> None:
    first = last = positions.at_end(NOW)
    for _ in range(10_000):
        first, last = positions.at_front(first), positions.at_end(NOW, last)

    assert max(len(first), len(last)) <= 9


def test_one_gap_takes_hundreds_before_the_list_is_spaced_anew() -> None:
    low, high = positions.spread(2)
    count = 0
    while len(high) <= positions.LONGEST:
        high = positions.between(low, high)
        count += 1

    assert count > 300
    assert positions.spread(1_000) == sorted(set(positions.spread(1_000)))
