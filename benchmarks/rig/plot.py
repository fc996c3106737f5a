"""The figures as a picture: bars in SVG, with a line from the lowest to the highest round."""

from collections.abc import Sequence
from html import escape

from benchmarks.rig.figures import Contest

_WIDTH, _LABELS, _FIGURES = 860, 270, 120
_BAR, _GAP, _TITLE, _AFTER = 20, 8, 34, 22
_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600 }
.ours { fill: #b4531f }
.other { fill: #8b949e }
.spread { stroke: #1f2328; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .ours { fill: #e07b42 }
  .other { fill: #6e7681 }
  .spread { stroke: #e6edf3 }
}
"""


def svg(contests: Sequence[Contest]) -> str:
    """A chart for each contest, one beneath the other, each with its own scale."""
    parts: list[str] = []
    top = 8
    for contest in contests:
        chart, top = _chart(contest, top)
        parts += chart
    size = f'width="{_WIDTH}" height="{top}" viewBox="0 0 {_WIDTH} {top}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    title = "<title>Throughput of Backline and its peers</title>"
    return "\n".join([head, title, f"<style>{_STYLE}</style>", *parts, "</svg>", ""])


def _chart(contest: Contest, top: int) -> tuple[list[str], int]:
    parts = [_text(8, top + 18, f"{contest.title} ({contest.unit})", "title")]
    top += _TITLE
    room = _WIDTH - _LABELS - _FIGURES
    most = max(contest.rate(name).high for name in contest.samples) or 1.0
    for name in contest.samples:
        said = contest.rate(name)
        kind = "ours" if name == contest.ours else "other"
        width = said.median / most * room
        parts.append(_text(8, top + 15, name))
        parts.append(
            f'<rect x="{_LABELS}" y="{top}" width="{width:.1f}" height="{_BAR}" class="{kind}"/>'
        )
        low, high = (_LABELS + value / most * room for value in (said.low, said.high))
        middle = top + _BAR / 2
        parts.append(
            f'<line x1="{low:.1f}" y1="{middle:g}" x2="{high:.1f}" y2="{middle:g}" class="spread"/>'
        )
        parts.append(_text(_LABELS + room + 12, top + 15, f"{said.median:,.0f}"))
        top += _BAR + _GAP
    return parts, top + _AFTER


def _text(x: float, y: float, said: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x:g}" y="{y:g}"{named}>{escape(said)}</text>'
