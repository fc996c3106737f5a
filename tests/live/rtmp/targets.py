"""What strangers send, as targets for fuzzing: each takes any bytes, refuses them or reads them.

`scripts/fuzz` feeds them by what of the program the bytes reach; `test_targets.py` some thousands.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from backline.live.rtmp import amf, describing, flv, handshake, messages
from backline.live.rtmp.chunks import LONGEST_MESSAGE_BYTES, ChunkReader
from backline.live.rtmp.faults import ProtocolFault, Turned
from backline.live.rtmp.handshake import ClientHandshake, ServerHandshake
from backline.live.rtmp.messages import AUDIO, VIDEO
from backline.live.rtmp.publishing import ClientSession
from backline.live.rtmp.serving import ServerSession

_MOST_STEP: Final = 64


def _cut(data: bytes) -> list[bytes]:
    """The bytes in pieces whose size the first one tells, as a network may cut them."""
    step = data[0] % _MOST_STEP + 1 if data else 1
    return [data[at : at + step] for at in range(1, len(data), step)]


def shake_hands(data: bytes) -> None:
    """Both halves of the handshake keep no more than its parts."""
    for half in (ServerHandshake, ClientHandshake):
        one = half(lambda _data: None)
        with suppress(ProtocolFault):
            for piece in _cut(data):
                if one.is_done:
                    break
                one.feed(piece)
        assert len(one._had) <= 2 * handshake.PART_BYTES + _MOST_STEP


def read_chunks(data: bytes) -> None:
    """Messages come the same however the bytes are cut, and none is longer than allowed."""
    assert _messages([data[1:]]) == _messages(_cut(data))


def _messages(pieces: list[bytes]) -> tuple[list[tuple[int, int, int, bytes]], bool]:
    found: list[tuple[int, int, int, bytes]] = []
    reader = ChunkReader(lambda *one: found.append((*one[:3], bytes(one[3]))))
    try:
        for piece in pieces:
            reader.read(piece)
    except ProtocolFault:
        return found, True
    assert all(len(one[3]) <= LONGEST_MESSAGE_BYTES for one in found)
    return found, False


def read_values(data: bytes) -> None:
    """What was read of AMF0 is read the same once it was written again."""
    with suppress(ProtocolFault):
        found = amf.decode(data)
        assert len(found) <= amf.MOST_VALUES
        with suppress(ProtocolFault):  # deeper than anybody may write
            assert repr(amf.decode(amf.encode(*found))) == repr(found)


def read_tags(data: bytes) -> None:
    """FLV's tags of sound and picture tell what they are, or nothing."""
    for kind in (AUDIO, VIDEO):
        found = flv.tracks(kind, data)
        if any(flv.is_header(one.packet) for one in found):
            assert flv.may_be_header(kind, data)
    flv.is_keyframe(data)
    flv.is_disposable(data)


def read_description(data: bytes) -> None:
    """A description tells a size, or is refused."""
    with suppress(ProtocolFault):
        found = describing.read(amf.encode("@setDataFrame", "onMetaData") + data)
        if found is not None:
            describing.size(found)


def be_published_to(data: bytes) -> None:
    """An encoder behind its handshake is answered, or turned away."""
    session = ServerSession(lambda _data: None, lambda _app, _key: None, lambda _reason: None)
    session.receive(b"\x03" + bytes(2 * handshake.PART_BYTES))
    with suppress(ProtocolFault):
        for piece in _cut(data):
            session.receive(piece)
    assert session._early_bytes <= 4 << 20


def publish(data: bytes) -> None:
    """A destination behind its handshake is understood, or given up."""
    session = ClientSession(
        lambda _data: None,
        lambda _stream: None,
        app="live",
        tc_url="rtmp://there/live",
        stream_key="a-key",
    )
    session.begin()
    with suppress(ProtocolFault, Turned):
        session.receive(b"\x03" + bytes(2 * handshake.PART_BYTES))
        for piece in _cut(data):
            session.receive(piece)


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {
    "handshake": shake_hands,
    "chunks": read_chunks,
    "amf0": read_values,
    "flv": read_tags,
    "description": read_description,
    "encoder": be_published_to,
    "destination": publish,
}

SEEDS: Final = (
    b"\x07\x03" + bytes(2 * handshake.PART_BYTES),
    b"\x10" + messages.command("connect", 1.0, {"app": "live"}, chunk_bytes=128),
    b"\x20" + messages.command("publish", 5.0, None, "a-key", "live", chunk_bytes=128),
    b"\x05" + messages.control(messages.SET_CHUNK_SIZE, 4_096),
    b"\x09" + messages.message(VIDEO, b"\x17\x01\0\0\0\0\0\0\2\x65\x88", 1, 128),
    amf.encode("onMetaData", {"width": 640.0, "a": [True, None, {"b": "c"}]}),
    b"\x17\x00\x00\x00\x00\x01\x64\x00\x16\xff\xe1\x00\x02gd\x01\x00\x02h\xeb",
    b"\x90hvc1\x01\x02",
)
"""Where fuzzing begins: pieces of what is really said."""
