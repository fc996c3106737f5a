"""What is begun when, if more comes than can be answered at once."""

import asyncio
from itertools import pairwise

import pytest

from backline.platform.front.turns import AT_ONCE, Turns
from tests.support.sockets import GET, HI, Client, House
from tests.support.waiting import until

MANY = 5 * AT_ONCE


@pytest.fixture
def held(house: House) -> Turns:
    """The server's turns, of which there are none until `_renew` is called."""
    turns = house.server._turns
    turns._left, turns._is_renewing = 0, True
    return turns


async def came(house: House, data: bytes) -> None:
    """Return once the only connection has `data` waiting."""
    await until(lambda: bool(house.connections) and house.only()._later == data)


async def test_a_round_begins_a_few_and_first_those_who_came_first() -> None:
    turns, begun = Turns(), list[int]()
    for number in range(MANY):
        if turns.take():
            begun.append(number)
        else:
            turns.wait(lambda number=number: begun.append(number))

    counts = [len(begun)]
    while len(begun) < MANY:
        await asyncio.sleep(0)
        counts.append(len(begun))

    assert begun == list(range(MANY))
    assert max(after - before for before, after in pairwise(counts)) == AT_ONCE


async def test_who_comes_while_others_wait_comes_after_them() -> None:
    turns, begun = Turns(), list[str]()
    while turns.take():
        pass
    for _ in range(AT_ONCE):
        turns.wait(lambda: begun.append("first"))

    turns._renew()

    assert begun == ["first"] * AT_ONCE
    assert not turns.take()


async def test_nobody_waits_for_ever_for_one_whose_turn_goes_wrong() -> None:
    turns, begun = Turns(), list[str]()
    while turns.take():
        pass
    turns.wait(lambda: 1 / 0)
    turns.wait(lambda: begun.append("next"))

    with pytest.raises(ZeroDivisionError):
        turns._renew()

    await until(lambda: begun == ["next"])


async def test_all_of_many_at_once_are_answered(house: House) -> None:
    async def visit(number: int) -> tuple[int, bytes]:
        async with house.connected() as client:
            return await client.ask(GET % b"%d" % number)

    answers = await asyncio.gather(*(visit(number) for number in range(MANY)))

    assert answers == [(200, b"/%d" % number) for number in range(MANY)]


async def test_what_waits_may_still_go_by_the_lane(
    house: House, client: Client, held: Turns
) -> None:
    house.lane.known[GET % b"a"] = HI
    await client.say(GET % b"a")
    await came(house, GET % b"a")
    held._renew()

    assert await client.answer() == (200, b"hi")


async def test_what_comes_in_pieces_stays_in_order(
    house: House, client: Client, held: Turns
) -> None:
    whole = GET % b"one" + GET % b"two"
    await client.say(whole[:20])
    await came(house, whole[:20])
    await client.say(whole[20:])

    assert [await client.answer() for _ in range(2)] == [(200, b"/one"), (200, b"/two")]
    held._renew()
    assert house.paths == ["/one", "/two"]


async def test_who_leaves_while_waiting_is_forgotten(
    house: House, client: Client, held: Turns
) -> None:
    await client.say(GET % b"gone")
    await came(house, GET % b"gone")
    client.writer.close()
    await until(lambda: not house.connections)
    held._renew()

    assert not house.asked


@pytest.mark.usefixtures("held")
async def test_what_waits_is_answered_when_the_server_ends(house: House, client: Client) -> None:
    await client.say(GET % b"last")
    await came(house, GET % b"last")
    ending = asyncio.create_task(house.server.close())

    assert await client.answer() == (200, b"/last")
    await ending


@pytest.mark.usefixtures("held")
async def test_a_connection_isnt_idle_while_it_waits(house: House, client: Client) -> None:
    await client.say(GET % b"a")
    await came(house, GET % b"a")
    house.only().timeout_keep_alive_handler()
    house.server._turns._renew()

    assert await client.answer() == (200, b"/a")
