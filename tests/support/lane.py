"""A whole server that a test speaks to by bytes on a socket, and sees which way it answered."""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from prometheus_client import REGISTRY

from backline.platform.front import lane
from backline.platform.front.server import Server
from tests.support.api import Api, serving_api
from tests.support.serving import free_port
from tests.support.things import Person
from tests.support.waiting import WAIT_S

LIST, ME, TOKENS = "/api/v1/tracks", "/api/v1/users/me", "/api/v1/users/me/tokens"
HERE, ELSEWHERE = "127.0.0.1", "127.0.0.2"
FRIEND = "https://friend.example.org"
ASK_OFTEN = 6
# What differs between two answers to the same request.
CHANGING = re.compile(rb"(?<=^x-request-id: ).*|(?<=^date: ).*|(?<=;r=)\d+|(?<=;t=)\d+")


class Reply(NamedTuple):
    """An answer as it came over the wire, and whether the lane gave it."""

    status: int
    lines: list[bytes]
    body: bytes
    by_lane: bool

    def header(self, name: str) -> str:
        prefix = name.encode() + b": "
        return b", ".join(
            line.removeprefix(prefix) for line in self.lines if line.startswith(prefix)
        ).decode()

    @property
    def state(self) -> str:
        return self.header("cache-status").removeprefix("backline; ")

    @property
    def lasting(self) -> list[bytes]:
        """The head without what differs each time, and without its order."""
        return sorted(CHANGING.sub(b"...", line) for line in self.lines)

    def json(self) -> Any:
        return json.loads(self.body)


class Observed:
    """The lane itself, and how many answers it gave."""

    def __init__(self, observed: lane.Lane) -> None:
        self._lane, self.answers = observed, 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._lane(scope, receive, send)

    def answer(self, head: bytes, peer: str) -> bytes | None:
        said = self._lane.answer(head, peer)
        self.answers += said is not None
        return said


class House:
    """The whole application on a port."""

    def __init__(self, api: Api) -> None:
        self.api, self.lane = api, Observed(api.web.app)
        self.server, self.port = Server(self.lane), free_port()

    @contextlib.asynccontextmanager
    async def connected(self, address: str = HERE) -> AsyncIterator["Wire"]:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.port, local_addr=(address, 0)
        )
        yield Wire(self.lane, reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    async def person(self, email: str) -> Person:
        somebody = Person(self.api, email)
        await somebody.sign_in()
        return somebody

    def remembered(self) -> int:
        return len(self.api.web.app._heads)


class Wire:
    """A connection to the house."""

    def __init__(
        self, observed: Observed, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._lane, self.reader, self.writer = observed, reader, writer

    async def ask(self, *pieces: bytes, has_body: bool = True) -> Reply:
        """Send the pieces of one request, and read the answer to it."""
        before = self._lane.answers
        for piece in pieces:
            self.writer.write(piece)
            await asyncio.sleep(0.02 if len(pieces) > 1 else 0)
        return await self.reply(before, has_body=has_body)

    async def reply(self, before: int = 0, *, has_body: bool = True) -> Reply:
        async with asyncio.timeout(WAIT_S):
            said = await self.reader.readuntil(b"\r\n\r\n")
            lines = said.removesuffix(b"\r\n\r\n").split(b"\r\n")
            reply = Reply(int(lines[0].split()[1]), lines, b"", self._lane.answers > before)
            size = int(reply.header("content-length") or "0") if has_body else 0
            return reply._replace(body=await self.reader.readexactly(size))

    async def by_lane(self, head: bytes) -> Reply:
        """Ask until the lane answers."""
        return await self._asked(head, lambda reply: reply.by_lane)

    async def whole_way(self, head: bytes) -> Reply:
        """Ask until the whole way gives a kept answer, as it does before the lane knows `head`."""
        return await self._asked(head, lambda reply: reply.state == "hit" and not reply.by_lane)

    async def _asked(self, head: bytes, holds: Callable[[Reply], bool]) -> Reply:
        async with asyncio.timeout(WAIT_S):
            while not holds(reply := await self.ask(head)):
                assert reply.status in (200, 304), reply
            return reply


def get(path: str, token: str, *lines: str, method: str = "GET", host: str = "localhost") -> bytes:
    named = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"Authorization: Bearer {token}"]
    return "\r\n".join([*named, *lines, "", ""]).encode()


def token_of(somebody: Person) -> str:
    return somebody.client.headers["authorization"].removeprefix("Bearer ")


def sample(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0


@contextlib.asynccontextmanager
async def open_house(dsn: str, folder: Path, **environ: str) -> AsyncIterator[House]:
    async with serving_api(dsn, folder, **environ) as api:
        opened = House(api)
        await opened.server.open(HERE, opened.port)
        try:
            yield opened
        finally:
            await opened.server.close()


def log_lines(house: House, captured: pytest.CaptureFixture[bytes]) -> dict[str, dict[str, Any]]:
    """What the access log has of each request, by the request's id."""
    log = house.api.web.access_log
    assert log is not None
    log.flush()
    lines = [json.loads(one) for one in captured.readouterr().err.splitlines()]
    return {one["request_id"]: one for one in lines if one["event"] == "request"}


def requests_counted() -> float:
    return sample("backline_http_requests_total", method="GET", route=ME, status="200")
