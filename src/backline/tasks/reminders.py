"""Reminders of tasks: everybody's own, at a time or so long before a task is due."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from backline import accounts
from backline.platform import events
from backline.platform.actor import Actor
from backline.platform.database import Database, Read, Write
from backline.platform.errors import Conflict, FieldFault, Invalid, NotFound
from backline.platform.ids import uuid7
from backline.tasks import access, notices, times
from backline.tasks.models import Task, Time
from backline.tasks.sql import bounds
from backline.tasks.sql import reminders as sql
from backline.tasks.sql import tasks as tasks_sql
from backline.tasks.sql.reminders import ReminderRow

MOST: Final = 10
_BATCH: Final = 100
_YEAR_S: Final = 366 * 86_400


class Reminder(msgspec.Struct, frozen=True):
    """A reminder of mine. `remind_at` is null while a task that it is before isn't due at all."""

    id: UUID
    task_id: UUID
    remind_at: datetime | None
    before_due_s: int | None
    reminded_at: datetime | None
    created_at: datetime


class ReminderForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When to remind me: at `remind_at`, or `before_due_s` seconds before the task is due."""

    remind_at: Time | None = None
    before_due_s: Annotated[int, Meta(ge=0, le=_YEAR_S)] | None = None


class Reminded(msgspec.Struct, frozen=True):
    """What browsers are told when a reminder's time has come."""

    task_id: UUID
    title: str
    due_at: datetime | None


async def reminders(read: Read, actor: Actor, task_id: UUID) -> list[Reminder]:
    """The actor's reminders of a task that they see.

    Raises:
        NotFound: it isn't there, or none of their business.
    """
    seen = await access.task(read, actor, task_id)
    rows = await sql.of_task(read, seen.task.owner_id, task_id, actor.user_id)
    return [_shown(row) for row in rows]


async def create(tx: Write, actor: Actor, task_id: UUID, form: ReminderForm) -> Reminder:
    """Have oneself reminded of a task, as anybody who sees it.

    Raises:
        NotFound: it isn't there, is in the trash, or none of their business.
        Invalid: the form names no time, or two, or one that is out of reach.
        Conflict: there are ten already.
    """
    if (form.remind_at is None) == (form.before_due_s is None):
        raise Invalid(
            "Name either a time or how long before the task is due.",
            FieldFault("remind_at", "is to be given, or before_due_s"),
        )
    task = (await access.task(tx, actor, task_id)).task
    if task.deleted_at is not None:
        raise NotFound(access.NO_TASK)
    at = times.in_utc(form.remind_at, "remind_at") if form.remind_at is not None else None
    if form.before_due_s is not None and task.due_at is not None:
        at = times.before(task.due_at, form.before_due_s, "before_due_s")
    now = datetime.now(UTC)
    row = ReminderRow(
        user_id=actor.user_id,
        id=uuid7(),
        owner_id=task.owner_id,
        task_id=task_id,
        remind_at=at,
        before_due_s=form.before_due_s,
        reminded_at=None,
        created_at=now,
    )
    await bounds.take_turns(tx, actor.user_id)
    added = await sql.insert(tx, row, MOST)
    if added is None:
        raise Conflict(f"There are {MOST} reminders of this task already. Delete one first.")
    return _shown(added)


async def delete(tx: Write, actor: Actor, task_id: UUID, reminder_id: UUID) -> None:
    """Forget a reminder of the actor's.

    Raises:
        NotFound: there is no such reminder, or it is somebody else's.
    """
    task = (await access.task(tx, actor, task_id)).task
    if not await sql.delete(tx, actor.user_id, reminder_id, task.owner_id, task_id):
        raise NotFound("There is no such reminder.")


async def remind(database: Database) -> int:
    """Remind everybody whose time has come, in several transactions; how many were.

    Each says in one transaction that people were reminded and remembers it, so that a worker
    that is killed leaves both or neither. What somebody else is changing at this moment waits for
    the next time.
    """
    total, last = 0, None
    while True:
        async with database.write() as tx:
            rows = await sql.waiting(tx, last, _BATCH)
            total += await _remind(tx, rows)
        if len(rows) < _BATCH:
            return total
        last = rows[-1]


async def _remind(tx: Write, rows: Sequence[ReminderRow]) -> int:
    """Remind people of what is still to be done and they still see; how many were."""
    if not rows:
        return 0
    asked = sorted({(row.owner_id, row.task_id) for row in rows})
    held, busy = await tasks_sql.hold(tx, asked)
    rows = [row for row in rows if row.task_id not in busy]
    due = await _seen(tx, [(row, held[row.task_id]) for row in rows if row.task_id in held])
    for row, task in due:
        said = Reminded(task.id, task.title, task.due_at)
        await events.publish(tx, row.user_id, "tasks", "reminder", said)
    await notices.tell_reminders(tx, due)
    await sql.set_said(tx, rows)
    return len(due)


async def _seen(
    tx: Write, due: Sequence[tuple[ReminderRow, Task]]
) -> list[tuple[ReminderRow, Task]]:
    """Those that are about open tasks which the people see, in projects that nobody put away."""
    open_ones = [task for _, task in due if task.deleted_at is None and task.completed_at is None]
    there = {task.id for task in await access.without_put_away(tx, open_ones)}
    pairs = [(row.user_id, task.project_id) for row, task in due if task.project_id is not None]
    members = await accounts.belonging(tx, pairs)
    return [
        (row, task)
        for row, task in due
        if task.id in there
        and (row.user_id == task.owner_id or (row.user_id, task.project_id) in members)
    ]


def _shown(row: ReminderRow) -> Reminder:
    return Reminder(
        row.id,
        row.task_id,
        row.remind_at,
        row.before_due_s,
        row.reminded_at,
        row.created_at,
    )
