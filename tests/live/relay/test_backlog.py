"""What waits for a slow destination is dropped as encoders do it, and goes on at a keyframe."""

from backline.live.relay.backlog import MOST_BYTES, Backlog
from backline.live.relay.packets import Packet
from backline.live.rtmp.messages import AUDIO, DATA, VIDEO

KEY = b"\x17\x01\0\0\0" + b"\0\0\0\x02\x65\x88"
NEEDED = b"\x27\x01\0\0\0" + b"\0\0\0\x02\x41\x9a"
DISPOSABLE = b"\x27\x01\0\0\0" + b"\0\0\0\x02\x01\x9e"
SOUND = b"\xaf\x01\x21"


def packet(payload: bytes, at_ms: int, kind: int = VIDEO) -> Packet:
    return Packet(kind, at_ms, payload, at_ms / 1000, is_key=payload == KEY)


def preface(before: Packet) -> list[Packet]:
    return [Packet(DATA, before.timestamp_ms, b"description", before.came_s)]


def backlog() -> Backlog:
    return Backlog(preface, disposable_ms=700, frames_ms=900)


def live() -> Backlog:
    """One that is connected and has nothing to wait for."""
    one = backlog()
    one.begin([], 30_000)
    one.connected()
    return one


def offer(one: Backlog, until_ms: int, gop_ms: int = 2_000, from_ms: int = 0) -> None:
    """A keyframe, then by turns what others need and what they don't; sound beside each."""
    for at_ms in range(from_ms, until_ms, 40):
        turn = at_ms // 40 % 2
        payload = KEY if at_ms % gop_ms == 0 else (DISPOSABLE if turn else NEEDED)
        one.offer(packet(payload, at_ms), has_video=True)
        one.offer(packet(SOUND, at_ms, AUDIO), has_video=True)


def taken(one: Backlog) -> list[Packet]:
    return one.take(1 << 40)


def of(packets: list[Packet], payload: bytes) -> list[int]:
    return [one.timestamp_ms for one in packets if one.payload == payload]


def test_nothing_is_dropped_while_little_waits() -> None:
    one = live()

    offer(one, 720)

    assert one.dropped_frames == 0
    assert len(taken(one)) == 36


def test_disposable_frames_go_first() -> None:
    one = live()

    offer(one, 860)

    found = taken(one)
    assert of(found, DISPOSABLE) == []
    assert len(of(found, NEEDED)) == 10
    assert len(of(found, SOUND)) == 22
    assert one.dropped_frames == 11


def test_then_all_frames_go_until_the_next_keyframe_but_no_sound() -> None:
    one = live()

    offer(one, 1_600)
    found = taken(one)
    offer(one, 2_120, from_ms=1_600)
    more = taken(one)

    assert [one.kind for one in found] == [AUDIO] * 40
    assert of(more, SOUND) == list(range(1_600, 2_120, 40))
    assert of(more, KEY) == [2_000]
    assert of(more, NEEDED) == [2_080]
    assert not one._needs_key


def test_while_too_much_waits_only_the_newest_keyframe_does() -> None:
    one = live()

    offer(one, 9_000)

    found = taken(one)
    assert of(found, KEY) == [8_000]
    assert of(found, NEEDED) == []
    assert len(of(found, SOUND)) == 225


def test_headers_stay() -> None:
    one = live()
    one.offer(Packet(VIDEO, 0, b"\x17\x00header", 0.0, is_header=True), has_video=True)

    offer(one, 3_000)

    assert taken(one)[0].is_header


def test_the_beginning_of_a_show_waits_while_it_is_connected() -> None:
    one = backlog()
    one.begin([packet(b"\xaf\x00", 0, AUDIO)], 30_000)

    offer(one, 5_000)
    one.connected()
    offer(one, 5_400, from_ms=5_000)

    found = taken(one)
    assert one.dropped_frames == 0
    assert len(found) == 1 + 135 * 2
    assert found[0].payload == b"\xaf\x00"


def test_what_waits_for_a_connection_begins_anew_at_a_keyframe_when_it_is_too_much() -> None:
    one = backlog()
    one.begin([], 30_000)

    offer(one, 33_000)

    found = taken(one)
    assert found[0].kind == DATA
    assert found[1].timestamp_ms == 30_000
    assert len(found) == 1 + 75 * 2


def test_after_a_break_it_holds_no_more_than_what_follows_the_last_keyframe() -> None:
    one = backlog()
    one.begin(None, 0)

    offer(one, 40)
    offer(one, 7_000, from_ms=40)

    found = taken(one)
    assert found[0].kind == DATA
    assert found[1].timestamp_ms == 6_000


def test_without_video_it_begins_at_any_sound() -> None:
    one = backlog()
    one.begin(None, 0)

    one.offer(packet(SOUND, 40, AUDIO), has_video=False)

    assert [one.kind for one in taken(one)] == [DATA, AUDIO]


def test_frames_before_a_keyframe_are_no_beginning() -> None:
    one = backlog()
    one.begin(None, 0)

    one.offer(packet(NEEDED, 40), has_video=True)
    one.offer(packet(SOUND, 40, AUDIO), has_video=True)

    assert taken(one) == []
    assert not one.is_even


def test_its_size_is_bounded_whatever_comes() -> None:
    large = b"\x00" * (1 << 20)
    for one in (live(), backlog()):
        for at_ms in range(200):
            one.offer(packet(large, at_ms, DATA), has_video=False)
            one.offer(packet(KEY, at_ms), has_video=True)

        assert one.size_bytes <= MOST_BYTES + (2 << 20)
