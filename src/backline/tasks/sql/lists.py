"""Lists of tasks: filters and sorts put together from the fragments that stand here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal, LiteralString
from uuid import UUID

import msgspec

from backline.accounts import member_of_nothing
from backline.platform.database import Read
from backline.tasks.models import Sort, Status, Task, TaskItem

Key = datetime | int | str | None

_BEFORE: Final = "t.id, t.owner_id, t.project_id, t.parent_id, t.title"
_BEHIND: Final = """t.status,
  (ARRAY['low', 'medium', 'high', 'urgent'])[t.priority + 1] AS priority,
  t.labels, t.position, t.start_at, t.due_at, t.assignee_id, t.subtasks_total, t.subtasks_done,
  t.comment_count, t.attachment_count, t.created_by, t.completed_at, t.created_at, t.updated_at,
  t.deleted_at, t.version"""
FIELDS: Final = f"{_BEFORE}, t.description <> '' AS has_description, {_BEHIND}"
_WHOLE: Final = f"{_BEFORE}, t.description, {_BEHIND}"
_ALL: Final = 1 << 40
# Of the owner's, what isn't in a project that is archived or in the trash.
NOT_PUT_AWAY: Final = """AND (t.project_id IS NULL OR t.project_id <> ALL (ARRAY(
    SELECT id FROM projects
    WHERE owner_id = $1 AND (archived_at IS NOT NULL OR deleted_at IS NOT NULL))))"""


class Condition(msgspec.Struct, frozen=True):
    """What the tasks of a list have in common; what is empty or None lets all through."""

    statuses: Sequence[Status] = ()
    priorities: Sequence[int] = ()
    due_after: datetime | None = None
    due_before: datetime | None = None
    query: str | None = None  # a tsquery
    assignee: UUID | Literal["none"] | None = None
    is_top: bool = False  # no subtasks
    is_open: bool = False  # not done


class Place(msgspec.Struct, frozen=True):
    """A project of somebody else's, with the tsquery for what its owner has."""

    owner_id: UUID
    project_id: UUID
    query: str | None = None


class Scope(msgspec.Struct, frozen=True):
    """Where the tasks of a list lie: among an owner's, or in one project of theirs, or in none.

    Where it is all of the owner's, projects that they put away aren't among it, and `places` are.
    `away` are projects of others that would be among these if nobody had put them away. With
    `is_alone` there is nothing where somebody shares a project with the owner.
    """

    owner_id: UUID
    project: UUID | Literal["none"] | None = None
    places: Sequence[Place] = ()
    away: Sequence[UUID] = ()
    is_alone: bool = False


class _Order(msgspec.Struct, frozen=True):
    """How a list is sorted: what stands behind a row, and in which order."""

    after: LiteralString
    order_by: LiteralString

    @property
    def page(self) -> LiteralString:
        """As a statement's last clause."""
        return f"{self.order_by} LIMIT $2"


_DUE: Final = "coalesce(t.due_at, 'infinity')"
_ORDERS: Final[dict[Sort, _Order]] = {
    "created_at": _Order(
        "AND (t.created_at, t.id) > ($3::timestamptz, $4::uuid)", "ORDER BY t.created_at, t.id"
    ),
    "-created_at": _Order(
        "AND (t.created_at, t.id) < ($3::timestamptz, $4::uuid)",
        "ORDER BY t.created_at DESC, t.id DESC",
    ),
    "due_at": _Order(
        f"AND ({_DUE}, t.id) > (coalesce($3::timestamptz, 'infinity'), $4::uuid)",
        f"ORDER BY {_DUE}, t.id",
    ),
    "-priority": _Order(
        "AND (t.priority, t.id) < ($3::smallint, $4::uuid)", "ORDER BY t.priority DESC, t.id DESC"
    ),
    "title": _Order("AND (t.title_key, t.id) > ($3::text, $4::uuid)", "ORDER BY t.title_key, t.id"),
    "position": _Order(
        "AND (t.position, t.id) > ($3::text, $4::uuid)", "ORDER BY t.position, t.id"
    ),
}


async def page(
    read: Read,
    scope: Scope,
    condition: Condition,
    *,
    sort: Sort,
    after: tuple[Key, UUID] | None,
    limit: int,
) -> list[TaskItem]:
    """A page of tasks; `after` is the sort key and id of the task before it.

    Archived ones are among them where a status or a search asks for them.
    """
    sql = _select(FIELDS, scope, condition, _ORDERS[sort], after)
    return await read.fetch(sql, TaskItem, *_arguments(scope, condition, after, limit))


async def whole_page(
    read: Read, scope: Scope, condition: Condition, after: tuple[Key, UUID] | None, limit: int
) -> list[Task]:
    """As `page`, the oldest first, and with descriptions."""
    sql = _select(_WHOLE, scope, condition, _ORDERS["created_at"], after)
    return await read.fetch(sql, Task, *_arguments(scope, condition, after, limit))


async def count(read: Read, scope: Scope, condition: Condition) -> int:
    """How many there are on all pages."""
    listed = _select(FIELDS, scope, condition, _ORDERS["created_at"], None)
    sql: LiteralString = f"SELECT count(*) FROM ({listed}) listed"  # noqa: S608  # literals alone
    return int(await read.fetch_value(sql, *_arguments(scope, condition, None, _ALL)))


