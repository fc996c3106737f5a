"""Connections that are lent and given back, whatever happens to who has them, and to them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import asyncpg
import pytest
from prometheus_client import REGISTRY

from backline.platform import pool as pools
from backline.platform.errors import Unavailable
from backline.platform.pool import Connection, Pool, open_pool
from tests.support.postgres import PrivatePostgres
from tests.support.waiting import eventually, until

SIZE = 2
PATIENCE_S = 60.0
STATEMENT_TIMEOUT_S = 600
WHO = "SELECT pg_backend_pid()"
FOREVER = "SELECT pg_sleep(600)"
OURS = "FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'backline'"
PROCESSES = f"SELECT count(*) {OURS}"
AT_WORK = f"SELECT count(*) {OURS} AND state = 'active' AND query = $1"
INTERRUPT = f"SELECT count(pg_cancel_backend(pid)) {OURS}"
TERMINATE = f"SELECT count(pg_terminate_backend(pid, 60000)) {OURS}"


class Server:
    """What PostgreSQL says of us, on a connection that isn't the pool's."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    async def processes(self) -> int:
        return await self.connection.fetchval(PROCESSES)

    async def has_none(self) -> bool:
        return await self.processes() == 0

    async def has_one(self) -> bool:
        return await self.processes() == 1

    async def sleeps(self) -> bool:
        return await self.connection.fetchval(AT_WORK, FOREVER) > 0

    async def interrupt_all(self) -> None:
        await self.connection.fetchval(INTERRUPT)

    async def terminate_all(self) -> None:
        await self.connection.fetchval(TERMINATE)


@pytest.fixture
async def server(empty_dsn: str) -> AsyncIterator[Server]:
    connection = await asyncpg.connect(empty_dsn)
    yield Server(connection)
    await connection.close()


async def opened(dsn: str, size: int = SIZE, wait_s: float = PATIENCE_S) -> Pool:
    return await open_pool(dsn, size=size, statement_timeout_s=STATEMENT_TIMEOUT_S, wait_s=wait_s)


@pytest.fixture
async def pool(empty_dsn: str) -> AsyncIterator[Pool]:
    made = await opened(empty_dsn)
    yield made
    made.terminate()


@pytest.fixture
async def single(empty_dsn: str) -> AsyncIterator[Pool]:
    """A pool of one connection: who comes second waits."""
    made = await opened(empty_dsn, size=1)
    yield made
    made.terminate()


async def ask(pool: Pool, statement: str = WHO) -> int:
    async with pool.connection() as connection:
        return await connection.fetchval(statement)


async def sleeper(pool: Pool, server: Server) -> "asyncio.Task[int]":
    """Somebody whose statement the server is in the middle of."""
    task = asyncio.create_task(ask(pool, FOREVER))
    await eventually(server.sleeps)
    return task


async def cancel(task: "asyncio.Task[int]") -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def waiting(pool: Pool, number: int) -> None:
    """Return once so many wait for their turn."""
    await until(lambda: sum(not turn.came.done() for turn in pool._waiting) == number)


async def all_turns_free(pool: Pool) -> None:
    """Return once nobody has a connection and none is being ended."""
    await until(lambda: pool._free == pool._size)


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


# What may be lent again


async def test_a_connection_is_lent_again(pool: Pool) -> None:
    assert await ask(pool) == await ask(pool)


async def test_the_connection_that_was_given_back_last_is_lent_first(pool: Pool) -> None:
    first, second = pool.connection(), pool.connection()
    await first.__aenter__()
    number = await (await second.__aenter__()).fetchval(WHO)

    first.give_back()
    second.give_back()

    assert await ask(pool) == number


async def test_a_statement_whose_caller_was_cancelled_is_stopped(
    pool: Pool, server: Server
) -> None:
    await cancel(await sleeper(pool, server))

    await all_turns_free(pool)
    assert not await server.sleeps()


