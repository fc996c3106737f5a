"""The trash: what was put there, and its end; the archive's nightly intake."""

from datetime import datetime
from typing import Final, LiteralString
from uuid import UUID

from backline.platform.database import Read, Write
from backline.tasks.models import TaskItem
from backline.tasks.sql.lists import FIELDS, NOT_PUT_AWAY
from backline.tasks.sql.tasks import Place

# What lies in a project that was put away is neither shown nor emptied by itself.
_THERE: Final = f"t.owner_id = $1 AND t.deleted_at IS NOT NULL {NOT_PUT_AWAY}"
_PLACE: Final = "t.owner_id, t.id, t.project_id"


def _pages(where: LiteralString) -> LiteralString:
    part: LiteralString = f"""t
   WHERE {where} AND ($3::timestamptz IS NULL OR (t.deleted_at, t.id) < ($3, $4::uuid))
   ORDER BY t.deleted_at DESC, t.id DESC LIMIT $2"""
    return f"""
SELECT {FIELDS} FROM (
  (SELECT t.* FROM tasks {part})
  UNION ALL
  (SELECT t.* FROM archived_tasks {part})
) t ORDER BY t.deleted_at DESC, t.id DESC LIMIT $2
"""  # noqa: S608  # literals alone


_PAGE: Final = _pages(_THERE)
_PAGE_OF_PROJECT: Final = _pages(
    "t.owner_id = $1 AND t.deleted_at IS NOT NULL AND t.project_id = $5"
)
_EMPTY: Final = (
    f"DELETE FROM tasks t WHERE {_THERE} RETURNING {_PLACE}",  # noqa: S608  # literals alone
    f"DELETE FROM archived_tasks t WHERE {_THERE} RETURNING {_PLACE}",  # noqa: S608
)
_OF_PROJECT: Final = (
    f"""DELETE FROM tasks t WHERE t.owner_id = $1 AND t.id = ANY(ARRAY(
      SELECT id FROM tasks WHERE owner_id = $1 AND project_id = $2 LIMIT $3)) RETURNING {_PLACE}
    """,  # noqa: S608  # literals alone
    f"""DELETE FROM archived_tasks t WHERE t.owner_id = $1 AND t.id = ANY(ARRAY(
      SELECT id FROM archived_tasks WHERE owner_id = $1 AND project_id = $2 LIMIT $3))
    RETURNING {_PLACE}
    """,  # noqa: S608  # literals alone
)
_FORGET: Final = (
    "DELETE FROM tasks WHERE owner_id = $1",
    "DELETE FROM archived_tasks WHERE owner_id = $1",
)
_PURGE: Final = (
    f"""DELETE FROM tasks t USING (
         SELECT owner_id, id FROM tasks WHERE deleted_at < $1 LIMIT $2) old
       WHERE t.owner_id = old.owner_id AND t.id = old.id RETURNING {_PLACE}
    """,  # noqa: S608  # literals alone
    f"""DELETE FROM archived_tasks t USING (
         SELECT owner_id, id FROM archived_tasks WHERE deleted_at < $1 LIMIT $2) old
       WHERE t.owner_id = old.owner_id AND t.id = old.id RETURNING {_PLACE}
    """,  # noqa: S608  # literals alone
)
_DONE_BEFORE: Final = """
SELECT owner_id, id, project_id FROM tasks WHERE completed_at < $1 AND deleted_at IS NULL LIMIT $2
"""


async def page(
    read: Read,
    owner_id: UUID,
    project_id: UUID | None,
    *,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[TaskItem]:
    """A page of what lies in somebody's trash, or in a project's of theirs, the newest first."""
    given = (owner_id, limit, *(after or (None, None)))
    if project_id is None:
        return await read.fetch(_PAGE, TaskItem, *given)
    return await read.fetch(_PAGE_OF_PROJECT, TaskItem, *given, project_id)


async def empty(tx: Write, owner_id: UUID) -> list[Place]:
    """Remove all that lies in somebody's trash; what that was."""
    return [one for sql in _EMPTY for one in await tx.fetch(sql, Place, owner_id)]


async def of_project(tx: Write, owner_id: UUID, project_id: UUID, limit: int) -> list[Place]:
    """Remove up to `limit` tasks of a project from each table; what that was."""
    asked = (owner_id, project_id, limit)
    return [one for sql in _OF_PROJECT for one in await tx.fetch(sql, Place, *asked)]


async def forget(tx: Write, owner_id: UUID) -> None:
    """Remove all tasks of somebody who is gone."""
    for sql in _FORGET:
        await tx.execute(sql, owner_id)


async def purge(tx: Write, before: datetime, limit: int) -> list[Place]:
    """Remove up to `limit` tasks that were put into the trash before then; what that was."""
    return [one for sql in _PURGE for one in await tx.fetch(sql, Place, before, limit)]


async def done_before(read: Read, before: datetime, limit: int) -> list[Place]:
    """Up to `limit` tasks, of anybody, that were done before then and aren't archived."""
    return await read.fetch(_DONE_BEFORE, Place, before, limit)
