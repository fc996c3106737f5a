"""Subtasks: the parts of a task, one level deep. Each is a task, in the project of its whole."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec

from backline.platform.actor import Actor
from backline.platform.database import Read, Write
from backline.platform.errors import Conflict, NotFound
from backline.tasks import access, changes, drafts, grounds
from backline.tasks.changes import Change
from backline.tasks.models import (
    Description,
    Labels,
    Priority,
    Status,
    Task,
    TaskForm,
    TaskItem,
    Time,
    Title,
)
from backline.tasks.sql import parts as sql


class SubtaskForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a task to be made."""

    title: Title
    description: Description = ""
    status: Status = "todo"
    priority: Priority = "medium"
    labels: Labels = []
    start_at: Time | None = None
    due_at: Time | None = None
    assignee_id: UUID | None = None


class ParentForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The task that another becomes a part of; null: none."""

    parent_id: UUID | None


async def subtasks(read: Read, actor: Actor, task_id: UUID) -> list[TaskItem]:
    """The parts of a task that the actor sees, in their order, archived ones too.

    Raises:
        NotFound: it isn't there, or none of their business.
    """
    seen = await access.task(read, actor, task_id)
    return await sql.subtasks(read, seen.task.owner_id, task_id)


async def create(
    tx: Write, actor: Actor, task_id: UUID, form: SubtaskForm, request_id: str
) -> Task:
    """Add a part to a task.

    Raises:
        NotFound: it isn't there, or none of the actor's business; or there is no such member.
        Forbidden: they may see it, and not change it.
        Conflict: it is a part itself, or has a hundred.
    """
    whole = _fit(await access.locked(tx, actor, task_id))
    said = msgspec.structs.asdict(form)
    described = TaskForm(**said, project_id=whole.project_id)
    ground = await grounds.survey(tx, actor, [described])
    made = drafts.draft(actor, described, ground, datetime.now(UTC))
    made = msgspec.structs.replace(made, parent_id=whole.id)
    return (
        await changes.write(tx, actor.user_id, made.owner_id, [Change(None, made)], request_id)
    )[0]


async def put(
    tx: Write, actor: Actor, task_id: UUID, parent_id: UUID | None, request_id: str
) -> Task:
    """Make a task a part of another one in the same project, or part it from its whole.

    Raises:
        NotFound: one of the two isn't there, or none of the actor's business.
        Forbidden: they may see them, and not change them.
        Conflict: either would be a part of a part, or they aren't in the same project.
    """
    ids = [task_id] if parent_id is None else [task_id, parent_id]
    held = await access.lock(tx, actor, ids)
    before = held.one(task_id)
    if before.deleted_at is not None:
        raise NotFound(access.NO_TASK)
    if parent_id is not None and parent_id != before.parent_id:
        whole = _fit(held.one(parent_id))
        if before.subtasks_total or parent_id == task_id:
            raise Conflict("A task that has subtasks can't be a part of another one.")
        if (whole.owner_id, whole.project_id) != (before.owner_id, before.project_id):
            raise Conflict("Only tasks of the same project can be parts of each other.")
    after = msgspec.structs.replace(before, parent_id=parent_id)
    made = [Change(before, drafts.renewed(after, datetime.now(UTC)))]
    return (await changes.write(tx, actor.user_id, before.owner_id, made, request_id))[0]


def _fit(whole: Task) -> Task:
    """A task that can have one more part.

    Raises:
        NotFound: it is in the trash.
        Conflict: it is a part itself, or has a hundred.
    """
    if whole.deleted_at is not None:
        raise NotFound(access.NO_TASK)
    if whole.parent_id is not None:
        raise Conflict("This is a subtask, and those have no subtasks.")
    if whole.subtasks_total >= drafts.MOST_PARTS:
        raise Conflict(f"This task has {drafts.MOST_PARTS} subtasks, and takes no more.")
    return whole
