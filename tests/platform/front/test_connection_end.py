"""How a connection ends: by its client, by silence, with the server."""

import asyncio
import socket

import pytest

from backline.platform.front import bounds
from tests.support.sockets import FLOOD_BYTES, GET, HI, LONG_S, NGINX_KEEPS_S, SOON_S, Client, House
from tests.support.waiting import WAIT_S, until

# How it ends


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /a HTTP/1.0\r\nHost: a\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    ],
)
async def test_a_last_request_is_the_last(
    request_bytes: bytes, house: House, client: Client
) -> None:
    await client.say(request_bytes + GET % b"after")
    said = await client.rest()

    assert b"\r\nconnection: close\r\n" in said
    assert said.endswith(b"/a")
    assert house.paths == ["/a"]
    assert house.heads == []


async def test_an_answer_to_head_has_no_body(client: Client) -> None:
    await client.say(b"HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n" + GET % b"b")
    async with asyncio.timeout(WAIT_S):
        head = await client.reader.readuntil(b"\r\n\r\n")

    assert b"content-length: 2\r\n" in head
    assert await client.answer() == (200, b"/b")


@pytest.mark.parametrize("data", [b"", b"\r\n", GET % b"a"], ids=["nothing", "a line", "a request"])
async def test_a_connection_where_nothing_comes_ends(
    data: bytes, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "IDLE_S", SOON_S)
    async with house.connected() as idle:
        await idle.say(data)
        said = await idle.rest()

    assert b"HTTP/1.1 4" not in said


async def test_a_connection_stays_idle_longer_than_nginx_keeps_it(
    house: House, client: Client
) -> None:
    await client.ask(GET % b"a")
    ends = house.only().timeout_keep_alive_task

    assert ends is not None
    assert ends.when() - asyncio.get_running_loop().time() > NGINX_KEEPS_S


