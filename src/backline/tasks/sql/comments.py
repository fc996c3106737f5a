"""What people say of tasks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write

_FIELDS: Final = "owner_id, id, task_id, author_id, text, mentions, created_at, edited_at, version"


class CommentRow(msgspec.Struct, frozen=True):
    """A row of `task_comments`."""

    owner_id: UUID
    id: UUID
    task_id: UUID
    author_id: UUID
    text: str
    mentions: list[UUID]
    created_at: datetime
    edited_at: datetime | None
    version: int


_PAGE: Final = f"""
SELECT {_FIELDS} FROM task_comments
WHERE owner_id = $1 AND task_id = $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4
"""  # noqa: S608  # literals alone
_LOCKED: Final = f"""
SELECT {_FIELDS} FROM task_comments WHERE owner_id = $1 AND id = $2 AND task_id = $3 FOR UPDATE
"""  # noqa: S608  # literals alone
_INSERT: Final = f"""
INSERT INTO task_comments (owner_id, id, task_id, author_id, text, mentions)
VALUES ($1, $2, $3, $4, $5, $6) RETURNING {_FIELDS}
"""  # noqa: S608  # literals alone
_UPDATE: Final = f"""
UPDATE task_comments SET text = $3, mentions = $4, edited_at = now(), version = version + 1
WHERE owner_id = $1 AND id = $2 RETURNING {_FIELDS}
"""  # noqa: S608  # literals alone
_DELETE: Final = "DELETE FROM task_comments WHERE owner_id = $1 AND id = $2"
_FORGET_TASKS: Final = """
DELETE FROM task_comments c USING unnest($1::uuid[], $2::uuid[]) AS gone(owner_id, task_id)
WHERE c.owner_id = gone.owner_id AND c.task_id = gone.task_id
"""
_FORGET: Final = "DELETE FROM task_comments WHERE owner_id = $1"


async def page(
    read: Read, owner_id: UUID, task_id: UUID, *, before: UUID | None, limit: int
) -> list[CommentRow]:
    """A page of what was said of a task, the newest first."""
    return await read.fetch(_PAGE, CommentRow, owner_id, task_id, before, limit)


async def lock(tx: Write, owner_id: UUID, comment_id: UUID, task_id: UUID) -> CommentRow | None:
    """One comment on a task, which nobody else changes until `tx` ends."""
    return await tx.fetch_one(_LOCKED, CommentRow, owner_id, comment_id, task_id)


async def insert(
    tx: Write,
    owner_id: UUID,
    comment_id: UUID,
    task_id: UUID,
    author_id: UUID,
    text: str,
    mentions: Sequence[UUID],
) -> CommentRow:
    """Add a comment."""
    ids = (owner_id, comment_id, task_id, author_id)
    row = await tx.fetch_one(_INSERT, CommentRow, *ids, text, list(mentions))
    assert row is not None  # noqa: S101  # an INSERT of VALUES always gives one
    return row


async def update(
    tx: Write, owner_id: UUID, comment_id: UUID, text: str, mentions: Sequence[UUID]
) -> CommentRow | None:
    """Change a comment."""
    return await tx.fetch_one(_UPDATE, CommentRow, owner_id, comment_id, text, list(mentions))


async def delete(tx: Write, owner_id: UUID, comment_id: UUID) -> None:
    """Remove a comment."""
    await tx.execute(_DELETE, owner_id, comment_id)


async def forget_tasks(tx: Write, owner_ids: Sequence[UUID], task_ids: Sequence[UUID]) -> None:
    """Remove the comments on tasks (pair by pair) that are gone."""
    await tx.execute(_FORGET_TASKS, owner_ids, task_ids)


async def forget(tx: Write, owner_id: UUID) -> None:
    """Remove the comments on all tasks of somebody who is gone."""
    await tx.execute(_FORGET, owner_id)
