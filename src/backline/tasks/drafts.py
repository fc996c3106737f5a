"""Tasks as they will be: what a form, a patch, the trash make of them. Nothing is written here."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import UNSET

from backline.platform import positions
from backline.platform.actor import Actor
from backline.platform.errors import FieldFault, Invalid
from backline.platform.ids import uuid7
from backline.tasks import times
from backline.tasks.grounds import Ground
from backline.tasks.models import Task, TaskForm, TaskPatch

MOST_PARTS: Final = 100


def draft(actor: Actor, form: TaskForm, ground: Ground, now: datetime) -> Task:
    """The task that a form describes, at the end of its list.

    Raises:
        BacklineError: it can't be there, or nobody's whom it is given to.
        Invalid: it would be due before it starts, or lies out of reach.
    """
    start_at, due_at = _in_utc(form.start_at, "start_at"), _in_utc(form.due_at, "due_at")
    check_times(start_at, due_at)
    owner_id = ground.owner_of(form.project_id)
    if form.assignee_id is not None:
        ground.check_assignee(owner_id, form.project_id, form.assignee_id)
    return Task(
        id=uuid7(),
        owner_id=owner_id,
        project_id=form.project_id,
        parent_id=None,
        title=form.title.strip(),
        description=form.description,
        status=form.status,
        priority=form.priority,
        labels=_unique(form.labels),
        position=positions.at_end(now),
        start_at=start_at,
        due_at=due_at,
        assignee_id=form.assignee_id,
        subtasks_total=0,
        subtasks_done=0,
        comment_count=0,
        attachment_count=0,
        created_by=actor.user_id,
        completed_at=now if form.status in ("done", "archived") else None,
        created_at=now,
        updated_at=now,
        deleted_at=None,
        version=1,
    )


def patched(task: Task, patch: TaskPatch, ground: Ground, now: datetime) -> Task:
    """A task with what a patch says of it; in another project it comes last.

    Raises:
        BacklineError: it can't be there, or nobody's whom it is given to.
        Invalid: it would be due before it starts.
    """
    said: dict[str, Any] = {
        field: value
        for field in TaskPatch.__struct_fields__
        if (value := getattr(patch, field)) is not UNSET
    }
    if "labels" in said:
        said["labels"] = _unique(said["labels"])
    if "title" in said:
        said["title"] = said["title"].strip()
    said |= {name: _in_utc(said[name], name) for name in ("start_at", "due_at") if name in said}
    project_id: UUID | None = said.get("project_id", task.project_id)
    if project_id != task.project_id:
        ground.check_move(task, project_id)
        said["position"] = positions.at_end(now)
        if task.assignee_id and not ground.belongs(task.owner_id, project_id, task.assignee_id):
            said.setdefault("assignee_id", None)
    if said.get("assignee_id") is not None:
        ground.check_assignee(task.owner_id, project_id, said["assignee_id"])
    after = msgspec.structs.replace(task, **said)
    check_times(after.start_at, after.due_at)
    return renewed(after, now)


def carried(part: Task, whole: Task, ground: Ground, now: datetime) -> Task:
    """A subtask that follows its task into another project."""
    given_to = part.assignee_id
    if given_to is not None and not ground.belongs(whole.owner_id, whole.project_id, given_to):
        given_to = None
    moved = msgspec.structs.replace(part, project_id=whole.project_id, assignee_id=given_to)
    return renewed(moved, now)


def trashed(task: Task, now: datetime) -> Task:
    """A task in the trash."""
    return renewed(msgspec.structs.replace(task, deleted_at=now), now)


def restored(task: Task, parent: Task | None, now: datetime) -> Task:
    """A task out of the trash.

    A subtask becomes a task of its own where its `parent` isn't there any more, is a part itself or
    elsewhere by now, or has as many subtasks as it takes.
    """
    is_part = (
        parent is not None
        and parent.deleted_at is None
        and parent.parent_id is None
        and parent.project_id == task.project_id
        and parent.subtasks_total < MOST_PARTS
    )
    parent_id = task.parent_id if is_part else None
    return renewed(msgspec.structs.replace(task, deleted_at=None, parent_id=parent_id), now)


def renewed(task: Task, now: datetime) -> Task:
    """The next version; what is done has a time of its completion, and what isn't has none."""
    is_done = task.status in ("done", "archived")
    completed_at = (task.completed_at or now) if is_done else None
    return msgspec.structs.replace(
        task, completed_at=completed_at, updated_at=now, version=task.version + 1
    )


def check_times(start_at: datetime | None, due_at: datetime | None) -> None:
    """Refuse what is due before it starts.

    Raises:
        Invalid: it is.
    """
    if start_at is not None and due_at is not None and due_at < start_at:
        raise Invalid(
            "The task would be due before it starts. Change one of the two times.",
            FieldFault("due_at", "is before start_at"),
        )


def _in_utc(at: datetime | None, field: str) -> datetime | None:
    return times.in_utc(at, field) if at is not None else None


def _unique(labels: list[str]) -> list[str]:
    """Each label once, in the order given."""
    return list(dict.fromkeys(labels))
