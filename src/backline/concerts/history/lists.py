"""Lists of a history: concerts by filter, their photos, artists, venues, years, and the map."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from backline.concerts.history import concerts, making, showing
from backline.concerts.history.models import (
    ArtistDetail,
    ConcertItem,
    Map,
    NameSort,
    Point,
    Sort,
    Tiles,
    Timeline,
    VenueDetail,
    Year,
)
from backline.concerts.models import PhotoItemRow
from backline.concerts.options import ConcertOptions
from backline.concerts.sql import bills, histories
from backline.concerts.sql import history_lists as sql
from backline.concerts.sql.concerts import ConcertItemRow
from backline.concerts.sql.history_lists import Condition, NameRow
from backline.platform import text
from backline.platform.actor import Actor
from backline.platform.database import Read
from backline.platform.errors import NotFound
from backline.platform.media.signing import MediaSigner

DayKey = tuple[date, UUID]
NameKey = tuple[int, str, UUID]
PhotoKey = tuple[Annotated[datetime, Meta(tz=False)] | None, UUID]
Named = Literal["artists", "venues"]
_MISSING: Final[dict[Named, str]] = {
    "artists": "There is no such artist in your history.",
    "venues": "There is no such venue in your history.",
}
_LAST_YEAR: Final = 9999
MOST_NEAR: Final = 20


class Filters(msgspec.Struct, frozen=True):
    """What is asked for; what isn't said lets all through."""

    artist_id: UUID | None = None
    venue_id: UUID | None = None
    city: str = ""
    country: str = ""
    year: int | None = None
    q: str = ""


def condition_of(actor: Actor, filters: Filters) -> Condition:
    """What that means for the rows."""
    year = filters.year
    return Condition(
        filters.artist_id,
        filters.venue_id,
        making.key_of(filters.city),
        filters.country.upper(),
        date(year, 1, 1) if year is not None else None,
        date(year + 1, 1, 1) if year is not None and year < _LAST_YEAR else None,
        text.marked_query(making.mark(actor.user_id), filters.q),
    )


async def page(
    read: Read,
    actor: Actor,
    filters: Filters,
    *,
    sort: Sort,
    after: DayKey | None,
    limit: int,
) -> list[ConcertItemRow]:
    """A page of the actor's concerts.

    Raises:
        NotFound: an artist or venue is named that isn't in their history.
    """
    if filters.artist_id is not None:
        await named(read, actor, "artists", filters.artist_id)
    if filters.venue_id is not None:
        await named(read, actor, "venues", filters.venue_id)
    condition = condition_of(actor, filters)
    return await sql.page(read, actor.user_id, condition, sort=sort, after=after, limit=limit)


async def near(read: Read, actor: Actor, day: date | None) -> list[ConcertItemRow]:
    """The actor's concerts whose days are nearest to one, or to today, the nearest first."""
    return await sql.near(read, actor.user_id, day or datetime.now(UTC).date(), MOST_NEAR)


async def shown(
    read: Read, actor: Actor, rows: Sequence[ConcertItemRow], signer: MediaSigner
) -> list[ConcertItem]:
    """The rows of a list as they are answered, with their bills."""
    found = await bills.bills(read, actor.user_id, [row.id for row in rows])
    return [showing.item(row, found.get(row.id, []), signer) for row in rows]


async def photos(
    read: Read, actor: Actor, concert_id: UUID, after: PhotoKey | None, limit: int
) -> list[PhotoItemRow]:
    """A page of a concert's photos, in the order in which they were taken.

    Raises:
        NotFound: the concert isn't there, or someone else's.
    """
    await concerts.check_there(read, actor.user_id, concert_id)
    return await sql.photos(read, actor.user_id, concert_id, after, limit)


async def names(
    read: Read,
    actor: Actor,
    kind: Named,
    *,
    q: str,
    sort: NameSort,
    after: NameKey | None,
    limit: int,
) -> list[NameRow]:
    """A page of the artists whom the actor saw, or of the venues where they were."""
    query = making.key_of(q)
    return await sql.names(
        read, kind, actor.user_id, query=query, sort=sort, after=after, limit=limit
    )


async def named(read: Read, actor: Actor, kind: Named, name_id: UUID) -> NameRow:
    """An artist or a venue of the actor's history.

    Raises:
        NotFound: it isn't there, or in someone else's.
    """
    row = await sql.name(read, kind, actor.user_id, name_id)
    if row is None:
        raise NotFound(_MISSING[kind])
    return row


async def artist(read: Read, actor: Actor, artist_id: UUID) -> ArtistDetail:
    """An artist of the actor's history, as `named`."""
    row = await named(read, actor, "artists", artist_id)
    span = await sql.span(read, "artists", actor.user_id, artist_id)
    return ArtistDetail(showing.artist(row), span.first_on, span.last_on)


async def venue(read: Read, actor: Actor, venue_id: UUID) -> VenueDetail:
    """A venue of the actor's history, as `named`."""
    row = await named(read, actor, "venues", venue_id)
    span = await sql.span(read, "venues", actor.user_id, venue_id)
    return VenueDetail(showing.venue(row), span.first_on, span.last_on)


async def timeline(read: Read, actor: Actor) -> Timeline:
    """The years of the actor's history."""
    years = await histories.counts(read, actor.user_id, "year")
    return Timeline([Year(int(one.key), one.n) for one in years])


async def points(read: Read, actor: Actor, options: ConcertOptions) -> Map:
    """The venues of the actor's history on the map."""
    rows = await sql.points(read, actor.user_id)
    found = [
        Point(
            row.id,
            row.name,
            row.city,
            row.country_code,
            row.latitude or 0.0,
            row.longitude or 0.0,
            row.n,
        )
        for row in rows
    ]
    url = options.map_tiles_url
    tiles = None if url is None else Tiles(url, options.map_tiles_credit)
    return Map(found, await sql.unplaced(read, actor.user_id), tiles)
