"""Who may do what with a task or a project: the one place where it is asked, before anything else.

A task in no project is its owner's alone. One in a project is everybody's who is a member of it, by
their rank, and lies among its owner's. What is in a project in the trash isn't there; what is in
one in the archive is read and not changed.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final, TypeVar
from uuid import UUID

import msgspec

from backline import accounts
from backline.accounts import Container, Membership, Rank
from backline.platform.actor import Actor
from backline.platform.database import Read, Write
from backline.platform.errors import BacklineError, Conflict, Forbidden, NotFound
from backline.tasks.models import Task
from backline.tasks.sql import projects as projects_sql
from backline.tasks.sql import tasks as sql
from backline.tasks.sql.due import DueRow
from backline.tasks.sql.projects import ProjectRow, State
from backline.tasks.sql.tasks import Place

ItemT = TypeVar("ItemT", Task, DueRow)

KIND: Final = "project"
NO_TASK: Final = "There is no such task."
NO_PROJECT: Final = "There is no such project."
_ARCHIVED: Final = "This project is archived. Its owner can take it out of the archive first."


class Seen(msgspec.Struct, frozen=True):
    """A task, and what the actor is in its project; of their own they are the owner."""

    task: Task
    rank: Rank


class Found(msgspec.Struct, frozen=True):
    """A project, and what the actor is in it."""

    row: ProjectRow
    rank: Rank

    @property
    def container(self) -> Container:
        """As its members are known by."""
        return Container(self.row.owner_id, self.row.id, KIND)


class Held(msgspec.Struct, frozen=True):
    """Tasks that nobody else changes now, and why the actor may not change others."""

    tasks: Mapping[UUID, Task]
    refused: Mapping[UUID, BacklineError]

    def one(self, task_id: UUID) -> Task:
        """One of the tasks.

        Raises:
            NotFound: it isn't there, or is none of the actor's business.
            Forbidden, Conflict: they may see it, and not change it.
        """
        if task_id in self.refused:
            raise self.refused[task_id]
        if task_id not in self.tasks:
            raise NotFound(NO_TASK)
        return self.tasks[task_id]


async def shared(read: Read, actor: Actor) -> list[Membership]:
    """The projects of others that the actor is a member of."""
    return await accounts.memberships(read, actor, KIND)


async def project(
    read: Read,
    actor: Actor,
    project_id: UUID,
    *,
    least: Rank = "viewer",
    is_changed: bool = False,
) -> Found:
    """A project that the actor has at least this rank in; `is_changed`: or something in it will be.

    Raises:
        NotFound: it isn't there, is in the trash, or nothing that the actor may see.
        Forbidden: they are less.
        Conflict: it is archived.
    """
    member = await accounts.rank(read, actor, project_id, least=least)
    row = await projects_sql.project(read, member.owner_id, project_id)
    if row is None or row.deleted_at is not None:
        raise NotFound(NO_PROJECT)
    if is_changed and row.archived_at is not None:
        raise Conflict(_ARCHIVED)
    return Found(row, member.rank)


async def task(
    read: Read, actor: Actor, task_id: UUID, *, least: Rank = "viewer", is_changed: bool = False
) -> Seen:
    """A task that the actor may see, also one in the trash, without a lock on it.

    Raises:
        NotFound: it isn't there, or none of the actor's business.
        Forbidden: they are less than `least` in its project.
        Conflict: something about it will change, and its project is archived.
    """
    found = await sql.task(read, actor.user_id, task_id)
    if found is None:
        owners = [one.owner_id for one in await shared(read, actor)]
        found = await sql.task_among(read, owners, task_id) if owners else None
    if found is None:
        raise NotFound(NO_TASK)
    if found.project_id is None:
        return _private(actor, found)
    try:
        where = await project(read, actor, found.project_id, least=least, is_changed=is_changed)
    except NotFound:
        raise NotFound(NO_TASK) from None
    if where.row.owner_id != found.owner_id:
        raise NotFound(NO_TASK)
    return Seen(found, where.rank)


def _private(actor: Actor, found: Task) -> Seen:
    if found.owner_id != actor.user_id:
        raise NotFound(NO_TASK)
    return Seen(found, "owner")


async def lock(
    tx: Write,
    actor: Actor,
    task_ids: Collection[UUID],
    *,
    least: Rank = "editor",
    is_whole: bool = False,
) -> Held:
    """Take tasks to change them, also ones in the trash; `is_whole`: with their subtasks.

    Ranks are asked before anybody else's tasks are locked.
    """
    take = sql.lock_whole if is_whole else sql.lock
    tasks = await take(tx, actor.user_id, list(task_ids))
    refused: dict[UUID, BacklineError] = {}
    missing = [task_id for task_id in task_ids if task_id not in tasks]
    owners = [one.owner_id for one in await shared(tx, actor)] if missing else []
    if owners:
        places = await sql.places(tx, owners, missing)
        allowed, refusals = await _allowed(tx, actor, places, least)
        refused = {
            one.id: refusals[one.project_id]
            for one in places
            if one.project_id is not None and one.project_id in refusals
        }
        tasks |= await _lock_others(tx, [one for one in places if one.project_id in allowed], take)
    return await _without_put_away(tx, tasks, refused)


async def locked(tx: Write, actor: Actor, task_id: UUID, *, least: Rank = "editor") -> Task:
    """Take one task, as `lock` does.

    Raises:
        NotFound: it isn't there, or is none of the actor's business.
        Forbidden: they may see it, and not change it.
        Conflict: its project is archived.
    """
    return (await lock(tx, actor, [task_id], least=least)).one(task_id)


async def _allowed(
    tx: Write, actor: Actor, places: Iterable[Place], least: Rank
) -> tuple[set[UUID], dict[UUID, Forbidden]]:
    """The projects of these tasks in which the actor may do something, and why not in others."""
    owner_of = {one.project_id: one.owner_id for one in places if one.project_id is not None}
    allowed: set[UUID] = set()
    refusals: dict[UUID, Forbidden] = {}
    for project_id in sorted(owner_of):
        try:
            member = await accounts.rank(tx, actor, project_id, least=least)
        except Forbidden as fault:
            refusals[project_id] = fault
            continue
        if member.owner_id == owner_of[project_id]:
            allowed.add(project_id)
    return allowed, refusals


async def _lock_others(
    tx: Write, places: Sequence[Place], take: Callable[..., Awaitable[dict[UUID, Task]]]
) -> dict[UUID, Task]:
    """Lock what was found, but for what has gone to another project meanwhile."""
    found: dict[UUID, Task] = {}
    for owner_id, theirs in groupby(sorted(places, key=_by_owner), key=_by_owner):
        found |= await take(tx, owner_id, [one.id for one in theirs])
    allowed = {one.project_id for one in places}
    return {task_id: task for task_id, task in found.items() if task.project_id in allowed}


async def _without_put_away(
    tx: Write, tasks: Mapping[UUID, Task], refused: Mapping[UUID, BacklineError]
) -> Held:
    """Leave out what lies in projects that are archived or in the trash."""
    pairs = {
        (task.owner_id, task.project_id) for task in tasks.values() if task.project_id is not None
    }
    if not pairs:
        return Held(tasks, refused)
    states = await projects_sql.states(tx, sorted(pairs))
    kept = {
        task_id: task
        for task_id, task in tasks.items()
        if task.project_id is None or not is_put_away(states.get(task.project_id))
    }
    archived = {
        task_id: Conflict(_ARCHIVED)
        for task_id, task in tasks.items()
        if task.project_id is not None and _is_archived(states.get(task.project_id))
    }
    return Held(kept, {**refused, **archived})


async def without_put_away(read: Read, items: Sequence[ItemT]) -> list[ItemT]:
    """Those tasks that aren't in a project that was put away."""
    pairs = {(one.owner_id, one.project_id) for one in items if one.project_id is not None}
    states = await projects_sql.states(read, sorted(pairs)) if pairs else {}
    return [
        one
        for one in items
        if one.project_id is None or not is_put_away(states.get(one.project_id))
    ]


def is_put_away(state: State | None) -> bool:
    """Whether what is in a project is neither changed nor listed among the rest."""
    return state is None or state.is_archived or state.is_deleted


def _is_archived(state: State | None) -> bool:
    return state is not None and state.is_archived and not state.is_deleted


def _by_owner(place: Place) -> UUID:
    return place.owner_id
