"""Somebody in projects of fifty owners: plans of their lists, search and statistics."""

import re
from uuid import UUID

import pytest

from backline.platform.database import Database
from backline.platform.ids import uuid7
from backline.tasks import lexemes
from backline.tasks.lists import condition_of
from backline.tasks.models import Filters, Sort
from backline.tasks.sql import counts, lists, tasks
from backline.tasks.sql.lists import Place, Scope
from tests.support.plans import people, plan, scanned

OWNERS = 50
OTHERS = 300  # so that there is something in every partition
EACH = 1_000
SHARED = 200  # of each owner's, in the project that is shared
FILL = """
INSERT INTO tasks (owner_id, id, project_id, title, status, priority, labels, position, due_at,
  created_by, completed_at, created_at, title_key, search)
SELECT $1, gen_random_uuid(), CASE WHEN n <= $5 THEN $4::uuid END, 'Task ' || n,
  CASE WHEN n % 3 = 2 THEN 'done' ELSE 'todo' END, n % 4, ARRAY['gear'], n::text,
  now() + (n - 100) * interval '1 hour', $1, CASE WHEN n % 3 = 2 THEN now() END,
  now() - n * interval '1 minute', 'task ' || n,
  array_to_tsvector(ARRAY[$3 || ':task', $3 || ':' || n, $3 || '#gear'])
FROM generate_series(1, $2::int) AS n
"""
COUNT = """
INSERT INTO task_counts (owner_id, project_id, measure, key, n)
SELECT owner_id, coalesce(project_id, '00000000-0000-0000-0000-000000000000'), 'status', status,
  count(*)
FROM tasks GROUP BY 1, 2, 4
"""
# By an index that has them in the order of the list.
SORTS: tuple[Sort, ...] = ("created_at", "-created_at", "due_at", "position")


@pytest.fixture
async def places(database: Database) -> list[Place]:
    """A project of each of fifty people."""
    made = [Place(one, uuid7()) for one in people(OWNERS)]
    async with database.write() as tx:
        for one in made:
            mark = one.owner_id.hex[-10:]
            await tx.execute(FILL, one.owner_id, EACH, mark, one.project_id, SHARED)
        for other in people(OTHERS, "other"):
            await tx.execute(FILL, other, EACH // 10, other.hex[-10:], uuid7(), SHARED // 10)
        await tx.execute(COUNT)
    async with database.write() as tx:
        await tx.execute("ANALYZE tasks, task_counts")
    return made


def listed(me: UUID, places: list[Place], filters: Filters) -> tuple[str, tuple[object, ...]]:
    """The statement of a list, and its arguments."""
    asked = [
        Place(one.owner_id, one.project_id, lexemes.query(one.owner_id, filters.q, filters.label))
        for one in places
    ]
    scope, condition = Scope(me, places=asked), condition_of(me, filters, me)
    assert condition is not None
    sql = lists._select(lists.FIELDS, scope, condition, lists._ORDERS[filters.sort], None)
    return sql, lists._arguments(scope, condition, None, 21)


def rows_read(text: str) -> int:
    """How many rows a plan took out of tasks, all in all; by indexes alone."""
    executed = [line for line in text.splitlines() if "never executed" not in line]
    assert not any("Seq Scan on tasks_" in line for line in executed), text
    assert "external merge" not in text, text
    found = re.findall(r"Scan .*on tasks_\d+ .*actual .*rows=([\d.]+) loops=(\d+)", text)
    return round(sum(float(rows) * int(loops) for rows, loops in found))


@pytest.mark.slow
async def test_lists_of_many_owners_read_a_page_of_each(
    database: Database, places: list[Place]
) -> None:
    me = places[0].owner_id
    places = places[1:]
    for sort in SORTS:
        text = await plan(database, *listed(me, places, Filters(sort=sort)))
        assert rows_read(text) <= OWNERS * 21, text

    text = await plan(database, *listed(me, places, Filters(sort="-priority")))
    assert rows_read(text) <= OWNERS * SHARED, text

    text = await plan(database, *listed(me, places, Filters(q="task 17")))
    assert rows_read(text) <= OWNERS * 12, text  # 17, and 170 to 179


@pytest.mark.slow
async def test_statistics_and_lookups_of_many_owners_stay_with_them(
    database: Database, places: list[Place]
) -> None:
    me, owner_ids = places[0].owner_id, [one.owner_id for one in places[1:]]
    asked = (me, "2026-W01", owner_ids, [one.project_id for one in places[1:]])
    text = await plan(database, counts._sums(counts._OWN + counts._OF_PLACES), asked)
    assert rows_read(text) <= OWNERS * SHARED, text
    walked = re.findall(r" on task_counts_\d+ .*actual .* loops=(\d+)", text)
    assert 0 < sum(map(int, walked)) <= OWNERS, text

    few = owner_ids[:4]
    text = await plan(database, tasks._AMONG["tasks"][4], (uuid7(), *few))
    assert 0 < len(scanned(text, "tasks")) <= len(few), text
    assert rows_read(text) == 0
