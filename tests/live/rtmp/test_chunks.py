"""Messages come out of chunks however they are cut, and in whatever form peers write them."""

import struct
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backline.live.rtmp import messages
from backline.live.rtmp.chunks import (
    HEADROOM,
    LONGEST_MESSAGE_BYTES,
    MOST_CHUNK_STREAMS,
    ChunkReader,
)
from backline.live.rtmp.faults import ProtocolFault

Message = tuple[int, int, int, bytes]


def read(data: bytes, step: int = 0) -> list[Message]:
    """All messages in `data`, given to the reader in steps, or at once."""
    found: list[Message] = []
    reader = ChunkReader(lambda *one: found.append((*one[:3], bytes(one[3]))))
    for at in range(0, len(data), step or len(data) or 1):
        reader.read(data[at : at + (step or len(data))])
    assert reader.received_bytes == len(data)
    return found


def u24(number: int) -> bytes:
    return number.to_bytes(3, "big")


def first(
    payload: bytes, *, when: int = 0, kind: int = 9, number: int = 6, stream_id: int = 1
) -> bytes:
    """A header of type 0 with what fits into a chunk of 128 bytes behind it."""
    long = when >= 0xFFFFFF
    head = bytes((number,)) + u24(0xFFFFFF if long else when) + u24(len(payload))
    head += bytes((kind,)) + stream_id.to_bytes(4, "little")
    return head + (struct.pack(">I", when) if long else b"") + payload[:128]


def pieces(payload: bytes, mark: bytes, size: int = 128) -> bytes:
    """What follows a first chunk, each with `mark` before it."""
    return b"".join(mark + payload[at : at + size] for at in range(size, len(payload), size))


BODY = bytes(range(256)) * 4


@pytest.mark.parametrize("step", [0, 1, 7, 129, 500])
def test_a_message_of_many_chunks_is_put_together(step: int) -> None:
    data = first(BODY, when=40) + pieces(BODY, b"\xc6") + first(b"next", when=80)

    assert read(data, step) == [(9, 40, 1, BODY), (9, 80, 1, b"next")]


@pytest.mark.parametrize("step", [0, 1, 5])
def test_all_header_types(step: int) -> None:
    data = first(b"aa", when=2_000)
    data += b"\x46" + u24(40) + u24(3) + b"\x09" + b"bbb"
    data += b"\x86" + u24(33) + b"ccc"
    data += b"\xc6ddd"

    assert [(when, body) for _, when, _, body in read(data, step)] == [
        (2_000, b"aa"),
        (2_040, b"bbb"),
        (2_073, b"ccc"),
        (2_106, b"ddd"),
    ]


def test_a_message_without_header_after_a_first_one() -> None:
    """FFmpeg repeats a small number as a difference; librtmp means the same time."""
    assert [one[1] for one in read(first(b"a", when=23) + b"\xc6b")] == [23, 46]
    assert [one[1] for one in read(first(b"a", when=60_000) + b"\xc6b")] == [60_000, 60_000]


@pytest.mark.parametrize("step", [0, 1, 3])
@pytest.mark.parametrize("number", [3, 63, 64, 319, 320, 65_599])
def test_chunk_streams_of_one_two_and_three_bytes(number: int, step: int) -> None:
    def basic(form: int) -> bytes:
        if number < 64:
            return bytes((form << 6 | number,))
        if number < 320:
            return bytes((form << 6, number - 64))
        return bytes((form << 6 | 1, (number - 64) & 0xFF, (number - 64) >> 8))

    data = basic(0) + first(BODY, when=7)[1:] + pieces(BODY, basic(3))
    data += basic(3) + BODY[:128] + pieces(BODY, basic(3))

    assert [(one[1], one[3]) for one in read(data, step)] == [(7, BODY), (14, BODY)]


@pytest.mark.parametrize("step", [0, 1, 6])
@pytest.mark.parametrize("repeats", [True, False])
def test_extended_timestamps_with_and_without_repetition(step: int, repeats: bool) -> None:
    when = 20_000_000
    mark = b"\xc6" + (struct.pack(">I", when) if repeats else b"")
    data = first(BODY, when=when) + pieces(BODY, mark)
    data += b"\x46" + u24(40) + u24(len(BODY)) + b"\x09" + BODY[:128] + pieces(BODY, b"\xc6")

    assert [(one[1], one[3]) for one in read(data, step)] == [(when, BODY), (when + 40, BODY)]


def test_an_extended_difference() -> None:
    data = first(b"a", when=5)
    data += b"\x46" + b"\xff\xff\xff" + u24(200) + b"\x09" + struct.pack(">I", 0x1000000)
    data += BODY[:128] + b"\xc6" + struct.pack(">I", 0x1000000) + BODY[128:200]

    assert [(one[1], one[3]) for one in read(data)] == [(5, b"a"), (0x1000005, BODY[:200])]


@pytest.mark.parametrize("step", [0, 1])
def test_a_chunk_stream_may_begin_without_a_time_of_its_own(step: int) -> None:
    data = b"\x44" + u24(12) + u24(2) + b"\x08hi"

    assert read(data, step) == [(8, 12, 0, b"hi")]


