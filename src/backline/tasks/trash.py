"""The trash: what lies there, emptying it, and what happens to old things by themselves."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from uuid import UUID

import msgspec

from backline import accounts
from backline.accounts import Container
from backline.platform import events
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Database, Read, Write
from backline.platform.errors import Conflict
from backline.tasks import access, changes, projects, remains, tasks
from backline.tasks.access import KIND
from backline.tasks.changes import Change, project_tag
from backline.tasks.models import TaskChanged, TaskItem
from backline.tasks.sql import counts as counts_sql
from backline.tasks.sql import invitations as invitations_sql
from backline.tasks.sql import projects as projects_sql
from backline.tasks.sql import tasks as sql
from backline.tasks.sql import trash as trash_sql
from backline.tasks.sql.lists import Scope
from backline.tasks.sql.tasks import Place

KEPT = timedelta(days=30)
_BATCH = 500


async def page(
    read: Read, scope: Scope, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[TaskItem]:
    """A page of the trash there, the newest first."""
    project_id = scope.project if isinstance(scope.project, UUID) else None
    return await trash_sql.page(read, scope.owner_id, project_id, after=after, limit=limit)


async def empty(tx: Write, actor: Actor) -> int:
    """Remove for good what lies in the actor's trash; how many tasks that were."""
    gone = await trash_sql.empty(tx, actor.user_id)
    await _remove(tx, actor.user_id, gone)
    return len(gone)


async def remove(tx: Write, actor: Actor, task_id: UUID) -> None:
    """Remove one task for good, as its owner, with what went into the trash together with it.

    Raises:
        NotFound: it isn't there, or is none of the actor's business.
        Forbidden: it is somebody else's, in whose project the actor is a member.
        Conflict: it isn't in the trash, or its project is archived.
    """
    held = await access.lock(tx, actor, [task_id], least="owner", is_whole=True)
    task = held.one(task_id)
    if task.deleted_at is None:
        raise Conflict("Only what lies in the trash can be deleted for good. Delete it first.")
    parts = [one for one in tasks.parts(held.tasks, task) if one.deleted_at == task.deleted_at]
    for table in ("tasks", "archived_tasks"):
        ids = [one.id for one in (task, *parts) if changes.table_of(one) == table]
        if ids:
            await sql.delete(tx, table, task.owner_id, ids)
    gone = [Place(one.owner_id, one.id, one.project_id) for one in (task, *parts)]
    await _remove(tx, task.owner_id, gone)


async def _remove(tx: Write, owner_id: UUID, gone: Sequence[Place]) -> None:
    """Have what hung on tasks go with them, caches forget them, and pages hear of it."""
    await remains.remove(tx, gone)
    invalidate(tx, f"tasks:{owner_id.hex}")
    await events.publish(tx, owner_id, "tasks", "task", TaskChanged([], "purged"))
    for project_id in {place.project_id for place in gone if place.project_id is not None}:
        invalidate(tx, project_tag(project_id))
        said = TaskChanged([], "purged", project_id)
        await events.publish(tx, owner_id, "tasks", "task", said, container_id=project_id)


async def purge(database: Database) -> int:
    """Remove for good, in several transactions, what has been in the trash for thirty days."""
    before, total = datetime.now(UTC) - KEPT, 0
    while True:
        async with database.write() as tx:
            gone = await trash_sql.purge(tx, before, _BATCH)
            await remains.remove(tx, gone)
        total += len(gone)
        if not gone:
            return total


async def purge_projects(database: Database) -> int:
    """Remove for good, in several transactions, projects that were in the trash for as long."""
    before, total = datetime.now(UTC) - KEPT, 0
    while True:
        async with database.read() as read:
            found = await projects_sql.deleted_before(read, before, _BATCH)
        for one in found:
            total += await _purge_project(database, Container(one.owner_id, one.id, KIND), before)
        if not found:
            return total


async def _purge_project(database: Database, container: Container, before: datetime) -> int:
    """Remove a project, its tasks first; 0 where it was restored meanwhile."""
    while True:
        async with database.write() as tx:
            row = await projects_sql.lock(tx, container.owner_id, container.id)
            if row is None or row.deleted_at is None or row.deleted_at >= before:
                return 0
            gone = await trash_sql.of_project(tx, container.owner_id, container.id, _BATCH)
            await remains.remove(tx, gone)
            if gone:
                continue
            await counts_sql.forget_project(tx, container.owner_id, container.id)
            await invitations_sql.end(tx, container.owner_id, container.id)
            await accounts.end_container(tx, container)
            await projects_sql.delete(tx, container.owner_id, container.id)
            await projects.tell(tx, row)
            return 1


async def archive(database: Database, after: timedelta) -> int:
    """Archive, in several transactions, what was done longer ago than `after`."""
    before, total = datetime.now(UTC) - after, 0
    while True:
        async with database.read() as read:
            found = await trash_sql.done_before(read, before, _BATCH)
        moved = 0
        for owner_id, places in groupby(sorted(found, key=_by_owner), key=_by_owner):
            async with database.write() as tx:
                moved += await _archive(tx, owner_id, [place.id for place in places], before)
        total += moved
        if moved == 0:
            return total


async def _archive(tx: Write, owner_id: UUID, ids: list[UUID], before: datetime) -> int:
    """Archive those of the tasks that are still done since then."""
    now = datetime.now(UTC)
    known = await sql.lock(tx, owner_id, ids)
    made = [
        Change(
            task,
            msgspec.structs.replace(
                task, status="archived", updated_at=now, version=task.version + 1
            ),
        )
        for task in known.values()
        if task.status == "done"
        and task.deleted_at is None
        and task.completed_at is not None
        and task.completed_at < before
    ]
    await changes.write(tx, None, owner_id, made)
    return len(made)


def _by_owner(place: Place) -> UUID:
    return place.owner_id
