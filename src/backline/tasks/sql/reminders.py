"""Reminders: whose, of which task, and when."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write

_FIELDS: Final = """r.user_id, r.id, r.owner_id, r.task_id, r.remind_at, r.before_due_s,
  r.reminded_at, r.created_at"""


class ReminderRow(msgspec.Struct, frozen=True):
    """A row of `task_reminders`."""

    user_id: UUID
    id: UUID
    owner_id: UUID
    task_id: UUID
    remind_at: datetime | None
    before_due_s: int | None
    reminded_at: datetime | None
    created_at: datetime


_OF_TASK: Final = f"""
SELECT {_FIELDS} FROM task_reminders r
WHERE r.owner_id = $1 AND r.task_id = $2 AND r.user_id = $3 ORDER BY r.id
"""  # noqa: S608  # literals alone
_INSERT: Final = f"""
INSERT INTO task_reminders AS r
  (user_id, id, owner_id, task_id, remind_at, before_due_s)
SELECT $1, $2, $3, $4, $5, $6 WHERE (
  SELECT count(*) FROM task_reminders WHERE owner_id = $3 AND task_id = $4 AND user_id = $1) < $7
RETURNING {_FIELDS}
"""  # noqa: S608  # literals alone
_DELETE: Final = """
DELETE FROM task_reminders WHERE user_id = $1 AND id = $2 AND owner_id = $3 AND task_id = $4
"""
# What has been said already isn't said again, unless the time moved past now.
_FOLLOW: Final = """
UPDATE task_reminders r SET
  remind_at = d.due_at - make_interval(secs => r.before_due_s),
  reminded_at = CASE WHEN d.due_at - make_interval(secs => r.before_due_s) > now() THEN NULL
    ELSE r.reminded_at END
FROM json_to_recordset($2::json) AS d(id uuid, due_at timestamptz)
WHERE r.owner_id = $1 AND r.task_id = d.id AND r.before_due_s IS NOT NULL
"""
_WAITING: Final = f"""
SELECT {_FIELDS} FROM task_reminders r
WHERE r.reminded_at IS NULL AND r.remind_at <= now()
  AND ($1::timestamptz IS NULL OR (r.remind_at, r.id) > ($1, $2::uuid))
ORDER BY r.remind_at, r.id LIMIT $3 FOR UPDATE SKIP LOCKED
"""  # noqa: S608  # literals alone
_SAID: Final = """
UPDATE task_reminders r SET reminded_at = now()
FROM unnest($1::uuid[], $2::uuid[]) AS said(user_id, id)
WHERE r.user_id = said.user_id AND r.id = said.id
"""
_FORGET_TASKS: Final = """
DELETE FROM task_reminders r USING unnest($1::uuid[], $2::uuid[]) AS gone(owner_id, task_id)
WHERE r.owner_id = gone.owner_id AND r.task_id = gone.task_id
"""
_FORGET: Final = (
    "DELETE FROM task_reminders WHERE user_id = $1",
    "DELETE FROM task_reminders WHERE owner_id = $1",
)


async def of_task(read: Read, owner_id: UUID, task_id: UUID, user_id: UUID) -> list[ReminderRow]:
    """Somebody's reminders of a task."""
    return await read.fetch(_OF_TASK, ReminderRow, owner_id, task_id, user_id)


async def insert(tx: Write, row: ReminderRow, most: int) -> ReminderRow | None:
    """Add a reminder; None where they have `most` of this task."""
    ids = (row.user_id, row.id, row.owner_id, row.task_id)
    return await tx.fetch_one(_INSERT, ReminderRow, *ids, row.remind_at, row.before_due_s, most)


async def delete(
    tx: Write, user_id: UUID, reminder_id: UUID, owner_id: UUID, task_id: UUID
) -> bool:
    """Remove somebody's reminder of a task; False where there is none."""
    return await tx.execute(_DELETE, user_id, reminder_id, owner_id, task_id) > 0


async def follow(tx: Write, owner_id: UUID, due: Sequence[tuple[UUID, datetime | None]]) -> None:
    """Have reminders keep their distance to the times that tasks are due at now."""
    said = [{"id": task_id, "due_at": due_at} for task_id, due_at in due]
    await tx.execute(_FOLLOW, owner_id, msgspec.json.encode(said).decode())


async def waiting(tx: Write, after: ReminderRow | None, limit: int) -> list[ReminderRow]:
    """Up to `limit` reminders whose time has come, behind `after`, the longest ago first.

    Nobody else takes them until `tx` ends.
    """
    place = (after.remind_at, after.id) if after is not None else (None, None)
    return await tx.fetch(_WAITING, ReminderRow, *place, limit)


async def set_said(tx: Write, rows: Sequence[ReminderRow]) -> None:
    """Have reminders not come again."""
    await tx.execute(_SAID, [row.user_id for row in rows], [row.id for row in rows])


async def forget_tasks(tx: Write, owner_ids: Sequence[UUID], task_ids: Sequence[UUID]) -> None:
    """Remove the reminders of tasks (pair by pair) that are gone."""
    await tx.execute(_FORGET_TASKS, owner_ids, task_ids)


async def forget(tx: Write, user_id: UUID) -> None:
    """Remove the reminders of somebody who is gone, and those of their tasks."""
    for sql in _FORGET:
        await tx.execute(sql, user_id)