async def test_a_connection_is_not_lent_again_in_the_middle_of_a_cancelled_statement(
    single: Pool, server: Server
) -> None:
    number = await ask(single)

    await cancel(await sleeper(single, server))

    assert await ask(single) != number


async def test_nor_when_the_caller_kept_that_they_gave_up_to_themselves(
    single: Pool, server: Server
) -> None:
    number = await ask(single)

    async with single.connection() as connection:
        given_up = asyncio.create_task(connection.fetchval(FOREVER))
        await eventually(server.sleeps)
        await cancel(given_up)

    assert await ask(single) != number


async def test_nor_while_another_task_still_uses_it(single: Pool, server: Server) -> None:
    number = await ask(single)

    async def do_two_things_at_once() -> None:
        async with single.connection() as connection:
            others.append(asyncio.create_task(connection.fetchval(FOREVER)))
            await eventually(server.sleeps)
            await connection.fetchval(WHO)

    others: list[asyncio.Task[int]] = []
    with pytest.raises(Unavailable):
        await do_two_things_at_once()

    assert await ask(single) != number
    with pytest.raises(asyncpg.PostgresError):
        await others[0]


async def test_a_transaction_that_was_left_open_is_not_lent_again(single: Pool) -> None:
    async with single.connection() as connection:
        number = await connection.fetchval(WHO)
        await connection.execute("CREATE TABLE kept (one int)")
        await connection.execute("BEGIN")
        await connection.execute("INSERT INTO kept VALUES (1)")

    assert await ask(single) != number
    assert await ask(single, "SELECT count(*) FROM kept") == 0


async def test_what_a_cancelled_caller_did_in_a_transaction_is_undone(
    single: Pool, server: Server
) -> None:
    async def change() -> int:
        async with single.connection() as connection, connection.transaction():
            await connection.execute("INSERT INTO kept VALUES (1)")
            return await connection.fetchval(FOREVER)

    await server.connection.execute("CREATE TABLE kept (one int)")
    changing = asyncio.create_task(change())
    await eventually(server.sleeps)
    await cancel(changing)

    assert await ask(single, "SELECT count(*) FROM kept") == 0


async def test_a_begin_that_failed_spoils_no_later_transaction(
    single: Pool, server: Server
) -> None:
    async with single.connection() as connection:
        other = asyncio.create_task(connection.fetchval(FOREVER))
        await eventually(server.sleeps)
        with pytest.raises(asyncpg.InterfaceError):
            await connection.transaction().start()
        await server.interrupt_all()
        with pytest.raises(asyncpg.QueryCanceledError):
            await other

    async with single.connection() as connection, connection.transaction():
        assert connection.is_in_transaction()


async def test_a_fault_of_the_caller_costs_no_connection(single: Pool) -> None:
    number = await ask(single)

    with pytest.raises(asyncpg.DataError):
        async with single.connection() as connection:
            await connection.fetchval("SELECT $1::int", "one")

    assert await ask(single) == number


# What is lost


async def test_a_connection_that_was_terminated_while_idle_is_replaced(
    pool: Pool, server: Server
) -> None:
    number = await ask(pool)

    await server.terminate_all()
    await until(pool._idle[0][0].is_closed)

    assert await ask(pool) != number


async def test_a_connection_that_is_terminated_while_lent_is_unavailable_and_replaced(
    single: Pool, server: Server
) -> None:
    async def lose_it() -> None:
        async with single.connection() as connection:
            await server.terminate_all()
            await connection.fetchval(WHO)

    with pytest.raises(Unavailable):
        await lose_it()

    assert await ask(single) > 0
    assert await server.processes() == 1


async def test_a_connection_that_is_terminated_in_the_middle_leaves_its_turn(
    single: Pool, server: Server
) -> None:
    asking = await sleeper(single, server)

    await server.terminate_all()

    with pytest.raises(Unavailable):
        await asking
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
