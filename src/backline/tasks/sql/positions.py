"""The order that people give to tasks by hand."""

from collections.abc import Sequence
from typing import LiteralString
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write


class Around(msgspec.Struct, frozen=True):
    """The places before and behind a gap; None at an end."""

    low: str | None
    high: str | None


# A list is a project's, or what is in none: an index serves the one and the other, not both in one.
_OF_PROJECT: LiteralString = "owner_id = $1 AND project_id = $2 AND deleted_at IS NULL"
_OF_NONE: LiteralString = (
    "owner_id = $1 AND project_id IS NULL AND $2::uuid IS NULL AND deleted_at IS NULL"
)


def _around(in_list: LiteralString) -> LiteralString:
    return f"""
WITH low AS (SELECT position, id FROM tasks WHERE {in_list} AND id = $4 AND id <> $3)
SELECT (SELECT position FROM low) AS low, (
  SELECT position FROM tasks
  WHERE {in_list} AND id <> $3
    AND ($4::uuid IS NULL OR (position, id) > (SELECT position, id FROM low))
  ORDER BY position, id LIMIT 1
) AS high
"""  # noqa: S608  # literals alone


_AROUND: dict[bool, LiteralString] = {True: _around(_OF_PROJECT), False: _around(_OF_NONE)}
_ORDERED: dict[bool, LiteralString] = {
    True: f"SELECT id FROM tasks WHERE {_OF_PROJECT} ORDER BY position, id FOR UPDATE",  # noqa: S608
    False: f"SELECT id FROM tasks WHERE {_OF_NONE} ORDER BY position, id FOR UPDATE",  # noqa: S608
}
_RESPACE = """
UPDATE tasks t SET position = u.position
FROM unnest($2::uuid[], $3::text[]) AS u(id, position)
WHERE t.owner_id = $1 AND t.id = u.id
"""


async def around(
    read: Read, owner_id: UUID, project_id: UUID | None, task_id: UUID, behind: UUID | None
) -> Around:
    """The gap behind the task `behind`, or at the front, as if `task_id` weren't there."""
    found = await read.fetch_one(
        _AROUND[project_id is not None], Around, owner_id, project_id, task_id, behind
    )
    assert found is not None  # noqa: S101  # a query without FROM always gives one
    return found


async def ordered(tx: Write, owner_id: UUID, project_id: UUID | None) -> list[UUID]:
    """All tasks of a list in their order, which nobody else changes until `tx` ends."""
    return await tx.fetch_values(_ORDERED[project_id is not None], owner_id, project_id)


async def respace(tx: Write, owner_id: UUID, places: Sequence[tuple[UUID, str]]) -> None:
    """Give tasks new places in the same order."""
    ids, positions = [one[0] for one in places], [one[1] for one in places]
    await tx.execute(_RESPACE, owner_id, ids, positions)
