"""Load for relays: many encoders and the destinations of all of them, in one process.

Encoders write each message when it is due, as OBS does. Destinations only count what comes, so
that they take no more of the machine than they must.
"""

import asyncio
import random
import ssl
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, cast

from backline.live.rtmp import messages
from backline.live.rtmp.chunks import HEADROOM
from backline.live.rtmp.messages import DATA
from backline.live.rtmp.publishing import ClientSession
from backline.live.rtmp.serving import ServerSession
from tests.support import sounds

FPS = 25
GOP_S = 2
LENGTH_S = 4
AUDIO_KBPS = 128
_STEP_S = 0.005
_BUFFER = bytearray(HEADROOM + (512 << 10))
_VIEW = memoryview(_BUFFER)
_FREE = _VIEW[HEADROOM:]


class Due(NamedTuple):
    """A message of a GOP, and when."""

    at_ms: int
    kind: int
    payload: bytes


class Film(NamedTuple):
    """What encoders send: headers once, then frames again and again."""

    headers: list[Due]
    frames: list[Due]


def film(kbps: int) -> Film:
    """Four seconds at a constant rate, a keyframe each two, encoded here; as FLV has them."""
    video = f"{kbps - AUDIO_KBPS}k"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.flv"
        sounds.run(
            *("-f", "lavfi", "-i", f"testsrc2=s=640x360:r={FPS}:d={LENGTH_S}"),
            *("-f", "lavfi", "-i", f"anoisesrc=r=44100:d={LENGTH_S}"),
            *("-c:v", "libx264", "-preset", "veryfast", "-g", str(FPS * GOP_S), "-b:v", video),
            *("-minrate", video, "-maxrate", video, "-bufsize", video),
            *("-x264-params", "nal-hrd=cbr:scenecut=0", "-pix_fmt", "yuv420p"),
            *("-c:a", "aac", "-b:a", f"{AUDIO_KBPS}k", str(path)),
        )
        tags = list(_tags(path.read_bytes()))
    headers = [one for one in tags if _is_header(one)]
    return Film(headers, [one for one in tags if not _is_header(one) and one.kind != DATA])


def _tags(data: bytes) -> Iterator[Due]:
    at = 13
    while at + 11 <= len(data):
        kind, size = data[at], int.from_bytes(data[at + 1 : at + 4], "big")
        when_ms = int.from_bytes(data[at + 4 : at + 7], "big")
        yield Due(when_ms, kind, data[at + 11 : at + 11 + size])
        at += 15 + size


def _is_header(due: Due) -> bool:
    if due.kind == DATA:
        return due.payload[3:].startswith(b"onMetaData")
    return due.payload[1] == 0


class Encoder(asyncio.Protocol):
    """A connection that publishes a GOP again and again."""

    def __init__(self, film: Film, port: int, app: str, name: str) -> None:
        self._film = film
        self.is_ready = asyncio.Event()
        self.is_lost = False
        self.sent_bytes = 0
        self.at = 0
        self.rounds = 0
        self.began_s = 0.0
        self.waiting_bytes = 0
        self._session = ClientSession(
            self._write,
            self._accept,
            app=app,
            tc_url=f"rtmp://127.0.0.1:{port}/{app}",
            stream_key=name,
        )

    def _write(self, data: bytes) -> None:
        self.transport.write(data)

    def _accept(self, stream_id: int) -> None:
        self.stream_id = stream_id
        for due in self._film.headers:
            self._send(due.kind, 0, due.payload)
        self.is_ready.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._session.begin()

    def data_received(self, data: bytes) -> None:
        self._session.receive(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's signature
        self.is_lost = True

    def begin(self, now_s: float) -> None:
        """Begin to send, at a place in the GOP's time of one's own."""
        self.began_s = now_s + random.random() * LENGTH_S

    def send_due(self, now_s: float) -> None:
        """Send what is due by now."""
        frames = self._film.frames
        passed_ms = (now_s - self.began_s) * 1000
        while not self.is_lost:
            due = frames[self.at]
            when_ms = self.rounds * LENGTH_S * 1000 + due.at_ms
            if when_ms > passed_ms:
                return
            self._send(due.kind, when_ms, due.payload)
            self.at += 1
            if self.at == len(frames):
                self.at, self.rounds = 0, self.rounds + 1

    def _send(self, kind: int, when_ms: int, payload: bytes) -> None:
        self.sent_bytes += len(payload)
        head = messages.head(kind, when_ms, len(payload), self.stream_id)
        self.transport.writelines([head, messages.body(kind, when_ms, payload)])


class Sink(asyncio.BufferedProtocol):
    """A destination: it reads commands until it is published to, and only counts from then on."""

    def __init__(self, all_sinks: list["Sink"]) -> None:
        self.received_bytes = 0
        self.is_published = False
        all_sinks.append(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._session: ServerSession | None = ServerSession(
            self.transport.write, self._asked, lambda _reason: None
        )

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002  # asyncio's signature
        return _FREE

    def buffer_updated(self, nbytes: int) -> None:
        if self.is_published:
            self.received_bytes += nbytes
        elif self._session is not None:
            self._session.receive_shared(_BUFFER, _VIEW, nbytes)

    def _asked(self, _app: str, _name: str) -> None:
        if self._session is not None:
            self._session.accept(lambda *_one: None)
        self.is_published = True


class Shows:
    """Encoders and destinations, and what came of them."""

    def __init__(self, kbps: int) -> None:
        self.film = film(kbps)
        self.encoders: list[Encoder] = []
        self.sinks: list[Sink] = []
        self.ports: list[int] = []
        self.latest_ms = 0.0

    async def open_sinks(self, ports: int, tls: ssl.SSLContext | None = None) -> None:
        """Listen at so many ports."""
        loop = asyncio.get_running_loop()
        for _ in range(ports):
            server = await loop.create_server(
                lambda: Sink(self.sinks), "127.0.0.1", 0, ssl=tls, backlog=2048
            )
            self.ports.append(int(server.sockets[0].getsockname()[1]))

    async def connect(self, port: int, app: str, name: str, tls: ssl.SSLContext | None) -> None:
        """One more encoder, accepted."""
        _, one = await asyncio.get_running_loop().create_connection(
            lambda: Encoder(self.film, port, app, name),
            "127.0.0.1",
            port,
            ssl=tls,
            server_hostname="localhost" if tls else None,
        )
        self.encoders.append(one)
        await asyncio.wait_for(one.is_ready.wait(), 30)

    async def play(self, seconds: float) -> None:
        """Send for so long; `latest_ms` is how late this process itself was at the worst."""
        loop = asyncio.get_running_loop()
        until_s = loop.time() + seconds
        self.latest_ms = 0.0
        while (now_s := loop.time()) < until_s:
            for one in self.encoders:
                one.send_due(now_s)
            late_s = time.monotonic() - now_s
            self.latest_ms = max(self.latest_ms, late_s * 1000)
            await asyncio.sleep(max(_STEP_S - late_s, 0))

    def begin(self) -> None:
        """All encoders begin, each at a place of its own in the GOP's time."""
        now_s = asyncio.get_running_loop().time()
        for one in self.encoders:
            if not one.began_s:
                one.begin(now_s)
