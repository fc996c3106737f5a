"""Tasks, one at a time: made, read, changed, put into the trash and taken out of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from backline.platform.actor import Actor
from backline.platform.database import Read, Write
from backline.platform.database.versions import ANY_VERSION, IfMatch
from backline.platform.errors import NotFound
from backline.tasks import access, changes, drafts, grounds
from backline.tasks.changes import Change
from backline.tasks.models import Task, TaskForm, TaskPatch
from backline.tasks.sql import tasks as sql


async def create(tx: Write, actor: Actor, form: TaskForm, request_id: str) -> Task:
    """A new task at the end of a project, or of the actor's own list.

    Raises:
        NotFound: there is no such project, or no such member of it.
        Forbidden, Conflict: the actor may not add to it, or nobody may.
    """
    ground = await grounds.survey(tx, actor, [form])
    made = drafts.draft(actor, form, ground, datetime.now(UTC))
    await changes.write(tx, actor.user_id, made.owner_id, [Change(None, made)], request_id)
    return made


async def get(read: Read, actor: Actor, task_id: UUID) -> Task:
    """A task that the actor may see, also one in the trash.

    Raises:
        NotFound: it isn't there, or none of their business.
    """
    return (await access.task(read, actor, task_id)).task


async def change(
    tx: Write,
    actor: Actor,
    task_id: UUID,
    patch: TaskPatch,
    request_id: str,
    if_match: IfMatch = ANY_VERSION,
) -> Task:
    """Change what `patch` says; into another project its subtasks go along.

    Raises:
        NotFound: it isn't there, is in the trash, or none of the actor's business.
        Forbidden: they may see it, and not change it.
        PreconditionFailed: `if_match` is about another version.
    """
    is_moved = isinstance(patch.project_id, UUID) or patch.project_id is None
    held = await access.lock(tx, actor, [task_id], is_whole=is_moved)
    before = _present(held.one(task_id), if_match)
    following = parts(held.tasks, before) if is_moved else []
    patches = [
        (before, patch),
        *((one, TaskPatch(project_id=patch.project_id)) for one in following),
    ]
    ground = await grounds.survey(tx, actor, patches=patches)
    now = datetime.now(UTC)
    after = drafts.patched(before, patch, ground, now)
    made = [Change(before, after)]
    if after.project_id != before.project_id:
        made += [Change(one, drafts.carried(one, after, ground, now)) for one in following]
    return (await changes.write(tx, actor.user_id, before.owner_id, made, request_id))[0]


async def delete(
    tx: Write, actor: Actor, task_id: UUID, request_id: str, if_match: IfMatch = ANY_VERSION
) -> None:
    """Put a task with its subtasks into the trash, from which it is removed after thirty days.

    Raises:
        NotFound: it isn't there, is in the trash already, or none of the actor's business.
        Forbidden: they may see it, and not change it.
        PreconditionFailed: `if_match` is about another version.
    """
    held = await access.lock(tx, actor, [task_id], is_whole=True)
    before = _present(held.one(task_id), if_match)
    now = datetime.now(UTC)
    made = [
        Change(one, drafts.trashed(one, now))
        for one in (before, *parts(held.tasks, before))
        if one.deleted_at is None
    ]
    await changes.write(tx, actor.user_id, before.owner_id, made, request_id)


async def restore(tx: Write, actor: Actor, task_id: UUID, request_id: str) -> Task:
    """Take a task out of the trash with what went there together with it.

    One that isn't in there stays as it is. A subtask without its task becomes a task of its own.

    Raises:
        NotFound: it was removed for good, or is none of the actor's business.
        Forbidden: they may see it, and not change it.
    """
    held = await access.lock(tx, actor, [task_id], is_whole=True)
    if task_id not in held.tasks and task_id not in held.refused:
        raise NotFound("There is nothing left to restore.")
    before = held.one(task_id)
    if before.deleted_at is None:
        return before
    parent = None
    if before.parent_id is not None:
        wholes = await sql.lock(tx, before.owner_id, [before.parent_id])
        parent = wholes.get(before.parent_id)
    now = datetime.now(UTC)
    after = drafts.restored(before, parent, now)
    made = [Change(before, after)]
    made += [
        Change(one, drafts.restored(one, after, now))
        for one in parts(held.tasks, before)
        if one.deleted_at == before.deleted_at
    ]
    return (await changes.write(tx, actor.user_id, before.owner_id, made, request_id))[0]


def parts(tasks: Mapping[UUID, Task], whole: Task) -> list[Task]:
    """The subtasks of a task among others."""
    return [one for one in tasks.values() if one.parent_id == whole.id]


def _present(task: Task, if_match: IfMatch) -> Task:
    if task.deleted_at is not None:
        raise NotFound(access.NO_TASK)
    if_match.check(task.version)
    return task
