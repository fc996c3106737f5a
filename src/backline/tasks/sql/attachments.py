"""Files that hang on tasks; their bytes lie in the storage."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write

_FIELDS: Final = """owner_id, id, task_id, added_by, filename, content_type, size_bytes, sha256,
  created_at"""


class AttachmentRow(msgspec.Struct, frozen=True):
    """A row of `task_attachments`."""

    owner_id: UUID
    id: UUID
    task_id: UUID
    added_by: UUID
    filename: str
    content_type: str
    size_bytes: int
    sha256: bytes
    created_at: datetime


class Room(msgspec.Struct, frozen=True):
    """The room that somebody's file took."""

    owner_id: UUID
    size_bytes: int


_OF_TASK: Final = f"""
SELECT {_FIELDS} FROM task_attachments WHERE owner_id = $1 AND task_id = $2 ORDER BY id
"""  # noqa: S608  # literals alone
_ATTACHMENT: Final = f"SELECT {_FIELDS} FROM task_attachments WHERE owner_id = $1 AND id = $2"  # noqa: S608
_INSERT: Final = f"""
INSERT INTO task_attachments
  (owner_id, id, task_id, added_by, filename, content_type, size_bytes, sha256)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING {_FIELDS}
"""  # noqa: S608  # literals alone
_DELETE: Final = """
DELETE FROM task_attachments WHERE owner_id = $1 AND id = $2 AND task_id = $3 RETURNING size_bytes
"""
_PAGE: Final = f"""
SELECT {_FIELDS} FROM task_attachments
WHERE (owner_id, id) > ($1, $2) ORDER BY owner_id, id LIMIT $3
"""  # noqa: S608  # literals alone
_KNOWN: Final = """
SELECT a.id FROM unnest($1::uuid[], $2::uuid[]) AS asked(owner_id, id)
JOIN task_attachments a ON a.owner_id = asked.owner_id AND a.id = asked.id
"""
_FORGET_TASKS: Final = """
DELETE FROM task_attachments a USING unnest($1::uuid[], $2::uuid[]) AS gone(owner_id, task_id)
WHERE a.owner_id = gone.owner_id AND a.task_id = gone.task_id
RETURNING a.owner_id, a.size_bytes
"""
_FORGET: Final = "DELETE FROM task_attachments WHERE owner_id = $1"


async def of_task(read: Read, owner_id: UUID, task_id: UUID) -> list[AttachmentRow]:
    """The files of a task in the order that they came."""
    return await read.fetch(_OF_TASK, AttachmentRow, owner_id, task_id)


async def attachment(read: Read, owner_id: UUID, attachment_id: UUID) -> AttachmentRow | None:
    """One file."""
    return await read.fetch_one(_ATTACHMENT, AttachmentRow, owner_id, attachment_id)


async def insert(tx: Write, row: AttachmentRow) -> AttachmentRow:
    """Add a file; when it came is the database's to say."""
    ids = (row.owner_id, row.id, row.task_id, row.added_by)
    said = (row.filename, row.content_type, row.size_bytes, row.sha256)
    added = await tx.fetch_one(_INSERT, AttachmentRow, *ids, *said)
    assert added is not None  # noqa: S101  # an INSERT of VALUES always gives one
    return added


async def delete(tx: Write, owner_id: UUID, attachment_id: UUID, task_id: UUID) -> int | None:
    """Remove a file of a task; the bytes that it had, or None where there is none."""
    return await tx.fetch_value(_DELETE, owner_id, attachment_id, task_id)


async def page(read: Read, after: tuple[UUID, UUID], limit: int) -> list[AttachmentRow]:
    """Everybody's files, by owner and id; `after` is the last one of the page before."""
    return await read.fetch(_PAGE, AttachmentRow, *after, limit)


async def known(read: Read, pairs: Sequence[tuple[UUID, UUID]]) -> set[UUID]:
    """The ids of those files (by owner and id) that there are."""
    owner_ids, ids = [one[0] for one in pairs], [one[1] for one in pairs]
    return set(await read.fetch_values(_KNOWN, owner_ids, ids))


async def forget_tasks(
    tx: Write, owner_ids: Sequence[UUID], task_ids: Sequence[UUID]
) -> list[Room]:
    """Remove the files of tasks (pair by pair) that are gone; the room that each took."""
    return await tx.fetch(_FORGET_TASKS, Room, owner_ids, task_ids)


async def forget(tx: Write, owner_id: UUID) -> None:
    """Remove the files of somebody who is gone."""
    await tx.execute(_FORGET, owner_id)
