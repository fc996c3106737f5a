"""The cells of a table of concerts: how they are written, and how they are read again.

A spreadsheet takes a cell that begins with certain signs for a formula and runs it. Such a cell
has an apostrophe in front, as has one that begins with an apostrophe before such a sign; reading
takes it away, so that a file comes back as it went.
"""

from typing import Final

COLUMNS: Final = (
    "concert",
    "date",
    "end_date",
    "title",
    "festival",
    "artist",
    "headliner",
    "songs",
    "tour",
    "venue",
    "city",
    "country",
    "latitude",
    "longitude",
    "time_zone",
    "notes",
    "photos",
    "artist_mbid",
    "artist_url",
    "setlist_id",
    "setlist_url",
)
_GUARD: Final = "'"
# Those of full width count in some locales.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # noqa: RUF001  # meant


def guarded(text: str) -> str:
    """A text as a cell that no spreadsheet runs."""
    return f"{_GUARD}{text}" if text.startswith((*_FORMULA, _GUARD)) else text


def unguarded(cell: str) -> str:
    """The text of a cell; an apostrophe that guards nothing stays."""
    rest = cell.removeprefix(_GUARD)
    return rest if cell != rest and rest.startswith((*_FORMULA, _GUARD)) else cell
