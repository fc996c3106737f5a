"""HTTP for imports: the form that brings a table, what is in it, and what is to become of that."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from backline.concerts.imports import asking
from backline.concerts.imports.models import ConcertImport, ConcertImportPage, ItemState
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.http import cursors
from backline.platform.http.bodies import body_chunks
from backline.platform.http.paging import Cursor, Limit
from backline.uploads import Intake, take_form
from backline.uploads.web.forms import INTAKE, FormOperation, leave_the_body, length_of

_TAGS = ["concerts"]
State = Annotated[
    ItemState | None, QueryParameter(name="state", description="Those of which this becomes")
]


class ConcertImportList(msgspec.Struct, frozen=True):
    """All of somebody's imports, the newest first."""

    items: list[ConcertImport]
    next_cursor: str | None = None


@post(
    "/concerts/imports",
    status_code=202,
    large_body=True,
    tags=_TAGS,
    operation_class=FormOperation,
    summary="Bring a table of concerts",
    dependencies=INTAKE,
    before_request=leave_the_body,
)
async def upload_concert_import(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    intake: NamedDependency[Intake],
) -> ConcertImport:
    """A form with a CSV file in the field `file`; a job reads it, nothing is added before `begin`.

    Columns are known by the names in its first line: `date`, `artist`, `venue`, `city`, `country`,
    `notes` and others.
    """
    row = await take_form(
        intake,
        asking.TABLES,
        actor,
        body_chunks(request.receive),
        content_type=request.headers.get("content-type"),
        length_bytes=length_of(request),
    )
    return asking.shown(row)


@get("/concerts/imports", tags=_TAGS, summary="My imports")
async def list_concert_imports(
    actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> ConcertImportList:
    """The newest first, twenty at the most."""
    async with database.read() as read:
        return ConcertImportList(await asking.imports(read, actor))


@get("/concerts/imports/{concert_import_id:uuid}", tags=_TAGS, summary="One import")
async def get_concert_import(
    concert_import_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> ConcertImport:
    """What it has, and how far it is."""
    async with database.read() as read:
        return await asking.get(read, actor, concert_import_id)


@get("/concerts/imports/{concert_import_id:uuid}/items", tags=_TAGS, summary="What is in a table")
async def list_concert_import_items(
    concert_import_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    limit: Limit = 20,
    cursor: Cursor = None,
    become: State = None,
) -> ConcertImportPage:
    """Its concerts in its order, each with what becomes of it."""
    name = f"concert-import:{concert_import_id}:{become}"
    after = cursors.decode(name, cursor, int) if cursor else -1
    async with database.read() as read:
        rows = await asking.items(read, actor, concert_import_id, become, after, limit + 1)
    rows, following = cursors.cut(name, rows, limit, lambda row: row.position)
    return ConcertImportPage([asking.item(row) for row in rows], following)


@post(
    "/concerts/imports/{concert_import_id:uuid}/begin",
    status_code=202,
    tags=_TAGS,
    summary="Add what is new in a table",
    idempotent=True,
)
async def begin_concert_import(
    concert_import_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> ConcertImport:
    """A job (`job_id`) adds its new concerts."""
    async with database.write() as tx:
        return await asking.begin(tx, actor, concert_import_id)


@post(
    "/concerts/imports/{concert_import_id:uuid}/undo",
    status_code=202,
    tags=_TAGS,
    summary="Take an import back",
    idempotent=True,
)
async def undo_concert_import(
    concert_import_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> ConcertImport:
    """Also while it runs. What you have changed since, or put photos to, stays."""
    async with database.write() as tx:
        return await asking.undo(tx, actor, concert_import_id)


@delete(
    "/concerts/imports/{concert_import_id:uuid}",
    tags=_TAGS,
    summary="Delete an import",
    idempotent=True,
)
async def delete_concert_import(
    concert_import_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> None:
    """The concerts that were made of it stay."""
    async with database.write() as tx:
        await asking.delete(tx, actor, concert_import_id)


ROUTES = [
    upload_concert_import,
    list_concert_imports,
    get_concert_import,
    list_concert_import_items,
    begin_concert_import,
    undo_concert_import,
    delete_concert_import,
]
