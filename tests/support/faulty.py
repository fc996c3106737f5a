"""A proxy in front of an S3 server that answers as a struggling one does, or not at all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Literal

Mode = Literal["well", "slow down", "hangs", "cut", "gone", "refuses", "after"]
_HEAD_BYTES = 65_536
_SAID = {
    "slow down": ("503 Slow Down", "SlowDown", "Please reduce your request rate."),
    "refuses": ("403 Forbidden", "InvalidAccessKeyId", "The key isn't in our records."),
}
_ERROR = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{text}</Message>'
    "<Resource>/media</Resource><RequestId>1</RequestId></Error>"
)


class FaultyS3:
    """One request at a time on each connection, passed on or answered in S3's own words.

    `mode` is what it does with each request whose method is among `methods`; `faults` is how
    often before it is well again. It may lack conditional puts. `asked` are the first lines of
    all requests.

    - slow down: 503 with SlowDown
    - hangs: takes the request and says nothing
    - cut: passes half of the answer on, then closes
    - gone: closes at once
    - refuses: 403 with InvalidAccessKeyId
    - after: does what is asked, and closes before it answers
    """

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self.mode: Mode = "well"
        self.methods = frozenset({"GET", "HEAD", "PUT", "POST", "DELETE"})
        self.faults = 1_000_000
        self.lacks_conditions = False
        self.asked: list[str] = []
        self.port = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            # Cancelled at the end: the library's own callback would trip over that.
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await self._one(reader, writer):
                    pass
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        line = head.partition(b"\r\n")[0].decode()
        body = await reader.readexactly(_length(head))
        self.asked.append(line)
        mode = self._mode(line.partition(" ")[0])
        if self.lacks_conditions and b"if-none-match" in head.lower():
            writer.write(_refusal("501 Not Implemented", "NotImplemented", "A header isn't known."))
            await writer.drain()
            return True
        if mode == "gone":
            return False
        if mode == "hangs":
            await asyncio.Event().wait()
        if mode in ("slow down", "refuses"):
            said = _refusal(*_SAID[mode])
            writer.write(said.partition(b"<")[0] if line.startswith("HEAD") else said)
            await writer.drain()
            return True
        answer = await self._passed(head, body, is_head=line.startswith("HEAD"))
        if mode == "after":
            return False
        writer.write(answer[: len(answer) // 2] if mode == "cut" else answer)
        await writer.drain()
        return mode != "cut"

    def _mode(self, method: str) -> Mode:
        if self.mode == "well" or method not in self.methods or self.faults <= 0:
            return "well"
        self.faults -= 1
        return self.mode

    async def _passed(self, head: bytes, body: bytes, *, is_head: bool) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._server_port)
        try:
            lines = [
                one for one in head.split(b"\r\n") if not one.lower().startswith(b"connection")
            ]
            lines[1:1] = [b"Connection: close"]
            writer.write(b"\r\n".join(lines) + body)
            await writer.drain()
            answer = await reader.read(-1)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
        return answer.replace(b"Connection: close\r\n", b"", 1) if not is_head else answer

    async def close(self) -> None:
        """End all connections."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _refusal(status: str, code: str, text: str) -> bytes:
    body = _ERROR.format(code=code, text=text).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\n"
    return f"{head}\r\n".encode() + body


@asynccontextmanager
async def faulty(server_port: int) -> AsyncIterator[FaultyS3]:
    """A proxy that is well to begin with."""
    proxy = FaultyS3(server_port)
    server = await asyncio.start_server(proxy._serve, "127.0.0.1", 0, limit=_HEAD_BYTES)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.close()
        await server.wait_closed()
