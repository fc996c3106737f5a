"""HTTP for saved views."""

from uuid import UUID

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.http.conditions import CONDITIONAL, IfMatch
from backline.tasks import views
from backline.tasks.views import View, ViewForm, ViewPatch

_TAGS = ["tasks"]


class ViewList(msgspec.Struct, frozen=True):
    """All of somebody's views by their names."""

    items: list[View]
    next_cursor: str | None = None


@get("/tasks/views", tags=_TAGS, summary="My saved views")
async def list_views(
    actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> ViewList:
    """By their names, a hundred at the most. A view's `filters` are the parameters of `/tasks`."""
    async with database.read() as read:
        return ViewList(await views.views(read, actor))


@post("/tasks/views", tags=_TAGS, summary="Save a view", idempotent=True)
async def create_view(
    data: JSONBody[ViewForm], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> View:
    """Keeps filters and a sort under a name."""
    async with database.write() as tx:
        return await views.create(tx, actor, data)


@patch(
    "/tasks/views/{view_id:uuid}",
    tags=_TAGS,
    summary="Change a view",
    dependencies=CONDITIONAL,
    idempotent=True,
)
async def change_view(
    view_id: FromPath[UUID],
    data: JSONBody[ViewPatch],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    if_match: NamedDependency[IfMatch],
) -> View:
    """A merge patch; `filters` are replaced as a whole."""
    async with database.write() as tx:
        return await views.change(tx, actor, view_id, data, if_match)


@delete(
    "/tasks/views/{view_id:uuid}",
    tags=_TAGS,
    summary="Delete a view",
    dependencies=CONDITIONAL,
    idempotent=True,
)
async def delete_view(
    view_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    if_match: NamedDependency[IfMatch],
) -> None:
    """The tasks that it shows stay."""
    async with database.write() as tx:
        await views.delete(tx, actor, view_id, if_match)


ROUTES = [list_views, create_view, change_view, delete_view]
