"""Who may serve together."""

import asyncio

import pytest

from backline.platform.database import Database
from backline.platform.database.place import SecondServe, ServePlace
from tests.support.waiting import until

pytestmark = pytest.mark.slow

CUT_SERVERS = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'backline serve' AND pid <> $1
"""
NOBODY = 0
HOLDERS = """
SELECT count(*) FROM pg_locks
WHERE locktype = 'advisory' AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def place(database: Database, stop: asyncio.Event, *, shared: bool) -> ServePlace:
    return ServePlace(database.dsn, stop, shared=shared)


@pytest.mark.parametrize("shared", [(False, False), (False, True), (True, False)])
async def test_a_second_process_without_a_common_redis_is_refused(
    database: Database, shared: tuple[bool, bool]
) -> None:
    stop = asyncio.Event()
    first, second = (place(database, stop, shared=one) for one in shared)
    await first.take()

    with pytest.raises(SecondServe, match="BACKLINE_REDIS_URL"):
        await second.take(patience_s=0.5)

    await first.close()
    await second.take()
    await second.close()


async def test_any_number_serve_with_redis(database: Database) -> None:
    places = [place(database, asyncio.Event(), shared=True) for _ in range(3)]

    for one in places:
        await one.take()

    for one in places:
        await one.close()


async def test_a_lost_place_is_taken_again(database: Database) -> None:
    stop = asyncio.Event()
    held = place(database, stop, shared=False)
    await held.take()

    async with database.write() as tx:
        assert await tx.fetch_value(CUT_SERVERS, NOBODY) == 1
    async with database.read() as read, asyncio.timeout(60):
        while await read.fetch_value(HOLDERS) != 1:  # noqa: ASYNC110  # PostgreSQL knows it
            await asyncio.sleep(0.05)

    assert not stop.is_set()
    await held.close()


async def test_who_lost_the_place_to_another_ends(database: Database) -> None:
    stop = asyncio.Event()
    first = place(database, stop, shared=False)
    second = place(database, asyncio.Event(), shared=False)
    await first.take()
    waiting = asyncio.create_task(second.take(patience_s=60))

    await until(lambda: second._connection is not None)
    assert second._connection is not None
    spared = second._connection.get_server_pid()
    async with asyncio.timeout(60):
        while not waiting.done():
            async with database.write() as tx:
                await tx.fetch_value(CUT_SERVERS, spared)
            await asyncio.sleep(0.5)
    await waiting
    await until(stop.is_set)

    await first.close()
    await second.close()
