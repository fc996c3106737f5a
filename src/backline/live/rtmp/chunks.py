"""Reading chunks (RTMP 1.0 §5.3): messages out of a stream of bytes that may end anywhere.

All connections of a process read into one buffer: what belongs to a message that isn't whole yet
is taken out of it at once, so a connection that waits holds next to nothing.
"""

import struct
from collections.abc import Callable
from typing import Final

from backline.live.rtmp.faults import ProtocolFault

Deliver = Callable[[int, int, int, bytearray], None]
"""Type, timestamp in ms (32 bits), message stream id, payload."""

FIRST_CHUNK_BYTES: Final = 128
LONGEST_MESSAGE_BYTES: Final = 10 << 20
# What one peer may have begun and not ended, over all its chunk streams.
MOST_BEGUN_BYTES: Final = 16 << 20
MOST_CHUNK_STREAMS: Final = 64
# Room before what is read, for the header whose end was missing.
HEADROOM: Final = 32

_EXTENDED: Final = 0xFFFFFF
_WRAP: Final = 0xFFFFFFFF
_HEADERS: Final = (11, 7, 3, 0)
# After a chunk that says when (type 0), one that says nothing (type 3) repeats either that number
# as a difference, as the specification has it and FFmpeg does, or the time, as librtmp does. No
# frame lasts longer than this, so beyond it only the second can be meant.
_LONGEST_FRAME_MS: Final = 1_000
_SET_CHUNK_SIZE: Final = 1
_ABORT: Final = 2
_long: Final = struct.Struct(">I").unpack_from
_long_le: Final = struct.Struct("<I").unpack_from


class _ChunkStream:
    """The last header of a chunk stream, and what has arrived of its message."""

    __slots__ = ("begun", "delta", "extended", "kind", "length", "stream_id", "timestamp")

    def __init__(self) -> None:
        self.timestamp = self.delta = self.length = self.kind = self.stream_id = 0
        # The number that stood in the four further bytes, or None where there were none.
        self.extended: int | None = None
        self.begun: bytearray | None = None


