"""The door for encoders: who may come in, for how long they may say nothing, who is sent away."""

import asyncio
import secrets
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple, cast

import structlog

from backline.live.relay.models import IngestLimits, Publish, Refused
from backline.live.relay.stream import Stream
from backline.live.rtmp.chunks import HEADROOM
from backline.live.rtmp.faults import ProtocolFault
from backline.live.rtmp.serving import ServerSession
from backline.platform.host.background import Background
from backline.platform.limits.networks import network_of

_log = structlog.get_logger()
_READ_BYTES: Final = 256 << 10
# Whoever sends so much between two reads is read on at once: the kernel's room is small.
_MUCH_BYTES: Final = 64 << 10
_BACKLOG: Final = 512
_LOOK_S: Final = 1.0
_CLOSE_S: Final = 3.0
_GONE: Final = "The encoder's connection ended."


class Accepted(NamedTuple):
    """Somebody may publish, to this stream."""

    stream: Stream


Authorise = Callable[[Publish], Awaitable[Accepted | Refused]]
OnGone = Callable[[Stream, str], None]


class _Room:
    """What all connections of an ingest share: one buffer, who is there, what is allowed."""

    def __init__(self, authorise: Authorise, on_gone: OnGone | None, limits: IngestLimits) -> None:
        self.authorise, self.on_gone, self.limits = authorise, on_gone, limits
        self.buffer = bytearray(HEADROOM + _READ_BYTES)
        self.view = memoryview(self.buffer)
        self.free = self.view[HEADROOM:]
        self.connections: set[_Connection] = set()
        self.by_network: Counter[str] = Counter()
        self.tasks: set[asyncio.Task[None]] = set()
        self.is_draining = False
        self._waiting: list[_Connection] = []

    def has_place(self, network: str) -> bool:
        """Whether one more may come from there."""
        return (
            not self.is_draining
            and len(self.connections) < self.limits.connections
            and self.by_network[network] < self.limits.connections_per_address
        )

    def wait(self, connection: "_Connection") -> None:
        """Read on in a moment, together with all others that wait."""
        if not self._waiting:
            asyncio.get_running_loop().call_later(self.limits.read_each_s, self._go_on)
        self._waiting.append(connection)

    def _go_on(self) -> None:
        waiting, self._waiting = self._waiting, []
        for connection in waiting:
            connection.go_on()


