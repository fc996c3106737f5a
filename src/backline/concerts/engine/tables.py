"""Strangers' tables of concerts, read; runs inside a confined child.

What is found is said as it stands there: whether it can be a concert, others judge.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from backline.concerts.engine import countries, days
from backline.concerts.engine.cells import unguarded
from backline.concerts.engine.headers import column_of
from backline.concerts.engine.tellings import NoTable, SaidArtist, SaidConcert, Table

MOST_ROWS: Final = 20_000
MOST_CONCERTS: Final = 5_000
_MOST_COLUMNS: Final = 100
_MOST_CELL: Final = 50_000
_DELIMITERS: Final = (",", ";", "\t", "|")
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SEVERAL: Final = re.compile(r"\s*(?:;|\n|\s/\s|\s\|\s)\s*")
_YES: Final = frozenset({"yes", "y", "true", "1", "x", "ja"})


def read_table(path: str) -> Table | NoTable:
    """Read a table of concerts."""
    text, encoding = _text(Path(path).read_bytes())
    if "\0" in text:
        return NoTable("This file isn't text. Save your table as CSV, then import that.")
    csv.field_size_limit(_MOST_CELL)
    delimiter = max(_DELIMITERS, key=lambda one: _known(text, one))
    try:
        rows = _rows(text, delimiter)
    except (csv.Error, ValueError) as fault:
        return NoTable(f"This table can't be read: {fault}.")
    if not rows:
        return NoTable("This file is empty.")
    headers = rows[0][1]
    columns = [column_of(header) for header in headers]
    if "date" not in columns:
        return NoTable(
            "Its first line names no column “date”, so nobody knows when these concerts were. "
            "Name the columns there: date, artist, venue, city, country, notes."
        )
    concerts = _concerts(rows[1:], columns)
    if len(concerts) > MOST_CONCERTS:
        return NoTable(f"It has more than {MOST_CONCERTS:,} concerts. Split it into several files.")
    known = [column for column in columns if column is not None]
    ignored = [
        h for h, column in zip(headers, columns, strict=True) if column is None and h.strip()
    ]
    return Table(encoding, delimiter, known, ignored[:_MOST_COLUMNS], concerts)


def _text(data: bytes) -> tuple[str, str]:
    """What the bytes say: by their mark, as UTF-8, or as old spreadsheets of the West wrote."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), encoding.removesuffix("-sig")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), "windows-1252"


def _known(text: str, delimiter: str) -> int:
    """How many columns of the first line somebody knows if it is cut like that."""
    try:
        headers = next(csv.reader(io.StringIO(text[:_MOST_CELL]), delimiter=delimiter))
    except (csv.Error, StopIteration):
        return 0
    return sum(column_of(header) is not None for header in headers)


def _rows(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """The rows that aren't blank, each with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    found: list[tuple[int, list[str]]] = []
    line = 1
    for row in reader:
        if any(cell.strip() for cell in row):
            if len(row) > _MOST_COLUMNS:
                raise ValueError(f"line {line} has more than {_MOST_COLUMNS} columns")
            found.append((line, row))
        if len(found) > MOST_ROWS:
            raise ValueError(f"it has more than {MOST_ROWS:,} rows")
        line = reader.line_num + 1
    return found


def _concerts(
    rows: Sequence[tuple[int, list[str]]], columns: Sequence[str | None]
) -> list[SaidConcert]:
    """The concerts of a table; rows of one id, or of one day and place, are one."""
    cells = [(line, _cells(row, columns)) for line, row in rows]
    month_first = days.is_month_first(one.get("date", "") for _, one in cells)
    found: dict[tuple[str, ...], SaidConcert] = {}
    for line, one in cells:
        begun = _begin(line, one, month_first=month_first)
        key = _key(one, begun)
        so_far = found.get(key, begun)
        bill = [*so_far.bill, *(a for a in _artists(one) if a not in so_far.bill)]
        notes = so_far.notes or one.get("notes", "")
        found[key] = msgspec.structs.replace(so_far, bill=bill, notes=notes)
    return list(found.values())


def _cells(row: Sequence[str], columns: Sequence[str | None]) -> dict[str, str]:
    found: dict[str, str] = {}
    for cell, column in zip(row, columns, strict=False):
        if column is not None and column not in found:
            found[column] = unguarded(cell if column in {"notes", "songs"} else cell.strip())
    return found


def _key(one: dict[str, str], begun: SaidConcert) -> tuple[str, ...]:
    """What rows of one concert have in common."""
    if begun.ref:
        return ("id", begun.ref)
    if begun.venue and begun.held_on:
        title = one.get("title", "").casefold()
        return ("at", begun.held_on, begun.venue.casefold(), begun.city.casefold(), title)
    return ("line", str(begun.line))


def _begin(line: int, one: dict[str, str], *, month_first: bool) -> SaidConcert:
    held_on = days.day_of(one.get("date", ""), month_first=month_first)
    ends_on = days.day_of(one.get("end_date", ""), month_first=month_first)
    problem = ""
    if held_on is None:
        said = one.get("date", "")[:40]
        problem = f"“{said}” isn't a day such as 2024-07-06." if said else "It says no day."
    city, country = countries.place_of(one.get("city", ""), one.get("country", ""))
    if country is None:
        said = one.get("country", "")[:40]
        problem = problem or f"Nobody knows the country “{said}”: a code such as DE is sure."
    return SaidConcert(
        line=line,
        ref=one.get("concert", ""),
        held_on=held_on.isoformat() if held_on else "",
        ends_on=ends_on.isoformat() if ends_on else "",
        title=one.get("title", ""),
        festival=_is_yes(one.get("festival", "")),
        venue=one.get("venue", ""),
        city=city,
        country=country or "",
        latitude=one.get("latitude", ""),
        longitude=one.get("longitude", ""),
        zone=one.get("time_zone", ""),
        notes="",
        bill=[],
        problem=problem,
    )


def _artists(one: dict[str, str]) -> Iterable[SaidArtist]:
    name = one.get("artist", "")
    several = [part for part in _SEVERAL.split(one.get("artists", "")) if part]
    openers = [part for part in _SEVERAL.split(one.get("openers", "")) if part]
    yield from (SaidArtist(part) for part in openers)
    if name:
        songs = [line for line in one.get("songs", "").splitlines() if line.strip()]
        about = (one.get("tour", ""), one.get("artist_mbid", ""), one.get("artist_url", ""))
        setlist = (one.get("setlist_id", ""), one.get("setlist_url", ""))
        leads = _is_yes(one.get("headliner", "")) or bool(openers)
        yield SaidArtist(name, leads, songs, *about, *setlist)
    yield from (SaidArtist(part, headliner=bool(openers)) for part in several if part != name)


def _is_yes(cell: str) -> bool:
    return cell.strip().casefold() in _YES
