"""What was found, for a terminal, as Markdown, and as JSON."""

from benchmarks.rig.figures import Contest, ratio, summary


def rows(contest: Contest) -> list[list[str]]:
    """A line for each contestant: figure, spread, how late, and how many times ours is that."""
    ours = contest.rates(contest.ours)
    lines: list[list[str]] = []
    for name in contest.samples:
        said = contest.rate(name)
        times = ratio(ours, contest.rates(name))
        late = [f"{contest.late(name, one).median:.1f}" for one in (50, 95, 99)]
        is_timed = contest.late(name, 99).median > 0
        lines.append(
            [
                name,
                f"{said.median:,.0f}",
                f"{said.low:,.0f}-{said.high:,.0f}",
                f"{summary(contest.costs(name)).median:,.0f}" if is_timed else "",
                *(late if is_timed else ["", "", ""]),
                ""
                if name == contest.ours
                else f"{times.median:.2f} ({times.low:.2f}-{times.high:.2f})",
            ]
        )
    return lines


def head(contest: Contest) -> list[str]:
    """The columns' names."""
    times = f"{contest.ours} is so many times that"
    return ["", contest.unit, "lowest-highest", "CPU µs", "p50 ms", "p95 ms", "p99 ms", times]


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
        f"{'met' if one.is_met else 'MISSED'}: {one.text} (it is {one.value:.2f})"
        for one in contest.targets
    ]