@pytest.mark.parametrize("step", [0, 1, 50])
def test_messages_between_the_chunks_of_another(step: int) -> None:
    sound = first(b"sound", kind=8, number=4, when=3)
    data = first(BODY[:300]) + sound + b"\xc6" + BODY[128:256] + sound + b"\xc6" + BODY[256:300]

    assert [one[3] for one in read(data, step)] == [b"sound", b"sound", BODY[:300]]


@pytest.mark.parametrize("step", [0, 1, 50])
def test_the_chunk_size_changes_even_inside_a_message(step: int) -> None:
    change = messages.control(messages.SET_CHUNK_SIZE, 200)
    rest = BODY[128:]
    data = first(BODY) + change
    data += b"".join(b"\xc6" + rest[at : at + 200] for at in range(0, len(rest), 200))

    assert [one[3] for one in read(data, step) if one[0] == 9] == [BODY]


@pytest.mark.parametrize("size", [0x7FFFFFFF, 0xFFFFFFFF, 0xFFFFFF])
def test_a_huge_chunk_size_is_followed_within_bounds(size: int) -> None:
    data = messages.control(messages.SET_CHUNK_SIZE, size)
    data += first(BODY)[:12] + BODY
    too_long = bytes((7,)) + u24(0) + u24(LONGEST_MESSAGE_BYTES + 1) + b"\x09\x01\0\0\0"

    assert read(data)[1][3] == BODY
    with pytest.raises(ProtocolFault, match="longer"):
        read(data + too_long)


def test_an_aborted_message_is_forgotten() -> None:
    data = first(BODY) + messages.control(messages.ABORT, 6) + first(b"new", when=9)

    assert [one[3] for one in read(data, 10) if one[0] == 9] == [b"new"]


def test_an_empty_message() -> None:
    assert read(first(b"", kind=8)) == [(8, 0, 1, b"")]


@pytest.mark.parametrize(
    "data",
    [
        b"\x86\x00\x00\x00",
        b"\xc6",
        first(BODY) + first(BODY),
        messages.control(messages.SET_CHUNK_SIZE, 0),
    ],
)
def test_what_is_not_rtmp_is_refused(data: bytes) -> None:
    with pytest.raises(ProtocolFault):
        read(data)


def test_what_is_begun_and_never_ended_is_bounded() -> None:
    begun = b"".join(
        first(BODY, number=number)[:4] + u24(1 << 20) + first(BODY)[7:] for number in range(3, 40)
    )
    with pytest.raises(ProtocolFault, match="begun"):
        read(begun)


def test_chunk_streams_are_bounded() -> None:
    def streams() -> Iterator[bytes]:
        for number in range(MOST_CHUNK_STREAMS + 1):
            yield bytes((1, number, 1)) + first(b"a")[1:]

    with pytest.raises(ProtocolFault):
        read(b"".join(streams()))


WRITTEN = st.lists(
    st.tuples(
        st.sampled_from([8, 9, 18]),
        st.integers(0, (1 << 32) - 1),
        st.integers(0, 600),
        st.sampled_from([1, 5, 0x01020304]),
    ),
    max_size=8,
)


@given(WRITTEN, st.integers(1, 700), st.integers(1, 900))
def test_what_is_written_is_read_again(
    wanted: list[tuple[int, int, int, int]], chunk_bytes: int, step: int
) -> None:
    data = messages.control(messages.SET_CHUNK_SIZE, chunk_bytes)
    expected: list[Message] = []
    for kind, when, length, stream_id in wanted:
        payload = (BODY * 3)[:length]
        data += messages.head(kind, when, length, stream_id)
        data += messages.body(kind, when, payload, chunk_bytes)
        expected.append((kind, when, stream_id, payload))

    assert read(data, step)[1:] == expected
    assert shared(data, step)[1:] == expected


def shared(data: bytes, step: int) -> list[Message]:
    """As `read`, through one buffer that others overwrite in between."""
    found: list[Message] = []
    reader = ChunkReader(lambda *one: found.append((*one[:3], bytes(one[3]))))
    buffer = bytearray(HEADROOM + step)
    view = memoryview(buffer)
    for at in range(0, len(data), step):
        part = data[at : at + step]
        buffer[:] = b"\xa5" * len(buffer)
        buffer[HEADROOM : HEADROOM + len(part)] = part
        reader.read_shared(buffer, view, len(part))
    return found


@given(st.binary(max_size=2_000), st.integers(1, 300))
def test_any_bytes_are_read_or_refused_the_same_however_cut(data: bytes, step: int) -> None:
    assert outcome(data, len(data) or 1) == outcome(data, step)


def outcome(data: bytes, step: int) -> tuple[list[Message], bool]:
    found: list[Message] = []
    reader = ChunkReader(lambda *one: found.append((*one[:3], bytes(one[3]))))
    try:
        for at in range(0, len(data), step):
            reader.read(data[at : at + step])
    except ProtocolFault:
        return found, True
    return found, False
