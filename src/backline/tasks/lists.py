"""Lists of tasks: what somebody asks to see, page by page."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from backline.platform import text
from backline.platform.actor import Actor
from backline.platform.database import Read
from backline.tasks import access, lexemes, times
from backline.tasks.changes import project_tag
from backline.tasks.models import PRIORITIES, Filters, Sort, Task, TaskItem
from backline.tasks.sql import lists as sql
from backline.tasks.sql import projects as projects_sql
from backline.tasks.sql.lists import Condition, Key, Place, Scope

Spot = tuple[Key, UUID]

_PLACES: dict[Sort, Any] = {
    "created_at": tuple[datetime, UUID],
    "-created_at": tuple[datetime, UUID],
    "due_at": tuple[datetime | None, UUID],
    "-priority": tuple[int, UUID],
    "title": tuple[str, UUID],
    "position": tuple[str, UUID],
}


async def scope_of(read: Read, actor: Actor, filters: Filters) -> Scope:
    """Where the tasks lie that the actor may see and the filters ask for.

    Raises:
        NotFound: they ask for a project that the actor doesn't see.
    """
    if filters.project is None:
        return await _everywhere(read, actor, filters)
    if filters.project == "none":
        return Scope(actor.user_id, "none")
    project_id = UUID(filters.project)
    found = await access.project(read, actor, project_id)
    return Scope(found.row.owner_id, project_id)


async def _everywhere(read: Read, actor: Actor, filters: Filters) -> Scope:
    """What is the actor's own, and the projects of others that they see and nobody put away."""
    members = await access.shared(read, actor)
    if not members:
        return Scope(actor.user_id)
    states = await projects_sql.states(read, [(one.owner_id, one.container_id) for one in members])
    away = [one for one in members if access.is_put_away(states.get(one.container_id))]
    places = [
        Place(
            one.owner_id,
            one.container_id,
            lexemes.query(one.owner_id, filters.q, filters.label),
        )
        for one in members
        if one not in away
    ]
    return Scope(actor.user_id, places=places, away=[one.container_id for one in away])


def tags(scope: Scope) -> list[str]:
    """What a list depends on, beside what is the actor's own: what was put away may come back."""
    projects = [place.project_id for place in scope.places]
    projects += scope.away
    if isinstance(scope.project, UUID):
        projects.append(scope.project)
    return [project_tag(project_id) for project_id in projects]


async def page(
    read: Read,
    actor: Actor,
    filters: Filters,
    *,
    scope: Scope | None = None,
    after: Spot | None,
    limit: int,
) -> list[TaskItem]:
    """A page of the tasks that the actor sees and that fit the filters, behind `after`.

    `scope` is where they lie, if that is known.
    """
    scope = scope or await scope_of(read, actor, filters)
    condition = condition_of(scope.owner_id, filters, actor.user_id)
    if condition is None:
        return []
    return await sql.page(read, scope, condition, sort=filters.sort, after=after, limit=limit)


async def seen(
    read: Read, actor: Actor, filters: Filters, *, after: Spot | None, limit: int
) -> tuple[Scope, list[TaskItem]]:
    """As `page`, and where its tasks lie.

    Most people are members of nothing: then one statement finds that out, too.

    Raises:
        NotFound: the filters ask for a project that the actor doesn't see.
    """
    if filters.project is None:
        alone = Scope(actor.user_id, is_alone=True)
        rows = await page(read, actor, filters, scope=alone, after=after, limit=limit)
        if rows:
            return alone, rows
    scope = await scope_of(read, actor, filters)
    return scope, await page(read, actor, filters, scope=scope, after=after, limit=limit)


async def whole_page(
    read: Read, actor: Actor, filters: Filters, after: Spot | None, limit: int
) -> list[Task]:
    """As `page`, the oldest first, and with descriptions."""
    scope = await scope_of(read, actor, filters)
    condition = condition_of(scope.owner_id, filters, actor.user_id)
    if condition is None:
        return []
    return await sql.whole_page(read, scope, condition, after, limit)


async def count(read: Read, actor: Actor, filters: Filters) -> int:
    """How many there are on all pages."""
    scope = await scope_of(read, actor, filters)
    condition = condition_of(scope.owner_id, filters, actor.user_id)
    return 0 if condition is None else await sql.count(read, scope, condition)


def place_of(task: TaskItem, sort: Sort) -> Spot:
    """What a cursor remembers of a task."""
    match sort:
        case "created_at" | "-created_at":
            return task.created_at, task.id
        case "due_at":
            return task.due_at, task.id
        case "-priority":
            return PRIORITIES.index(task.priority), task.id
        case "title":
            return text.sort_key(task.title), task.id
        case "position":
            return task.position, task.id


def place_type(sort: Sort) -> Any:
    """The type of a place, to read it from a cursor by."""
    return _PLACES[sort]


def name_of(filters: Filters) -> str:
    """What tells one list from another."""
    return f"tasks:{msgspec.json.encode(filters, order='deterministic').decode()}"


def condition_of(owner_id: UUID, filters: Filters, me: UUID) -> Condition | None:
    """The filters as the database takes them; None where `q` has no words to look for.

    Raises:
        Invalid: a time of theirs is out of reach, or there is no such time zone.
    """
    times.check(filters)
    after, before = times.window(filters, datetime.now(UTC))
    query = lexemes.query(owner_id, filters.q, filters.label)
    if filters.q and not text.words(filters.q):
        return None
    return Condition(
        statuses=_unique(filters.status),
        priorities=[PRIORITIES.index(one) for one in _unique(filters.priority)],
        due_after=after,
        due_before=before,
        is_open=filters.due == "overdue",
        query=query,
        assignee=_person(filters.assignee, me),
        is_top=filters.parent == "none",
    )


def _person(said: str | None, me: UUID) -> UUID | Literal["none"] | None:
    """Whose to do the tasks are that a filter lets through."""
    if said is None or said == "none":
        return said
    return me if said == "me" else UUID(said)


def _unique(values: Sequence[Any]) -> list[Any]:
    return list(dict.fromkeys(values))
