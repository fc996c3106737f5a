"""What audio and video messages say of themselves, in FLV's old form and in Enhanced RTMP's.

Only the first bytes are read, and nothing is changed.
"""

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from backline.live.rtmp.messages import AUDIO, VIDEO, Payload

AVC: Final = "avc1"
AAC: Final = "mp4a"

# Enhanced RTMP's packet types.
_START, _FRAMES, _METADATA, _START_TS, _MULTITRACK, _MODIFIED = 0, 1, 4, 5, 6, 7
_END, _FRAMES_AT_ONCE = 2, 3
# What Enhanced RTMP has no number for.
_COMMAND = -1
_OLD_PACKETS: Final = {0: _START, 1: _FRAMES, 2: _END}
_ONE_TRACK, _MANY_CODECS = 0, 2
_EXTENDED_AUDIO = 9
_EXTENDED_VIDEO = 0x80
_KEYFRAME = 1
_COMMAND_FRAME = 5
_OLD_AUDIO: Final = {2: "mp3", 10: AAC, 11: "speex"}
_OLD_VIDEO: Final = {2: "h263", 4: "vp6", 7: AVC, 12: "hvc1"}
_MOST_TRACKS = 16

KEYFRAMES: Final = frozenset(first for first in range(256) if first >> 4 & 7 == _KEYFRAME)
"""First bytes of video messages that hold a keyframe, or what is sent before one."""


PLAIN: Final = {
    VIDEO: frozenset(first for first in range(128) if first & 0x0F in {7, 12}),
    AUDIO: frozenset(range(0xA0, 0xB0)),
}
"""First bytes of what nearly everybody sends, by type: H.264 and AAC in the old form. In these, a
second byte of 1 says that it is no header."""


class Track(NamedTuple):
    """What a message holds of one track: its codec, its number, and where its bytes begin."""

    codec: str
    number: int
    packet: int
    at: int


def tracks(kind: int, payload: Payload) -> list[Track]:
    """What an audio or video message holds; nothing if it can't be told.

    `packet` is as in Enhanced RTMP, for the old form as well: 0 is a sequence header.
    """
    if not payload:
        return []
    try:
        if kind == VIDEO:
            if payload[0] & _EXTENDED_VIDEO:
                return list(_enhanced(payload, is_video=True))
            return [_old_video(payload)]
        if kind == AUDIO:
            if payload[0] >> 4 == _EXTENDED_AUDIO:
                return list(_enhanced(payload, is_video=False))
            return [_old_audio(payload)]
    except IndexError:
        pass
    return []


def _old_video(payload: Payload) -> Track:
    codec = payload[0] & 0x0F
    name = _OLD_VIDEO.get(codec, f"video-{codec}")
    if payload[0] >> 4 == _COMMAND_FRAME:
        return Track(name, 0, _COMMAND, 1)
    if codec not in {7, 12}:
        return Track(name, 0, _FRAMES, 1)
    return Track(name, 0, _OLD_PACKETS.get(payload[1], _FRAMES), 5)


def _old_audio(payload: Payload) -> Track:
    codec = payload[0] >> 4
    name = _OLD_AUDIO.get(codec, f"audio-{codec}")
    if codec != 10:
        return Track(name, 0, _FRAMES, 1)
    return Track(name, 0, _START if payload[1] == 0 else _FRAMES, 2)


