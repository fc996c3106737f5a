"""A history read from beginning to end, a page of concerts at a time, as files tell of it."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

from backline.concerts.history import lists, showing
from backline.concerts.history.lists import DayKey, Filters
from backline.concerts.history.models import Source
from backline.concerts.models import Location
from backline.concerts.sql import gathering as sql
from backline.concerts.sql.concerts import ConcertItemRow
from backline.concerts.sql.gathering import PhotoRow, PlayedRow
from backline.platform.actor import Actor
from backline.platform.database import Database, Read

_PAGE_ROWS: Final = 200


class ToldVenue(msgspec.Struct, frozen=True):
    """A venue in a file."""

    name: str
    city: str
    country_code: str
    location: Location | None


class ToldArtist(msgspec.Struct, frozen=True):
    """One of a bill in a file; the songs of one with a `setlist_url` are setlist.fm's."""

    name: str
    headliner: bool
    songs: list[str]
    tour: str
    mbid: str
    url: str
    setlist_id: str
    setlist_url: str


class ToldPhoto(msgspec.Struct, frozen=True):
    """A photo in a file: what it is called, and when it was taken (wall time)."""

    id: UUID
    filename: str
    taken_at: datetime | None
    starred: bool


class Told(msgspec.Struct, frozen=True):
    """A concert in a file."""

    id: UUID
    held_on: date
    ends_on: date | None
    zone: str | None
    title: str
    festival: bool
    venue: ToldVenue | None
    bill: list[ToldArtist]
    notes: str
    source: Source
    photo_count: int
    photos: list[ToldPhoto]


class Gathered(msgspec.Struct, frozen=True):
    """A concert in a file, and where its photos lie."""

    told: Told
    photos: list[PhotoRow]


async def count(database: Database, actor: Actor) -> int:
    """How many concerts there may be, filters aside."""
    async with database.read() as read:
        return sum(year.count for year in (await lists.timeline(read, actor)).years)


async def pages(
    database: Database, actor: Actor, filters: Filters, most_photos: int
) -> AsyncIterator[list[Gathered]]:
    """The actor's concerts, the first first; of each the best photos, at most that many.

    What changes meanwhile is told as it is when its page comes.

    Raises:
        NotFound: an artist or venue is named that isn't in their history.
    """
    after: DayKey | None = None
    while True:
        async with database.read() as read:
            rows = await lists.page(
                read, actor, filters, sort="held_on", after=after, limit=_PAGE_ROWS
            )
            page = await _whole(read, actor.user_id, rows, most_photos)
        if page:
            yield page
        if len(rows) < _PAGE_ROWS:
            return
        after = rows[-1].held_on, rows[-1].id


async def _whole(
    read: Read, owner_id: UUID, rows: list[ConcertItemRow], most_photos: int
) -> list[Gathered]:
    ids = [row.id for row in rows]
    about = await sql.about(read, owner_id, ids)
    bills = await sql.bills(read, owner_id, ids)
    photos = await sql.photos(read, owner_id, ids, most_photos)
    found: list[Gathered] = []
    for row in rows:
        shown = photos.get(row.id, [])
        more = about.get(row.id)
        told = Told(
            id=row.id,
            held_on=row.held_on,
            ends_on=row.ends_on,
            zone=more.zone if more else None,
            title=row.title,
            festival=row.is_festival,
            venue=_venue(row),
            bill=[_artist(one) for one in bills.get(row.id, [])],
            notes=more.notes if more else "",
            source=row.source,
            photo_count=row.photo_count,
            photos=[ToldPhoto(one.id, one.filename, one.taken_at, one.starred) for one in shown],
        )
        found.append(Gathered(told, shown))
    return found


def _venue(row: ConcertItemRow) -> ToldVenue | None:
    if row.venue is None:
        return None
    where = showing.location(row.latitude, row.longitude)
    return ToldVenue(row.venue, row.city or "", row.country_code or "", where)


def _artist(row: PlayedRow) -> ToldArtist:
    songs = msgspec.json.decode(row.songs, type=list[str])
    about = (row.tour, row.mbid, row.url, row.setlist_id, row.setlist_url)
    return ToldArtist(row.name, row.is_headliner, songs, *about)
