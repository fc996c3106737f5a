"""How a pool ends, with loans out and people waiting."""

import asyncio

import pytest

from backline.platform.database import pool as pools
from backline.platform.database.pool import Connection, Pool
from backline.platform.errors import Unavailable
from tests.support.pools import (
    PATIENCE_S,
    Server,
    all_turns_free,
    ask,
    cancel,
    sleeper,
    waiting,
)
from tests.support.waiting import eventually

# The end


async def test_close_waits_for_loans(pool: Pool, server: Server) -> None:
    async with pool.connection() as connection:
        closing = asyncio.create_task(pool.close())
        await waiting(pool, 1)
        assert await connection.fetchval("SELECT 1") == 1
    await closing

    assert await server.processes() == 0


async def test_close_lets_those_have_their_turn_who_wait_already(single: Pool) -> None:
    async with single.connection():
        asking = asyncio.create_task(ask(single))
        await waiting(single, 1)
        closing = asyncio.create_task(single.close())
        await waiting(single, 2)

    assert await asking > 0
    await closing


async def test_close_waits_for_loans_only_so_long(
    single: Pool, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = await sleeper(single, server)
    monkeypatch.setattr(pools, "_END_S", 0.05)

    await single.close()

    with pytest.raises(Unavailable):
        await asking


async def test_close_that_is_cancelled_still_ends_all(single: Pool, server: Server) -> None:
    asking = await sleeper(single, server)
    closing = asyncio.create_task(single.close())
    await waiting(single, 1)

    closing.cancel()

    with pytest.raises(Unavailable):
        await asking
    assert closing.cancelled()


async def test_to_close_twice_is_to_close_once(pool: Pool) -> None:
    await asyncio.gather(pool.close(), pool.close())
    await pool.close()

    with pytest.raises(Unavailable):
        await ask(pool)


async def test_terminate_cuts_off_who_has_a_connection_and_who_waits(
    single: Pool, server: Server
) -> None:
    asking = await sleeper(single, server)
    patient = asyncio.create_task(ask(single))
    await waiting(single, 1)

    single.terminate()

    with pytest.raises(Unavailable):
        await asking
    with pytest.raises(Unavailable):
        await patient
    assert single._free == 1


async def test_terminate_cuts_off_what_is_being_stopped(pool: Pool, server: Server) -> None:
    asking = await sleeper(pool, server)
    await cancel(asking)
    assert pool._ending

    pool.terminate()

    await all_turns_free(pool)
    assert not pool._open


async def test_who_comes_after_the_end_is_refused_at_once(single: Pool) -> None:
    async with single.connection():
        patient = asyncio.create_task(ask(single))
        await waiting(single, 1)
        single.terminate()
        with pytest.raises(Unavailable):
            await ask(single)

    with pytest.raises(Unavailable):
        await ask(single)
    with pytest.raises(Unavailable):
        await patient


async def test_a_connection_that_comes_after_the_end_is_closed(
    empty_dsn: str, server: Server
) -> None:
    connecting, go_on = asyncio.Event(), asyncio.Event()

    async def connect() -> Connection:
        connecting.set()
        await go_on.wait()
        return await pools._connect(empty_dsn, 5, {"application_name": "backline"})()

    single = Pool(connect, 1, role="primary", wait_s=PATIENCE_S)
    asking = asyncio.create_task(ask(single))
    await connecting.wait()
    single.terminate()
    go_on.set()

    with pytest.raises(Unavailable):
        await asking
    await eventually(server.has_none)
