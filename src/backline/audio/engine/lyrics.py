"""The words of a song: plain, or timed as LRC and ID3's SYLT write them; bounded, and cleaned."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from backline.audio.models import MOST_TEXT_CHARS, Line

_MOST_LINES: Final = 3_000
_MOST_LINE_CHARS: Final = 500
_STAMP: Final = re.compile(r"\[(\d{1,3}):([0-5]?\d)(?:[.:](\d{1,3}))?\]\s*", re.ASCII)
_ABOUT: Final = re.compile(r"\[([a-z#]{1,10}):([^\]]*)\]", re.ASCII | re.IGNORECASE)
_WORD_STAMP: Final = re.compile(r"<\d{1,3}:[0-5]?\d(?:[.:]\d{1,3})?>", re.ASCII)
_BREAKS: Final = ("\n", "\r")
_LONGEST_OFFSET_MS: Final = 600_000


def read(text: str) -> list[Line]:
    """The lines of a text, timed ones in their order; empty where it has no words.

    Where any line has its time, those without are about the file and left out.
    """
    offset_ms = 0
    timed: list[Line] = []
    plain: list[Line] = []
    for raw in text[:MOST_TEXT_CHARS].splitlines()[:_MOST_LINES]:
        starts, rest = _starts(raw.strip())
        about = _ABOUT.fullmatch(rest)
        if starts:
            words = _clean(_WORD_STAMP.sub("", rest))
            timed += [Line(words, start_ms) for start_ms in starts]
        elif about is None:
            plain.append(Line(_clean(rest)))
        elif about[1].lower() == "offset":
            offset_ms = _offset_ms(about[2])
    # An offset says by how much the words come sooner.
    return tidy([Line(one.text, (one.start_ms or 0) - offset_ms) for one in timed] or plain)


def of_times(timed: Iterable[tuple[str, int]]) -> list[Line]:
    """The lines of texts with their milliseconds, as SYLT has them: a line each, or syllables.

    Of syllables those begin a line that follow a line break.
    """
    given = list(islice(timed, _MOST_LINES))
    breaks = any("\n" in text.replace("\r", "\n") for text, _ in given)
    lines: list[Line] = []
    for text, start_ms in given:
        if breaks and lines and not (text[:1] in _BREAKS or lines[-1].text[-1:] in _BREAKS):
            lines[-1] = Line(lines[-1].text + text, lines[-1].start_ms)
        else:
            lines.append(Line(text, start_ms))
    return tidy([Line(_clean(one.text), one.start_ms) for one in lines])


def tidy(lines: Sequence[Line]) -> list[Line]:
    """In the order of their times, none before the beginning, no blank ones at either end."""
    ordered = sorted(lines, key=lambda line: line.start_ms or 0)[:_MOST_LINES]
    kept = [
        line if line.start_ms is None or line.start_ms >= 0 else Line(line.text, 0)
        for line in ordered
    ]
    while kept and not kept[-1].text:
        kept.pop()
    while kept and not kept[0].text:
        kept.pop(0)
    return kept


def _starts(line: str) -> tuple[list[int], str]:
    """The times that a line begins with (a refrain has several), and what follows them."""
    starts: list[int] = []
    while match := _STAMP.match(line):
        fraction = (match[3] or "0").ljust(3, "0")
        starts.append((int(match[1]) * 60 + int(match[2])) * 1000 + int(fraction))
        line = line[match.end() :]
    return starts, line


def _offset_ms(text: str) -> int:
    match = re.fullmatch(r"\s*([+-]?\d{1,7})\s*", text, re.ASCII)
    return max(-_LONGEST_OFFSET_MS, min(_LONGEST_OFFSET_MS, int(match[1]))) if match else 0


def _clean(text: str) -> str:
    short = unicodedata.normalize("NFC", text[: 2 * _MOST_LINE_CHARS])
    kept = "".join(" " if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} else c for c in short)
    return " ".join(kept.split())[:_MOST_LINE_CHARS]
