"""The arithmetic of benchmarks: turns, medians, spreads, ratios, targets."""

import pytest

from benchmarks.rig.figures import Contest, Sample, Target, ratio, summary, turns


def contest(**rates: list[float]) -> Contest:
    samples = {name: [Sample(rate) for rate in found] for name, found in rates.items()}
    return Contest("name", "A title", "requests/s", "conditions", samples)


def test_summary_has_median_and_extremes() -> None:
    said = summary([30.0, 10.0, 20.0, 90.0])

    assert (said.median, said.low, said.high) == (25.0, 10.0, 90.0)
    assert said.spread == pytest.approx(1.6)


def test_no_rounds_are_no_figure() -> None:
    with pytest.raises(ValueError, match="no round"):
        summary([])


def test_everybody_has_a_turn_in_each_round() -> None:
    assert list(turns(["a", "b"], 3)) == [
        (0, "a"), (0, "b"), (1, "a"), (1, "b"), (2, "a"), (2, "b"),
    ]  # fmt: skip


def test_ratio_compares_within_rounds() -> None:
    # A slow minute in the second round hits both, so that the ratio doesn't see it.
    said = ratio([400.0, 40.0, 500.0], [100.0, 10.0, 100.0])

    assert (said.median, said.low, said.high) == (4.0, 4.0, 5.0)


def test_ratio_refuses_other_rounds() -> None:
    with pytest.raises(ValueError, match="2 rounds"):
        ratio([1.0, 2.0], [1.0])


def test_the_first_contestant_is_ours() -> None:
    found = contest(Backline=[3.0, 1.0, 2.0], Express=[1.0, 1.0, 1.0])

    assert found.ours == "Backline"
    assert found.rate("Backline").median == 2.0


@pytest.mark.parametrize(
    ("value", "bound", "at_least", "met"),
    [
        (4.0, 4.0, True, True),
        (3.9, 4.0, True, False),
        (9.9, 10, False, True),
        (10, 10, False, False),
    ],
)
def test_targets(value: float, bound: float, at_least: bool, met: bool) -> None:
    assert Target("so much", value, bound, at_least=at_least).is_met is met
