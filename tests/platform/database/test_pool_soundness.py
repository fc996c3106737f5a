"""Which connections may be lent again, and how those that are lost are replaced."""

import asyncio

import asyncpg
import pytest

from backline.platform.database.pool import Pool
from backline.platform.errors import Unavailable
from tests.support.pools import (
    FOREVER,
    WHO,
    Server,
    all_turns_free,
    ask,
    cancel,
    sleeper,
)
from tests.support.waiting import eventually, until

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


async def test_a_connection_that_said_farewell_and_has_not_ended_is_unavailable_and_replaced(
    single: Pool, server: Server
) -> None:
    fields = (b"SFATAL", b"VFATAL", b"C57P01", b"Mterminating connection", b"")
    said = b"".join(field + b"\0" for field in fields)
    farewell = b"E" + (len(said) + 4).to_bytes(4, "big") + said

    async def lose_it() -> None:
        async with single.connection() as connection:
            connection._protocol.data_received(farewell)
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