async def test_an_answer_may_take_longer_than_an_idle_connection_is_kept(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await until(lambda: house.connections)
    house.only().timeout_keep_alive = SOON_S
    monkeypatch.setattr(bounds, "IDLE_S", SOON_S)
    await client.say(GET % b"a" + b"GET /later HTT")
    assert await client.answer() == (200, b"/a")
    async with house.connected() as other:
        await other.rest()
    await client.say(b"P/1.1\r\nHost: a\r\n\r\n")
    await until(lambda: "/later" in house.paths)
    async with house.connected() as other:
        await other.rest()
    house.may_answer.set()

    assert await client.answer() == (200, b"later")


async def test_an_answer_of_the_lane_keeps_a_connection(house: House, client: Client) -> None:
    house.lane.known[GET % b"a"] = HI
    await client.ask(GET % b"a")
    house.only().timeout_keep_alive_handler()

    assert await client.ask(GET % b"a") == (200, b"hi")


async def test_who_leaves_is_told_to_the_request_under_way(house: House, client: Client) -> None:
    await client.say(GET % b"until-gone")
    await until(lambda: house.asked)
    client.writer.close()

    await until(lambda: house.gone == ["/until-gone"])


async def test_who_leaves_is_told_to_the_request_under_way_though_others_wait(
    house: House, client: Client
) -> None:
    await client.say(GET % b"until-gone" + GET % b"next")
    await until(lambda: house.asked)
    client.writer.close()

    await until(lambda: house.gone == ["/until-gone"])
    assert house.paths == ["/until-gone"]


async def test_who_says_no_more_is_gone(house: House, client: Client) -> None:
    await client.say(GET % b"until-gone")
    await until(lambda: house.asked)
    client.writer.write_eof()

    assert await client.rest() == b""
    await until(lambda: house.gone == ["/until-gone"])


async def test_a_body_that_breaks_off_is_told(house: House, client: Client) -> None:
    await client.say(b"POST /whole HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
    await until(lambda: house.asked)
    client.writer.close()

    await until(lambda: house.gone == ["/whole"])


async def test_who_never_reads_is_cut_off(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "STALL_S", SOON_S)
    with socket.create_connection(("127.0.0.1", house.port)) as deaf:
        deaf.sendall(GET % b"flood")

        await until(lambda: house.gone == ["/flood"])
        await until(lambda: not house.connections)


async def test_who_reads_on_isnt_cut_off(house: House, client: Client) -> None:
    await client.say(GET % b"flood")
    await until(lambda: house.connections and house.only()._stall_timer is not None)
    async with asyncio.timeout(WAIT_S):
        await client.reader.readuntil(b"\r\n\r\n")
        await client.reader.readexactly(FLOOD_BYTES)

    await until(lambda: house.only()._stall_timer is None)


async def test_who_never_reads_a_last_answers_end_is_cut_off(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "STALL_S", SOON_S)
    # All of it lies in our own buffer, too little of it to be told that nobody reads.
    house.lane.known[GET % b"a"] = b"HTTP/1.1 200 OK\r\ncontent-length: 60000\r\n\r\n" + bytes(
        60_000
    )
    monkeypatch.setattr(bounds, "IDLE_S", SOON_S)
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        deaf.connect(("127.0.0.1", house.port))
        await until(lambda: house.connections)
        house.only().transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096
        )
        deaf.sendall(GET % b"a")

        await until(lambda: not house.connections)


# The server's end


async def test_what_is_cut_off_at_the_end_is_counted_and_isnt_a_fault(
    house: House, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    await client.say(GET % b"later")
    await until(lambda: house.asked)

    assert await house.server.close(patience_s=SOON_S) == 1
    assert caplog.records == []


async def test_the_end_waits_for_answers_under_way(house: House, client: Client) -> None:
    await client.say(GET % b"later")
    await until(lambda: house.asked)
    closing = asyncio.ensure_future(house.server.close(patience_s=WAIT_S))
    await until(lambda: house.server._door.closing)
    house.may_answer.set()

    assert (await client.rest()).endswith(b"later")
    assert await closing == 0


async def test_the_end_doesnt_wait_for_idle_connections(house: House, client: Client) -> None:
    await client.ask(GET % b"a")

    assert await house.server.close(patience_s=LONG_S) == 0
    assert await client.rest() == b""


async def test_who_comes_as_the_last_one_leaves_is_waited_for(house: House) -> None:
    first = socket.create_connection(("127.0.0.1", house.port))
    await until(lambda: house.connections)
    first.close()  # the server sees both at once
    with socket.create_connection(("127.0.0.1", house.port)) as second:
        second.sendall(GET % b"later")
        await until(lambda: house.asked)

        closing = asyncio.create_task(house.server.close(LONG_S))
        for _ in range(20):
            await asyncio.sleep(0)
        assert not closing.done()
        house.may_answer.set()

        assert await closing == 0


async def test_what_is_kept_of_a_client_who_is_gone_is_waited_for(house: House) -> None:
    async with house.connected() as client:
        await client.say(b"POST /kept HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf")
        await until(lambda: house.asked)
    await until(lambda: not house.connections)

    closing = asyncio.create_task(house.server.close(LONG_S))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not closing.done()
    house.may_answer.set()

    assert await closing == 0
    assert house.gone == ["/kept"]


@pytest.mark.parametrize(
    "broken",
    [
        b"Transfer-Encoding: chunked\r\n\r\nnone\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
        b"Content-Length: three\r\n\r\n",
    ],
    ids=["chunk", "both", "length"],
)
@pytest.mark.parametrize("comes", ["at once", "later"])
async def test_what_was_begun_is_answered_before_bad_framing_ends_the_connection(
    house: House, client: Client, broken: bytes, comes: str
) -> None:
    begun = b"PATCH /later HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"
    bad = b"POST /whole HTTP/1.1\r\nHost: a\r\n" + broken
    await client.say(begun + bad if comes == "at once" else begun)
    await until(lambda: house.paths == ["/later"])
    if comes == "later":
        await client.say(bad)
        await until(lambda: not house.only().transport.is_reading())
    house.may_answer.set()

    said = await client.rest()

    assert said.endswith(b"later")
    assert house.paths == ["/later"]
