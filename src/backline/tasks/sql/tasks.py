"""Tasks by their ids: found, locked, added, changed and removed, one or many at a time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, LiteralString
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write
from backline.tasks.models import Task
from backline.tasks.sql import owners

Table = Literal["tasks", "archived_tasks"]

_PRIORITIES: Final = "ARRAY['low', 'medium', 'high', 'urgent']"
FIELDS: Final = f"""id, owner_id, project_id, parent_id, title, description, status,
  ({_PRIORITIES})[priority + 1] AS priority, labels, position, start_at, due_at, assignee_id,
  subtasks_total, subtasks_done, comment_count, attachment_count, created_by, completed_at,
  created_at, updated_at, deleted_at, version"""
_BY_ID: Final = "WHERE owner_id = $1 AND id = $2"
_BY_IDS: Final = "WHERE owner_id = $1 AND id = ANY($2::uuid[])"
# Subtasks come before what they are parts of, everywhere, so that nobody waits for each other.
_IN_ORDER: Final = "ORDER BY parent_id IS NULL, id FOR UPDATE"
_TASK: Final[dict[Table, LiteralString]] = {
    "tasks": f"SELECT {FIELDS} FROM tasks {_BY_ID}",  # noqa: S608  # literals alone
    "archived_tasks": f"SELECT {FIELDS} FROM archived_tasks {_BY_ID}",  # noqa: S608
}
_LOCKED: Final[dict[Table, LiteralString]] = {
    "tasks": f"SELECT {FIELDS} FROM tasks {_BY_IDS} {_IN_ORDER}",  # noqa: S608
    "archived_tasks": f"SELECT {FIELDS} FROM archived_tasks {_BY_IDS} {_IN_ORDER}",  # noqa: S608
}
# Whoever is being changed at this moment is left out, so that nobody is waited for.
_HELD: Final = f"""
SELECT t.* FROM unnest($1::uuid[], $2::uuid[]) AS asked(owner_id, id)
CROSS JOIN LATERAL (SELECT {FIELDS} FROM tasks
  WHERE owner_id = asked.owner_id AND id = asked.id FOR SHARE SKIP LOCKED) t
"""  # noqa: S608  # literals alone
_THERE: Final = """
SELECT t.id FROM unnest($1::uuid[], $2::uuid[]) AS asked(owner_id, id)
CROSS JOIN LATERAL (SELECT id FROM tasks
  WHERE owner_id = asked.owner_id AND id = asked.id OFFSET 0) t
