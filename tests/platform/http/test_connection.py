"""One connection, by bytes on a socket: what is taken, what is refused, and how it ends."""

import asyncio
import contextlib
import logging
import random
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest

from backline.platform.http import connection
from backline.platform.http.connection import Connection
from backline.platform.http.server import Server
from tests.support.serving import free_port
from tests.support.waiting import WAIT_S, until

GET = b"GET /%b HTTP/1.1\r\nHost: a\r\n\r\n"
HI = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"
SOON_S = 0.2
FLOOD_BYTES = 32 << 20  # more than the sockets' own buffers hold
LONG_S = 3_600.0
NGINX_KEEPS_S = 60


class House:
    """A server, what it was asked, and an application that does as the path says."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.gone: list[str] = []
        self.may_answer = asyncio.Event()
        self.lane = Parrot()
        self.server = Server(self.app, self.lane)
        self.port = free_port()

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked.append(scope)
        match scope["path"]:
            case "/whole":
                said = await self._body(receive)
            case "/later":
                await self.may_answer.wait()
                said = b"later"
            case "/until-gone":
                while (await receive())["type"] != "http.disconnect":
                    pass
                self.gone.append(scope["path"])
                return
            case "/flood":
                await self._flood(send)
                self.gone.append(scope["path"])
                return
            case path:
                said = path.encode()
        headers = [(b"content-length", b"%d" % len(said))]
        status = 413 if scope["path"] == "/refused" else 200
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": said})

    async def _body(self, receive: Any) -> bytes:
        whole = b""
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.gone.append("/whole")
                return b"broken off"
            whole += message["body"]
            if not message["more_body"]:
                return b"[" + whole + b"]"

    async def _flood(self, send: Any) -> None:
        headers = [(b"content-length", b"%d" % FLOOD_BYTES)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for _ in range(FLOOD_BYTES >> 20):
            piece = {"type": "http.response.body", "body": bytes(1 << 20), "more_body": True}
            await send(piece)
        await send({"type": "http.response.body", "body": b""})

    @contextlib.asynccontextmanager
    async def connected(self) -> AsyncIterator["Client"]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        yield Client(reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    @property
    def connections(self) -> list[Connection]:
        return self.server._connections()

    def only(self) -> Connection:
        """The server's side of the one connection."""
        (one,) = self.connections
        return one

    @property
    def paths(self) -> list[str]:
        return [scope["path"] for scope in self.asked]

    @property
    def heads(self) -> list[bytes]:
        return [scope["state"]["head"] for scope in self.asked if "head" in scope["state"]]


class Parrot:
    """A lane that answers what it was taught."""

    def __init__(self) -> None:
        self.known: dict[bytes, bytes] = {}

    def answer(self, head: bytes, peer: str) -> bytes | None:
        assert peer == "127.0.0.1"
        return self.known.get(head)


class Client:
    """Bytes there and back."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self) -> tuple[int, bytes]:
        """The next answer's status and body."""
        async with asyncio.timeout(WAIT_S):
            head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
            status = int(head.split()[1])
            if status == 100:
                return status, b""
            size = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
            return status, await self.reader.readexactly(size)

    async def ask(self, data: bytes) -> tuple[int, bytes]:
        await self.say(data)
        return await self.answer()

    async def rest(self) -> bytes:
        """All that comes until the server closes."""
        said = b""
        async with asyncio.timeout(WAIT_S):
            with contextlib.suppress(ConnectionError):
                while piece := await self.reader.read(1 << 16):
                    said += piece
        return said

    async def insist(self, data: bytes) -> None:
        """Send `data` again and again until the server closes."""
        async with asyncio.timeout(WAIT_S):
            with contextlib.suppress(ConnectionError):
                while not self.reader.at_eof():
                    await self.say(data)
                    await asyncio.sleep(0)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    made = House()
    await made.server.open("127.0.0.1", made.port)
    yield made
    made.may_answer.set()
    await made.server.close(patience_s=0)


@pytest.fixture
async def client(house: House) -> AsyncIterator[Client]:
    async with house.connected() as made:
        yield made


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


# Bounds on heads


async def test_a_head_of_64_kib_is_taken_and_a_byte_more_isnt(client: Client) -> None:
    spare = connection.HEAD_LIMIT_BYTES - len(b"/Host: a\r\nX: \r\n")
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
    await client.say(b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * (connection.HEAD_LINES + 1) + b"\r\n")

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
    monkeypatch.setattr(connection, "HEAD_S", SOON_S)
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
    monkeypatch.setattr(connection, "HEAD_S", SOON_S)
    await client.say(GET % b"later" + b"GET / HTT")
    await until(lambda: house.asked and not house.only().cycle.keep_alive)
    house.may_answer.set()

    assert (await client.rest()).endswith(b"later")


async def test_who_asks_too_far_ahead_is_answered_so_much_and_no_more(
    house: House, client: Client
) -> None:
    await client.say(GET % b"later" + GET % b"next" * (connection.AHEAD + 10))
    await until(lambda: house.paths)
    house.may_answer.set()
    said = await client.rest()

    assert said.count(b"HTTP/1.1 200 ") == 1 + connection.AHEAD
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
    monkeypatch.setattr(connection, "LINGER_S", LONG_S)
    head = b"POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"
    await client.ask(head)
    assert house.only()._body_timer is not None
    await client.ask(b"abc" + GET % b"next")

    assert house.only()._body_timer is None


async def test_a_refused_body_that_doesnt_come_ends_the_connection(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "LINGER_S", SOON_S)
    head = b"POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n"
    assert await client.ask(head) == (413, b"/refused")

    assert await client.rest() == b""


async def test_a_refused_body_that_never_ends_ends_the_connection(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "LINGER_S", LONG_S)
    monkeypatch.setattr(connection, "LINGER_BYTES", 1 << 20)
    head = b"POST /refused HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert await client.ask(head) == (413, b"/refused")

    await client.insist(b"1000\r\n" + bytes(0x1000) + b"\r\n")


async def test_after_a_refused_body_of_more_than_is_read_nothing_is_asked(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "LINGER_BYTES", 2)
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
    monkeypatch.setattr(connection, "LINGER_S", SOON_S)
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
    monkeypatch.setattr(connection, "LINGER_S", SOON_S)
    await client.say(
        b"POST /refused HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    )
    said = await client.rest()

    assert said.startswith(b"HTTP/1.1 413 ")
    assert b"\r\nconnection: close\r\n" in said


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
    monkeypatch.setattr(connection, "IDLE_S", SOON_S)
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
    monkeypatch.setattr(connection, "IDLE_S", SOON_S)
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
    monkeypatch.setattr(connection, "STALL_S", SOON_S)
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
    monkeypatch.setattr(connection, "STALL_S", SOON_S)
    # All of it lies in our own buffer, too little of it to be told that nobody reads.
    house.lane.known[GET % b"a"] = b"HTTP/1.1 200 OK\r\ncontent-length: 60000\r\n\r\n" + bytes(
        60_000
    )
    monkeypatch.setattr(connection, "IDLE_S", SOON_S)
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        deaf.connect(("127.0.0.1", house.port))
        await until(lambda: house.connections)
        house.only().transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096
        )
        deaf.sendall(GET % b"a")

        await until(lambda: not house.connections)


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
