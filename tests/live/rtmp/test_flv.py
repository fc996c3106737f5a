"""Codecs, keyframes and headers are told from the first bytes, in the old form and the enhanced."""

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backline.live.rtmp import describing, flv
from backline.live.rtmp.amf import TooMuch, encode
from backline.live.rtmp.faults import ProtocolFault
from backline.live.rtmp.messages import AUDIO, VIDEO, parts

AVC_HEADER = bytes.fromhex("17000000000164001fffe1")
AVC_KEYFRAME = bytes.fromhex("17010000000000000265b8")
AVC_FRAME = bytes.fromhex("270100000000000002419a")
AVC_UNREFERRED = bytes.fromhex("270100000000000002019a")
HEVC_START = b"\x90hvc1\x01"
HEVC_KEYFRAME = b"\x91hvc1\x00\x00\x00\x00\x00\x00\x02\x26\x01"
HEVC_UNREFERRED = b"\xa3hvc1\x00\x00\x00\x02\x00\x01"
HEVC_REFERRED = b"\xa3hvc1\x00\x00\x00\x02\x02\x01"


@pytest.mark.parametrize(
    ("payload", "codec", "is_key"),
    [
        (AVC_HEADER, "avc1", False),
        (AVC_KEYFRAME, "avc1", True),
        (AVC_FRAME, "avc1", False),
        (HEVC_START, "hvc1", False),
        (HEVC_KEYFRAME, "hvc1", True),
        (HEVC_REFERRED, "hvc1", False),
        (b"\x93av01\x12\x00", "av01", True),
        (b"\x94av01meta", "av01", False),
        (b"\x92hvc1", "hvc1", False),
        (b"\x12\x00\x00", "h263", True),
        (b"\x57\x00", "avc1", False),
        (b"\x97\x02\x00\x00\x00\x03av01\x12", "av01", True),
    ],
)
def test_video(payload: bytes, codec: str, is_key: bool) -> None:
    assert [one.codec for one in flv.tracks(VIDEO, payload)] == [codec]
    assert flv.is_keyframe(payload) is is_key


def test_tracks_of_one_message() -> None:
    one_codec = b"\x96\x11avc1\x00\x00\x00\x02ab\x01\x00\x00\x01c"
    many_codecs = b"\x96\x20hvc1\x00\x00\x00\x02abav01\x03\x00\x00\x01c"

    assert [(one.codec, one.number) for one in flv.tracks(VIDEO, one_codec)] == [
        ("avc1", 0),
        ("avc1", 1),
    ]
    assert [(one.codec, one.number, one.packet) for one in flv.tracks(VIDEO, many_codecs)] == [
        ("hvc1", 0, 0),
        ("av01", 3, 0),
    ]


@pytest.mark.parametrize(
    ("payload", "codec", "packet"),
    [
        (b"\xaf\x00\x12\x10", "mp4a", 0),
        (b"\xaf\x01\x21", "mp4a", 1),
        (b"\x2f\xff", "mp3", 1),
        (b"\x90OpusOpusHead", "Opus", 0),
        (b"\x91Opus\xfc", "Opus", 1),
    ],
)
def test_audio(payload: bytes, codec: str, packet: int) -> None:
    found = flv.tracks(AUDIO, payload)

    assert [(one.codec, one.packet) for one in found] == [(codec, packet)]
    assert flv.may_be_header(AUDIO, payload) is (packet == 0)


@pytest.mark.parametrize("payload", [AVC_UNREFERRED, HEVC_UNREFERRED, b"\x32\x00"])
def test_frames_that_nobody_refers_to(payload: bytes) -> None:
    assert flv.is_disposable(payload)


@pytest.mark.parametrize(
    "payload", [AVC_FRAME, AVC_KEYFRAME, AVC_HEADER, HEVC_START, HEVC_REFERRED, HEVC_KEYFRAME, b""]
)
def test_frames_that_others_need(payload: bytes) -> None:
    assert not flv.is_disposable(payload)


@example(AUDIO, b"\xa0\x04")
@given(st.sampled_from([AUDIO, VIDEO]), st.binary(max_size=60))
def test_any_bytes_are_told_or_not(kind: int, payload: bytes) -> None:
    found = flv.tracks(kind, payload)

    if any(flv.is_header(one.packet) for one in found):
        assert flv.may_be_header(kind, payload)
    flv.is_keyframe(payload)
    flv.is_disposable(payload)


def test_a_description_has_two_forms() -> None:
    plain = encode("onMetaData", {"width": 1280.0, "height": 720.0})
    prefixed = encode("@setDataFrame") + plain

    for payload in (plain, prefixed):
        found = describing.read(payload)
        assert found is not None
        assert (found.for_servers, found.for_players) == (prefixed, plain)
        assert describing.size(found) == (1280, 720)


@pytest.mark.parametrize("payload", [b"", b"\x00\x00\x00\x01", encode("onTextData", {"a": 1.0})])
def test_other_data_is_no_description(payload: bytes) -> None:
    assert describing.read(payload) is None


def test_a_description_of_ten_thousand_keys_is_too_much() -> None:
    pairs = {f"key {number}": float(number) for number in range(3_500)}

    with pytest.raises(TooMuch):
        describing.read(encode("@setDataFrame", "onMetaData", pairs))


@given(st.binary(max_size=200), st.integers(0, (1 << 32) - 1))
def test_any_aggregate_is_taken_apart_or_refused(payload: bytes, timestamp_ms: int) -> None:
    with suppress(ProtocolFault):
        found = parts(payload, timestamp_ms)
        assert sum(len(one.payload) for one in found) <= len(payload)
        assert all(0 <= one.timestamp_ms < 1 << 32 for one in found)


@given(st.sampled_from([encode("@setDataFrame"), b""]), st.binary(max_size=200))
def test_any_description_is_read_or_refused(start: bytes, rest: bytes) -> None:
    with suppress(ProtocolFault):
        found = describing.read(start + encode("onMetaData") + rest)
        assert found is not None
        assert found.for_servers.endswith(found.for_players)
        describing.size(found)
