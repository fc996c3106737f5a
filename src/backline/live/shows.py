"""Shows: how a project is doing now, stopping what is on, and what was."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from backline.live import changes, projects
from backline.live.models import LiveProject, LiveStatus, Report, Show
from backline.live.sql import projects as projects_sql
from backline.live.sql import shows as sql
from backline.live.sql import streams as streams_sql
from backline.live.sql.streams import Said
from backline.platform.actor import Actor
from backline.platform.database import Read, Write
from backline.platform.errors import Conflict, NotFound

# Encoders that connect again by themselves wait up to a quarter of an hour between two tries, and
# each of them is one that the show must not begin anew by.
CLOSED_S: Final = 15 * 60


async def status(read: Read, actor: Actor, project_id: UUID) -> LiveStatus:
    """How a project is doing now.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    found = await streams_sql.said(read, actor.user_id, project_id)
    if not found:
        raise NotFound(projects.GONE)
    return _status(found[0])


async def statuses(read: Read, actor: Actor) -> list[LiveStatus]:
    """The same of all of the actor's projects, in their order."""
    return [_status(one) for one in await streams_sql.said(read, actor.user_id, None)]


async def stop(tx: Write, actor: Actor, project_id: UUID) -> LiveProject:
    """End a project's show, and let its encoder not begin another for a while.

    Raises:
        NotFound: it isn't there, or someone else's.
        Conflict: nothing is on.
    """
    await projects.locked(tx, actor, project_id)
    now = await status(tx, actor, project_id)
    if now.state in ("off", "closed"):
        raise Conflict("Nothing is on that could be stopped.")
    await projects_sql.close(tx, actor.user_id, project_id, CLOSED_S)
    await changes.tell(tx, actor.user_id, project_id)
    return await projects.get(tx, actor, project_id)


async def reopen(tx: Write, actor: Actor, project_id: UUID) -> LiveProject:
    """Let a project's key open again what `stop` closed.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    await projects.locked(tx, actor, project_id)
    await projects_sql.reopen(tx, actor.user_id, project_id)
    await changes.tell(tx, actor.user_id, project_id)
    return await projects.get(tx, actor, project_id)


async def page(
    read: Read,
    actor: Actor,
    project_id: UUID,
    *,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Show]:
    """A project's shows, the newest first.

    Raises:
        NotFound: the project isn't there, or someone else's.
    """
    await projects.get(read, actor, project_id)
    return await sql.shows(read, actor.user_id, project_id, before=before, limit=limit)


def _status(said: Said) -> LiveStatus:
    report, state = Report(), _state(said)
    is_on = state in ("live", "lost")
    if state == "live":
        report = msgspec.json.decode(said.report or "{}", type=Report)
    return LiveStatus(
        said.id,
        "held" if report.held_until is not None else state,
        said.show_id if is_on else None,
        said.started_at if is_on else None,
        report.held_until,
        report.incoming,
        report.relays,
        report.ladder,
    )


def _state(said: Said) -> Literal["off", "closed", "live", "lost"]:
    if said.is_closed:  # what may still be on, its node is about to end
        return "closed"
    if said.state != "live":
        return "off"
    return "live" if said.is_leased else "lost"
