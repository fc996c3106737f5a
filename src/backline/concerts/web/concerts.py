"""HTTP for concerts: the history's list, one concert and its changes, its photos."""

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from backline.concerts import photos
from backline.concerts.history import concerts, lists, moving
from backline.concerts.history.lists import Filters
from backline.concerts.history.models import (
    Concert,
    ConcertForm,
    ConcertPage,
    ConcertPatch,
    PhotosForm,
    Sort,
)
from backline.concerts.models import PhotoPage
from backline.concerts.options import ConcertOptions
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.database.versions import IfMatch
from backline.platform.http import cursors
from backline.platform.http.conditions import CONDITIONAL
from backline.platform.http.paging import Cursor, Limit, Search
from backline.platform.media.signing import MediaSigner
from backline.platform.settings import Settings

_TAGS = ["concerts"]
City = Annotated[
    str, QueryParameter(name="city", max_length=200, description="By its name: `Berlin`")
]
Country = Annotated[
    str,
    QueryParameter(name="country", max_length=2, description="By its code (ISO 3166-1): `DE`"),
]
InYear = Annotated[int | None, QueryParameter(name="year", ge=1900, le=9998)]


@get("/concerts", tags=_TAGS, summary="My concerts")
async def list_concerts(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    limit: Limit = 20,
    cursor: Cursor = None,
    artist_id: FromQuery[UUID | None] = None,
    venue_id: FromQuery[UUID | None] = None,
    city: City = "",
    country: Country = "",
    year: InYear = None,
    q: Search = "",
    sort: FromQuery[Sort] = "-held_on",
) -> ConcertPage:
    """Filters compose. `q` looks for words in artists, venues, cities, titles, notes and songs."""
    filters = Filters(artist_id, venue_id, city, country, year, q)
    name = f"concerts:{sort}:{filters}"
    after = cursors.decode(name, cursor, lists.DayKey) if cursor else None
    async with database.read() as read:
        rows = await lists.page(read, actor, filters, sort=sort, after=after, limit=limit + 1)
        rows, following = cursors.cut(name, rows, limit, lambda row: (row.held_on, row.id))
        return ConcertPage(await lists.shown(read, actor, rows, signer), following)


@get("/concerts/near", tags=_TAGS, summary="My concerts around a day")
async def list_near_concerts(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    day: FromQuery[date | None] = None,
) -> ConcertPage:
    """The 20 whose days are nearest to `day`, or to today, the nearest first."""
    async with database.read() as read:
        rows = await lists.near(read, actor, day)
        return ConcertPage(await lists.shown(read, actor, rows, signer))


@post("/concerts", tags=_TAGS, summary="Add a concert", idempotent=True)
async def create_concert(
    data: JSONBody[ConcertForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    settings: NamedDependency[Settings],
) -> Concert:
    """By hand. A venue of the same name in the same city is the same; so are artists of a name."""
    async with database.write() as tx:
        return await concerts.create(tx, actor, data, most_of(settings), signer)


@get("/concerts/{concert_id:uuid}", tags=_TAGS, summary="One concert")
async def get_concert(
    concert_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> Concert:
    """With its bill and setlists, and why it is believed to have been that one."""
    async with database.read() as read:
        return await concerts.get(read, actor, concert_id, signer)


@patch(
    "/concerts/{concert_id:uuid}",
    tags=_TAGS,
    summary="Change a concert",
    dependencies=CONDITIONAL,
    idempotent=True,
)
async def change_concert(
    concert_id: FromPath[UUID],
    data: JSONBody[ConcertPatch],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    if_match: NamedDependency[IfMatch],
) -> Concert:
    """A merge patch. What a person has changed, matching leaves alone."""
    async with database.write() as tx:
        return await concerts.change(tx, actor, concert_id, data, signer, if_match)


@delete(
    "/concerts/{concert_id:uuid}",
    tags=_TAGS,
    summary="Delete a concert",
    dependencies=CONDITIONAL,
    idempotent=True,
)
async def delete_concert(
    concert_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    if_match: NamedDependency[IfMatch],
) -> None:
    """Gone at once; for 30 s it can be restored. Its photos stay, and make no concert again."""
    async with database.write() as tx:
        await concerts.delete(tx, actor, concert_id, if_match)


@post(
    "/concerts/{concert_id:uuid}/restore",
    status_code=200,
    tags=_TAGS,
    summary="Undo a deletion",
    idempotent=True,
)
async def restore_concert(
    concert_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    settings: NamedDependency[Settings],
) -> Concert:
    """Works for 30 s after the deletion."""
    async with database.write() as tx:
        return await concerts.restore(tx, actor, concert_id, most_of(settings), signer)


@get("/concerts/{concert_id:uuid}/photos", tags=_TAGS, summary="Photos of a concert")
async def list_concert_photos(
    concert_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    limit: Limit = 20,
    cursor: Cursor = None,
) -> PhotoPage:
    """In the order in which they were taken; those without a time come last."""
    name = f"concert-photos:{concert_id}"
    after = cursors.decode(name, cursor, lists.PhotoKey) if cursor else None
    async with database.read() as read:
        rows = await lists.photos(read, actor, concert_id, after, limit + 1)
    rows, following = cursors.cut(name, rows, limit, lambda row: (row.taken_at, row.id))
    return PhotoPage(photos.shown(rows, signer), following)


@post(
    "/concerts/{concert_id:uuid}/photos",
    status_code=200,
    tags=_TAGS,
    summary="Add photos to a concert",
    idempotent=True,
)
async def add_concert_photos(
    concert_id: FromPath[UUID],
    data: JSONBody[PhotosForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> Concert:
    """Wherever they were before; matching doesn't move them any more."""
    async with database.write() as tx:
        return await moving.add(tx, actor, concert_id, data.photo_ids, signer)


@post(
    "/concerts/{concert_id:uuid}/photos/remove",
    status_code=200,
    tags=_TAGS,
    summary="Take photos out of a concert",
    idempotent=True,
)
async def remove_concert_photos(
    concert_id: FromPath[UUID],
    data: JSONBody[PhotosForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> Concert:
    """They stay among the photos, of no concert; matching doesn't move them any more."""
    async with database.write() as tx:
        return await moving.remove(tx, actor, concert_id, data.photo_ids, signer)


def most_of(settings: Settings) -> int | None:
    """How many concerts an account may hold; None: as many as it has."""
    return settings.of(ConcertOptions).concerts_per_account


ROUTES = [
    list_concerts,
    list_near_concerts,
    create_concert,
    get_concert,
    change_concert,
    delete_concert,
    restore_concert,
    list_concert_photos,
    add_concert_photos,
    remove_concert_photos,
]
