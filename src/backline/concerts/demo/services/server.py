"""A stand-in's address: HTTP/1.1 on a free port, with faults that it commits on demand."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncGenerator
from http import HTTPStatus
from typing import Final, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from backline.concerts.demo.services.exchange import Answer, Refusal, Request, Service

Fault = Refusal | Literal["well", "hangs", "gone", "cut", "slow", "garbage"]

_HEAD_BYTES: Final = 65_536
_BODY_BYTES: Final = 1_000_000
_SLOW_PIECES: Final = 20
_SLOW_S: Final = 0.02
_GARBAGE: Final = b'{"setlist": [\xff\xfe'


class StandIn:
    """A service at `url`. `asked` is everything that it was asked, refused or not.

    `spoil` tells what happens to the next requests, one each:
    - well: nothing
    - too many, over quota, unavailable, broken: refused in the service's own words
    - hangs: it takes the request and says nothing
    - gone: it closes at once
    - cut: it sends half of the answer, then closes
    - slow: it sends the answer in small pieces, with pauses
    - garbage: a good head, and a body that is nothing

    Between `hold` and `release` nothing is answered, so that requests are under way together.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self.url = ""
        self.asked: list[Request] = []
        self._open = asyncio.Event()
        self._open.set()
        self._faults: deque[Fault] = deque()
        self._under_way = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def spoil(self, *faults: Fault) -> None:
        """Have the next requests go wrong, one by one."""
        self._faults.extend(faults)

    def mend(self) -> None:
        """Have nothing go wrong any more."""
        self._faults.clear()

    def hold(self) -> None:
        """Keep all answers back."""
        self._open.clear()

    def release(self) -> None:
        """Give the answers that were kept back, in their order."""
        self._open.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it."""
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            # Cancelled at the end: asyncio's own callback would trip over that.
            with contextlib.suppress(
                OSError, ValueError, asyncio.IncompleteReadError, asyncio.CancelledError
            ):
                while await self._one(reader, writer):
                    pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        request = msgspec.structs.replace(await _read(reader), beside=self._under_way)
        self.asked.append(request)
        fault = self._faults.popleft() if self._faults else None
        self._under_way += 1
        try:
            if fault == "gone":
                return False
            if fault == "hangs":
                await asyncio.Event().wait()
            await self._open.wait()
            answer = self._answer(request, fault)
        finally:
            self._under_way -= 1
        return await _send(writer, answer, fault)

    def _answer(self, request: Request, fault: Fault | None) -> Answer:
        match fault:
            case "too many" | "over quota" | "unavailable" | "broken":
                return self._service.refuse(fault)
            case "garbage":
                return Answer(_GARBAGE)
            case _:
                return self._service.answer(request)

    async def close(self) -> None:
        """End all connections."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextlib.asynccontextmanager
async def serving(service: Service, port: int = 0) -> AsyncGenerator[StandIn]:
    """A service on this machine; without a `port` on one that is free."""
    stand_in = StandIn(service)
    server = await asyncio.start_server(stand_in.serve, "127.0.0.1", port, limit=_HEAD_BYTES)
    stand_in.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield stand_in
    finally:
        server.close()
        await stand_in.close()
        await server.wait_closed()


async def _read(reader: asyncio.StreamReader) -> Request:
    """The next request; header names are in lower case.

    Raises:
        ValueError: it isn't HTTP, or too large.
        asyncio.IncompleteReadError: nothing comes any more.
    """
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    method, target, _version = first.split(" ")
    named = (line.partition(":") for line in lines)
    headers = {name.lower().strip(): value.strip() for name, _, value in named}
    length = int(headers.get("content-length", "0"))
    if not 0 <= length <= _BODY_BYTES:
        raise ValueError("a body that large isn't for a stand-in")
    body = await reader.readexactly(length)
    split = urlsplit(target)
    query = dict(parse_qsl(split.query, keep_blank_values=True))
    return Request(method, unquote(split.path), query, headers, body)


async def _send(writer: asyncio.StreamWriter, answer: Answer, fault: Fault | None) -> bool:
    """Send the answer; whether the connection can go on."""
    status = HTTPStatus(answer.status)
    head = [f"HTTP/1.1 {status.value} {status.phrase}"]
    named = [("Content-Type", answer.content_type), ("Content-Length", str(len(answer.body)))]
    head += [f"{name}: {value}" for name, value in (*named, *answer.headers)]
    whole = "\r\n".join([*head, "", ""]).encode("latin-1") + answer.body
    if fault == "cut":
        whole = whole[: len(whole) - max(1, len(answer.body) // 2)]
    size = max(1, len(whole) // _SLOW_PIECES) if fault == "slow" else len(whole)
    for start in range(0, len(whole), size):
        writer.write(whole[start : start + size])
        await writer.drain()
        if fault == "slow":
            await asyncio.sleep(_SLOW_S)
    return fault != "cut"
