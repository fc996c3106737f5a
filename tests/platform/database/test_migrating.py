"""Schema changes on a real PostgreSQL."""

import asyncio

import pytest

from backline.platform.database import connect
from backline.platform.database.migrating import Migration, SchemaFault, migrate, pending

FIRST = Migration("demo", "0001_notes", "CREATE TABLE notes (id int PRIMARY KEY)")
SECOND = Migration("demo", "0002_body", "ALTER TABLE notes ADD COLUMN body text")


async def test_applies_each_file_once(empty_dsn: str) -> None:
    first = await migrate(empty_dsn, [FIRST])
    second = await migrate(empty_dsn, [FIRST, SECOND])
    third = await migrate(empty_dsn, [FIRST, SECOND])

    assert (first, second, third) == ([FIRST], [SECOND], [])
    assert await pending(empty_dsn, [FIRST, SECOND]) == []


async def test_tells_what_is_pending_in_an_empty_database(empty_dsn: str) -> None:
    assert await pending(empty_dsn, [FIRST, SECOND]) == [FIRST, SECOND]


async def test_two_processes_at_once_apply_each_file_once(empty_dsn: str) -> None:
    applied = await asyncio.gather(*(migrate(empty_dsn, [FIRST, SECOND]) for _ in range(5)))

    assert sorted(len(files) for files in applied) == [0, 0, 0, 0, 2]


async def test_a_failing_file_leaves_nothing_of_itself(empty_dsn: str) -> None:
    broken = Migration("demo", "0002_broken", "CREATE TABLE half (id int); SELECT 1 / 0")

    with pytest.raises(Exception, match="division by zero"):
        await migrate(empty_dsn, [FIRST, broken])

    database = await connect(empty_dsn)
    async with database.read() as read:
        tables = await read.fetch_value("SELECT to_regclass('half')")
    await database.close()
    assert tables is None
    assert await pending(empty_dsn, [FIRST, broken]) == [broken]


async def test_a_changed_file_is_refused(empty_dsn: str) -> None:
    await migrate(empty_dsn, [FIRST])
    changed = Migration("demo", "0001_notes", "CREATE TABLE notes (id bigint PRIMARY KEY)")

    with pytest.raises(SchemaFault, match=r"demo/0001_notes\.sql was changed"):
        await migrate(empty_dsn, [changed])


async def test_a_schema_of_a_newer_program_is_refused(empty_dsn: str) -> None:
    await migrate(empty_dsn, [FIRST, SECOND])

    with pytest.raises(SchemaFault, match="made by a newer Backline"):
        await migrate(empty_dsn, [FIRST])
