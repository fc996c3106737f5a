"""One connection, by bytes on a socket: what is asked, and what goes by the lane."""

import asyncio
import logging
import random
import socket

import pytest

from tests.support.sockets import GET, HI, Client, House
from tests.support.waiting import WAIT_S, until

# What is asked, and what isn't a request


async def test_a_connection_is_kept_for_further_requests(client: Client) -> None:
    assert await client.ask(GET % b"one") == (200, b"/one")
    assert await client.ask(GET % b"two") == (200, b"/two")


async def test_a_head_may_come_byte_by_byte(house: House, client: Client) -> None:
    client.writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for one in GET % b"slow":
        await client.say(bytes([one]))
        await asyncio.sleep(0)

    assert await client.answer() == (200, b"/slow")
    assert len(house.asked) == 1


async def test_requests_sent_ahead_are_answered_in_their_order(
    house: House, client: Client
) -> None:
    await client.say(GET % b"later" + GET % b"two" + GET % b"three")
    await until(lambda: house.paths == ["/later"])
    house.may_answer.set()

    assert [await client.answer() for _ in range(3)] == [
        (200, b"later"),
        (200, b"/two"),
        (200, b"/three"),
    ]


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"POST /whole HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        b"POST /whole HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /whole HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST /whole HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na",
        b"POST /whole HTTP/1.1\r\nHost: a\r\nContent-Length : 1\r\n\r\na",
        b"POST /whole HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"POST /whole HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"POST /whole HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n",
        b"POST /whole HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfish\r\n",
        b"GET / HTTP/1.1\nHost: a\n\n",
        b"GET / HTTP/1.1\r\nHost: a\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: one\r\n two\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET nowhere HTTP/1.1\r\nHost: a\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
async def test_what_could_be_read_in_two_ways_or_none_is_refused_and_ends_the_connection(
    request_bytes: bytes, house: House, client: Client
) -> None:
    await client.say(request_bytes + GET % b"smuggled")
    said = await client.rest()

    assert said.startswith(b"HTTP/1.1 400 ")
    assert b"HTTP/1.1 200 " not in said
    assert b"connection: close\r\n" in said
    assert "/smuggled" not in house.paths


async def test_what_was_asked_before_nonsense_is_answered(house: House, client: Client) -> None:
    await client.say(GET % b"later" + GET % b"two" + b"\0nonsense")
    await until(lambda: house.paths)
    house.may_answer.set()
    said = await client.rest()

    assert said.count(b"HTTP/1.1 200 ") == 2
    assert said.endswith(b"/two")


async def test_a_broken_body_after_the_answer_is_answered_no_second_time(client: Client) -> None:
    head = b"POST /refused HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert await client.ask(head) == (413, b"/refused")
    await client.say(b"fish\r\n")

    assert await client.rest() == b""


async def test_lines_after_a_body_arent_headers(house: House, client: Client) -> None:
    body = b"1\r\na\r\n0\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n"
    head = b"POST /whole HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

    assert await client.ask(head + body) == (200, b"[a]")
    assert b"x-forwarded-for" not in dict(house.asked[0]["headers"])