def _arguments(
    scope: Scope, condition: Condition, after: tuple[Key, UUID] | None, limit: int
) -> tuple[object, ...]:
    statuses = list(condition.statuses)
    given = (
        scope.owner_id,
        limit,
        *(after or (None, None)),
        statuses[0] if len(statuses) == 1 else statuses,
        list(condition.priorities),
        condition.due_after,
        condition.due_before,
        condition.query,
    )
    if not _is_narrowed(scope, condition):
        return given
    narrowed = (_id(scope.project), _id(condition.assignee))
    places = (
        [place.owner_id for place in scope.places],
        [place.project_id for place in scope.places],
        [place.query for place in scope.places],
    )
    return (*given, *narrowed, *places) if scope.places else (*given, *narrowed)


def _id(said: UUID | str | None) -> UUID | None:
    return said if isinstance(said, UUID) else None


def _is_narrowed(scope: Scope, condition: Condition) -> bool:
    """Whether more has to be said than that everything of the owner's is meant."""
    return bool(scope.project or scope.places or condition.assignee)


def _select(
    fields: LiteralString, scope: Scope, condition: Condition, order: _Order, after: object
) -> LiteralString:
    """Of one table or both, of the owner and of places; each gives a page, and they are merged."""
    tables = _tables(condition)
    own = _rest(_own(scope, condition), condition, order, after)
    if len(tables) == 1 and not scope.places:
        return f"SELECT {fields} FROM {tables[0]} {own}"  # noqa: S608  # literals alone
    union: LiteralString = _UNION.join(_every(table, own) for table in tables)
    if scope.places:
        theirs = _rest(_of_place(condition), condition, order, after)
        union += _UNION
        union += _UNION.join(_every(_in_places(table, theirs), order.page) for table in tables)
    return f"SELECT {fields} FROM (({union})) t {order.page}"  # noqa: S608  # literals alone


_UNION: Final = ")\nUNION ALL\n("
_PLACES: Final = """unnest($12::uuid[], $13::uuid[], $14::text[])
  AS place(owner_id, project_id, query) CROSS JOIN LATERAL"""


def _in_places(table: LiteralString, rest: LiteralString) -> LiteralString:
    return f"{_PLACES} ({_every(table, rest)}) t"


def _every(source: LiteralString, rest: LiteralString) -> LiteralString:
    return f"SELECT t.* FROM {source} {rest}"  # noqa: S608  # literals alone


def _tables(condition: Condition) -> tuple[LiteralString, ...]:
    statuses = set(condition.statuses)
    if statuses == {"archived"}:
        return ("archived_tasks",)
    if "archived" in statuses or (condition.query is not None and not statuses):
        return ("tasks", "archived_tasks")
    return ("tasks",)


def _rest(
    whose: tuple[LiteralString, ...], condition: Condition, order: _Order, after: object
) -> LiteralString:
    where: LiteralString = "\n  ".join((*whose, *_conditions(condition), _after(order, after)))
    return f"t WHERE {where}\n{order.page}"


def _own(scope: Scope, condition: Condition) -> tuple[LiteralString, ...]:
    """Among the owner's."""
    query: LiteralString = (
        "AND t.search @@ $9::text::tsquery" if condition.query else "AND $9::text IS NULL"
    )
    whose: tuple[LiteralString, ...] = ("t.owner_id = $1", query)
    if scope.project is None:
        whose = (*whose, NOT_PUT_AWAY)
    if scope.is_alone:
        whose = (*whose, f"AND {member_of_nothing('project')}")
    if not _is_narrowed(scope, condition):
        return whose
    if not isinstance(condition.assignee, UUID):
        whose = (*whose, "AND $11::uuid IS NULL")
    if scope.project is None:
        return (*whose, "AND $10::uuid IS NULL")
    if scope.project == "none":
        return (*whose, "AND t.project_id IS NULL AND $10::uuid IS NULL")
    return (*whose, "AND t.project_id = $10::uuid")


def _of_place(condition: Condition) -> tuple[LiteralString, ...]:
    """In one of the places."""
    query: LiteralString = "AND t.search @@ place.query::tsquery" if condition.query else ""
    return ("t.owner_id = place.owner_id AND t.project_id = place.project_id", query)


def _after(order: _Order, after: object) -> LiteralString:
    # What isn't asked for still names its parameters, so that the others keep their places.
    return order.after if after else "AND $3::text IS NULL AND $4::uuid IS NULL"


def _conditions(asked: Condition) -> tuple[LiteralString, ...]:
    return (
        "AND t.deleted_at IS NULL",
        _status(len(asked.statuses)),
        "AND t.priority = ANY($6::smallint[])" if asked.priorities else "AND $6::text[] = '{}'",
        "AND t.due_at >= $7" if asked.due_after else "AND $7::text IS NULL",
        "AND t.due_at < $8" if asked.due_before else "AND $8::text IS NULL",
        "AND t.parent_id IS NULL" if asked.is_top else "",
        "AND t.completed_at IS NULL" if asked.is_open else "",
        _assignee(asked.assignee),
    )


def _assignee(assignee: UUID | str | None) -> LiteralString:
    if assignee is None:
        return ""
    return "AND t.assignee_id IS NULL" if assignee == "none" else "AND t.assignee_id = $11::uuid"


def _status(number: int) -> LiteralString:
    """One status is found by its index, several beside the others of a list."""
    if number == 0:
        return "AND $5::text[] = '{}'"
    return "AND t.status = $5::text" if number == 1 else "AND t.status = ANY($5::text[])"
