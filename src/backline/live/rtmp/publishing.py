"""The client's half of publishing: what is said to a destination until it accepts, and after.

It opens no connection and waits for nothing: bytes are put in, what is to be sent comes out.
"""

import enum
from collections.abc import Callable
from typing import Final

from backline.live.rtmp import amf, commands, messages
from backline.live.rtmp.chunks import ChunkReader
from backline.live.rtmp.commands import Command
from backline.live.rtmp.controls import Controls
from backline.live.rtmp.faults import ProtocolFault, Turned
from backline.live.rtmp.handshake import ClientHandshake
from backline.live.rtmp.messages import CHUNK_BYTES, Payload

# What a destination says cannot be long; what it sends besides is thrown away.
_LONGEST_ANSWER_BYTES: Final = 1 << 20
_FINAL: Final = frozenset(
    {
        "NetConnection.Connect.InvalidApp",
        "NetConnection.Connect.Rejected",
        "NetStream.Publish.BadName",
        "NetStream.Publish.Denied",
        "NetStream.Publish.Rejected",
        "NetStream.Publish.Unauthorized",
    }
)
# Codes are few, so peers use BadName for this as well: it passes by itself.
_BUSY: Final = ("already", "in use", "busy")


class Step(enum.Enum):
    """What is being waited for."""

    HANDSHAKE = "shake hands"
    CONNECT = "answer connect"
    STREAM = "answer createStream"
    PUBLISH = "answer publish"
    ACCEPTED = "go on"


class ClientSession:
    """One connection to a destination; `on_accepted(stream_id)` says that media may follow.

    The order is that of the encoders everybody knows: chunk size, connect, then releaseStream,
    FCPublish and createStream at once, then publish. Commands have timestamp 0.
    """

    def __init__(
        self,
        send: Callable[[bytes], None],
        on_accepted: Callable[[int], None],
        *,
        app: str,
        tc_url: str,
        stream_key: str,
        codecs: tuple[str, ...] = (),
    ) -> None:
        self._send, self._on_accepted = send, on_accepted
        self._app, self._tc_url, self._key, self._codecs = app, tc_url, stream_key, codecs
        self._handshake = ClientHandshake(send)
        self._reader = ChunkReader(self._deliver, longest_bytes=_LONGEST_ANSWER_BYTES)
        self._controls = Controls(send)
        self._stream_id = 0
        self.step = Step.HANDSHAKE

    @property
    def acknowledged_bytes(self) -> int:
        """How many bytes the destination has confirmed; many never do."""
        return self._controls.acknowledged_bytes

    def begin(self) -> None:
        """Begin to shake hands."""
        self._handshake.begin()

    def receive(self, data: bytes | memoryview) -> None:
        """Take what has arrived.

        Raises:
            ProtocolFault: it isn't RTMP.
            Turned: the destination doesn't take the stream.
        """
        if not self._handshake.is_done:
            data = self._handshake.feed(data)
            if not self._handshake.is_done:
                return
            self._connect()
        if data:
            self._reader.read(data)
            self._controls.received(self._reader.received_bytes)

    def finish(self) -> None:
        """Say goodbye: the show is over."""
        if self._stream_id:
            self._command("FCUnpublish", 6.0, None, self._key)
            self._command("deleteStream", 7.0, None, float(self._stream_id))

    def _connect(self) -> None:
        self._send(messages.control(messages.SET_CHUNK_SIZE, CHUNK_BYTES))
        asked: dict[str, amf.Value] = {
            "app": self._app,
            "type": "nonprivate",
            "flashVer": "FMLE/3.0 (compatible; Backline)",
            "tcUrl": self._tc_url,
        }
        if self._codecs:
            asked["fourCcList"] = list(self._codecs)
        self._command("connect", 1.0, asked)
        self.step = Step.CONNECT

    def _deliver(self, kind: int, _timestamp_ms: int, _stream_id: int, payload: Payload) -> None:
        if kind in {messages.COMMAND, messages.COMMAND_AMF3}:
            self._answered(commands.read(kind, payload))
        else:
            self._controls.handle(kind, payload)

    def _answered(self, command: Command) -> None:
        transaction = command.transaction
        if command.name == "onStatus":
            self._status(command.fields(1))
        elif command.name == "_error":
            # What is asked without waiting for it may be unknown to the other side.
            if transaction == 1.0 or (transaction == 4.0 and self.step is Step.STREAM):
                raise self._turned(command.fields(1) or command.fields(0))
        elif command.name == "_result":
            if transaction == 1.0 and self.step is Step.CONNECT:
                self._ask_for_stream()
            elif transaction == 4.0 and self.step is Step.STREAM:
                self._publish(command)
        elif command.name == "close":
            raise Turned("The destination ended the connection.", final=False)

    def _ask_for_stream(self) -> None:
        self._command("releaseStream", 2.0, None, self._key)
        self._command("FCPublish", 3.0, None, self._key)
        self._command("createStream", 4.0, None)
        self.step = Step.STREAM

    def _publish(self, command: Command) -> None:
        number = command.arguments[1] if len(command.arguments) > 1 else None
        if not isinstance(number, float) or not 0 < number < messages.WRAP_MS:
            raise ProtocolFault("The destination names no stream to publish on.")
        self._stream_id = int(number)
        self._command("publish", 5.0, None, self._key, "live", stream_id=self._stream_id)
        self.step = Step.PUBLISH

    def _status(self, fields: dict[str, amf.Value]) -> None:
        if fields.get("code") == "NetStream.Publish.Start":
            if self.step is Step.PUBLISH:
                self.step = Step.ACCEPTED
                self._on_accepted(self._stream_id)
        elif fields.get("level") == "error" or fields.get("code") in _FINAL:
            raise self._turned(fields)

    def _turned(self, fields: dict[str, amf.Value]) -> Turned:
        said = commands.words(fields, self._key)
        is_busy = any(word in said.lower() for word in _BUSY)
        reason = f"The destination says: {said}" if said else "The destination said no."
        return Turned(reason, final=fields.get("code") in _FINAL and not is_busy)

    def _command(self, *values: "amf.Value | dict[str, amf.Value]", stream_id: int = 0) -> None:
        self._send(messages.command(*values, stream_id=stream_id, chunk_bytes=CHUNK_BYTES))
