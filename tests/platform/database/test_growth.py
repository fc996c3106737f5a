"""Tables that grow are analyzed as they do, the partitions of those that have some."""

from collections.abc import Sequence
from typing import NoReturn

import asyncpg
import pytest

from backline.platform.database import Database
from backline.platform.database.growth import Growth
from tests.support.waiting import eventually

_MANY = 2_000
_KNOWN = "SELECT reltuples::bigint FROM pg_class WHERE relname = $1"
_CHANGED = "SELECT pg_stat_get_mod_since_analyze($1::text::regclass)"


async def _known(database: Database, table: str) -> int:
    async with database.read() as read:
        return await read.fetch_value(_KNOWN, table)


async def _become_known(database: Database, tables: Sequence[str], leaf: str, count: int) -> None:
    """Look until as many are known of: what a connection has changed is told a little later."""

    async def are_known() -> bool:
        await Growth(database, *tables).look()
        return await _known(database, leaf) == count

    await eventually(are_known)


async def test_a_table_that_grew_is_analyzed_and_again_when_it_grew_by_half(
    database: Database,
) -> None:
    async with database.write() as tx:
        await tx.execute("CREATE TABLE heap (n integer)")
        await tx.execute("INSERT INTO heap SELECT n FROM generate_series(1, $1) AS n", _MANY)
    await _become_known(database, ["heap"], "heap", _MANY)

    async with database.write() as tx:
        await tx.execute("INSERT INTO heap SELECT n FROM generate_series(1, $1) AS n", 2 * _MANY)
    await _become_known(database, ["heap"], "heap", 3 * _MANY)


async def test_the_partition_that_grew_is_analyzed_whatever_its_name(database: Database) -> None:
    async with database.write() as tx:
        await tx.execute("CREATE TABLE parted (n integer) PARTITION BY RANGE (n)")
        await tx.execute('CREATE TABLE "Low, ""1""" PARTITION OF parted DEFAULT')
        await tx.execute("INSERT INTO parted SELECT n FROM generate_series(1, $1) AS n", _MANY)

    await _become_known(database, ["parted"], 'Low, "1"', _MANY)


async def test_what_another_analyzes_is_left_to_it_and_the_rest_is_analyzed(
    database: Database,
) -> None:
    async with database.write() as tx:
        for table in ("taken", "untaken"):
            await tx.execute(f"CREATE TABLE {table} (n integer)")
            await tx.execute(f"INSERT INTO {table} SELECT generate_series(1, $1)", _MANY)
    other = await asyncpg.connect(database.dsn)
    try:
        async with other.transaction():
            await other.execute("LOCK TABLE taken IN SHARE UPDATE EXCLUSIVE MODE")

            async def has_grown() -> bool:
                async with database.read() as read:
                    return await read.fetch_value(_CHANGED, "taken") >= _MANY

            await eventually(has_grown)
            await _become_known(database, ["taken", "untaken"], "untaken", _MANY)
            assert await _known(database, "taken") < _MANY
        await _become_known(database, ["taken", "untaken"], "taken", _MANY)
    finally:
        await other.close()


async def test_a_look_at_what_has_not_grown_writes_nothing(database: Database) -> None:
    def refuse() -> NoReturn:
        pytest.fail("it began to write")

    await Growth(database.view(write=refuse), "tracks").look()
