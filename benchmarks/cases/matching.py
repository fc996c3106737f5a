"""How well photos find their concerts, on the set for tuning and on the one for judging."""

from collections.abc import Sequence

from benchmarks.rig.judging import Score, judge
from benchmarks.rig.rounds import say
from tests.concerts.truth.parameters import JUDGING, TUNING, Parameters
from tests.concerts.truth.shapes import Grouper, Matcher
from tests.concerts.truth.world import World

HEAD = ("", "sessions", "automatic", "precision", "recall", "review", "excluded", "duplicates")


def matching(
    matcher: Matcher, grouper: Grouper, sets: Sequence[Parameters] = (TUNING, JUDGING)
) -> list[Score]:
    """A matcher's score on each set, printed as it comes."""
    scores: list[Score] = []
    for parameters in sets:
        say(f"Making the world for {parameters.name} and matching it …")
        scores.append(judge(World(parameters), matcher, grouper))
    print(table(scores), flush=True)
    return scores


def table(scores: Sequence[Score]) -> str:
    """For a terminal, with what is met and what is missed."""
    lines = [HEAD, *map(_row, scores)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    shown = [
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    ]
    verdicts = [
        f"{'Met' if one.is_met else 'Missed'} on {score.world}: {one.text} (it is {one.value:.2%})."
        for score in scores
        for one in score.targets
    ]
    return "\n".join([*shown, *verdicts])


def _row(score: Score) -> tuple[str, ...]:
    shares = (score.precision, score.recall, score.review, score.excluded)
    return (
        score.world,
        f"{score.sessions:,}",
        f"{score.automatic:,}",
        *(f"{share:.2%}" for share in shares),
        f"{score.duplicate_precision:.2%} of {score.duplicate_recall:.0%}",
    )
