"""What wrk's script prints, read; and figures refused where requests were."""

import pytest

from benchmarks.rig.load import parse

PRINTED = """Running 4s test @ http://127.0.0.1:8000
RESULT {"requests":4000,"duration_us":2000000,"p50_us":1500,"p95_us":20000,"p99_us":31000,"refused":%d,"broken":%d}
"""  # noqa: E501


def test_figures_are_read() -> None:
    sample = parse(PRINTED % (0, 0))

    assert sample.rate_per_s == pytest.approx(2000)
    assert (sample.p50_ms, sample.p95_ms, sample.p99_ms) == (1.5, 20.0, 31.0)


@pytest.mark.parametrize(("refused", "broken"), [(1, 0), (0, 1)])
def test_refused_and_broken_requests_are_no_figure(refused: int, broken: int) -> None:
    with pytest.raises(RuntimeError, match="no figure"):
        parse(PRINTED % (refused, broken))


def test_a_program_that_printed_nothing_is_told() -> None:
    with pytest.raises(RuntimeError, match="unable to connect"):
        parse("", "unable to connect to 127.0.0.1")