class _Connection(asyncio.BufferedProtocol):
    """One encoder."""

    def __init__(self, room: _Room) -> None:
        self._room = room
        self.id = secrets.token_hex(8)
        self._transport: asyncio.Transport | None = None
        self._address = ""
        self._network: str | None = None
        self._session = ServerSession(self._send, self._asked, self._ended)
        self._stream: Stream | None = None
        self._reason = _GONE
        self._is_closed = False
        self._deadline: asyncio.TimerHandle | None = None
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._came_s = self._heard_s = asyncio.get_running_loop().time()
        self._heard_bytes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody has come."""
        self._transport = cast("asyncio.Transport", transport)
        self._address = str(transport.get_extra_info("peername", [""])[0])
        network = network_of(self._address)
        if not self._room.has_place(network):
            _log.warning("encoder_turned_away", address=self._address)
            self._transport.abort()
            return
        self._network = network
        self._room.connections.add(self)
        self._room.by_network[network] += 1

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002  # asyncio's signature
        """All connections read into the same place: what arrived is used before the next reads."""
        return self._room.free

    def buffer_updated(self, nbytes: int) -> None:
        """Take what has arrived."""
        try:
            self._session.receive_shared(self._room.buffer, self._room.view, nbytes)
        except ProtocolFault as fault:
            self.close(f"The connection was ended: {fault}")
        if self._stream is not None:
            self._stream.flush()
            if nbytes < _MUCH_BYTES and self._transport is not None:
                self._transport.pause_reading()
                self._room.wait(self)

    def go_on(self) -> None:
        """Read again."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # the same
        """Somebody has gone."""
        self._session.stop()
        self.gone.set_result(None)
        if self._deadline is not None:
            self._deadline.cancel()
        if self._network is not None:
            self._room.connections.discard(self)
            self._room.by_network[self._network] -= 1
            if self._room.by_network[self._network] <= 0:
                del self._room.by_network[self._network]
        self._leave()

    def close(self, reason: str) -> None:
        """End it with a word, which is what `on_gone` hears, too.

        What still comes is read and thrown away for a moment: closed at once, the connection
        would be reset, and the word lost.
        """
        transport = self._transport
        if transport is None or self._is_closed or transport.is_closing():
            return
        self._is_closed = True
        self._reason = reason
        self._session.refuse(reason)
        if transport.can_write_eof():
            transport.write_eof()
            transport.resume_reading()
        else:
            transport.close()
        self._end_within(_CLOSE_S)
        self._leave()

    def look(self, now_s: float) -> None:
        """Whether it says enough to stay."""
        limits = self._room.limits
        if self._session.received_bytes != self._heard_bytes:
            self._heard_bytes, self._heard_s = self._session.received_bytes, now_s
        if not self._session.is_asked:
            if now_s - self._came_s > limits.publish_within_s:
                self.close(f"Nothing was published within {limits.publish_within_s:g} s.")
        elif self._stream is not None and now_s - self._heard_s > limits.silent_for_s:
            self.close(f"The encoder has sent nothing for {limits.silent_for_s:g} s.")

    def _send(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def _asked(self, app: str, stream_key: str) -> None:
        """Find out whether it may publish; nothing more is read meanwhile."""
        if self._transport is not None:
            self._transport.pause_reading()
        asked = Publish(app, stream_key, self._address, self.id)
        task = asyncio.get_running_loop().create_task(self._authorise(asked))
        self._room.tasks.add(task)
        task.add_done_callback(self._room.tasks.discard)

    async def _authorise(self, asked: Publish) -> None:
        within_s = self._room.limits.authorise_within_s
        try:
            async with asyncio.timeout(within_s):
                answer = await self._room.authorise(asked)
        except Exception as fault:  # noqa: BLE001  # whatever it is, the encoder hears of it
            _log.warning("encoder_not_judged", reason=str(fault) or type(fault).__name__)
            answer = Refused("The server can't tell at the moment who may publish. Try again soon.")
        if self._transport is None or self._is_closed or self._transport.is_closing():
            return
        if isinstance(answer, Refused):
            _log.info("encoder_refused", address=self._address)
            self.close(answer.reason)
            return
        self._stream = answer.stream
        self._heard_s = asyncio.get_running_loop().time()
        answer.stream.attach(self.close)
        self._session.accept(answer.stream.media)
        answer.stream.flush()
        self._transport.resume_reading()

    def _ended(self, reason: str) -> None:
        """The encoder has said that it is over; it closes the connection itself, if it is nice."""
        self._reason = reason
        self._leave()
        self._end_within(_CLOSE_S)

    def _end_within(self, seconds: float) -> None:
        """Have the connection end, whether the other side wants that or not."""
        if self._transport is not None and self._deadline is None:
            loop = asyncio.get_running_loop()
            self._deadline = loop.call_later(seconds, self._transport.abort)

    def _leave(self) -> None:
        """Publish no more."""
        stream, self._stream = self._stream, None
        if stream is not None and stream.detach(self.close) and self._room.on_gone is not None:
            self._room.on_gone(stream, self._reason)


class Ingest:
    """A listening server for encoders; made by `listen`."""

    def __init__(self, room: _Room, server: asyncio.Server) -> None:
        self._room, self._server = room, server
        self._looking = Background()
        self._looking.start(self._look(), "ingest-look")

    @property
    def port(self) -> int:
        """Where it listens; of use if 0 was asked for."""
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def connections(self) -> int:
        """How many encoders are connected, publishing or not."""
        return len(self._room.connections)

    def drain(self) -> None:
        """Let nobody else in; those who are there may finish."""
        self._room.is_draining = True
        self._server.close()

    async def close(self, reason: str = "The server ends.") -> None:
        """Send everybody away and listen no more; whoever doesn't go is left after 3 s."""
        self.drain()
        for task in list(self._room.tasks):
            task.cancel()
        for connection in list(self._room.connections):
            connection.close(reason)
        if self._room.connections:
            await asyncio.wait({one.gone for one in self._room.connections})
        await self._looking.stop()

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_S)
            now_s = asyncio.get_running_loop().time()
            for connection in list(self._room.connections):
                connection.look(now_s)


async def listen(
    host: str,
    port: int,
    authorise: Authorise,
    *,
    on_gone: OnGone | None = None,
    limits: IngestLimits | None = None,
    tls: ssl.SSLContext | None = None,
) -> Ingest:
    """Let encoders in at a port: RTMP, or RTMPS with `tls`.

    Raises:
        OSError: nobody can listen there.
    """
    limits = limits or IngestLimits()
    room = _Room(authorise, on_gone, limits)
    server = await asyncio.get_running_loop().create_server(
        lambda: _Connection(room),
        host,
        port,
        ssl=tls,
        backlog=_BACKLOG,
        ssl_handshake_timeout=limits.publish_within_s if tls else None,
    )
    return Ingest(room, server)
