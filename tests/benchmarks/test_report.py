"""The report: its table, its Markdown, its picture, its place in the documentation."""

import xml.etree.ElementTree as ET

import pytest

from benchmarks.rig import plot, report
from benchmarks.rig.figures import Contest, Sample, Target


def contest() -> Contest:
    samples = {
        "Backline": [Sample(4000, 200, 10, 20, 30), Sample(4400, 210, 11, 21, 31)],
        "Express & <friends>": [Sample(1000, 900, 40, 80, 90), Sample(1000, 910, 41, 81, 91)],
    }
    targets = (
        Target("at least 5 times", 4.2, 5),
        Target("p95 under 50 ms", 20, 50, at_least=False),
    )
    return Contest("lists", "Lists", "requests/s", "64 connections", samples, targets, ("So.",))


def test_table_has_medians_ratios_and_verdicts() -> None:
    said = report.table(contest())

    assert "4,200" in said
    assert "4.20 (4.00-4.40)" in said
    assert "Missed: at least 5 times (it is 4.20)." in said
    assert "Met: p95 under 50 ms (it is 20.00)." in said


def test_rows_are_as_wide_as_the_head() -> None:
    found = contest()

    assert {len(row) for row in report.rows(found)} == {len(report.head(found))}


def test_figures_without_latencies_leave_their_columns_out() -> None:
    found = Contest("jobs", "Jobs", "jobs/s", "", {"Backline": [Sample(50.0)]})

    assert report.head(found) == ["", "jobs/s", "lowest-highest", "ratio"]
    assert report.rows(found) == [["Backline", "50.0", "50.0-50.0", "1"]]


def test_markdown_says_how_to_repeat_it() -> None:
    said = report.markdown([contest()], "benchmarks/run lists")

    assert "with `benchmarks/run lists`, load average " in said
    assert "| Backline | 4,200 | 4,000-4,400 |" in said
    assert "How: 64 connections." in said


def test_the_picture_is_well_formed_and_scaled() -> None:
    root = ET.fromstring(plot.svg([contest()]))  # noqa: S314  # made a moment ago

    widths = [float(bar.get("width", "")) for bar in root.iter("{http://www.w3.org/2000/svg}rect")]
    assert widths[0] / widths[1] == pytest.approx(4.2, rel=0.01)
    assert "Express & <friends>" in [text.text for text in root.iter() if text.text]


def test_figures_take_the_place_of_older_ones() -> None:
    text = f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n"

    assert report.between(text, "new\n") == f"before\n{report.BEGIN}\nnew\n{report.END}\nafter\n"


def test_lost_marks_are_told() -> None:
    with pytest.raises(ValueError, match="marks"):
        report.between("nothing", "new")
