"""The counts of which statistics are made."""

from collections.abc import Sequence
from typing import Final, LiteralString
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write
from backline.tasks.sql.lists import Scope


class Count(msgspec.Struct, frozen=True):
    """How many there are of a kind; `overdue` is counted, the others are kept."""

    measure: str
    key: str
    n: int


_ASKED: Final = "(c.measure IN ('open', 'status') OR c.key >= $2)"
_OVERDUE: Final = "t.deleted_at IS NULL AND t.completed_at IS NULL AND t.due_at < now()"
_NOT_PUT_AWAY: Final = """<> ALL (ARRAY(SELECT id FROM projects
    WHERE owner_id = $1 AND (archived_at IS NOT NULL OR deleted_at IS NOT NULL)))"""
_OWN: Final = f"""
SELECT c.measure, c.key, c.n FROM task_counts c
WHERE c.owner_id = $1 AND {_ASKED} AND c.project_id {_NOT_PUT_AWAY}
UNION ALL
SELECT 'overdue', '', count(*) FROM tasks t
WHERE t.owner_id = $1 AND {_OVERDUE} AND (t.project_id IS NULL OR t.project_id {_NOT_PUT_AWAY})
"""  # noqa: S608  # literals alone
# Place by place (OFFSET 0): a join of all would walk through every partition.
_OF_PLACES: Final = f"""
UNION ALL
SELECT c.measure, c.key, c.n
FROM unnest($3::uuid[], $4::uuid[]) AS place(owner_id, project_id)
CROSS JOIN LATERAL (SELECT c.measure, c.key, c.n FROM task_counts c
  WHERE c.owner_id = place.owner_id AND c.project_id = place.project_id AND {_ASKED}
  OFFSET 0) c
UNION ALL
SELECT 'overdue', '', t.n
FROM unnest($3::uuid[], $4::uuid[]) AS place(owner_id, project_id)
CROSS JOIN LATERAL (SELECT count(*) AS n FROM tasks t
  WHERE t.owner_id = place.owner_id AND t.project_id = place.project_id AND {_OVERDUE}) t
"""  # noqa: S608  # literals alone
_OF_PROJECT: Final = f"""
SELECT c.measure, c.key, c.n FROM task_counts c
WHERE c.owner_id = $1 AND {_ASKED} AND c.project_id = $3
UNION ALL
SELECT 'overdue', '', count(*) FROM tasks t
WHERE t.owner_id = $1 AND {_OVERDUE} AND t.project_id = $3
"""  # noqa: S608  # literals alone
_OF_NONE: Final = f"""
SELECT c.measure, c.key, c.n FROM task_counts c
WHERE c.owner_id = $1 AND {_ASKED} AND c.project_id = '00000000-0000-0000-0000-000000000000'
UNION ALL
SELECT 'overdue', '', count(*) FROM tasks t
WHERE t.owner_id = $1 AND {_OVERDUE} AND t.project_id IS NULL
"""  # noqa: S608  # literals alone
_FORGET_PROJECT: Final = "DELETE FROM task_counts WHERE owner_id = $1 AND project_id = $2"
_FORGET: Final = "DELETE FROM task_counts WHERE owner_id = $1"


async def counts(read: Read, scope: Scope, since_week: str) -> list[Count]:
    """All counts of the tasks there, those by week from `since_week` on."""
    sql, given = _asked(scope)
    return await read.fetch(_sums(sql), Count, scope.owner_id, since_week, *given)


def _asked(scope: Scope) -> tuple[LiteralString, Sequence[object]]:
    if isinstance(scope.project, UUID):
        return _OF_PROJECT, [scope.project]
    if scope.project == "none":
        return _OF_NONE, []
    if not scope.places:
        return _OWN, []
    owners = [place.owner_id for place in scope.places]
    return _OWN + _OF_PLACES, [owners, [place.project_id for place in scope.places]]


def _sums(sql: LiteralString) -> LiteralString:
    return f"""
SELECT measure, key, sum(n)::bigint AS n FROM ({sql}) counted GROUP BY measure, key
"""  # noqa: S608  # literals alone


async def forget(tx: Write, owner_id: UUID) -> None:
    """Remove the counts of somebody who is gone."""
    await tx.execute(_FORGET, owner_id)


async def forget_project(tx: Write, owner_id: UUID, project_id: UUID) -> None:
    """Remove the counts of a project that is gone."""
    await tx.execute(_FORGET_PROJECT, owner_id, project_id)
