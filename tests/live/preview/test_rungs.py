"""What workers made is listed beside the source by the same numbers, and kept no longer than it."""

import m3u8
import msgspec

from backline.live.preview import codecs
from backline.live.preview.packager import WINDOW, Packager
from backline.live.preview.pieces import Made, Rung
from backline.live.preview.playlist import playlist
from backline.live.preview.rungs import Rungs
from backline.live.rtmp.messages import AUDIO, VIDEO
from tests.support import rtmp

ROOM = 1 << 24


def shown(seconds: int) -> Packager:
    """A show of so many seconds, with a segment each."""
    made = Packager(ROOM, 100, lambda: None, lambda: None)
    for kind, when, payload in [*rtmp.opening(), *rtmp.frames(seconds + 0.04)]:
        if kind in {AUDIO, VIDEO}:
            if payload[1] == 0:
                made.header(kind, payload)
            else:
                made.frame(kind, when, payload, is_key=payload[0] == 0x17)
    return made


def rung(name: str = "360p", *, size: int = 1_000, opening: bytes = b"opening") -> Rung:
    return Rung(name, 640, 360, 25.0, "avc1.4D401E,mp4a.40.2", opening, bytes(size))


def kept(made: Packager, numbers: list[int], room_bytes: int = ROOM) -> Rungs:
    rungs = Rungs(made, room_bytes)
    for number in numbers:
        rungs.keep(Made(number, [rung()]))
    return rungs


def listed(text: bytes | None) -> m3u8.M3U8:
    assert text is not None
    return m3u8.loads(text.decode())


def test_a_rung_counts_as_the_source_does_and_has_a_gap_where_it_has_nothing() -> None:
    made = shown(5)
    rungs = kept(made, [100, 102, 103])

    ours, theirs = listed(rungs.playlist("360p")), listed(playlist(made))

    assert ours.media_sequence == theirs.media_sequence == 100
    assert [one.duration for one in ours.segments] == [1.0] * 4
    assert [bool(one.gap_tag) for one in ours.segments] == [False, True, False, False]
    assert rungs.file(ours.segments[0].uri) == bytes(1_000)
    assert rungs.file(ours.segments[0].init_section.uri) == b"opening"
    assert rungs.file(ours.segments[1].uri) is None
    assert rungs.file(theirs.segments[0].uri) is None
    assert rungs.playlist("720p") is None


def test_the_source_comes_first_in_the_list_of_all() -> None:
    rungs = kept(shown(3), [100, 101])

    text = rungs.multivariant(25.0)
    source, small = listed(text).playlists

    assert (source.uri, small.uri) == ("index.m3u8", "360p.m3u8")
    assert source.stream_info.codecs == "avc1.640016,mp4a.40.2"
    assert source.stream_info.bandwidth >= source.stream_info.average_bandwidth > 800_000
    assert small.stream_info.resolution == (640, 360)
    assert small.stream_info.frame_rate == 25.0
    assert small.stream_info.bandwidth == 8_000


def test_whoever_is_behind_goes_on_with_the_newest() -> None:
    rungs = Rungs(shown(6), ROOM)

    numbers = [found.number for after in (0, 103, 101) if (found := rungs.following(after))]

    assert numbers == [105, 104, 105]
    assert rungs.following(105) is None


def test_whoever_comes_from_a_node_whose_clock_is_ahead_gets_the_newest() -> None:
    rungs = Rungs(shown(6), ROOM)

    found = rungs.following(5_000)

    assert found is not None
    assert found.number == 105


def test_what_would_put_lines_into_a_playlist_is_left_out() -> None:
    rungs = Rungs(shown(2), ROOM)
    forged = msgspec.structs.replace(rung(), codecs='"\n#EXT-X-STREAM-INF:\nhttp://elsewhere/')

    rungs.keep(Made(100, [forged]))

    assert rungs.names() == []


def test_what_is_made_goes_with_its_segment_and_when_it_is_too_much() -> None:
    made = shown(40)
    numbers = [one.number for one in made.segments]

    gone = kept(made, [100, 101])
    tight = kept(made, numbers, room_bytes=3 * 1_007)

    assert (gone.names(), gone.size_bytes) == ([], 0)
    assert tight.size_bytes == 3 * 1_007
    assert [bool(one.gap_tag) for one in listed(tight.playlist("360p")).segments] == [
        *[True] * (WINDOW - 3),
        *[False] * 3,
    ]


def test_a_rung_that_is_made_no_more_is_offered_no_more() -> None:
    made = shown(6)

    assert kept(made, [101]).names() == []
    assert kept(made, [102]).names() == ["360p"]


def test_names_that_are_no_names_and_more_than_a_few_are_left_out() -> None:
    made = shown(2)
    rungs = Rungs(made, ROOM)
    rungs.keep(Made(100, [rung(name) for name in ("../x", "", "a" * 17, "index-1")]))
    rungs.keep(Made(100, [rung(f"{number}p") for number in range(20)]))

    assert len(rungs.names()) == 8


def test_codecs_are_named_as_playlists_want_them() -> None:
    hevc = bytes.fromhex("0101600000009000000000005df000fcfdf8f800000f00")
    av1 = bytes.fromhex("81050c00")

    named = [
        codecs.video("hvc1", hevc, (1280, 720)),
        codecs.video("av01", av1, (1280, 720)),
        codecs.audio("mp4a", b"\x2b\x92\x08\x00"),
    ]

    assert [one and one.codecs for one in named] == [
        "hvc1.1.6.L93.90",
        "av01.0.05M.08",
        "mp4a.40.5",
    ]