"""
_WHOLE: Final = "WHERE owner_id = $1 AND (id = ANY($2::uuid[]) OR parent_id = ANY($2::uuid[]))"
_PRESENT: Final = f"""
SELECT EXISTS (SELECT FROM tasks {_BY_IDS}) OR EXISTS (SELECT FROM archived_tasks {_BY_IDS})
"""  # noqa: S608  # literals alone
_LOCKED_WHOLE: Final[tuple[LiteralString, ...]] = (
    f"SELECT {FIELDS} FROM tasks {_WHOLE} {_IN_ORDER}",  # noqa: S608  # literals alone
    f"SELECT {FIELDS} FROM archived_tasks {_WHOLE} {_IN_ORDER}",  # noqa: S608
)
_AMONG: Final[dict[Table, Mapping[int, LiteralString]]] = {
    "tasks": owners.statements(f"SELECT {FIELDS} FROM tasks WHERE id = $1 AND owner_id"),  # noqa: S608
    "archived_tasks": owners.statements(
        f"SELECT {FIELDS} FROM archived_tasks WHERE id = $1 AND owner_id"  # noqa: S608
    ),
}
_PLACES: Final[dict[Table, Mapping[int, LiteralString]]] = {
    "tasks": owners.statements(
        "SELECT owner_id, id, project_id FROM tasks WHERE id = ANY($1::uuid[]) AND owner_id"
    ),
    "archived_tasks": owners.statements(
        "SELECT owner_id, id, project_id FROM archived_tasks"
        " WHERE id = ANY($1::uuid[]) AND owner_id"
    ),
}

# A task that leaves the archive between the look at `tasks` and that at `archived_tasks` is seen in
# neither, so they are looked at again; each time more takes another move in that very moment.
_LOOKS: Final = 5
_IN_TURN: Final[tuple[Table, ...]] = ("tasks", "archived_tasks", "tasks")


class Place(msgspec.Struct, frozen=True):
    """Where a task lies."""

    owner_id: UUID
    id: UUID
    project_id: UUID | None


async def task(read: Read, owner_id: UUID, task_id: UUID) -> Task | None:
    """A task, wherever it lies, also in the trash."""
    for table in _IN_TURN:
        found = await read.fetch_one(_TASK[table], Task, owner_id, task_id)
        if found is not None:
            return found
    return None


async def task_among(read: Read, owner_ids: Sequence[UUID], task_id: UUID) -> Task | None:
    """A task of one of these owners, wherever it lies, also in the trash."""
    for table in _IN_TURN:
        for part in owners.filled(owner_ids):
            found = await read.fetch_one(_AMONG[table][len(part)], Task, task_id, *part)
            if found is not None:
                return found
    return None


async def places(read: Read, owner_ids: Sequence[UUID], ids: Sequence[UUID]) -> list[Place]:
    """Whose these tasks are, of those that any of the owners has."""
    wanted: list[UUID] = list(ids)
    found: list[Place] = []
    for table in _IN_TURN:
        for part in owners.filled(owner_ids):
            if wanted:
                found += await read.fetch(_PLACES[table][len(part)], Place, wanted, *part)
        known = {place.id for place in found}
        wanted = [task_id for task_id in wanted if task_id not in known]
    return found


async def lock(tx: Write, owner_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Task]:
    """Those of the tasks that there are, which nobody else changes until `tx` ends.

    They are locked in one order, so that two who lock several never wait for each other.
    """
    known: dict[UUID, Task] = {}
    missing = list(ids)
    for _ in range(_LOOKS):
        for sql in _LOCKED.values():
            if missing:
                found = await tx.fetch(sql, Task, owner_id, missing)
                known |= {task.id: task for task in found}
                missing = [task_id for task_id in missing if task_id not in known]
        if not missing or not await tx.fetch_value(_PRESENT, owner_id, missing):
            break
    return known


async def hold(tx: Write, pairs: Sequence[tuple[UUID, UUID]]) -> tuple[dict[UUID, Task], set[UUID]]:
    """Those of the tasks (by owner and id) that aren't archived, as they stay until `tx` ends.

    And the ids of those that somebody else is changing at this moment, which aren't waited for.
    """
    owner_ids, ids = [one for one, _ in pairs], [one for _, one in pairs]
    held = {task.id: task for task in await tx.fetch(_HELD, Task, owner_ids, ids)}
    if len(held) == len(set(ids)):
        return held, set()
    return held, set(await tx.fetch_values(_THERE, owner_ids, ids)) - held.keys()


async def lock_whole(tx: Write, owner_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Task]:
    """As `lock`, with the subtasks of these tasks.

    A subtask that was being added while this waited for its task isn't among what it found, nor is
    one that just left the archive: then the count of the task, which nobody else adds to any more,
    tells that there are others.
    """
    known: dict[UUID, Task] = {}
    for _ in range(_LOOKS):
        for sql in _LOCKED_WHOLE:
            known |= {task.id: task for task in await tx.fetch(sql, Task, owner_id, list(ids))}
        there = Counter(task.parent_id for task in known.values() if task.deleted_at is None)
        missing = [task_id for task_id in ids if task_id not in known]
        is_whole = all(known[one].subtasks_total == there[one] for one in ids if one in known)
        if is_whole and not (missing and await tx.fetch_value(_PRESENT, owner_id, missing)):
            break
    return known


class Written(Task, frozen=True):
    """A task with what only the database reads of it: a key to sort by, and what is searched."""

    title_key: str
    lexemes: list[str]


class Delta(msgspec.Struct, frozen=True):
    """By how much one count of `task_counts` changes."""

    project_id: UUID
    measure: str
    key: str
    n: int


# Counts go along in the same statement: after the tasks are locked, and in one order everywhere.
_COUNTED: Final = """WITH counted AS (
  INSERT INTO task_counts AS c (owner_id, project_id, measure, key, n)
  SELECT $1, d.project_id, d.measure, d.key, d.n
  FROM json_to_recordset($3::json) AS d(project_id uuid, measure text, key text, n bigint)
  ORDER BY d.project_id, d.measure COLLATE "C", d.key COLLATE "C"
  ON CONFLICT (owner_id, project_id, measure, key) DO UPDATE SET n = c.n + excluded.n
)
"""
_GIVEN: Final = """json_to_recordset($2::json) AS u(id uuid, project_id uuid, parent_id uuid,
  title text, description text, status text, priority text, labels text[], position text,
  start_at timestamptz, due_at timestamptz, assignee_id uuid, subtasks_total int,
  subtasks_done int, comment_count int, attachment_count int, created_by uuid,
  completed_at timestamptz, created_at timestamptz, updated_at timestamptz,
  deleted_at timestamptz, version bigint, title_key text, lexemes text[])
