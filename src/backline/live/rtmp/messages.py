"""What messages there are (RTMP 1.0 §5.4, §7), and how they are written as chunks.

We write with chunks so long that nearly every message is one. What belongs to a message, not to a
destination, is written once: the head apart, in which only the message stream id differs.
"""

import struct
from typing import Final, NamedTuple

from backline.live.rtmp import amf
from backline.live.rtmp.faults import ProtocolFault

Payload = bytes | bytearray
"""A message's bytes. Once it has been given on, nobody changes it."""

SET_CHUNK_SIZE: Final = 1
ABORT: Final = 2
ACKNOWLEDGEMENT: Final = 3
USER_CONTROL: Final = 4
WINDOW_SIZE: Final = 5
PEER_BANDWIDTH: Final = 6
AUDIO: Final = 8
VIDEO: Final = 9
DATA_AMF3: Final = 15
COMMAND_AMF3: Final = 17
DATA: Final = 18
COMMAND: Final = 20
AGGREGATE: Final = 22

STREAM_BEGIN: Final = 0
PING: Final = 6
PONG: Final = 7

CHUNK_BYTES: Final = 65_536
"""How long our chunks are. Peers that were tried take it; FFmpeg and SRS send as long ones."""

WINDOW_BYTES: Final = 2_500_000
WRAP_MS: Final = 1 << 32

_CONTROL_STREAM: Final = 2
_COMMAND_STREAM: Final = 3
# Within 3 to 8, since some peers know no others.
_CHUNK_STREAMS: Final = {AUDIO: 4, VIDEO: 6, DATA: 5, COMMAND: _COMMAND_STREAM}
_EXTENDED: Final = 0xFFFFFF
# Type and length, time; the stream id that follows says nothing here.
_AGGREGATED: Final = struct.Struct(">II")
_MOST_AGGREGATED: Final = 4_096
_head = struct.Struct(">III").pack
_long: Final = struct.Struct(">I")
_FIRST_STREAM: Final = 1 << 24
_ABOVE: Final = {kind: number << 24 for kind, number in _CHUNK_STREAMS.items()}


def head(kind: int, timestamp_ms: int, length: int, stream_id: int = 1) -> bytes:
    """What stands before a payload: a chunk header of type 0, with a timestamp of 32 bits."""
    number = _ABOVE.get(kind, _CONTROL_STREAM << 24)
    swapped = (
        _FIRST_STREAM if stream_id == 1 else int.from_bytes(stream_id.to_bytes(4, "little"), "big")
    )
    if timestamp_ms < _EXTENDED:
        return _head(number | timestamp_ms, length << 8 | kind, swapped)
    return _head(number | _EXTENDED, length << 8 | kind, swapped) + _long.pack(timestamp_ms)


def body(kind: int, timestamp_ms: int, payload: Payload, chunk_bytes: int = CHUNK_BYTES) -> Payload:
    """A payload as it follows its head: itself, unless it is longer than a chunk."""
    if len(payload) <= chunk_bytes:
        return payload
    number = _ABOVE.get(kind, _CONTROL_STREAM << 24) >> 24
    joint = bytes((0xC0 | number,))
    if timestamp_ms >= _EXTENDED:
        joint += _long.pack(timestamp_ms)
    view = memoryview(payload)
    return joint.join(view[at : at + chunk_bytes] for at in range(0, len(view), chunk_bytes))


def message(kind: int, payload: Payload, stream_id: int = 0, chunk_bytes: int = 128) -> bytes:
    """A message at timestamp 0, as commands have it."""
    return head(kind, 0, len(payload), stream_id) + body(kind, 0, payload, chunk_bytes)


def command(
    *values: "amf.Value | dict[str, amf.Value]", stream_id: int = 0, chunk_bytes: int
) -> bytes:
    """A command with its transaction id and arguments."""
    return message(COMMAND, amf.encode(*values), stream_id, chunk_bytes)


def control(kind: int, value: int, *more: int) -> bytes:
    """A protocol control message: a number of four bytes, and perhaps single ones."""
    return message(kind, _long.pack(value & 0xFFFFFFFF) + bytes(more))


def user_control(event: int, value: int) -> bytes:
    """A user control message (RTMP 1.0 §7.1.7)."""
    return message(USER_CONTROL, event.to_bytes(2, "big") + _long.pack(value & 0xFFFFFFFF))


def number_in(payload: Payload) -> int:
    """The number that a protocol control message holds.

    Raises:
        ProtocolFault: it is too short.
    """
    if len(payload) < 4:
        raise ProtocolFault("A control message is too short.")
    return int(_long.unpack_from(payload)[0])


class Part(NamedTuple):
    """One of the messages that an aggregate holds."""

    kind: int
    timestamp_ms: int
    payload: bytearray


def parts(payload: Payload, timestamp_ms: int) -> list[Part]:
    """What an aggregate message holds (RTMP 1.0 §7.1.6): tags as in an FLV file.

    The first one's time is the aggregate's; the others keep their distance from it.

    Raises:
        ProtocolFault: it is torn, or holds too many.
    """
    found: list[Part] = []
    at, first_ms = 0, 0
    while at + 11 <= len(payload):
        long, low = _AGGREGATED.unpack_from(payload, at)
        kind, length = long >> 24 & 0x1F, long & 0xFFFFFF
        when_ms = low >> 8 | (low & 0xFF) << 24
        at += 11
        if at + length > len(payload) or len(found) >= _MOST_AGGREGATED:
            raise ProtocolFault("An aggregate message ends in its middle, or holds too many.")
        if not found:
            first_ms = when_ms
        moved_ms = (timestamp_ms + when_ms - first_ms) % WRAP_MS
        found.append(Part(kind, moved_ms, bytearray(payload[at : at + length])))
        at += length + 4
    return found
