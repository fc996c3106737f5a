"""What was found: for a terminal, as Markdown, and kept as JSON beside the plot."""

import os
import platform
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from benchmarks.rig import plot
from benchmarks.rig.figures import Contest, Summary, ratio, summary

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks/results"
PUBLISHED = ROOT / "docs/performance.md"
PUBLISHED_PLOT = ROOT / "docs/performance.svg"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def head(contest: Contest) -> list[str]:
    """The columns' names; those that nobody has a figure for are left out."""
    names = ["", contest.unit, "lowest-highest"]
    if _is_load(contest):
        names += ["CPU µs each", "p50 ms", "p95 ms", "p99 ms"]
        return [*names, "ratio", "CPU ratio"]
    return [*names, "ratio"]


def rows(contest: Contest) -> list[list[str]]:
    """A line for each contestant; `ratio` says how many times ours is that.

    The other ratio is of processor times: theirs for a request to ours.
    """
    lines: list[list[str]] = []
    for name in contest.samples:
        said = contest.rate(name)
        line = [name, _number(said.median), f"{_number(said.low)}-{_number(said.high)}"]
        if _is_load(contest):
            line.append(_number(summary(contest.costs(name)).median))
            line += [f"{contest.late(name, one).median:.1f}" for one in (50, 95, 99)]
        if name == contest.ours:
            lines.append([*line, *["1"] * (len(head(contest)) - len(line))])
            continue
        line.append(_times(ratio(contest.rates(contest.ours), contest.rates(name))))
        if _is_load(contest):
            line.append(_times(ratio(contest.costs(name), contest.costs(contest.ours))))
        lines.append(line)
    return lines


def table(contest: Contest) -> str:
    """For a terminal."""
    lines = [head(contest), *rows(contest)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    shown = [
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    ]
    return "\n".join(["", contest.title, *shown, *verdicts(contest), *contest.remarks])


def verdicts(contest: Contest) -> list[str]:
    """Which targets are met."""
    return [
        f"{'Met' if one.is_met else 'Missed'}: {one.text} (it is {one.value:.2f})."
        for one in contest.targets
    ]


def markdown(contests: Sequence[Contest], command: str) -> str:
    """All of it, as it stands in the documentation."""
    parts = [f"Measured on {_machine()}, with `{command}`, load average {_load()} at the end."]
    for contest in contests:
        lines = [head(contest), ["---"] * len(head(contest)), *rows(contest)]
        parts += [
            f"### {contest.title} (`{contest.name}`)",
            "\n".join("| " + " | ".join(line) + " |" for line in lines),
            "\n".join(f"- {line}" for line in [*verdicts(contest), *contest.remarks]),
            f"How: {contest.conditions}.",
        ]
    return "\n\n".join(part for part in parts if part) + "\n"


def keep(contests: Sequence[Contest], command: str) -> Path:
    """Write everything into a new folder; that folder."""
    folder = RESULTS / datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S")
    folder.mkdir(parents=True)
    (folder / "contests.json").write_bytes(msgspec.json.format(msgspec.json.encode(contests)))
    (folder / "performance.md").write_text(markdown(contests, command))
    (folder / "performance.svg").write_text(plot.svg(contests))
    return folder


def publish(contests: Sequence[Contest], command: str) -> None:
    """Put the figures into the documentation."""
    text = PUBLISHED.read_text()
    PUBLISHED.write_text(between(text, markdown(contests, command)))
    PUBLISHED_PLOT.write_text(plot.svg(contests))


def between(text: str, figures: str) -> str:
    """`text` with `figures` where figures were.

    Raises:
        ValueError: the places of the figures aren't marked.
    """
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{PUBLISHED.name} has lost its marks, {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{figures}{END}{after}"


def _is_load(contest: Contest) -> bool:
    return any(sample.p99_ms for samples in contest.samples.values() for sample in samples)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"


def _times(found: Summary) -> str:
    return f"{found.median:.2f} ({found.low:.2f}-{found.high:.2f})"


def _load() -> str:
    """How busy the machine was: a quiet one has about 2, the server's core and the other."""
    return f"{os.getloadavg()[1]:.1f}"


def _machine() -> str:
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    name = " ".join(model[1].split()) if model else platform.machine()
    cores = re.findall(r"^processor", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    python = ".".join(map(str, sys.version_info[:3]))
    return f"{len(cores)} cores of {name}, Linux {platform.release()}, Python {python}"
