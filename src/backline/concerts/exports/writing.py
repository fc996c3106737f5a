"""A history as CSV (RFC 4180) for spreadsheets, and as JSON for programs.

The table has a row for each artist of each concert; rows of one concert share its id.
"""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Final, Literal

import msgspec

from backline.concerts.engine.cells import COLUMNS, guarded
from backline.concerts.exports.gathering import Gathered, Told, ToldArtist

# The mark of byte order has spreadsheets read UTF-8 as such.
_MARK: Final = b"\xef\xbb\xbf"
_NOBODY: Final = ToldArtist("", False, [], "", "", "", "", "")  # a row of blanks


async def written(
    pages: AsyncIterator[list[Gathered]], kind: Literal["csv", "json"]
) -> AsyncIterator[bytes]:
    """The file's bytes, a page of concerts at a time."""
    if kind == "json":
        async for piece in _json(pages):
            yield piece
        return
    yield _MARK + _lines([COLUMNS])
    async for page in pages:
        yield _lines(row for one in page for row in rows(one.told))


async def _json(pages: AsyncIterator[list[Gathered]]) -> AsyncIterator[bytes]:
    separator = b'{"concerts":[\n'
    async for page in pages:
        for one in page:
            yield separator + msgspec.json.encode(one.told)
            separator = b",\n"
    yield (b"\n]}\n" if separator == b",\n" else separator + b"]}\n")


def _lines(rows_: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows_)
    return text.getvalue().encode()


def rows(told: Told) -> Iterator[list[str]]:
    """The rows of a concert, one for each of its bill; its notes stand in the first."""
    for index, artist in enumerate(told.bill or [_NOBODY]):
        cells = _cells(told, artist, with_notes=index == 0)
        yield [cells[column] for column in COLUMNS]


def _cells(told: Told, artist: ToldArtist, *, with_notes: bool) -> dict[str, str]:
    venue = told.venue
    at = venue.location if venue else None
    return {
        "concert": str(told.id),
        "date": told.held_on.isoformat(),
        "end_date": told.ends_on.isoformat() if told.ends_on else "",
        "title": guarded(told.title),
        "festival": "yes" if told.festival else "",
        "artist": guarded(artist.name),
        "headliner": "yes" if artist.headliner else "",
        "songs": guarded("\n".join(artist.songs)),
        "tour": guarded(artist.tour),
        "venue": guarded(venue.name) if venue else "",
        "city": guarded(venue.city) if venue else "",
        "country": venue.country_code if venue else "",
        "latitude": repr(at.latitude) if at else "",
        "longitude": repr(at.longitude) if at else "",
        "time_zone": guarded(told.zone or ""),
        "notes": guarded(told.notes) if with_notes else "",
        "photos": str(told.photo_count) if with_notes else "",
        "artist_mbid": artist.mbid,
        "artist_url": guarded(artist.url),
        "setlist_id": guarded(artist.setlist_id),
        "setlist_url": guarded(artist.setlist_url),
    }
