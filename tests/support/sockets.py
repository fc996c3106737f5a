"""A server that a test speaks to by bytes on a socket, and an application that obeys the path."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from backline.platform.front.connection import Connection
from backline.platform.front.server import Server
from backline.platform.http.asgi import HEAD
from tests.support.serving import free_port
from tests.support.waiting import WAIT_S

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
        self.lane = Parrot(self.app)
        self.server = Server(self.lane)
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
            case "/kept":
                while (await receive())["type"] != "http.disconnect":
                    pass
                await self.may_answer.wait()
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
        return [scope[HEAD] for scope in self.asked if HEAD in scope]


class Parrot:
    """A lane that answers what it was taught."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.known: dict[bytes, bytes] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._app(scope, receive, send)

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
