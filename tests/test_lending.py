"""Databases that tests borrow one after the other: none finds anything of another in its own."""

import asyncio
from typing import NamedTuple

import asyncpg
import pytest

from tests.support.lending import MOST_LOANS, Lending
from tests.support.postgres import PrivatePostgres

pytestmark = pytest.mark.slow

TEMPLATE = """
CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL DEFAULT '');
CREATE TABLE pets (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner_id int NOT NULL REFERENCES people);
CREATE TABLE rules (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, rule text);
CREATE TABLE notes (owner_id int, body text) PARTITION BY HASH (owner_id);
CREATE TABLE notes_0 PARTITION OF notes FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE notes_1 PARTITION OF notes FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE INDEX ON notes (body);
CREATE SEQUENCE numbers;
INSERT INTO rules (rule) VALUES ('no shoes'), ('no smoking');
"""
WHICH = "SELECT oid FROM pg_database WHERE datname = current_database()"
# What a borrower could see of another's besides rows: files, statistics, where numbers go on.
SEEN = """
SELECT c.relname, c.relkind::text, pg_relation_size(c.oid), c.relpages, c.reltuples,
  CASE WHEN c.relkind = 'S' THEN pg_sequence_last_value(c.oid) END
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace ORDER BY c.relname
"""
ROWS = {
    "rows": "INSERT INTO notes SELECT n, n FROM generate_series(1, 9) n",
    "rows that refer": "INSERT INTO people VALUES (1); INSERT INTO pets (owner_id) VALUES (1)",
    "many rows": "INSERT INTO notes SELECT n, repeat('x', 2000) FROM generate_series(1, 500) n",
    "rows that it deleted": "INSERT INTO people VALUES (1); DELETE FROM people",
    "rows that it took back": "BEGIN; INSERT INTO people VALUES (1); ROLLBACK",
    "rows besides the template's": "INSERT INTO rules (rule) VALUES ('no dogs')",
    "the template's rows, changed": "UPDATE rules SET rule = 'none' WHERE rule = 'no shoes'",
    "none of the template's rows": "DELETE FROM rules",
    "a number that it drew": "SELECT nextval('numbers')",
    "nothing": "SELECT 1",
}
ALTER = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I …', current_database()); END $$"
OTHERS = {
    "a table": "CREATE TABLE more (id int)",
    "a column": "ALTER TABLE people ADD COLUMN age int",
    "a default": "ALTER TABLE people ALTER COLUMN name SET DEFAULT 'Ann'",
    "no table": "DROP TABLE pets",
    "an index": "CREATE INDEX ON people (name)",
    "a function": "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "a schema": "CREATE SCHEMA mine; CREATE TABLE mine.people (id int)",
    "a right": "GRANT SELECT ON people TO public",
    "statistics": "INSERT INTO people VALUES (1); ANALYZE people",
    "statistics of nothing": "ANALYZE people",
    "a table that was swept": "VACUUM rules",
    "a setting": ALTER.replace("…", "SET work_mem = ''1MB''"),
    "a bound": ALTER.replace("…", "CONNECTION LIMIT 3"),
    "a large object": "SELECT lo_create(0)",
}


@pytest.fixture(scope="module")
def template(postgres: PrivatePostgres) -> str:
    """The name of a database with a few tables, one of them filled."""
    name = postgres.create()
    asyncio.run(_run(postgres.dsn(name), TEMPLATE))
    return name


@pytest.fixture
def lending(postgres: PrivatePostgres, template: str) -> Lending:
    """A lending of this test's own."""
    return Lending(postgres, template)


@pytest.mark.parametrize("left", ROWS)
def test_rows_are_cleared_away(postgres: PrivatePostgres, lending: Lending, left: str) -> None:
    first = _visit(postgres, lending, ROWS[left])
    second = _visit(postgres, lending)

    assert lending.spoilt == []
    assert second.oid == first.oid  # or nothing of this was seen
    assert second.seen == first.seen


@pytest.mark.parametrize("left", OTHERS)
def test_what_is_another_is_not_lent_again(
    postgres: PrivatePostgres, lending: Lending, left: str
) -> None:
    first = _visit(postgres, lending, OTHERS[left])
    second = _visit(postgres, lending)

    assert len(lending.spoilt) == 1
    assert second.oid != first.oid
    assert second.seen == first.seen
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        asyncio.run(_run(postgres.dsn(first.name), "SELECT 1"))


async def _leave_a_session(dsn: str) -> asyncpg.Connection:
    connection = await asyncpg.connect(dsn)
    await connection.execute("BEGIN; INSERT INTO people VALUES (1); LISTEN news")
    return connection


def test_whoever_stays_is_shown_out_and_does_not_find_back(
    postgres: PrivatePostgres, lending: Lending
) -> None:
    with asyncio.Runner() as runner:
        name = lending.lend()
        oid, seen = runner.run(_look(postgres.dsn(name)))
        stayed = runner.run(_leave_a_session(postgres.dsn(name)))
        lending.give_back(name)
        second = _visit(postgres, lending)

        assert (second.oid, second.seen) == (oid, seen)
        with pytest.raises(asyncpg.PostgresError):
            runner.run(stayed.execute("COMMIT"))
        with pytest.raises(asyncpg.InvalidCatalogNameError):
            runner.run(_run(postgres.dsn(name), "SELECT 1"))


def test_two_at_once_have_two(postgres: PrivatePostgres, lending: Lending) -> None:
    one, other = lending.lend(), lending.lend()
    asyncio.run(_run(postgres.dsn(one), ROWS["rows"]))

    assert asyncio.run(_look(postgres.dsn(one))) != asyncio.run(_look(postgres.dsn(other)))
    lending.give_back(one)
    lending.give_back(other)
    assert lending.spoilt == []


def test_a_database_that_a_test_dropped_is_not_missed(
    postgres: PrivatePostgres, lending: Lending
) -> None:
    name = lending.lend()
    postgres.drop(name)
    lending.give_back(name)

    assert _visit(postgres, lending).seen


def test_none_is_lent_for_ever(postgres: PrivatePostgres, lending: Lending) -> None:
    seen = [_visit(postgres, lending, ROWS["rows"]) for _ in range(MOST_LOANS + 1)]

    assert len({visit.oid for visit in seen[:-1]}) == 1
    assert seen[-1].oid != seen[0].oid


class Visit(NamedTuple):
    """What a borrower found before it did anything."""

    name: str
    oid: int
    seen: list[tuple[object, ...]]


def _visit(postgres: PrivatePostgres, lending: Lending, leaving: str = "SELECT 1") -> Visit:
    name = lending.lend()
    oid, seen = asyncio.run(_look(postgres.dsn(name)))
    asyncio.run(_run(postgres.dsn(name), leaving))
    lending.give_back(name)
    return Visit(name, oid, seen)


async def _look(dsn: str) -> tuple[int, list[tuple[object, ...]]]:
    connection = await asyncpg.connect(dsn)
    try:
        seen = [tuple(row) for row in await connection.fetch(SEEN)]
        for name, kind, *_ in tuple(seen):
            if kind == "r":
                seen += [(name, *row) for row in await connection.fetch(f"TABLE {name}")]
        return await connection.fetchval(WHICH), seen
    finally:
        await connection.close()


async def _run(dsn: str, statements: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()
