"""The breaker, by its own reports."""

from backline.platform.outside.breaker import Breaker


def test_it_opens_after_failures_in_a_row_only() -> None:
    breaker = Breaker(failures=2, open_s=3_600)
    breaker.failed()
    breaker.succeeded()
    breaker.failed()

    assert breaker.allows()

    breaker.failed()

    assert not breaker.allows()


def test_after_its_time_one_trial_decides() -> None:
    breaker = Breaker(failures=1, open_s=0)
    breaker.failed()

    assert breaker.allows()
    assert breaker.is_open

    breaker.succeeded()

    assert not breaker.is_open


def test_only_one_trial_at_a_time() -> None:
    breaker = Breaker(failures=1, open_s=3_600)
    breaker.failed()
    breaker._closed_again_s = 0.0  # its time has come

    assert [breaker.allows(), breaker.allows()] == [True, False]
