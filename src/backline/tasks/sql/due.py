"""What is due soon, of everybody's, and how far people have been told of it."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write


class DueRow(msgspec.Struct, frozen=True):
    """An open task that is due soon."""

    owner_id: UUID
    id: UUID
    project_id: UUID | None
    title: str
    due_at: datetime
    assignee_id: UUID | None


class Told(msgspec.Struct, frozen=True):
    """The last task of which people have been told."""

    due_at: datetime
    id: UUID


_BEGIN: Final = """
INSERT INTO task_due_told (due_at, id) VALUES ($1, $2) ON CONFLICT DO NOTHING
"""
_TOLD: Final = "SELECT due_at, id FROM task_due_told FOR UPDATE"
_MOVE: Final = "UPDATE task_due_told SET due_at = $1, id = $2"
_DUE: Final = """
SELECT t.owner_id, t.id, t.project_id, t.title, t.due_at, t.assignee_id FROM tasks t
WHERE (t.due_at, t.id) > ($1, $2) AND t.due_at <= $3
  AND t.deleted_at IS NULL AND t.completed_at IS NULL
ORDER BY t.due_at, t.id LIMIT $4
"""


async def told(tx: Write, first: Told) -> Told:
    """How far people have been told, which nobody else changes until `tx` ends; first: `first`."""
    await tx.execute(_BEGIN, first.due_at, first.id)
    found = await tx.fetch_one(_TOLD, Told)
    assert found is not None  # noqa: S101  # it has just been seen to
    return found


async def due(read: Read, after: Told, until: datetime, limit: int) -> list[DueRow]:
    """Up to `limit` open tasks that are due after that one and until then, in that order."""
    return await read.fetch(_DUE, DueRow, after.due_at, after.id, until, limit)


async def move(tx: Write, told: Told) -> None:
    """Remember how far people have been told."""
    await tx.execute(_MOVE, told.due_at, told.id)
