"""Taking people off the tasks that they were given."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from backline.platform.database import Write


class Taken(msgspec.Struct, frozen=True):
    """A task that is nobody's to do now."""

    owner_id: UUID
    project_id: UUID
    id: UUID


_NOBODYS: Final = "SET assignee_id = NULL, version = version + 1, updated_at = now()"
_THEIRS: Final = "WHERE owner_id = $1 AND project_id = $2 AND assignee_id = $3 RETURNING id"
_UNASSIGN: Final = (
    f"UPDATE tasks {_NOBODYS} {_THEIRS}",
    f"UPDATE archived_tasks {_NOBODYS} {_THEIRS}",
)
_UNASSIGN_SOME: Final = (
    f"""UPDATE tasks t {_NOBODYS} FROM (
        SELECT owner_id, id FROM tasks WHERE assignee_id = $1 AND project_id IS NOT NULL LIMIT $2)
        given
      WHERE t.owner_id = given.owner_id AND t.id = given.id
      RETURNING t.owner_id, t.project_id, t.id
    """,  # noqa: S608  # literals alone
    f"""UPDATE archived_tasks t {_NOBODYS} FROM (
        SELECT owner_id, id FROM archived_tasks
        WHERE assignee_id = $1 AND project_id IS NOT NULL LIMIT $2) given
      WHERE t.owner_id = given.owner_id AND t.id = given.id
      RETURNING t.owner_id, t.project_id, t.id
    """,  # noqa: S608  # literals alone
)


async def unassign(tx: Write, owner_id: UUID, project_id: UUID, user_id: UUID) -> list[UUID]:
    """Take somebody off all tasks of a project; which those were."""
    asked = (owner_id, project_id, user_id)
    return [one for sql in _UNASSIGN for one in await tx.fetch_values(sql, *asked)]


async def unassign_some(tx: Write, user_id: UUID, limit: int) -> Sequence[Taken]:
    """Take somebody who is gone off up to `limit` tasks of each table, of anybody."""
    return [one for sql in _UNASSIGN_SOME for one in await tx.fetch(sql, Taken, user_id, limit)]
