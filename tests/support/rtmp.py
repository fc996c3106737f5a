"""Encoders and destinations of our own: they say exactly what a test wants, and keep what comes."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import NamedTuple, cast

from backline.live.rtmp import amf, messages
from backline.live.rtmp.faults import ProtocolFault
from backline.live.rtmp.messages import AUDIO, DATA, VIDEO
from backline.live.rtmp.publishing import ClientSession
from backline.live.rtmp.serving import ServerSession

_SECOND_MS = 1_000


class Message(NamedTuple):
    """A message of a show."""

    kind: int
    timestamp_ms: int
    payload: bytes


AVC_HEADER = b"\x17\x00\x00\x00\x00\x01\x64\x00\x16\xff\xe1\x00\x02gd\x01\x00\x02h\xeb"
AAC_HEADER = b"\xaf\x00\x12\x10"
DESCRIPTION = amf.encode(
    "@setDataFrame", "onMetaData", {"width": 640.0, "height": 360.0, "framerate": 25.0}
)


def opening(at_ms: int = 0) -> list[Message]:
    """What an encoder says before its first frame."""
    return [
        Message(DATA, at_ms, DESCRIPTION),
        Message(VIDEO, at_ms, AVC_HEADER),
        Message(AUDIO, at_ms, AAC_HEADER),
    ]


def frames(
    seconds: float, *, at_ms: int = 0, gop_ms: int = 1_000, kbps: int = 800, first: int = 0
) -> Iterator[Message]:
    """Frames of 25 a second with a keyframe each `gop_ms`, every second one disposable, and sound.

    Each holds its own number, so that none is like another.
    """
    size = kbps * 125 // 25
    for number in range(first, first + round(seconds * 25)):
        when = at_ms + number * 40
        is_key = number * 40 % gop_ms == 0
        unit = 0x65 if is_key else (0x01 if number % 2 else 0x41)
        length = (size * 3 if is_key else size) - 14
        data = (struct.pack(">I", number) * (length // 4 + 1))[:length]
        head = (b"\x17" if is_key else b"\x27") + b"\x01\0\0\0" + struct.pack(">I", length + 1)
        yield Message(VIDEO, when, head + bytes((unit,)) + data)
        for part in range(2):
            yield Message(
                AUDIO, when + part * 20, b"\xaf\x01" + struct.pack(">IB", number, part) * 30
            )


class Encoder(asyncio.Protocol):
    """A connection that publishes."""

    def __init__(self, app: str, stream_key: str, tc_url: str) -> None:
        loop = asyncio.get_running_loop()
        self.accepted: asyncio.Future[None] = loop.create_future()
        self.lost: asyncio.Future[None] = loop.create_future()
        self.said: list[str] = []
        self.sent: list[Message] = []
        self._stream_id = 1
        self._room = asyncio.Event()
        self._room.set()
        self.session = ClientSession(
            self._write,
            self._accept,
            app=app,
            tc_url=tc_url,
            stream_key=stream_key,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.session.begin()

    def data_received(self, data: bytes) -> None:
        try:
            self.session.receive(data)
        except Exception as fault:  # noqa: BLE001  # it is what the server said
            self.said.append(str(fault))
            if not self.accepted.done():
                self.accepted.set_exception(fault)

    def _write(self, data: bytes) -> None:
        self.transport.write(data)

    def pause_writing(self) -> None:
        self._room.clear()

    def resume_writing(self) -> None:
        self._room.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's signature
        self._room.set()
        self.lost.set_result(None)
        if not self.accepted.done():
            self.accepted.set_exception(ConnectionError("closed"))

    def _accept(self, stream_id: int) -> None:
        self._stream_id = stream_id
        self.accepted.set_result(None)

    def send(self, message: Message) -> None:
        """Write a message at once."""
        kind, when, payload = message
        self.sent.append(message)
        self.transport.write(
            messages.head(kind, when, len(payload), self._stream_id)
            + messages.body(kind, when, payload)
        )

    async def send_all(self, show: "Iterator[Message] | list[Message]") -> None:
        """Write messages one after the other, as fast as the other side takes them."""
        for message in show:
            self.send(message)
            await self._room.wait()
            await asyncio.sleep(0)

    async def send_paced(self, show: "Iterator[Message] | list[Message]", speed: float = 1) -> None:
        """Write messages when their time has come."""
        loop = asyncio.get_running_loop()
        began_s, first_ms = loop.time(), None
        for message in show:
            first_ms = message.timestamp_ms if first_ms is None else first_ms
            due_s = began_s + (message.timestamp_ms - first_ms) / _SECOND_MS / speed
            if due_s > loop.time():
                await asyncio.sleep(due_s - loop.time())
            self.send(message)

    def finish(self) -> None:
        """Say that the show is over, and go."""
        self.session.finish()
        self.transport.close()


@asynccontextmanager
async def encoder(
    port: int, stream_key: str = "a-stream-key", app: str = "live", **options: object
) -> AsyncIterator[Encoder]:
    """A connection that has been accepted."""
    url = f"rtmp://127.0.0.1:{port}/{app}"
    _, one = await asyncio.get_running_loop().create_connection(
        lambda: Encoder(app, stream_key, url), "127.0.0.1", port, **options
    )
    try:
        await asyncio.wait_for(one.accepted, 30)
        yield one
    finally:
        one.transport.abort()


class Sink(asyncio.Protocol):
    """A destination that takes a stream and keeps it."""

    def __init__(self, place: "SinkServer") -> None:
        self._place = place
        self.session = ServerSession(self._send, self._asked, self._finished)
        self.messages: list[Message] = []
        self.stream_key = self.app = ""
        self.is_finished = False
        self.is_lost = False
        self.raw_bytes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._place.sinks.append(self)

    def data_received(self, data: bytes) -> None:
        self.raw_bytes += len(data)
        try:
            self.session.receive(data)
        except ProtocolFault:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's signature
        self.is_lost = True

    def _send(self, data: bytes) -> None:
        self.transport.write(data)

    def _asked(self, app: str, stream_key: str) -> None:
        self.app, self.stream_key = app, stream_key
        refusal = self._place.refusal
        if refusal:
            self.session.refuse(refusal)
            self.transport.close()
        else:
            self.session.accept(self._keep)

    def _keep(self, kind: int, when: int, payload: bytes | bytearray) -> None:
        self.messages.append(Message(kind, when, bytes(payload)))
        self._place.on_message(self)

    def _finished(self, _reason: str) -> None:
        self.is_finished = True


class SinkServer:
    """A port where sinks are, in the order in which they were connected to."""

    def __init__(self) -> None:
        self.sinks: list[Sink] = []
        self.refusal = ""
        self.port = 0
        self.on_message: Callable[[Sink], None] = lambda _sink: None

    @property
    def messages(self) -> list[Message]:
        """What all of them have heard."""
        return [message for sink in self.sinks for message in sink.messages]

    @property
    def url(self) -> str:
        """Where a destination finds it."""
        return f"rtmp://127.0.0.1:{self.port}/app"


@asynccontextmanager
async def sink_server(**options: object) -> AsyncIterator[SinkServer]:
    """A destination that takes everything."""
    place = SinkServer()
    async with listening(lambda: Sink(place), **options) as port:
        place.port = port
        yield place


@asynccontextmanager
async def listening(
    make: Callable[[], asyncio.BaseProtocol], **options: object
) -> AsyncIterator[int]:
    """A port at which protocols of a test's own answer; they keep their `transport`."""
    made: list[asyncio.BaseProtocol] = []

    def keep() -> asyncio.BaseProtocol:
        made.append(make())
        return made[-1]

    server = await asyncio.get_running_loop().create_server(keep, "127.0.0.1", 0, **options)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for one in made:
            if (transport := getattr(one, "transport", None)) is not None:
                transport.abort()
        await asyncio.sleep(0.01)  # transports are closed by the loop's next turns
