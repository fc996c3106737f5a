"""The plans of the history's reads: the owner's partition alone, by an index."""

from uuid import UUID

import pytest

from backline.concerts.history.making import mark
from backline.concerts.sql import bills, concerts, cutting, history_lists, judging, sessions
from backline.concerts.sql.history_lists import _ORDERS, Condition, _select
from backline.platform import text
from backline.platform.database import Database
from backline.platform.ids import uuid7
from tests.support.plans import people, plan, spread

pytestmark = pytest.mark.slow

OWNERS, EACH = 60, 300
FILL = """
INSERT INTO concerts (owner_id, id, held_on, source, search)
SELECT $1, gen_random_uuid(), date '2000-01-01' + 20 * n, 'person',
  array_to_tsvector(ARRAY[$3 || ':band', $3 || ':' || n])
FROM generate_series(1, $2::int) AS n
"""


@pytest.fixture
async def owner(database: Database) -> UUID:
    """One of many people with a history."""
    ids = people(OWNERS)
    async with database.write() as tx:
        for one in ids:
            await tx.execute(FILL, one, EACH, mark(one))
    async with database.write() as tx:
        await tx.execute("ANALYZE concerts")
    return ids[0]


@pytest.mark.parametrize("sort", list(_ORDERS))
async def test_a_list_looks_into_one_partition(database: Database, owner: UUID, sort: str) -> None:
    query = text.marked_query(mark(owner), "band 7")
    for condition in (Condition(), Condition(query=query), Condition(artist_id=uuid7())):
        statement = _select(condition, _ORDERS[sort], None)  # type: ignore[index]
        given = (owner, 21, None, None, condition.artist_id, None, "", "", None, None)

        said = await plan(database, statement, (*given, condition.query))

        assert spread(said) == {}
        if condition == Condition():
            assert "Seq Scan on concerts_" not in said, said


@pytest.mark.parametrize(
    ("statement", "count"),
    [
        (concerts._CONCERT, 2),
        (bills._BILL, 2),
        (sessions._SESSION, 2),
        (cutting._OF_SESSION, 3),
        (judging._HAS_DUE, 1),
        (history_lists._SPAN_OF_ARTIST, 2),
        (history_lists._SPAN_OF_VENUE, 2),
    ],
)
async def test_a_thing_is_found_in_one_partition(
    database: Database, owner: UUID, statement: str, count: int
) -> None:
    said = await plan(database, statement, (owner, uuid7(), 10)[:count])

    assert spread(said) == {}
