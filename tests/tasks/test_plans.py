"""The plans of lists, search and statistics: the owner's partition alone, by an index."""

import re
from itertools import product
from uuid import UUID

import pytest

from backline.platform.database import Database
from backline.platform.ids import uuid7
from backline.tasks import lexemes
from backline.tasks.lists import condition_of
from backline.tasks.models import Filters, Sort
from backline.tasks.sql import counts, due, lists, tasks
from backline.tasks.sql.lists import Scope
from tests.support.plans import people, plan, scanned

OWNERS = 100
EACH = 1_000
# As the program writes them, but made by the database.
FILL = """
INSERT INTO tasks (owner_id, id, title, status, priority, labels, position, due_at, created_by,
  completed_at, created_at, title_key, search)
SELECT $1, gen_random_uuid(), 'Task ' || n, CASE WHEN n % 3 = 2 THEN 'done' ELSE 'todo' END,
  n % 4, ARRAY['gear'], n::text, now() + n * interval '1 hour', $1,
  CASE WHEN n % 3 = 2 THEN now() END, now() - n * interval '1 minute', 'task ' || n,
  array_to_tsvector(ARRAY[$3 || ':task', $3 || ':' || n, $3 || '#gear'])
FROM generate_series(1, $2::int) AS n
"""
SORTS: tuple[Sort, ...] = (
    "created_at",
    "-created_at",
    "due_at",
    "-priority",
    "title",
    "position",
)


@pytest.fixture
async def owner(database: Database) -> UUID:
    """One of a hundred people with a thousand tasks each."""
    ids = people(OWNERS)
    async with database.write() as tx:
        for one in ids:
            await tx.execute(FILL, one, EACH, one.hex[-10:])
    async with database.write() as tx:
        await tx.execute("ANALYZE tasks")
    return ids[0]


@pytest.mark.slow
async def test_lists_search_and_statistics_stay_in_the_owners_partition(
    database: Database, owner: UUID
) -> None:
    asked = [Filters(sort=sort) for sort in SORTS]
    asked += [Filters(status=["todo"]), Filters(q="task 17"), Filters(label=["gear"], q="999")]
    scopes = (Scope(owner), Scope(owner, is_alone=True))
    for filters, scope in product(asked, scopes):
        condition = condition_of(owner, filters, owner)
        assert condition is not None
        sql = lists._select(lists.FIELDS, scope, condition, lists._ORDERS[filters.sort], None)

        text = await plan(database, sql, lists._arguments(scope, condition, None, 21))

        assert len(scanned(text, "tasks")) == 1, text
        assert "Seq Scan on tasks_" not in text, text
        assert "external merge" not in text, text

    stats = await plan(database, counts._sums(counts._OWN), (owner, "2026-W01"))
    one = await plan(database, tasks._TASK["tasks"], (owner, uuid7()))

    soon = await plan(database, due._DUE, ("now", uuid7(), "tomorrow", 200))

    assert "Seq Scan on tasks_" not in soon, soon
    assert len(scanned(stats, "tasks")) <= 1
    assert "Seq Scan on tasks_" not in stats
    assert len(scanned(one, "tasks")) == 1


@pytest.mark.slow
async def test_the_first_page_reads_a_page_however_many_tasks_there_are(
    database: Database, owner: UUID
) -> None:
    scopes = (Scope(owner), Scope(owner, is_alone=True))
    for sort, scope in product(SORTS, scopes):
        condition = condition_of(owner, Filters(sort=sort), owner)
        assert condition is not None
        sql = lists._select(lists.FIELDS, scope, condition, lists._ORDERS[sort], None)

        text = await plan(database, sql, lists._arguments(scope, condition, None, 21))

        assert re.search(r"-> +(Incremental )?Sort ", text) is None, text
        read = re.search(r"Index Scan .* on tasks_\d+ .*rows=(\d+)", text)
        assert read is not None, text
        assert int(read[1]) <= 21, text


def test_a_search_looks_among_the_owners_words_alone() -> None:
    one, other = uuid7(), uuid7()

    assert lexemes.query(one, "van", []) != lexemes.query(other, "van", [])
    assert set(lexemes.lexemes(one, "The van", "", ["gear"])).isdisjoint(
        lexemes.lexemes(other, "The van", "", ["gear"])
    )
