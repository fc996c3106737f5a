"""Days as people write them in tables."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

_ISO: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_TIGHT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_FIGURES: Final = re.compile(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4})(?:[T ,].*)?")
_DAY_FIRST: Final = re.compile(
    r"(?:[^\W\d]+,? +)?(\d{1,2})\.?(?:st|nd|rd|th)? +([^\W\d]+)\.?,? +(\d{4})"
)
_MONTH_FIRST: Final = re.compile(
    r"(?:[^\W\d]+, +)?([^\W\d]+)\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})"
)
_MONTHS: Final = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
_LAST_MONTH: Final = 12


def is_month_first(cells: Iterable[str]) -> bool:
    """Whether a column has days as in the United States: only if one of them says so."""
    found = [match for cell in cells if (match := _FIGURES.fullmatch(cell.strip()))]
    if any("." in match[0] for match in found):
        return False
    return any(int(match[2]) > _LAST_MONTH for match in found) and not any(
        int(match[1]) > _LAST_MONTH for match in found
    )


def day_of(cell: str, *, month_first: bool) -> date | None:
    """The day that a cell says; None where it says none."""
    text = cell.strip()
    if found := _ISO.fullmatch(text) or _TIGHT.fullmatch(text):
        return _date(found[1], found[2], found[3])
    if found := _FIGURES.fullmatch(text):
        day, month = (found[2], found[1]) if month_first else (found[1], found[2])
        return _date(found[3], month, day)
    if found := _DAY_FIRST.fullmatch(text):
        return _date(found[3], _month(found[2]), found[1])
    if found := _MONTH_FIRST.fullmatch(text):
        return _date(found[3], _month(found[1]), found[2])
    return None


def _month(word: str) -> str:
    short = word.casefold()[:3]
    return str(_MONTHS.index(short) + 1) if short in _MONTHS else "0"


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
