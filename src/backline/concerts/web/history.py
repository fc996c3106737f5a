"""HTTP for what a history shows besides its concerts: artists, venues, years, the map."""

from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from backline.concerts.history import lists, showing, statistics
from backline.concerts.history.models import (
    ArtistDetail,
    ArtistPage,
    Map,
    NameSort,
    Timeline,
    VenueDetail,
    VenuePage,
)
from backline.concerts.history.statistics import Statistics
from backline.concerts.options import ConcertOptions
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.http import cursors
from backline.platform.http.paging import Cursor, Limit, Search
from backline.platform.settings import Settings

_TAGS = ["concerts"]


@get("/concerts/artists", tags=_TAGS, summary="Artists whom I saw")
async def list_seen_artists(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    limit: Limit = 20,
    cursor: Cursor = None,
    q: Search = "",
    sort: FromQuery[NameSort] = "-concert_count",
) -> ArtistPage:
    """`q` is how a name begins, or a word in it."""
    name = f"concert-artists:{sort}:{q}"
    after = cursors.decode(name, cursor, lists.NameKey) if cursor else None
    async with database.read() as read:
        rows = await lists.names(
            read, actor, "artists", q=q, sort=sort, after=after, limit=limit + 1
        )
    rows, following = cursors.cut(name, rows, limit, lambda row: (row.n, row.sort_key, row.id))
    return ArtistPage([showing.artist(row) for row in rows], following)


@get("/concerts/artists/{artist_id:uuid}", tags=_TAGS, summary="An artist whom I saw")
async def get_seen_artist(
    artist_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> ArtistDetail:
    """How often, and when first and last; the concerts are `/concerts?artist_id=…`."""
    async with database.read() as read:
        return await lists.artist(read, actor, artist_id)


@get("/concerts/venues", tags=_TAGS, summary="Venues where I was")
async def list_seen_venues(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    limit: Limit = 20,
    cursor: Cursor = None,
    q: Search = "",
    sort: FromQuery[NameSort] = "-concert_count",
) -> VenuePage:
    """`q` is how a name begins, or a word in it."""
    name = f"concert-venues:{sort}:{q}"
    after = cursors.decode(name, cursor, lists.NameKey) if cursor else None
    async with database.read() as read:
        rows = await lists.names(
            read, actor, "venues", q=q, sort=sort, after=after, limit=limit + 1
        )
    rows, following = cursors.cut(name, rows, limit, lambda row: (row.n, row.sort_key, row.id))
    return VenuePage([showing.venue(row) for row in rows], following)


@get("/concerts/venues/{venue_id:uuid}", tags=_TAGS, summary="A venue where I was")
async def get_seen_venue(
    venue_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> VenueDetail:
    """How often, and when first and last; the concerts are `/concerts?venue_id=…`."""
    async with database.read() as read:
        return await lists.venue(read, actor, venue_id)


@get("/concerts/timeline", tags=_TAGS, summary="My concerts by year")
async def get_timeline(
    actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Timeline:
    """The years with concerts, the latest first; those of one are `/concerts?year=…`."""
    async with database.read() as read:
        return await lists.timeline(read, actor)


@get("/concerts/map", tags=_TAGS, summary="My concerts on the map")
async def get_map(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> Map:
    """A point for each venue whose place is known."""
    async with database.read() as read:
        return await lists.points(read, actor, settings.of(ConcertOptions))


@get("/concerts/statistics", tags=_TAGS, summary="My concerts in figures")
async def get_statistics(
    actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Statistics:
    """By year, weekday, artist, venue, city and country."""
    async with database.read() as read:
        return await statistics.get(read, actor)


ROUTES = [
    list_seen_artists,
    get_seen_artist,
    list_seen_venues,
    get_seen_venue,
    get_timeline,
    get_map,
    get_statistics,
]
