"""Segments hold what the encoder sent, begin at keyframes, and take no more room than they may."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backline.live.preview.codecs import avc_size
from backline.live.preview.packager import WINDOW, Packager
from backline.live.preview.playlist import playlist
from backline.live.rtmp.messages import AUDIO, VIDEO
from tests.support import films, rtmp
from tests.support.relaying import KEY, House
from tests.support.rtmp import Message
from tests.support.waiting import until

MEGABYTE = 1 << 20
STARTS = st.sampled_from([b"\x17\x00", b"\x17\x01", b"\x27\x01", b"\x90hvc1", b"\x91av01", b"\xaf"])
PAYLOADS = st.builds(bytes.__add__, STARTS, st.binary(max_size=60)) | st.binary(max_size=60)
MESSAGES = st.tuples(st.sampled_from([AUDIO, VIDEO]), st.integers(0, (1 << 32) - 1), PAYLOADS)


def packager(room_bytes: int = 16 * MEGABYTE) -> Packager:
    return Packager(room_bytes, 100, lambda: None, lambda: None)


def show(made: Packager, messages: list[Message]) -> None:
    """Give it what an encoder sends."""
    for kind, when, payload in messages:
        if kind in {AUDIO, VIDEO}:
            if payload[1] == 0:
                made.header(kind, payload)
            else:
                made.frame(kind, when, payload, is_key=payload[0] == 0x17)


@pytest.mark.slow
@pytest.mark.parametrize(("picture", "sound"), [("h264", "aac"), ("hevc", "aac"), ("av1", "aac")])
async def test_segments_hold_the_packets_that_ffmpeg_sent(
    house: House, tmp_path: Path, picture: str, sound: str
) -> None:
    film = films.film(picture, sound)
    made = packager()
    house.relay.stream(KEY).watch(made)
    await films.publish(film, f"rtmp://127.0.0.1:{house.port}/live/{KEY}")
    await until(lambda: house.gone)

    whole = tmp_path / "whole.mp4"
    (opening,) = made.openings.values()
    whole.write_bytes(opening + b"".join(one.body for one in made.segments))
    sent, found = await films.packets(film), await films.packets(whole)

    assert [one.duration_ms for one in made.segments] == [1_000] * 3
    for stream in (0, 1):
        before = [one.digest for one in sent if one.stream == stream]
        after = [one.digest for one in found if one.stream == stream]
        first = before.index(after[0])  # sound that comes before the first picture is left out
        assert after == before[first : first + len(after)]
        assert first == 0 or stream == 1
        assert len(after) == 75 if stream == 0 else 130 < len(after) <= 145
    pictures = [(one.dts, one.pts) for one in found if one.stream == 0]
    assert pictures == [(one.dts, one.pts) for one in sent if one.stream == 0][: len(pictures)]


def test_sound_without_a_picture_is_cut_every_two_seconds() -> None:
    made = packager()

    show(made, [rtmp.opening()[2], *(one for one in rtmp.frames(7) if one.kind == AUDIO)])

    assert [one.duration_ms for one in made.segments] == [2_000] * 3


def test_the_last_segments_are_kept_and_listed() -> None:
    made = packager()

    show(made, [*rtmp.opening(), *rtmp.frames(30)])
    lines = playlist(made).decode().splitlines()

    assert [line for line in lines if line.endswith(".m4s")] == [
        one.name for one in list(made.segments)[-WINDOW:]
    ]
    assert f"#EXT-X-MEDIA-SEQUENCE:{100 + 29 - WINDOW}" in lines
    assert "#EXT-X-TARGETDURATION:1" in lines
    assert len(made.openings) == 1


def test_another_picture_is_a_break_with_an_opening_of_its_own() -> None:
    made = packager()
    other = Message(VIDEO, 0, rtmp.AVC_HEADER + b"more")

    show(made, [*rtmp.opening(), *rtmp.frames(4), other, *rtmp.frames(4, first=100)])
    text = playlist(made).decode()

    assert text.count("#EXT-X-DISCONTINUITY\n") == 1
    assert text.count("#EXT-X-MAP") == 2
    show(made, list(rtmp.frames(20, first=200)))
    assert "#EXT-X-DISCONTINUITY-SEQUENCE:1" in playlist(made).decode()
    assert len(made.openings) == 1


def test_a_silence_makes_no_long_segment() -> None:
    made = packager()

    show(made, [*rtmp.opening(), *rtmp.frames(2.6)])
    show(made, list(rtmp.frames(4, at_ms=600_000)))

    assert all(one.duration_ms <= 1_000 for one in made.segments)
    assert [one.is_break for one in made.segments] == [False] * 3 + [True] + [False] * 2


def test_too_much_between_two_keyframes_is_told_and_takes_no_more_room() -> None:
    made, most = packager(MEGABYTE), 0
    show(made, rtmp.opening())
    for one in rtmp.frames(20, gop_ms=20_000, kbps=4_000):
        show(made, [one])
        most = max(most, made.size_bytes)

    assert "Set the encoder's keyframe interval" in (made.fault or "")
    assert not made.segments
    assert most < MEGABYTE / 2
    show(made, list(rtmp.frames(3, first=500, kbps=100)))
    assert made.fault is None
    assert made.segments


def test_a_flood_of_tiny_frames_takes_no_more_room() -> None:
    made = packager(MEGABYTE)
    show(made, [*rtmp.opening(), *rtmp.frames(0.04)])
    for number in range(20_000):
        made.frame(VIDEO, number % 500, b"\x27\x01\0\0\0a", is_key=False)
        assert made.size_bytes < MEGABYTE / 2


def test_a_codec_that_browsers_lack_is_told() -> None:
    made = packager()

    made.header(VIDEO, b"\x90vvc1" + bytes(30))

    assert "can't play the codec" in (made.fault or "")


def test_the_size_is_that_of_the_parameter_set() -> None:
    async def sizes() -> tuple[int, int] | None:
        film = await asyncio.to_thread(films.film)
        data = film.read_bytes()
        at = data.index(b"\x17\x00\x00\x00\x00")
        return avc_size(data[at + 5 : at + 100])

    assert asyncio.run(sizes()) == (320, 180)


@given(st.lists(MESSAGES, max_size=40))
def test_whatever_comes_it_goes_on(messages: list[tuple[int, int, bytes]]) -> None:
    made = packager()
    for kind, when, payload in messages:
        made.header(kind, payload)
        made.frame(kind, when, payload, is_key=payload[:1] in {b"\x17", b"\x91"})

    before = len(made.segments)
    show(made, [*rtmp.opening(), *rtmp.frames(4, at_ms=(messages[-1][1] if messages else 0))])

    assert len(made.segments) > min(before, WINDOW)
    assert playlist(made)
