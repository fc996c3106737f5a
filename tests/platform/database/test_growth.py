"""Tables that grow are analyzed as they do, the partitions of those that have some."""

import asyncpg

from backline.platform.database import Database
from backline.platform.database.growth import Growth
from tests.support.waiting import eventually

_MANY = 2_000
_KNOWN = "SELECT reltuples::bigint FROM pg_class WHERE relname = $1"


async def _known(database: Database, table: str) -> int:
    async with database.read() as read:
        return await read.fetch_value(_KNOWN, table)


async def _become_known(database: Database, table: str, leaf: str, count: int) -> None:
    """Look until as many are known of: what a connection has changed is told a little later."""

    async def are_known() -> bool:
        await Growth(database, table).look()
        return await _known(database, leaf) == count

    await eventually(are_known)


async def test_a_table_that_grew_is_analyzed_and_again_when_it_grew_by_half(
    database: Database,
) -> None:
    async with database.write() as tx:
        await tx.execute("CREATE TABLE heap (n integer)")
        await tx.execute("INSERT INTO heap SELECT n FROM generate_series(1, $1) AS n", _MANY)
    await _become_known(database, "heap", "heap", _MANY)

    async with database.write() as tx:
        await tx.execute("INSERT INTO heap SELECT n FROM generate_series(1, $1) AS n", 2 * _MANY)
    await _become_known(database, "heap", "heap", 3 * _MANY)


async def test_the_partition_that_grew_is_analyzed_whatever_its_name(database: Database) -> None:
    async with database.write() as tx:
        await tx.execute("CREATE TABLE parted (n integer) PARTITION BY RANGE (n)")
        await tx.execute('CREATE TABLE "Low, ""1""" PARTITION OF parted DEFAULT')
        await tx.execute("INSERT INTO parted SELECT n FROM generate_series(1, $1) AS n", _MANY)

    await _become_known(database, "parted", 'Low, "1"', _MANY)


async def test_what_another_analyzes_is_left_to_it(database: Database) -> None:
    async with database.write() as tx:
        await tx.execute("CREATE TABLE taken (n integer)")
        await tx.execute("INSERT INTO taken SELECT n FROM generate_series(1, $1) AS n", _MANY)
    other = await asyncpg.connect(database.dsn)
    try:
        async with other.transaction():
            await other.execute("LOCK TABLE taken IN SHARE UPDATE EXCLUSIVE MODE")

            async def has_grown() -> bool:
                async with database.read() as read:
                    return await read.fetch_value(
                        "SELECT pg_stat_get_mod_since_analyze('taken'::regclass)"
                    )

            await eventually(has_grown)
            await Growth(database, "taken").look()  # returns, and has done nothing

            assert await _known(database, "taken") < _MANY
    finally:
        await other.close()
