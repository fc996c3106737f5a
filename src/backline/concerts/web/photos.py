"""HTTP for photos: lists, days, places, one photo and its changes."""

from typing import Annotated
from uuid import UUID

from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from backline.concerts import filters, photos
from backline.concerts.models import Days, Photo, PhotoPage, PhotoPatch, Places
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.database.versions import IfMatch
from backline.platform.http import cursors
from backline.platform.http.conditions import CONDITIONAL
from backline.platform.http.paging import Cursor, Limit
from backline.platform.media.signing import MediaSigner

_TAGS = ["photos"]
DayParameter = Annotated[
    str,
    QueryParameter(
        name="day", max_length=10, description="`2019-07-04`, or `none`: without a time"
    ),
]
Within = Annotated[
    str,
    QueryParameter(max_length=100, description="`south,west,north,east` in degrees"),
]


@get("/photos", tags=_TAGS, summary="My photos")
async def list_photos(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    limit: Limit = 20,
    cursor: Cursor = None,
    day: DayParameter = "",
    within: Within = "",
    starred: FromQuery[bool] = False,
    source_id: FromQuery[UUID | None] = None,
    group_id: FromQuery[UUID | None] = None,
) -> PhotoPage:
    """The latest first, by wall time; those without a time come last."""
    condition = filters.condition_of(
        day=day, within=within, starred=starred, source_id=source_id, group_id=group_id
    )
    name = f"photos:{day}:{within}:{starred}:{source_id}:{group_id}"
    after = cursors.decode(name, cursor, photos.Key) if cursor else None
    async with database.read() as read:
        await photos.check_filters(read, actor, condition)
        rows = await photos.page(read, actor, condition, after, limit + 1)
    rows, following = cursors.cut(name, rows, limit, lambda row: (row.taken_at, row.id))
    return PhotoPage(photos.shown(rows, signer), following)


@get("/photos/days", tags=_TAGS, summary="When my photos were taken")
async def list_days(actor: NamedDependency[Actor], database: NamedDependency[Database]) -> Days:
    """Each day by wall time, with how many were taken on it."""
    async with database.read() as read:
        return await photos.days(read, actor)


@get("/photos/places", tags=_TAGS, summary="Where my photos were taken")
async def list_places(actor: NamedDependency[Actor], database: NamedDependency[Database]) -> Places:
    """Photos within about a kilometre of each other are one place."""
    async with database.read() as read:
        return await photos.places(read, actor)


@get("/photos/{photo_id:uuid}", tags=_TAGS, summary="One photo")
async def get_photo(
    photo_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> Photo:
    """Its `status` is `processing` until it was looked at, or `failed` with an `error`."""
    async with database.read() as read:
        return await photos.get(read, actor, photo_id, signer)


@patch(
    "/photos/{photo_id:uuid}",
    tags=_TAGS,
    summary="Change a photo",
    dependencies=CONDITIONAL,
    idempotent=True,
)
async def change_photo(
    photo_id: FromPath[UUID],
    data: JSONBody[PhotoPatch],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    if_match: NamedDependency[IfMatch],
) -> Photo:
    """A merge patch. With `starred`, a photo of a folder is copied here, with all its variants."""
    async with database.write() as tx:
        return await photos.change(tx, actor, photo_id, data, signer, if_match)


@delete(
    "/photos/{photo_id:uuid}",
    tags=_TAGS,
    summary="Delete a photo",
    dependencies=CONDITIONAL,
    idempotent=True,
)
async def delete_photo(
    photo_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    if_match: NamedDependency[IfMatch],
) -> None:
    """Gone at once; for 30 s it can be restored. A file in a folder on the server stays there."""
    async with database.write() as tx:
        await photos.delete(tx, actor, photo_id, if_match)


@post(
    "/photos/{photo_id:uuid}/restore",
    status_code=200,
    tags=_TAGS,
    summary="Undo a deletion",
    idempotent=True,
)
async def restore_photo(
    photo_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> Photo:
    """Works for 30 s after the deletion."""
    async with database.write() as tx:
        return await photos.restore(tx, actor, photo_id, signer)


@post(
    "/photos/{photo_id:uuid}/retry",
    status_code=202,
    tags=_TAGS,
    summary="Try again",
    idempotent=True,
)
async def retry_photo(
    photo_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> Photo:
    """Looks once more at a photo that has an `error`."""
    async with database.write() as tx:
        return await photos.retry(tx, actor, photo_id, signer)


ROUTES = [
    list_photos,
    list_days,
    list_places,
    get_photo,
    change_photo,
    delete_photo,
    restore_photo,
    retry_photo,
]
