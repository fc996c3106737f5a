"""HTTP for exports."""

from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.media.signing import MediaSigner
from backline.tasks import exports
from backline.tasks.exports import Export, ExportForm

_TAGS = ["tasks"]


class ExportList(msgspec.Struct, frozen=True):
    """All of somebody's exports, the newest first."""

    items: list[Export]
    next_cursor: str | None = None


@post(
    "/tasks/exports",
    status_code=202,
    tags=_TAGS,
    summary="Tasks as a file",
    idempotent=True,
)
async def create_export(
    data: JSONBody[ExportForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> Export:
    """A job (`job_id`) writes it; then `url` gives the file. It is kept for a week."""
    async with database.write() as tx:
        return await exports.create(tx, actor, data, signer)


@get("/tasks/exports", tags=_TAGS, summary="My exports")
async def list_exports(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> ExportList:
    """The newest first, twenty at the most."""
    async with database.read() as read:
        return ExportList(await exports.exports(read, actor, signer))


@get("/tasks/exports/{export_id:uuid}", tags=_TAGS, summary="One export")
async def get_export(
    export_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> Export:
    """`status` is `running` until the file can be had, or `failed` with an `error`."""
    async with database.read() as read:
        return await exports.get(read, actor, export_id, signer)


@delete("/tasks/exports/{export_id:uuid}", tags=_TAGS, summary="Delete an export", idempotent=True)
async def delete_export(
    export_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> None:
    """Its address opens nothing any more."""
    async with database.write() as tx:
        await exports.delete(tx, actor, export_id)


ROUTES = [create_export, list_exports, get_export, delete_export]