def _enhanced(payload: Payload, *, is_video: bool) -> Iterator[Track]:
    """Tracks by the headers of Enhanced RTMP v2 (ExVideoTagHeader, ExAudioTagHeader).

    Raises:
        IndexError: it is too short.
    """
    packet, at = payload[0] & 0x0F, 1
    while packet == _MODIFIED:
        size = payload[at] + 1
        at += 1
        if size == 256:
            size = (payload[at] << 8 | payload[at + 1]) + 1
            at += 2
        at += size
        packet = payload[at] & 0x0F
        at += 1
    is_command = is_video and payload[0] >> 4 & 7 == _COMMAND_FRAME
    if is_command and packet != _METADATA:
        return
    if packet != _MULTITRACK:
        codec = _four(payload, at)
        yield Track(codec, 0, packet, at + 4)
        return
    form, packet = payload[at] >> 4, payload[at] & 0x0F
    at += 1
    codec = ""
    if form != _MANY_CODECS:
        codec = _four(payload, at)
        at += 4
    for _ in range(_MOST_TRACKS):
        if form == _MANY_CODECS:
            codec = _four(payload, at)
            at += 4
        number = payload[at]
        at += 1
        if form == _ONE_TRACK:
            yield Track(codec, number, packet, at)
            return
        size = payload[at] << 16 | payload[at + 1] << 8 | payload[at + 2]
        at += 3
        yield Track(codec, number, packet, at)
        at += size
        if at >= len(payload):
            return


def _four(payload: Payload, at: int) -> str:
    code = payload[at : at + 4]
    if len(code) < 4:
        raise IndexError
    text = code.decode("latin-1")
    return text if text.isprintable() else code.hex()


def is_enhanced(kind: int, payload: Payload) -> bool:
    """Whether a message that isn't empty has Enhanced RTMP's form."""
    return bool(
        payload[0] & _EXTENDED_VIDEO if kind == VIDEO else payload[0] >> 4 == _EXTENDED_AUDIO
    )


def may_be_header(kind: int, payload: Payload) -> bool:
    """Whether a message could hold a sequence header: a look at two bytes, for every message."""
    if len(payload) < 2:
        return False
    first = payload[0]
    if kind == VIDEO:
        if first & _EXTENDED_VIDEO:
            return first & 0x0F in _ENHANCED_HEADERS
        return payload[1] == 0 and first & 0x0F in {7, 12} and first >> 4 != _COMMAND_FRAME
    if first >> 4 == _EXTENDED_AUDIO:
        return first & 0x0F in _ENHANCED_HEADERS
    return payload[1] == 0 and first >> 4 == 10


_ENHANCED_HEADERS: Final = frozenset({_START, _METADATA, _START_TS, _MULTITRACK, _MODIFIED})


def is_header(packet: int) -> bool:
    """Whether a packet of this type describes what follows, so that nothing plays without it."""
    return packet in {_START, _METADATA, _START_TS}


def is_keyframe(payload: Payload) -> bool:
    """Whether a video message lets a player begin; sequence headers say they do, and don't."""
    if not payload or payload[0] not in KEYFRAMES:
        return False
    found = tracks(VIDEO, payload)
    return bool(found) and found[0].packet in {_FRAMES, _FRAMES_AT_ONCE}


def is_disposable(payload: Payload) -> bool:
    """Whether no other frame refers to this one, so that it can be left out unnoticed.

    Known of H.264 (`nal_ref_idc` is 0) and HEVC (sub-layer non-reference pictures); in the old
    form a frame can also say so itself.
    """
    if not payload:
        return False
    if not payload[0] & _EXTENDED_VIDEO and payload[0] >> 4 == 3:
        return True
    found = tracks(VIDEO, payload)
    if len(found) != 1 or found[0].codec not in {AVC, "hvc1"}:
        return False
    track = found[0]
    at = track.at
    if payload[0] & _EXTENDED_VIDEO and track.packet == _FRAMES:
        at += 3  # the composition time
    elif track.packet not in {_FRAMES, _FRAMES_AT_ONCE}:
        return False
    return _unreferred(payload, at, is_avc=track.codec == AVC)


def _unreferred(payload: Payload, at: int, *, is_avc: bool) -> bool:
    """Whether the first slice from here on, among units with lengths of four bytes, is so."""
    while at + 5 <= len(payload):
        unit = payload[at + 4]
        if is_avc:
            if 1 <= unit & 0x1F <= 5:
                return unit >> 5 & 3 == 0
        elif (number := unit >> 1 & 0x3F) < 32:
            return number < 16 and number % 2 == 0
        at += 4 + struct.unpack_from(">I", payload, at)[0]
    return False
