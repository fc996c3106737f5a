"""HTTP for exports of the history."""

from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.concerts.exports import asking
from backline.concerts.exports.asking import ConcertExport, ConcertExportForm
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.media.signing import MediaSigner

_TAGS = ["concerts"]


class ConcertExportList(msgspec.Struct, frozen=True):
    """All of somebody's exports, the newest first."""

    items: list[ConcertExport]
    next_cursor: str | None = None


@post(
    "/concerts/exports",
    status_code=202,
    tags=_TAGS,
    summary="My concerts as a file",
    idempotent=True,
)
async def create_concert_export(
    data: JSONBody[ConcertExportForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> ConcertExport:
    """A job (`job_id`) makes it; then `url` gives the file. It is kept for a week."""
    async with database.write() as tx:
        return await asking.create(tx, actor, data, signer)


@get("/concerts/exports", tags=_TAGS, summary="My exports of concerts")
async def list_concert_exports(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> ConcertExportList:
    """The newest first, twenty at the most."""
    async with database.read() as read:
        return ConcertExportList(await asking.exports(read, actor, signer))


@get("/concerts/exports/{concert_export_id:uuid}", tags=_TAGS, summary="One export of concerts")
async def get_concert_export(
    concert_export_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> ConcertExport:
    """`status` is `running` until the file can be had, or `failed` with an `error`."""
    async with database.read() as read:
        return await asking.get(read, actor, concert_export_id, signer)


@delete(
    "/concerts/exports/{concert_export_id:uuid}",
    tags=_TAGS,
    summary="Cancel or delete an export of concerts",
    idempotent=True,
)
async def delete_concert_export(
    concert_export_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> None:
    """One that is being made stops; the address of one that is ready opens nothing any more."""
    async with database.write() as tx:
        await asking.delete(tx, actor, concert_export_id)


ROUTES = [
    create_concert_export,
    list_concert_exports,
    get_concert_export,
    delete_concert_export,
]
