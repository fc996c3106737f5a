"""Putting a task in its place by hand: behind another, or to the front."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
from msgspec import UNSET

from backline.platform import positions
from backline.platform.actor import Actor
from backline.platform.database import Write
from backline.platform.errors import NotFound
from backline.tasks import access, changes, drafts
from backline.tasks.changes import Change
from backline.tasks.models import Move, Task
from backline.tasks.sql import positions as sql


async def move(tx: Write, actor: Actor, task_id: UUID, form: Move, request_id: str) -> Task:
    """Put a task behind another one of the same list, or to the front, perhaps in another status.

    Raises:
        NotFound: there is no such task, or none in its list that it could go behind.
        Forbidden: the actor may see it, and not change it.
    """
    before = await access.locked(tx, actor, task_id)
    if before.deleted_at is not None:
        raise NotFound(access.NO_TASK)
    now = datetime.now(UTC)
    position = await _position(tx, before, form.after_id, now)
    status = before.status if form.status is UNSET else form.status
    placed = msgspec.structs.replace(before, status=status, position=position)
    made = [Change(before, drafts.renewed(placed, now))]
    return (await changes.write(tx, actor.user_id, before.owner_id, made, request_id))[0]


async def _position(tx: Write, task: Task, behind: UUID | None, now: datetime) -> str:
    """The place that a task gets."""
    try:
        place = await _between(tx, task, behind, now)
        if len(place) <= positions.LONGEST:
            return place
    except ValueError:  # two that were added in the same moment have the same place
        pass
    ids = await sql.ordered(tx, task.owner_id, task.project_id)
    await sql.respace(tx, task.owner_id, list(zip(ids, positions.spread(len(ids)), strict=True)))
    return await _between(tx, task, behind, now)


async def _between(tx: Write, task: Task, behind: UUID | None, now: datetime) -> str:
    around = await sql.around(tx, task.owner_id, task.project_id, task.id, behind)
    if behind is not None and around.low is None:
        raise NotFound("The task that this one should go behind isn't in its list. Load it again.")
    if around.high is None:
        return positions.at_end(now, around.low)
    if around.low is None:
        return positions.at_front(around.high)
    return positions.between(around.low, around.high)
