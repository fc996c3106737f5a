"""Reading and writing, and what becomes of faults on the way."""

from contextlib import AbstractAsyncContextManager

import msgspec
import pytest

from backline.platform.database import Database, Read
from backline.platform.errors import Unavailable


class Pair(msgspec.Struct, frozen=True):
    one: int
    other: str


async def test_rows_become_structs_by_position(database: Database) -> None:
    async with database.read() as read:
        rows = await read.fetch("SELECT 1 AS one, 'a' AS other", Pair)

    assert rows == [Pair(1, "a")]


async def test_columns_in_another_order_are_refused(database: Database) -> None:
    async with database.read() as read:
        with pytest.raises(TypeError, match="Pair"):
            await read.fetch("SELECT 'a' AS other, 1 AS one", Pair)


async def test_a_fault_in_the_body_rolls_back_and_stays_what_it_is(database: Database) -> None:
    async def fail() -> None:
        async with database.write() as tx:
            await tx.execute("INSERT INTO instance (key, value) VALUES ('a', 'b')")
            raise OSError("the disk")

    with pytest.raises(OSError, match="the disk"):
        await fail()

    async with database.read() as read:
        assert await read.fetch_value("SELECT count(*) FROM instance") == 0


async def test_what_follows_a_commit_runs_after_it_and_only_then(database: Database) -> None:
    seen: list[int] = []

    async def look() -> None:
        async with database.read() as read:
            seen.append(await read.fetch_value("SELECT count(*) FROM instance"))

    async def fail() -> None:
        async with database.write() as tx:
            tx.after_commit(look)
            raise ValueError("no")

    async with database.write() as tx:
        tx.after_commit(look)
        await tx.execute("INSERT INTO instance (key, value) VALUES ('a', 'b')")
    with pytest.raises(ValueError, match="no"):
        await fail()

    assert seen == [1]


async def test_a_connection_that_is_cut_is_told_as_a_database_that_went_away(
    database: Database,
) -> None:
    with pytest.raises(Unavailable):
        async with database.read() as read:
            await read.fetch_value("SELECT pg_terminate_backend(pg_backend_pid())")

    assert await database.ping() >= 0


async def test_a_view_reads_as_it_is_told_and_writes_as_its_database(database: Database) -> None:
    read: list[str] = []

    def listen() -> AbstractAsyncContextManager[Read]:
        read.append("read")
        return database.read()

    view = database.view(read=listen)
    async with view.write() as tx:
        await tx.execute("INSERT INTO instance (key, value) VALUES ('a', 'b')")
    async with view.read() as near, database.read() as own:
        counts = [await one.fetch_value("SELECT count(*) FROM instance") for one in (near, own)]

    assert (read, counts) == (["read"], [1, 1])


async def test_a_statement_has_an_end(dsn: str) -> None:
    from backline.platform.database import connect

    impatient = await connect(dsn, statement_timeout_s=1)
    try:
        with pytest.raises(Unavailable, match="too long"):
            async with impatient.read() as read:
                await read.fetch_value("SELECT pg_sleep(600)")
    finally:
        await impatient.close()
