"""HTTP for shows: how a project is doing now, stopping it, its history and its graphs."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from backline.live import graphs, shows
from backline.live.models import LiveProject, LiveStatus, Show, ShowGraph
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.http import cursors
from backline.platform.http.paging import Cursor, Limit

_TAGS = ["live"]
_NAME = "live-shows"


class StatusList(msgspec.Struct, frozen=True):
    """How each of somebody's projects is doing."""

    items: list[LiveStatus]
    next_cursor: str | None = None


class ShowPage(msgspec.Struct, frozen=True):
    """A page of shows."""

    items: list[Show]
    next_cursor: str | None = None


@get("/live/status", tags=_TAGS, summary="How all my projects are doing")
async def list_statuses(
    actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> StatusList:
    """In the order of the projects; at most a second old."""
    async with database.read() as read:
        return StatusList(await shows.statuses(read, actor))


@get("/live/projects/{live_project_id:uuid}/status", tags=_TAGS, summary="How a project is doing")
async def get_status(
    live_project_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> LiveStatus:
    """What comes in, and how each destination is doing; at most a second old.

    While the project is live, `live-status` events on `/events` bring the same once a second.
    """
    async with database.read() as read:
        return await shows.status(read, actor, live_project_id)


@post(
    "/live/projects/{live_project_id:uuid}/stop",
    status_code=200,
    tags=_TAGS,
    summary="Stop the show",
    idempotent=True,
)
async def stop_show(
    live_project_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> LiveProject:
    """Everywhere at once. The encoder is turned away until `closed_until`, or until `reopen`.

    Each try of it puts that off: one that connects again by itself doesn't begin the show anew.
    """
    async with database.write() as tx:
        return await shows.stop(tx, actor, live_project_id)


@post(
    "/live/projects/{live_project_id:uuid}/reopen",
    status_code=200,
    tags=_TAGS,
    summary="Let the encoder in again",
    idempotent=True,
)
async def reopen_project(
    live_project_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> LiveProject:
    """After `stop`, without waiting."""
    async with database.write() as tx:
        return await shows.reopen(tx, actor, live_project_id)


@get("/live/projects/{live_project_id:uuid}/shows", tags=_TAGS, summary="A project's shows")
async def list_shows(
    live_project_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    limit: Limit = 20,
    cursor: Cursor = None,
) -> ShowPage:
    """The newest first; kept for 400 days."""
    before = cursors.decode(_NAME, cursor, tuple[datetime, UUID]) if cursor else None
    async with database.read() as read:
        rows = await shows.page(read, actor, live_project_id, before=before, limit=limit + 1)
    rows, following = cursors.cut(_NAME, rows, limit, lambda show: (show.started_at, show.id))
    return ShowPage(rows, following)


@get(
    "/live/projects/{live_project_id:uuid}/shows/{show_id:uuid}/graph",
    tags=_TAGS,
    summary="A show over time",
)
async def get_graph(
    live_project_id: FromPath[UUID],
    show_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> ShowGraph:
    """What came in, and how each destination did, in 300 even steps at the most.

    It is measured every half minute, also while the show is on; of a show that is longer than a
    day the last day is kept. Rates are averages of a step, lags its longest, lost frames its sum.
    """
    async with database.read() as read:
        return await graphs.graph(read, actor, live_project_id, show_id)


ROUTES = [list_statuses, get_status, stop_show, reopen_project, list_shows, get_graph]
