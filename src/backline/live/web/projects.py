"""HTTP for projects and their stream keys."""

from uuid import UUID

import msgspec
from litestar import Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.live import projects
from backline.live.models import (
    LiveProject,
    LiveProjectForm,
    LiveProjectPatch,
    NewLiveProject,
    ShownKey,
)
from backline.live.services import LiveServices
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.http.conditions import CONDITIONAL, IfMatch

_TAGS = ["live"]
_UNKEPT = {"Cache-Control": "no-store"}


class LiveProjectList(msgspec.Struct, frozen=True):
    """All of somebody's projects, the oldest first."""

    items: list[LiveProject]
    next_cursor: str | None = None


@get("/live/projects", tags=_TAGS, summary="My live projects")
async def list_live_projects(
    actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> LiveProjectList:
    """All of them, the oldest first; there are fifty at the most."""
    async with database.read() as read:
        return LiveProjectList(await projects.projects(read, actor))


@post("/live/projects", tags=_TAGS, summary="Make a live project")
async def create_live_project(
    data: JSONBody[LiveProjectForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    live: NamedDependency[LiveServices],
) -> Response[NewLiveProject]:
    """With a stream key of its own. An encoder publishes at `rtmp://host:1935/live/<stream key>`.

    For how long destinations are held when the encoder drops out is `hold_s`, ten minutes at most.
    """
    async with database.write() as tx:
        made = await projects.create(tx, live.keys, actor, data)
    return Response(made, status_code=201, headers=_UNKEPT)


@get("/live/projects/{live_project_id:uuid}", tags=_TAGS, summary="One live project")
async def get_live_project(
    live_project_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> LiveProject:
    """Without its key: that is asked for by itself."""
    async with database.read() as read:
        return await projects.get(read, actor, live_project_id)


@patch(
    "/live/projects/{live_project_id:uuid}",
    tags=_TAGS,
    summary="Change a live project",
    dependencies=CONDITIONAL,
    idempotent=True,
)
async def change_live_project(
    live_project_id: FromPath[UUID],
    data: JSONBody[LiveProjectPatch],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    if_match: NamedDependency[IfMatch],
) -> LiveProject:
    """A merge patch."""
    async with database.write() as tx:
        return await projects.change(tx, actor, live_project_id, data, if_match)


@delete(
    "/live/projects/{live_project_id:uuid}",
    tags=_TAGS,
    summary="Delete a live project",
    dependencies=CONDITIONAL,
    idempotent=True,
)
async def delete_live_project(
    live_project_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    if_match: NamedDependency[IfMatch],
) -> None:
    """Its show ends, and its key opens nothing. It can be restored for a day."""
    async with database.write() as tx:
        await projects.delete(tx, actor, live_project_id, if_match)


@post(
    "/live/projects/{live_project_id:uuid}/restore",
    status_code=200,
    tags=_TAGS,
    summary="Restore a live project",
    idempotent=True,
)
async def restore_live_project(
    live_project_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> LiveProject:
    """With its key and its destinations, for a day after it was deleted."""
    async with database.write() as tx:
        return await projects.restore(tx, actor, live_project_id)


@post(
    "/live/projects/{live_project_id:uuid}/stream-key",
    status_code=200,
    tags=_TAGS,
    summary="A new stream key",
)
async def renew_stream_key(
    live_project_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    live: NamedDependency[LiveServices],
    address: NamedDependency[str],
) -> Response[ShownKey]:
    """The old one opens nothing from now on, and a show that came by it ends."""
    async with database.write() as tx:
        made = await projects.renew_key(tx, live.keys, actor, live_project_id, address=address)
    return Response(made, headers=_UNKEPT)


@post(
    "/live/projects/{live_project_id:uuid}/stream-key/show",
    status_code=200,
    tags=_TAGS,
    summary="Show my stream key",
    session_only=True,
)
async def show_stream_key(
    live_project_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    live: NamedDependency[LiveServices],
    address: NamedDependency[str],
) -> Response[ShownKey]:
    """That it was shown is recorded among my activity."""
    async with database.write() as tx:
        shown = await projects.reveal_key(tx, live.keys, actor, live_project_id, address=address)
    return Response(shown, headers=_UNKEPT)


ROUTES = [
    list_live_projects,
    create_live_project,
    get_live_project,
    change_live_project,
    delete_live_project,
    restore_live_project,
    renew_stream_key,
    show_stream_key,
]
