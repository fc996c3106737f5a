"""What hangs on tasks: their subtasks, and what is counted of those."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write
from backline.tasks.models import TaskItem
from backline.tasks.sql.lists import FIELDS


class Rollup(msgspec.Struct, frozen=True):
    """By how much the counts of one task change."""

    id: UUID
    total: int
    done: int


_SUBTASKS: Final = f"""
SELECT {FIELDS} FROM (
  SELECT t.* FROM tasks t WHERE t.owner_id = $1 AND t.parent_id = $2 AND t.deleted_at IS NULL
  UNION ALL
  SELECT t.* FROM archived_tasks t
  WHERE t.owner_id = $1 AND t.parent_id = $2 AND t.deleted_at IS NULL
) t ORDER BY t.position, t.id
"""  # noqa: S608  # literals alone
_DELTAS: Final = "json_to_recordset($2::json) AS d(id uuid, total int, done int)"
_COUNT: Final = f"""SET subtasks_total = t.subtasks_total + d.total,
  subtasks_done = t.subtasks_done + d.done
FROM {_DELTAS} WHERE t.owner_id = $1 AND t.id = d.id RETURNING t.id"""
_ROLL_UP: Final = f"UPDATE tasks t {_COUNT}"
_ROLL_UP_ARCHIVED: Final = f"UPDATE archived_tasks t {_COUNT}"
_IN_ORDER: Final = """
SELECT id FROM tasks WHERE owner_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE
"""


async def subtasks(read: Read, owner_id: UUID, task_id: UUID) -> list[TaskItem]:
    """The subtasks of a task in their order."""
    return await read.fetch(_SUBTASKS, TaskItem, owner_id, task_id)


async def roll_up(tx: Write, owner_id: UUID, rolled: Mapping[UUID, Rollup]) -> None:
    """Count subtasks with what they are parts of; before the owner's counts, which come last."""
    if len(rolled) > 1:
        await tx.fetch_values(_IN_ORDER, owner_id, list(rolled))
    known = await tx.fetch_values(_ROLL_UP, owner_id, _encoded(list(rolled.values())))
    archived = [delta for delta in rolled.values() if delta.id not in known]
    if archived:
        await tx.fetch_values(_ROLL_UP_ARCHIVED, owner_id, _encoded(archived))


def _encoded(deltas: Sequence[Rollup]) -> str:
    return msgspec.json.encode(deltas).decode()
