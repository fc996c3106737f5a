"""The server's half of publishing: from the first byte to messages of audio and video.

It opens no connection and waits for nothing: bytes are put in, answers come out by `send`.
"""

from collections.abc import Callable
from typing import Final

from backline.live.rtmp import amf, commands, messages
from backline.live.rtmp.chunks import HEADROOM, LONGEST_MESSAGE_BYTES, ChunkReader
from backline.live.rtmp.commands import Command
from backline.live.rtmp.controls import Controls
from backline.live.rtmp.faults import ProtocolFault
from backline.live.rtmp.handshake import ServerHandshake
from backline.live.rtmp.messages import AUDIO, VIDEO, Payload

OnMedia = Callable[[int, int, Payload], None]
"""Type (audio, video or data), timestamp in ms, payload."""

_CHUNK_BYTES: Final = 4_096
# Commands are short; who may publish may send as much as a message holds.
_LONGEST_COMMAND_BYTES: Final = 65_536
_MOST_EARLY_BYTES: Final = 4 << 20
_MOST_STREAMS: Final = 8
_MOST_CODECS: Final = 32


class ServerSession:
    """One encoder's connection.

    `on_publish(app, key)` is called when it asks; `accept` or `refuse` answers. Messages go to
    `on_media` from then on, and to nobody before. `on_end(reason)` is called when the encoder
    says that it has finished.
    """

    def __init__(
        self,
        send: Callable[[bytes], None],
        on_publish: Callable[[str, str], None],
        on_end: Callable[[str], None],
    ) -> None:
        self._send = send
        self._on_publish, self._on_end = on_publish, on_end
        self._on_media: OnMedia | None = None
        self._handshake: ServerHandshake | None = ServerHandshake(send)
        self._reader = ChunkReader(self._deliver, longest_bytes=_LONGEST_COMMAND_BYTES)
        self._controls = Controls(send)
        self._app: str | None = None
        self._streams = 0
        self._publishing: int | None = None
        self._is_asked = False
        # What an encoder sends before it has its answer.
        self._early: list[tuple[int, int, Payload]] = []
        self._early_bytes = 0

    @property
    def received_bytes(self) -> int:
        """How many bytes have come after the handshake."""
        return self._reader.received_bytes

    @property
    def is_asked(self) -> bool:
        """Whether the encoder has asked to publish."""
        return self._is_asked

    def receive(self, data: bytes) -> None:
        """Take what has arrived.

        Raises:
            ProtocolFault: it isn't RTMP, or more than is allowed.
        """
        rest = self._shake(data) if self._handshake else data
        if rest:
            self._reader.read(rest)
            self._controls.received(self._reader.received_bytes)

    def receive_shared(self, data: bytearray, view: memoryview, count: int) -> None:
        """Take `count` bytes that were read to `data[HEADROOM:]`.

        Raises:
            ProtocolFault: it isn't RTMP, or more than is allowed.
        """
        if self._handshake is not None:
            self.receive(bytes(view[HEADROOM : HEADROOM + count]))
            return
        self._reader.read_shared(data, view, count)
        self._controls.received(self._reader.received_bytes)

    def accept(self, on_media: OnMedia) -> None:
        """Let the encoder publish; what it has sent already goes to `on_media` at once."""
        stream_id = self._publishing or 1
        self._reader.longest_bytes = LONGEST_MESSAGE_BYTES
        self._send(messages.user_control(messages.STREAM_BEGIN, stream_id))
        self._status("status", "NetStream.Publish.Start", "Publishing.")
        self._on_media = on_media
        early, self._early = self._early, []
        for kind, timestamp_ms, payload in early:
            on_media(kind, timestamp_ms, payload)

    def refuse(self, reason: str, code: str = "NetStream.Publish.BadName") -> None:
        """Say why not, or why no longer; nothing is read any more."""
        if self._is_asked:
            self._status("error", code, reason)
        self.stop()

    def stop(self) -> None:
        """Read nothing more, whatever has arrived."""
        self._reader.stopped = True
        self._on_media = None

    def _shake(self, data: bytes) -> bytes:
        shake = self._handshake
        if shake is None:
            return data
        rest = shake.feed(data)
        if shake.is_done:
            self._handshake = None
        return rest

    def _deliver(self, kind: int, timestamp_ms: int, _stream_id: int, payload: Payload) -> None:
        if kind in {AUDIO, VIDEO}:
            if self._on_media is not None:
                self._on_media(kind, timestamp_ms, payload)
            else:
                self._keep(kind, timestamp_ms, payload)
        elif kind in {messages.DATA, messages.DATA_AMF3}:
            inner = payload[1:] if kind == messages.DATA_AMF3 else payload
            self._deliver_data(timestamp_ms, inner)
        elif kind in {messages.COMMAND, messages.COMMAND_AMF3}:
            self._command(commands.read(kind, payload))
        elif kind == messages.AGGREGATE:
            for part in messages.parts(payload, timestamp_ms):
                if part.kind != messages.AGGREGATE and not self._reader.stopped:
                    self._deliver(part.kind, part.timestamp_ms, 0, part.payload)
        else:
            self._controls.handle(kind, payload)

    def _deliver_data(self, timestamp_ms: int, payload: Payload) -> None:
        if self._on_media is not None:
            self._on_media(messages.DATA, timestamp_ms, payload)
        else:
            self._keep(messages.DATA, timestamp_ms, payload)

    def _keep(self, kind: int, timestamp_ms: int, payload: Payload) -> None:
        """What comes too early waits for the answer, if it was asked for."""
        self._early_bytes += len(payload) + 100
        if not self._is_asked or self._early_bytes > _MOST_EARLY_BYTES:
            raise ProtocolFault("Audio or video comes before the answer to publish.")
        self._early.append((kind, timestamp_ms, payload))

    def _command(self, command: Command) -> None:
        """Answer a command; those that nobody knows are passed over, as is usual."""
        name = command.name
        if name == "connect":
            self._connect(command)
        elif self._app is None:
            raise ProtocolFault("Something is asked before connect.")
        elif name == "createStream":
            self._streams = min(self._streams + 1, _MOST_STREAMS)
            self._answer("_result", command.transaction, None, float(self._streams))
        elif name == "publish":
            self._publish(command)
        elif name == "play":
            self._is_asked = True
            self.refuse("Shows aren't played from here.", "NetStream.Play.Failed")
            self._on_end("It wanted to play, not to publish.")
        elif name in {"FCUnpublish", "deleteStream", "closeStream"}:
            self._finish()
        elif name in {"releaseStream", "FCPublish", "_checkbw"}:
            self._answer("_result", command.transaction, None)

    def _connect(self, command: Command) -> None:
        if self._app is not None:
            raise ProtocolFault("It connects twice.")
        asked = command.fields(0)
        app = asked.get("app")
        self._app = app.partition("?")[0].strip("/") if isinstance(app, str) else ""
        self._send(messages.control(messages.WINDOW_SIZE, messages.WINDOW_BYTES))
        self._send(messages.control(messages.PEER_BANDWIDTH, messages.WINDOW_BYTES, 2))
        self._send(messages.control(messages.SET_CHUNK_SIZE, _CHUNK_BYTES))
        encoding = asked.get("objectEncoding")
        info = commands.status("status", "NetConnection.Connect.Success", "Connected.")
        info["objectEncoding"] = encoding if isinstance(encoding, float) else 0.0
        codecs = asked.get("fourCcList")
        if isinstance(codecs, list):
            info["fourCcList"] = codecs[:_MOST_CODECS]
        server: dict[str, amf.Value] = {"fmsVer": "FMS/3,5,7,7009", "capabilities": 31.0}
        self._answer("_result", command.transaction, server, info)

    def _publish(self, command: Command) -> None:
        if self._is_asked:
            raise ProtocolFault("It publishes twice on one connection.")
        self._is_asked = True
        self._publishing = max(self._streams, 1)
        app, key = self._app or "", command.text(1).partition("?")[0]
        if not key:  # who enters address and key in one field
            app, _, key = app.partition("/")
        self._on_publish(app, key)

    def _finish(self) -> None:
        if self._publishing is None:
            return
        self._status("status", "NetStream.Unpublish.Success", "The show is over.")
        self._publishing = None
        self.stop()
        self._on_end("The encoder ended the show.")

    def _status(self, level: str, code: str, words: str) -> None:
        info = commands.status(level, code, words)
        stream_id = self._publishing or 0
        self._send(
            messages.command(
                "onStatus", 0.0, None, info, stream_id=stream_id, chunk_bytes=_CHUNK_BYTES
            )
        )

    def _answer(self, name: str, transaction: float, *values: amf.Value) -> None:
        self._send(messages.command(name, transaction, *values, chunk_bytes=_CHUNK_BYTES))
