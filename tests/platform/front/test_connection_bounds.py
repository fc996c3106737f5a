"""What a connection takes at the most: heads, and bodies that nobody wants."""

import asyncio
import contextlib

import pytest

from backline.platform.front import bounds
from tests.support.sockets import GET, LONG_S, SOON_S, Client, House
from tests.support.waiting import WAIT_S, until

# Bounds on heads


async def test_a_head_of_64_kib_is_taken_and_a_byte_more_isnt(client: Client) -> None:
    spare = bounds.HEAD_LIMIT_BYTES - len(b"/Host: a\r\nX: \r\n")
    taken = b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * spare + b"\r\n\r\n"
    assert await client.ask(taken) == (200, b"/")
    await client.say(taken.replace(b"X: ", b"X: x"))

    assert (await client.rest()).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize("endless", [b"X: y\r\n", b"x" * 1_000], ids=["lines", "one line"])
async def test_a_head_that_never_ends_is_refused(client: Client, endless: bytes) -> None:
    await client.say(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")
    said = asyncio.ensure_future(client.rest())
    async with asyncio.timeout(WAIT_S):
        with contextlib.suppress(ConnectionError):
            while not said.done():
                await client.say(endless)
                await asyncio.sleep(0)

    # To close on somebody who still sends may cost him the answer.
    assert (await said)[:13] in {b"HTTP/1.1 431 ", b""}


async def test_a_head_of_too_many_lines_is_refused(house: House, client: Client) -> None:
    await client.say(b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * (bounds.HEAD_LINES + 1) + b"\r\n")

    assert (await client.rest()).startswith(b"HTTP/1.1 431 ")
    assert house.asked == []


async def test_lines_after_a_body_that_never_end_break_it_off(house: House, client: Client) -> None:
    await client.say(
        b"POST /whole HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: "
    )
    await client.insist(b"x" * 10_000)

    await until(lambda: house.gone == ["/whole"])


async def test_a_head_that_takes_too_long_is_refused(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "HEAD_S", SOON_S)
    await client.say(b"GET / HTT")

    assert (await client.rest()).startswith(b"HTTP/1.1 408 ")


async def test_a_head_that_came_is_waited_for_no_more(house: House, client: Client) -> None:
    await client.say(b"GET /a")
    await until(lambda: house.connections and house.only()._head_timer is not None)
    waits = house.only()._head_timer
    await client.ask(b" HTTP/1.1\r\nHost: a\r\n\r\n")

    assert waits is not None
    assert waits.cancelled()


async def test_a_head_isnt_late_while_the_server_doesnt_read(house: House, client: Client) -> None:
    await client.say(GET % b"later" + GET % b"two" + b"GET /three")
    await until(lambda: house.paths)
    house.only()._give_up_head()
    await client.say(b" HTTP/1.1\r\nHost: a\r\n\r\n")
    house.may_answer.set()

    answers = [await client.answer() for _ in range(3)]
    assert answers == [(200, b"later"), (200, b"/two"), (200, b"/three")]


async def test_a_late_head_doesnt_cost_the_answer_before_it(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "HEAD_S", SOON_S)
    await client.say(GET % b"later" + b"GET / HTT")
    await until(lambda: house.asked and not house.only().cycle.keep_alive)
    house.may_answer.set()

    assert (await client.rest()).endswith(b"later")


async def test_who_asks_too_far_ahead_is_answered_so_much_and_no_more(
    house: House, client: Client
) -> None:
    await client.say(GET % b"later" + GET % b"next" * (bounds.AHEAD + 10))
    await until(lambda: house.paths)
    house.may_answer.set()
    said = await client.rest()

    assert said.count(b"HTTP/1.1 200 ") == 1 + bounds.AHEAD
    assert said.count(b"connection: close\r\n") == 1


# Bodies, wanted and not


async def test_a_refused_body_is_read_and_the_connection_kept(client: Client) -> None:
    size = 3 << 20
    head = b"POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size
    assert await client.ask(head) == (413, b"/refused")
    await client.say(bytes(size))

    assert await client.ask(GET % b"next") == (200, b"/next")


async def test_a_refused_body_that_came_is_waited_for_no_more(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "LINGER_S", LONG_S)
    head = b"POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"
    await client.ask(head)
    assert house.only()._body_timer is not None
    await client.ask(b"abc" + GET % b"next")

    assert house.only()._body_timer is None


async def test_a_refused_body_that_doesnt_come_ends_the_connection(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "LINGER_S", SOON_S)
    head = b"POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n"
    assert await client.ask(head) == (413, b"/refused")

    assert await client.rest() == b""


async def test_a_refused_body_that_never_ends_ends_the_connection(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "LINGER_S", LONG_S)
    monkeypatch.setattr(bounds, "LINGER_BYTES", 1 << 20)
    head = b"POST /refused HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert await client.ask(head) == (413, b"/refused")

    await client.insist(b"1000\r\n" + bytes(0x1000) + b"\r\n")


async def test_after_a_refused_body_of_more_than_is_read_nothing_is_asked(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "LINGER_BYTES", 2)
    await client.ask(b"POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n")
    await client.say(b"abc" + GET % b"after")

    assert await client.rest() == b""
    assert house.paths == ["/refused"]


async def test_a_refused_body_is_read_before_a_last_answers_connection_ends(
    client: Client,
) -> None:
    head = b"POST /refused HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
    size = 8 << 20
    answer = asyncio.ensure_future(client.ask(head % size))
    assert await answer == (413, b"/refused")
    for _ in range(size >> 16):
        await client.say(bytes(1 << 16))

    assert await client.reader.read() == b""


async def test_after_a_last_request_whose_body_was_refused_nothing_is_asked(
    house: House, client: Client
) -> None:
    head = b"POST /refused HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\n"
    await client.ask(head)
    await client.say(b"abc" + GET % b"after")

    assert await client.rest() == b""
    assert house.paths == ["/refused"]


async def test_a_body_that_takes_its_time_after_an_earlier_answer_is_taken(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "LINGER_S", SOON_S)
    head = b"POST /whole HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"
    await client.say(GET % b"later" + head + b"a")
    await until(lambda: house.paths)
    house.may_answer.set()
    assert await client.answer() == (200, b"later")
    async with house.connected() as other:
        await other.say(b"POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n")
        await other.rest()

    assert await client.ask(b"bc") == (200, b"[abc]")


async def test_who_asks_whether_to_send_is_told_to_go_on(client: Client) -> None:
    head = b"POST /whole HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    assert await client.ask(head) == (100, b"")

    assert await client.ask(b"abc") == (200, b"[abc]")


async def test_who_asks_whether_to_send_and_may_not_is_told_that_the_connection_ends(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "LINGER_S", SOON_S)
    await client.say(
        b"POST /refused HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    )
    said = await client.rest()

    assert said.startswith(b"HTTP/1.1 413 ")
    assert b"\r\nconnection: close\r\n" in said
