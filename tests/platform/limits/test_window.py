"""The sliding window: what was asked a while ago counts less and less."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backline.platform.limits.policies import Policy
from backline.platform.limits.process import ProcessLimits
from backline.platform.limits.window import Window, allowance

HOURLY = Policy("hourly", 20, 3_600, "user", "window")


def test_the_window_before_counts_in_proportion() -> None:
    full_before = Window(7, 0, 20)

    assert not allowance(HOURLY, full_before, 0.0).allowed
    assert allowance(HOURLY, full_before, 0.5).remaining == 9
    assert allowance(HOURLY, full_before, 0.99).remaining == 19


def test_counts_move_on_with_time_and_are_forgotten() -> None:
    window = Window(7, 5, 3)

    assert window.at(7 * 3_600 + 1, 3_600) == window
    assert window.at(8 * 3_600, 3_600) == Window(8, 0, 5)
    assert window.at(9 * 3_600, 3_600) == Window(9, 0, 0)


@given(current=st.integers(0, 40), previous=st.integers(0, 40), passed=st.floats(0, 0.999_999))
def test_who_waits_as_long_as_told_is_allowed(current: int, previous: int, passed: float) -> None:
    window = Window(7, current, previous)
    told = allowance(HOURLY, window, passed)

    then_s = (7 + passed) * HOURLY.window_s + told.retry_after_s
    later = window.at(then_s, HOURLY.window_s)

    assert told.retry_after_s <= 2 * HOURLY.window_s
    assert allowance(HOURLY, later, then_s / HOURLY.window_s - later.number).allowed


def test_a_flood_of_keys_frees_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backline.platform.limits.process.time.time", lambda: 1_000_000.0)
    limits = ProcessLimits(most_keys=1_000)
    while limits.take(HOURLY, "blocked").allowed:
        pass

    for number in range(5_000):
        limits.take(HOURLY, f"fresh {number}")

    assert not limits.take(HOURLY, "blocked").allowed
    assert not limits.allows(HOURLY, "blocked")
    assert len(limits) == 1_000
