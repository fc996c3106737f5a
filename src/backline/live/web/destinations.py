"""HTTP for destinations. Requests that bring a key aren't kept for a repetition."""

from uuid import UUID

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.live import destinations
from backline.live.models import Destination, DestinationForm, DestinationPatch
from backline.live.services import LiveServices
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.http.conditions import CONDITIONAL, IfMatch

_TAGS = ["live"]
_ALL = "/live/projects/{live_project_id:uuid}/destinations"
_ONE = _ALL + "/{destination_id:uuid}"


class DestinationList(msgspec.Struct, frozen=True):
    """All of a project's destinations, the oldest first."""

    items: list[Destination]
    next_cursor: str | None = None


@get(_ALL, tags=_TAGS, summary="Where a project is relayed to")
async def list_destinations(
    live_project_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> DestinationList:
    """All of them, the oldest first, without their keys; there are twenty at the most."""
    async with database.read() as read:
        return DestinationList(await destinations.destinations(read, actor, live_project_id))


@post(_ALL, tags=_TAGS, summary="Add a destination")
async def add_destination(
    live_project_id: FromPath[UUID],
    data: JSONBody[DestinationForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    live: NamedDependency[LiveServices],
) -> Destination:
    """Its `stream_key` is kept encrypted, and nobody is told it again.

    While the project is live, it is reached from the next keyframe on. `preset` is one of
    `GET /live/presets`, for its name and its advice alone.
    """
    async with database.write() as tx:
        return await destinations.add(tx, live.keys, actor, live_project_id, data)


@patch(_ONE, tags=_TAGS, summary="Change a destination", dependencies=CONDITIONAL)
async def change_destination(
    live_project_id: FromPath[UUID],
    destination_id: FromPath[UUID],
    data: JSONBody[DestinationPatch],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    live: NamedDependency[LiveServices],
    if_match: NamedDependency[IfMatch],
) -> Destination:
    """A merge patch. `enabled` turns it on and off, also in the middle of a show."""
    place = (live_project_id, destination_id)
    async with database.write() as tx:
        return await destinations.change(tx, live.keys, actor, place, data, if_match)


@delete(
    _ONE,
    tags=_TAGS,
    summary="Remove a destination",
    dependencies=CONDITIONAL,
    idempotent=True,
)
async def remove_destination(
    live_project_id: FromPath[UUID],
    destination_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    if_match: NamedDependency[IfMatch],
) -> None:
    """Also from a show that is on; the others go on. It can be restored for a day."""
    async with database.write() as tx:
        await destinations.remove(tx, actor, (live_project_id, destination_id), if_match)


@post(
    _ONE + "/restore",
    status_code=200,
    tags=_TAGS,
    summary="Restore a destination",
    idempotent=True,
)
async def restore_destination(
    live_project_id: FromPath[UUID],
    destination_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> Destination:
    """With its key, for a day after it was removed."""
    async with database.write() as tx:
        return await destinations.restore(tx, actor, (live_project_id, destination_id))


@post(_ONE + "/retry", status_code=200, tags=_TAGS, summary="Try a destination again now")
async def retry_destination(
    live_project_id: FromPath[UUID],
    destination_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> Destination:
    """For one that failed, is stalled, or waits for its next try.

    Without a show it changes nothing.
    """
    async with database.write() as tx:
        return await destinations.retry(tx, actor, (live_project_id, destination_id))


ROUTES = [
    list_destinations,
    add_destination,
    change_destination,
    remove_destination,
    restore_destination,
    retry_destination,
]
