"""HTTP for lists of tasks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar, get_args

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from backline.platform import zones
from backline.platform.actor import Actor
from backline.platform.cache import Depends
from backline.platform.database import Database
from backline.platform.errors import FieldFault, Invalid
from backline.platform.http import cursors
from backline.platform.http.paging import Cursor, Limit, Search
from backline.tasks import lists
from backline.tasks.models import (
    Due,
    Filters,
    Label,
    OfPerson,
    OfProject,
    Priority,
    Sort,
    Status,
    TaskPage,
    Time,
    TimeZone,
)

T = TypeVar("T")
Statuses = Annotated[
    str,
    QueryParameter(
        name="status", max_length=40, description="Those to show, by comma: `todo,doing`"
    ),
]
Priorities = Annotated[
    str,
    QueryParameter(
        name="priority", max_length=40, description="Those to show, by comma: `high,urgent`"
    ),
]
LabelNames = Annotated[
    str,
    QueryParameter(
        name="label", max_length=260, description="Only tasks with all of these, by comma"
    ),
]
DueBefore = Annotated[
    str | None, QueryParameter(format="date-time", description="Only what is due before then")
]
DueAfter = Annotated[
    str | None, QueryParameter(format="date-time", description="Only what is due then or later")
]
DueWhen = Annotated[
    str,
    QueryParameter(
        name="due",
        max_length=7,
        description="`overdue`, `today`, or `week`: today and the six days after it",
    ),
]
InZone = Annotated[
    str,
    QueryParameter(
        max_length=zones.MOST_LENGTH,
        description="Whose days `due` means: `Europe/Berlin`; else UTC",
    ),
]
InProject = Annotated[
    str,
    QueryParameter(
        name="project", max_length=36, description="Only this project's; `none`: in none"
    ),
]
GivenTo = Annotated[
    str,
    QueryParameter(
        name="assignee", max_length=36, description="Only this person's to do; `me`, or `none`"
    ),
]
PartOf = Annotated[
    str,
    QueryParameter(name="parent", max_length=4, description="`none`: without subtasks"),
]

_NONE = Literal["none"]


@get("/tasks", tags=["tasks"], summary="My tasks")
async def list_tasks(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    depends: NamedDependency[Depends],
    limit: Limit = 20,
    cursor: Cursor = None,
    statuses: Statuses = "",
    priorities: Priorities = "",
    labels: LabelNames = "",
    due_before: DueBefore = None,
    due_after: DueAfter = None,
    due: DueWhen = "",
    time_zone: InZone = "",
    project: InProject = "",
    assignee: GivenTo = "",
    parent: PartOf = "",
    q: Search = "",
    sort: FromQuery[Sort] = "-created_at",
) -> TaskPage:
    """A page of all tasks that I see. Filters compose.

    `q` looks for words in titles, descriptions and labels. Without `project` it is what is mine
    and what is in the projects of others that I am a member of, but for archived projects.
    Archived tasks are shown where `status` asks for them, and found by `q`. Sorted by `due_at`,
    what has no time comes last.
    """
    filters = Filters(
        status=_several(statuses, Status, "status"),
        priority=_several(priorities, Priority, "priority"),
        label=_several(labels, Label, "label"),
        due_before=_instant(due_before, "due_before"),
        due_after=_instant(due_after, "due_after"),
        due=_one(due, Due, "due"),
        time_zone=_one(time_zone, TimeZone, "time_zone"),
        project=in_project(project),
        assignee=_one(assignee, OfPerson, "assignee"),
        parent=_one(parent, _NONE, "parent"),
        q=q,
        sort=sort,
    )
    if filters.due is not None:
        depends.on_the_clock()
    name = lists.name_of(filters)
    after = cursors.decode(name, cursor, lists.place_type(sort)) if cursor else None
    async with database.read() as read:
        scope, rows = await lists.seen(read, actor, filters, after=after, limit=limit + 1)
    depends.on(*lists.tags(scope))
    rows, following = cursors.cut(name, rows, limit, lambda task: lists.place_of(task, sort))
    return TaskPage(rows, following)


def in_project(said: str) -> str | None:
    """Which project a parameter names.

    Raises:
        Invalid: none.
    """
    return _one(said, OfProject, "project")


def _one(said: str, kind: Any, field: str) -> Any:
    """The value of a parameter that names one thing; None where it is empty.

    Raises:
        Invalid: it isn't one.
    """
    if not said:
        return None
    try:
        return msgspec.convert(said, kind)
    except msgspec.ValidationError as fault:
        raise Invalid(
            f"{field!r} has a value that isn't one: an id is meant, or a word of its description.",
            FieldFault(field, "isn't known"),
        ) from fault


def _several(said: str, kind: Any, field: str) -> list[Any]:
    """The values of a parameter that names several.

    Raises:
        Invalid: one of them isn't one.
    """
    if not said:
        return []
    values = [part.strip() for part in said.split(",") if part.strip()]
    try:
        return msgspec.convert(values, list[kind])
    except msgspec.ValidationError as fault:
        known = _known(get_args(kind))
        raise Invalid(
            f"{field!r} has a value that isn't one.{known}", FieldFault(field, "isn't known")
        ) from fault


def _known(values: Sequence[Any]) -> str:
    names = [value for value in values if isinstance(value, str)]
    return f" There are: {', '.join(names)}." if names else ""


def _instant(said: str | None, field: str) -> datetime | None:
    """The time that a parameter names (RFC 3339), if there is one.

    Raises:
        Invalid: it isn't one, or it could be anywhere in the world.
    """
    if said is None:
        return None
    try:
        return msgspec.convert(said, Time)
    except msgspec.ValidationError as fault:
        raise Invalid(
            f"{field!r} isn't a time with its offset from UTC. Write it as 2026-05-01T09:00:00Z.",
            FieldFault(field, "isn't such a time"),
        ) from fault


ROUTES = [list_tasks]
