"""Writing what became of tasks: rows, counts, caches, browsers, the log, all in one transaction.

Operations say what a task was and what it is now; this is the one place that knows what follows.
"""

from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Literal
from uuid import UUID

import msgspec
import structlog
from prometheus_client import Counter

from backline.platform import events, text
from backline.platform.cache import invalidate
from backline.platform.database import Write
from backline.tasks import notices, rollups
from backline.tasks.lexemes import lexemes
from backline.tasks.models import Task, TaskChanged
from backline.tasks.sql import parts as parts_sql
from backline.tasks.sql import reminders as reminders_sql
from backline.tasks.sql import tasks as sql
from backline.tasks.sql.parts import Rollup
from backline.tasks.sql.tasks import Delta, Table, Written

Action = Literal["created", "updated", "deleted", "restored"]

NO_PROJECT = UUID(int=0)
_LARGEST_NOTICE = 100  # tasks that one event names; with more, pages fetch afresh
_log = structlog.get_logger()
_COUNTERS: dict[Action, Counter] = {
    "created": Counter("backline_tasks_created_total", "Tasks that were made"),
    "updated": Counter("backline_tasks_updated_total", "Changes of tasks"),
    "deleted": Counter("backline_tasks_deleted_total", "Tasks that were put into the trash"),
    "restored": Counter("backline_tasks_restored_total", "Tasks that came back from the trash"),
}


class Change(msgspec.Struct, frozen=True):
    """A task before (None: there was none) and after."""

    before: Task | None
    after: Task

    @property
    def action(self) -> Action:
        """What happened, in a word."""
        if self.before is None:
            return "created"
        if self.before.deleted_at == self.after.deleted_at:
            return "updated"
        return "restored" if self.after.deleted_at is None else "deleted"


async def write(
    tx: Write, who: UUID | None, owner_id: UUID, changes: Sequence[Change], request_id: str = ""
) -> list[Task]:
    """Make changes of one owner's tasks true; those with a `before` are locked.

    The tasks as they are then. `who` is None and there is no request where the program itself
    changes them.
    """
    if not changes:
        return []
    rolled = rollups.of([(change.before, change.after) for change in changes])
    if rolled:
        changes = [
            Change(one.before, rollups.applied(rolled, one.before, one.after)) for one in changes
        ]
        await parts_sql.roll_up(tx, owner_id, rolled)
    deltas = _deltas(changes)
    for table in ("tasks", "archived_tasks"):
        fresh = [c.after for c in changes if _comes_to(c, table)]
        kept = [c.after for c in changes if _stays_in(c, table)]
        gone = [c.after.id for c in changes if _leaves(c, table)]
        if kept:
            await sql.update(tx, table, owner_id, [_written(task) for task in kept], deltas)
            deltas = []
        if gone:
            await sql.delete(tx, table, owner_id, gone)
        if fresh:
            await sql.insert(tx, table, owner_id, [_written(task) for task in fresh], deltas)
            deltas = []
    moved = [one for one in changes if one.before and one.before.due_at != one.after.due_at]
    if moved:
        due = [(one.after.id, one.after.due_at) for one in moved]
        await reminders_sql.follow(tx, owner_id, due)
    await _tell(tx, owner_id, changes, rolled)
    if who is not None:
        await notices.tell_assigned(tx, who, [one.after for one in changes if _is_given(one)])
    tx.after_commit(partial(_note, who, changes, request_id))
    return [one.after for one in changes]


def _is_given(change: Change) -> bool:
    """Whether a task is somebody's to do that wasn't theirs."""
    before, after = change.before, change.after
    return after.deleted_at is None and (before is None or before.assignee_id != after.assignee_id)


def table_of(task: Task) -> Table:
    """Where a task lies."""
    return "archived_tasks" if task.status == "archived" else "tasks"


def _comes_to(change: Change, table: Table) -> bool:
    is_there = table_of(change.after) == table
    return is_there and (change.before is None or table_of(change.before) != table)


def _stays_in(change: Change, table: Table) -> bool:
    return change.before is not None and table_of(change.before) == table == table_of(change.after)


def _leaves(change: Change, table: Table) -> bool:
    return change.before is not None and table_of(change.before) == table != table_of(change.after)


def _written(task: Task) -> Written:
    values = (getattr(task, name) for name in Task.__struct_fields__)
    found = lexemes(task.owner_id, task.title, task.description, task.labels)
    return Written(*values, title_key=text.sort_key(task.title), lexemes=found)


def _deltas(changes: Sequence[Change]) -> list[Delta]:
    """What the changes are to the counts, without what cancels itself out."""
    tally: Tally[tuple[UUID, str, str]] = Tally()
    for change in changes:
        tally.update(_counted(change.after))
        if change.before is not None:
            tally.subtract(_counted(change.before))
    return [Delta(*place, n) for place, n in tally.items() if n]


def _counted(task: Task) -> list[tuple[UUID, str, str]]:
    """The counts that a task is in; none while it is in the trash."""
    if task.deleted_at is not None:
        return []
    project_id = task.project_id or NO_PROJECT
    places = [
        (project_id, "status", task.status),
        (project_id, "created", week_of(task.created_at)),
    ]
    if task.completed_at is not None:
        places.append((project_id, "completed", week_of(task.completed_at)))
    if task.status in ("todo", "doing"):
        places.append((project_id, "open", task.priority))
    return places


def week_of(at: datetime) -> str:
    """The week by ISO 8601, in UTC, as `2026-W48`."""
    year, week, _ = at.astimezone(UTC).isocalendar()
    return f"{year:04}-W{week:02}"


async def _tell(
    tx: Write, owner_id: UUID, changes: Sequence[Change], rolled: Mapping[UUID, Rollup]
) -> None:
    """Have caches forget, and pages hear of it: those of everybody in the projects."""
    told: dict[UUID | None, list[Change]] = {}
    for change in changes:
        there = [change.after.project_id]
        if change.before is not None and change.before.project_id != there[0]:
            there.append(change.before.project_id)
        for project_id in there:
            told.setdefault(project_id, []).append(change)
    ids = [*(change.after.id for change in changes), *rolled]
    projects = [project_id for project_id in told if project_id is not None]
    invalidate(
        tx,
        f"tasks:{owner_id.hex}",
        *(f"task:{task_id.hex}" for task_id in dict.fromkeys(ids)),
        *(project_tag(project_id) for project_id in projects),
    )
    for project_id, ones in told.items():
        first = ones[0].action
        action: Action = first if all(one.action == first for one in ones) else "updated"
        named = list(dict.fromkeys([*(one.after.id for one in ones), *_wholes(ones, rolled)]))
        said = TaskChanged(named if len(named) <= _LARGEST_NOTICE else [], action, project_id)
        await events.publish(tx, owner_id, "tasks", "task", said, container_id=project_id)


def _wholes(changes: Sequence[Change], rolled: Mapping[UUID, Rollup]) -> list[UUID]:
    """The tasks whose subtasks these are, as far as they were counted anew."""
    found = (task.parent_id for one in changes for task in (one.before, one.after) if task)
    return [parent_id for parent_id in found if parent_id is not None and parent_id in rolled]


def project_tag(project_id: UUID) -> str:
    """What depends on a project, or on anything in it."""
    return f"project:{project_id.hex}"


def _note(who: UUID | None, changes: Sequence[Change], request_id: str) -> None:
    """One line of the log for each task, and the metrics."""
    for change in changes:
        _COUNTERS[change.action].inc()
        _log.info(
            f"task_{change.action}",
            user=who.hex if who else None,
            task=change.after.id.hex,
            request_id=request_id,
        )