async def test_strangers_nonsense_isnt_logged(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    await client.ask(b"GET /a HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n")
    await client.say(b"\0")
    await client.rest()

    assert caplog.records == []


# Wishes for other protocols

_WISH = b"Host: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n"


@pytest.mark.parametrize(
    "framed",
    [
        b"Content-Length: 3\r\n\r\nabc",
        b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n",
    ],
    ids=["length", "chunks"],
)
async def test_a_wish_for_another_protocol_is_overlooked_and_the_body_taken(
    framed: bytes, house: House, client: Client
) -> None:
    request = b"POST /whole HTTP/1.1\r\n" + _WISH + framed

    assert await client.ask(request + GET % b"next") == (200, b"[abc]")
    assert await client.answer() == (200, b"/next")
    assert house.paths == ["/whole", "/next"]


async def test_a_body_behind_a_wish_isnt_read_as_requests(house: House, client: Client) -> None:
    inner = GET % b"smuggled"
    head = b"POST /whole HTTP/1.1\r\n" + _WISH + b"Content-Length: %d\r\n\r\n" % len(inner)
    await client.say(head)
    await until(lambda: house.asked)

    assert await client.ask(inner) == (200, b"[" + inner + b"]")
    assert house.paths == ["/whole"]


async def test_a_websocket_isnt_opened(client: Client) -> None:
    wish = b"GET /a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"

    assert await client.ask(wish * 2_000) == (200, b"/a")


async def test_a_wish_with_a_body_of_unknown_length_is_refused(client: Client) -> None:
    await client.say(b"POST /whole HTTP/1.1\r\n" + _WISH + b"Transfer-Encoding: gzip\r\n\r\n")

    assert (await client.rest()).startswith(b"HTTP/1.1 400 ")


# The lane


async def test_the_lane_answers_before_the_application(house: House, client: Client) -> None:
    house.lane.known[GET % b"a"] = HI

    assert await client.ask(GET % b"a") == (200, b"hi")
    assert await client.ask(GET % b"b") == (200, b"/b")
    assert await client.ask(GET % b"a") == (200, b"hi")
    assert house.paths == ["/b"]


async def test_the_lane_doesnt_overtake_an_answer_under_way(house: House, client: Client) -> None:
    house.lane.known[GET % b"a"] = HI
    await client.say(GET % b"later")
    await until(lambda: house.asked)
    await client.say(GET % b"a")
    house.may_answer.set()

    assert await client.answer() == (200, b"later")
    assert await client.answer() in {(200, b"/a"), (200, b"hi")}


async def test_the_lane_doesnt_take_a_body_for_a_request(house: House, client: Client) -> None:
    inner = GET % b"a"
    house.lane.known[inner] = HI
    await client.say(b"POST /whole HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(inner))
    await until(lambda: house.asked)

    assert await client.ask(inner) == (200, b"[" + inner + b"]")


async def test_the_lane_doesnt_answer_who_never_reads(house: House) -> None:
    house.lane.known[GET % b"a"] = HI + bytes(1 << 20)
    with socket.create_connection(("127.0.0.1", house.port)) as deaf:
        deaf.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        async with asyncio.timeout(WAIT_S):
            while not house.asked:
                deaf.sendall(GET % b"a")
                await asyncio.sleep(0.01)

    assert set(house.paths) == {"/a"}


async def test_a_draining_server_has_no_lane(house: House, client: Client) -> None:
    house.lane.known[GET % b"a"] = HI
    await client.ask(GET % b"a")
    house.server.drain()

    assert await client.ask(GET % b"a") == (200, b"/a")
    assert await client.rest() == b""


async def test_a_head_that_came_whole_is_noted(house: House, client: Client) -> None:
    await client.ask(GET % b"a")

    assert house.heads == [GET % b"a"]


@pytest.mark.parametrize(
    "request_bytes",
    [
        GET % b"a" + GET % b"b",
        b"\r\n" + GET % b"a",
        b"HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST /a HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd",
        b"GET /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, close\r\n\r\n",
        b"GET /a HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
    ],
)
async def test_nothing_else_is_noted_as_a_head(
    request_bytes: bytes, house: House, client: Client
) -> None:
    await client.say(request_bytes)
    await until(lambda: house.asked)

    assert house.heads == []


async def test_the_second_half_of_a_head_isnt_noted(house: House, client: Client) -> None:
    await client.say(b"GET /a HTTP/1.1\r\nHost: a\r\nX: ")
    await until(lambda: house.only()._is_in_head)

    await client.ask(GET % b"b")
    assert house.heads == []


async def test_whatever_is_noted_is_one_request_alone(house: House) -> None:
    chance = random.Random(7)  # noqa: S311
    pieces = [b"GET /a HTTP/1.1\r\n", b"Host: a\r\n", b"\r\n", b"\n", b"\r", b"X: y\r\n", b"abc"]
    pieces += [b"Content-Length: 4\r\n", b"Transfer-Encoding: chunked\r\n", b"0\r\n\r\n"]
    pieces += [b"Connection: close\r\n", b"Connection: upgrade\r\nUpgrade: h2c\r\n", b"1\r\na\r\n"]
    for _ in range(150):
        said = b"GET /a HTTP/1.1\r\n" + b"".join(chance.choices(pieces, k=chance.randint(1, 6)))
        house.asked.clear()
        async with house.connected() as client:
            await client.say(said + b"\r\n\r\n")
            client.writer.write_eof()
            await client.rest()

        if house.heads:
            assert house.heads == [said + b"\r\n\r\n"]
            assert len(house.asked) == 1
            assert said.count(b"\r\n\r\n") == 0
