"""Fair shares of a day, and the day on which somebody's waiting ends."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backline.concerts.outside.terms import expected_on, may_have_one

TODAY = date(2026, 5, 3)


@pytest.mark.parametrize(
    ("spent", "mine", "others", "may"),
    [
        (0, 0, [], True),
        (800, 800, [], True),
        (899, 899, [], True),
        (900, 900, [], False),  # the last tenth is for people who come later
        (950, 20, [930], True),
        (1_000, 20, [980], False),
        (600, 500, [100], False),  # the other's half is theirs
        (499, 499, [0], True),
        (500, 500, [0], False),
        (700, 300, [400], True),
    ],
)
def test_shares_of_a_thousand(spent: int, mine: int, others: list[int], may: bool) -> None:
    assert may_have_one(1_000, spent, mine, others) is may


@given(st.lists(st.integers(0, 400), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_nobody_starves_and_the_day_isnt_exceeded(wanted: list[int], luck: random.Random) -> None:
    had = [0] * len(wanted)
    order = [place for place, count in enumerate(wanted) for _ in range(count)]
    luck.shuffle(order)
    for place in order:
        others = [count for other, count in enumerate(had) if other != place]
        if may_have_one(300, sum(had), had[place], others):
            had[place] += 1

    share = 300 // len(wanted)
    assert sum(had) <= 300
    assert all(count >= min(want, share) - 30 for count, want in zip(had, wanted, strict=True))


@pytest.mark.parametrize(
    ("left", "mine", "others", "days"),
    [
        (1_000, 0, [9_999], 0),
        (1_000, 900, [], 0),
        (0, 1, [], 1),
        (1_000, 600, [600], 1),
        (1_000, 100, [5_000, 5_000], 0),
        (1_000, 2_500, [], 2),
        (0, 1_500, [1_500], 3),
        (1_000, 1_500, [200], 1),
    ],
)
def test_when_the_last_one_comes(left: int, mine: int, others: list[int], days: int) -> None:
    assert expected_on(TODAY, 1_000, left, mine, others) == TODAY + timedelta(days=days)