class ChunkReader:
    """Gives each message that has arrived to `deliver`; keeps the rest for the next time.

    `deliver` may set `stopped`: then nothing more is read. Changes of the chunk size and aborted
    messages are followed here; `deliver` sees them as well.
    """

    def __init__(self, deliver: Deliver, *, longest_bytes: int = LONGEST_MESSAGE_BYTES) -> None:
        self.deliver = deliver
        self.longest_bytes = longest_bytes
        self.stopped = False
        self.received_bytes = 0
        self._chunk_bytes = FIRST_CHUNK_BYTES
        self._streams: dict[int, _ChunkStream] = {}
        self._begun_bytes = 0
        # A header of which the end is missing.
        self._carry = b""
        # The chunk in which the last bytes ended, and how many of it are missing.
        self._within: tuple[_ChunkStream, bytearray] | None = None
        self._missing = 0

    def read(self, data: bytes | bytearray | memoryview) -> None:
        """Take what has arrived, of any length.

        Raises:
            ProtocolFault: it isn't RTMP, or more than is allowed.
        """
        self.received_bytes += len(data)
        whole = bytearray(self._carry)
        whole += data
        self._carry = b""
        self._read(whole, memoryview(whole), 0, len(whole))

    def read_shared(self, data: bytearray, view: memoryview, count: int) -> None:
        """Take `count` bytes that were read to `data[HEADROOM:]`, over all of which `view` lies.

        Raises:
            ProtocolFault: it isn't RTMP, or more than is allowed.
        """
        self.received_bytes += count
        at = HEADROOM
        if self._carry:
            at -= len(self._carry)
            data[at:HEADROOM] = self._carry
            self._carry = b""
        self._read(data, view, at, HEADROOM + count)

    def _read(self, data: bytearray, view: memoryview, at: int, end: int) -> None:  # noqa: C901, PLR0912, PLR0915  # a call for each part would cost more than the part
        """Take `data[at:end]`, over which `view` lies, in one pass."""
        streams = self._streams
        if self._within is not None:
            at = self._go_on(*self._within, view, at, end)
        while at < end and not self.stopped:
            began = at
            first = data[at]
            form, number = first >> 6, first & 63
            at += 1
            if number < 2:
                at += 1 + number
                if at > end:
                    self._carry = bytes(view[began:end])
                    return
                number = 64 + data[began + 1] + (data[began + 2] << 8 if number else 0)
            stream = streams.get(number)
            if stream is None:
                if form > 1 or len(streams) >= MOST_CHUNK_STREAMS:
                    raise ProtocolFault("A chunk goes on with what nobody has begun.")
                stream = streams[number] = _ChunkStream()
            fresh = stream.begun is None
            if form < 3:
                body = at + _HEADERS[form]
                if body > end:
                    self._carry = bytes(view[began:end])
                    return
                if not fresh:
                    raise ProtocolFault("A message begins inside of another.")
                # Read as four bytes from the byte before: the first is masked away.
                when = _long(data, at - 1)[0] & 0xFFFFFF
                if when == _EXTENDED:
                    if body + 4 > end:
                        self._carry = bytes(view[began:end])
                        return
                    when = stream.extended = _long(data, body)[0]
                    body += 4
                else:
                    stream.extended = None
                if form == 0:
                    stream.timestamp = when
                    stream.delta = when if when <= _LONGEST_FRAME_MS else 0
                    stream.stream_id = _long_le(data, at + 7)[0]
                else:
                    stream.delta = when
                    stream.timestamp = (stream.timestamp + when) & _WRAP
                if form < 2:
                    long = _long(data, at + 3)[0]
                    stream.length, stream.kind = long >> 8, long & 0xFF
                at = body
            else:
                if stream.extended is not None:
                    skip = self._repeated(stream, view, at, end, fresh=fresh)
                    if skip is None:
                        self._carry = bytes(view[began:end])
                        return
                    at += skip
                if fresh:
                    stream.timestamp = (stream.timestamp + stream.delta) & _WRAP
            if fresh:
                length, chunk = stream.length, self._chunk_bytes
                if length > self.longest_bytes:
                    raise ProtocolFault(
                        f"A message of {length:,} bytes is longer than {self.longest_bytes:,}."
                    )
                # The usual way: all of the message lies here, one chunk after the other.
                if length <= chunk:
                    if at + length <= end:
                        payload = data[at : at + length]
                        at += length
                        self._complete(stream, payload)
                        continue
                elif number < 64 and stream.extended is None:
                    joints = (length - 1) // chunk
                    if at + length + joints <= end:
                        payload = data[at : at + length + joints]
                        step = chunk + 1
                        if payload[chunk::step].count(0xC0 | number) == joints:
                            del payload[chunk::step]
                            at += length + joints
                            self._complete(stream, payload)
                            continue
            begun = stream.begun if stream.begun is not None else self._begin(stream)
            self._missing = min(self._chunk_bytes, stream.length - len(begun))
            at = self._go_on(stream, begun, view, at, end)

    def _begin(self, stream: _ChunkStream) -> bytearray:
        """Room for a message that isn't here whole, counted as if it were."""
        self._begun_bytes += stream.length
        if self._begun_bytes > MOST_BEGUN_BYTES:
            raise ProtocolFault("Too many messages are begun and not ended.")
        stream.begun = bytearray()
        return stream.begun

    def _go_on(
        self, stream: _ChunkStream, begun: bytearray, view: memoryview, at: int, end: int
    ) -> int:
        """Take what is here of a chunk; returns where it ends."""
        count = min(self._missing, end - at)
        begun += view[at : at + count]
        self._missing -= count
        self._within = (stream, begun) if self._missing else None
        if len(begun) == stream.length:
            stream.begun = None
            self._begun_bytes -= stream.length
            self._complete(stream, begun)
        return at + count

    def _repeated(
        self, stream: _ChunkStream, view: memoryview, at: int, end: int, *, fresh: bool
    ) -> int | None:
        """How many bytes of a further timestamp stand before a chunk of type 3: four or none.

        The specification wants it there; some peers leave it out. None if too little is here.
        """
        if at + 4 > end:
            return None
        found = _long(view, at)[0]
        expected = {stream.extended, stream.timestamp}
        if fresh:
            expected.add((stream.timestamp + stream.delta) & _WRAP)
        return 4 if found in expected else 0

    def _complete(self, stream: _ChunkStream, payload: bytearray) -> None:
        kind = stream.kind
        if kind == _SET_CHUNK_SIZE:
            self._resize(payload)
        elif kind == _ABORT:
            self._abort(payload)
        self.deliver(kind, stream.timestamp, stream.stream_id, payload)

    def _resize(self, payload: bytearray) -> None:
        """Follow a new chunk size; the highest bit isn't part of it, and it may be huge."""
        size = _long(payload)[0] & 0x7FFFFFFF if len(payload) >= 4 else 0
        if size == 0:
            raise ProtocolFault("A chunk can't have no bytes.")
        self._chunk_bytes = size

    def _abort(self, payload: bytearray) -> None:
        """Forget what has arrived of a message (RTMP 1.0 §5.4.2)."""
        stream = self._streams.get(_long(payload)[0]) if len(payload) >= 4 else None
        if stream is not None and stream.begun is not None:
            stream.begun = None
            self._begun_bytes -= stream.length