"""
_ADDED: Final = f"""(owner_id, id, project_id, parent_id, title, description, status, priority,
  labels, position, start_at, due_at, assignee_id, subtasks_total, subtasks_done, comment_count,
  attachment_count, created_by, completed_at, created_at, updated_at, deleted_at, version,
  title_key, search)
SELECT $1, id, project_id, parent_id, title, description, status,
  array_position({_PRIORITIES}, priority) - 1, labels, position, start_at, due_at, assignee_id,
  subtasks_total, subtasks_done, comment_count, attachment_count, created_by, completed_at,
  created_at, updated_at, deleted_at, version, title_key, array_to_tsvector(lexemes)
FROM {_GIVEN}"""  # noqa: S608  # literals alone
# What is counted of a task is written by those who count it, not here.
_CHANGED: Final = f"""SET project_id = u.project_id, parent_id = u.parent_id, title = u.title,
  description = u.description, status = u.status,
  priority = array_position({_PRIORITIES}, u.priority) - 1, labels = u.labels,
  position = u.position, start_at = u.start_at, due_at = u.due_at, assignee_id = u.assignee_id,
  completed_at = u.completed_at, updated_at = u.updated_at, deleted_at = u.deleted_at,
  version = u.version, title_key = u.title_key, search = array_to_tsvector(u.lexemes)
FROM {_GIVEN} WHERE t.owner_id = $1 AND t.id = u.id"""
_INSERT: Final[dict[Table, LiteralString]] = {
    "tasks": f"{_COUNTED}INSERT INTO tasks {_ADDED}",  # literals alone
    "archived_tasks": f"{_COUNTED}INSERT INTO archived_tasks {_ADDED}",
}
_UPDATE: Final[dict[Table, LiteralString]] = {
    "tasks": f"{_COUNTED}UPDATE tasks t {_CHANGED}",
    "archived_tasks": f"{_COUNTED}UPDATE archived_tasks t {_CHANGED}",
}
_DELETE: Final[dict[Table, LiteralString]] = {
    "tasks": f"DELETE FROM tasks {_BY_IDS}",  # noqa: S608  # literals alone
    "archived_tasks": f"DELETE FROM archived_tasks {_BY_IDS}",  # noqa: S608
}


async def insert(
    tx: Write, table: Table, owner_id: UUID, tasks: Sequence[Written], deltas: Sequence[Delta]
) -> None:
    """Add tasks of one owner, and `deltas` to the counts."""
    await tx.execute(_INSERT[table], owner_id, _encoded(tasks), _encoded(deltas))


async def update(
    tx: Write, table: Table, owner_id: UUID, tasks: Sequence[Written], deltas: Sequence[Delta]
) -> None:
    """Write tasks that are locked, and add `deltas` to the counts."""
    await tx.execute(_UPDATE[table], owner_id, _encoded(tasks), _encoded(deltas))


async def delete(tx: Write, table: Table, owner_id: UUID, ids: Sequence[UUID]) -> None:
    """Remove tasks for good; the counts stay as they are."""
    await tx.execute(_DELETE[table], owner_id, list(ids))


def _encoded(values: Sequence[Any]) -> str:
    return msgspec.json.encode(values).decode()
