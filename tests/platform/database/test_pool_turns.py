"""Who is lent a connection when, and how many there are."""

import asyncio

import pytest
from prometheus_client import REGISTRY

from backline.platform.database import pool as pools
from backline.platform.database.pool import Connection, Pool, open_pool
from backline.platform.errors import Unavailable
from tests.support.pools import (
    PATIENCE_S,
    PROCESSES,
    SIZE,
    WHO,
    Server,
    all_turns_free,
    ask,
    cancel,
    opened,
    sleeper,
    waiting,
)
from tests.support.postgres import PrivatePostgres
from tests.support.waiting import eventually, until

# Turns


async def test_first_come_is_first_served(single: Pool) -> None:
    served: list[int] = []

    async def come(number: int) -> None:
        async with single.connection() as connection:
            served.append(number)
            await connection.fetchval(WHO)

    async with single.connection():
        coming = [asyncio.create_task(come(number)) for number in range(5)]
        await waiting(single, 5)
    await asyncio.gather(*coming)

    assert served == [0, 1, 2, 3, 4]


async def test_who_comes_as_a_connection_is_given_back_does_not_overtake(single: Pool) -> None:
    served: list[str] = []

    async def come(name: str) -> None:
        async with single.connection():
            served.append(name)

    async with single.connection():
        patient = asyncio.create_task(come("waited"))
        await waiting(single, 1)
    await come("came later")
    await patient

    assert served == ["waited", "came later"]


async def test_too_long_a_wait_is_unavailable(empty_dsn: str) -> None:
    single = await opened(empty_dsn, size=1, wait_s=0.05)

    async with single.connection():
        with pytest.raises(Unavailable):
            await ask(single)

    assert await ask(single) > 0
    single.terminate()


async def test_each_who_waits_is_sent_away_at_their_own_time(empty_dsn: str) -> None:
    single = await opened(empty_dsn, size=1, wait_s=0.05)

    async with single.connection():
        for _ in range(3):
            both = await asyncio.gather(ask(single), ask(single), return_exceptions=True)
            assert [type(fault) for fault in both] == [Unavailable, Unavailable]

    single.terminate()


async def test_without_any_patience_a_full_pool_refuses_at_once(empty_dsn: str) -> None:
    single = await opened(empty_dsn, size=1, wait_s=0.0)

    async with single.connection():
        assert single.is_full
        with pytest.raises(Unavailable):
            await ask(single)

    assert not single.is_full
    single.terminate()


async def test_who_was_cancelled_while_waiting_takes_nobodys_turn(single: Pool) -> None:
    async with single.connection():
        first = asyncio.create_task(ask(single))
        second = asyncio.create_task(ask(single))
        await waiting(single, 2)
        await cancel(first)

    assert await second > 0
    assert single._free == 1


async def test_who_is_cancelled_just_as_their_turn_comes_passes_it_on(single: Pool) -> None:
    lent = single.connection()
    await lent.__aenter__()
    first = asyncio.create_task(ask(single))
    second = asyncio.create_task(ask(single))
    await waiting(single, 2)

    lent.give_back()
    first.cancel()

    assert await second > 0
    assert first.cancelled()
    assert single._free == 1


async def test_who_is_cancelled_while_connecting_leaves_their_turn() -> None:
    connecting = asyncio.Event()

    async def connect() -> Connection:
        connecting.set()
        return await asyncio.get_running_loop().create_future()

    single = Pool(connect, 1, role="primary", wait_s=PATIENCE_S)
    task = asyncio.create_task(ask(single))
    await connecting.wait()
    await cancel(task)

    assert not single.is_full


async def test_a_server_that_cannot_be_reached_is_unavailable_and_leaves_the_turn() -> None:
    connect = pools._connect("postgresql://nobody@/none?host=/nowhere", 5, {})
    single = Pool(connect, 1, role="primary", wait_s=0.3)

    with pytest.raises(Unavailable):
        await ask(single)

    assert not single.is_full


# How many there are


async def test_there_are_never_more_connections_than_turns(pool: Pool) -> None:
    counts = await asyncio.gather(*(ask(pool, PROCESSES) for _ in range(50)))

    assert max(counts) == SIZE


async def test_nor_after_many_asked_and_gave_up(pool: Pool, server: Server) -> None:
    for _ in range(2 * SIZE):
        await cancel(await sleeper(pool, server))
        assert await server.processes() <= SIZE
        await all_turns_free(pool)


async def test_where_the_server_takes_no_more_somebody_elses_connection_will_do(
    empty_dsn: str, server: Server, postgres: PrivatePostgres
) -> None:
    await server.connection.execute("CREATE ROLE lonely LOGIN CONNECTION LIMIT 1")
    pool = await opened(empty_dsn.replace("postgres@", "lonely@"))

    async with pool.connection() as connection:
        number = await connection.fetchval(WHO)
        refused = asyncio.create_task(ask(pool))
        await until(lambda: pool.is_full)

    assert await refused == number
    pool.terminate()
    await server.connection.execute("DROP ROLE lonely")


async def test_connections_that_nobody_needs_are_closed(
    empty_dsn: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "_IDLE_S", 0.05)
    pool = await opened(empty_dsn)

    async with pool.connection(), pool.connection():
        pass

    await eventually(server.has_none)
    assert await ask(pool) > 0
    pool.terminate()


async def test_a_connection_that_is_lent_is_not_closed_however_long_that_lasts(
    empty_dsn: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "_IDLE_S", 0.05)
    pool = await opened(empty_dsn)

    async with pool.connection() as connection:
        async with pool.connection():
            pass
        await until(lambda: pool._sweep is None)
        await eventually(server.has_one)
        assert await connection.fetchval("SELECT 1") == 1

    pool.terminate()


async def test_the_gauges_tell_busy_from_idle(empty_dsn: str) -> None:
    def shown(state: str) -> float | None:
        labels = {"role": "shown", "state": state}
        return REGISTRY.get_sample_value("backline_database_connections", labels)

    pool = await open_pool(empty_dsn, size=SIZE, statement_timeout_s=5, role="shown")
    async with pool.connection():
        async with pool.connection():
            pass
        pool.measure()
        assert (shown("busy"), shown("idle")) == (1, 1)

    pool.terminate()
    assert (shown("busy"), shown("idle")) == (0, 0)
