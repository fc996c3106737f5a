"""Kept files in a folder and in S3: the same promises."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backline.platform.errors import Conflict, Invalid, NotFound
from tests.support.places import Place, content, noise, pieces

pytestmark = pytest.mark.slow

KEY = "tracks/owner/track/g1/original"
LARGE_BYTES = 20_000_001  # more than goes through one request to S3


async def broken(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    raise ConnectionError


async def test_keeps_what_a_stream_gives(place: Place) -> None:
    stored = await place.storage.put_stream(KEY, pieces(b"one", b"", b"two"))

    found = await place.storage.head(KEY)
    assert found is not None
    assert (found.key, found.size_bytes) == (stored.key, stored.size_bytes) == (KEY, 6)
    assert abs((found.modified_at - stored.modified_at).total_seconds()) < 60
    assert await content(place.storage, KEY) == b"onetwo"


async def test_reads_any_range(place: Place) -> None:
    data = noise(1_700_001)
    await place.storage.put_stream(KEY, pieces(data))

    assert await content(place.storage, KEY, 300_000, 1_600_000) == data[300_000:1_600_000]
    assert await content(place.storage, KEY, 1_700_000) == data[-1:]
    assert await content(place.storage, KEY, 1_700_001) == b""


async def test_reads_here_and_there(place: Place) -> None:
    data = noise(3_000_000)
    await place.storage.put_stream(KEY, pieces(data))

    async with await place.storage.open(KEY, 1000, 2_000_000) as reader:
        assert reader.size_bytes == len(data)
        for offset in (1000, 2_500_000, 0, 1_000_000, 1_000_100, 2_999_990):
            got = await reader.read(offset, 50)
            assert got == data[offset : offset + len(got)]
            assert got
        assert await reader.read(3_000_000, 50) == b""


async def test_keeps_a_file_of_nothing(place: Place) -> None:
    stored = await place.storage.put_stream(KEY, pieces())

    assert stored.size_bytes == 0
    assert await content(place.storage, KEY) == b""


async def test_a_piece_is_never_larger_than_a_chunk(place: Place) -> None:
    await place.storage.put_stream(KEY, pieces(bytes(1_000_000)))

    sizes = [len(piece) async for piece in place.storage.open_range(KEY, 0, 1_000_000)]

    assert max(sizes) <= 256 * 1024


async def test_keeps_large_streams_and_files(place: Place, tmp_path: Path) -> None:
    data, file = noise(LARGE_BYTES), tmp_path / "large"
    file.write_bytes(data)

    streamed = await place.storage.put_stream(
        "tracks/o/t/g/stream",
        pieces(*(data[at : at + 999_999] for at in range(0, len(data), 999_999))),
    )
    copied = await place.storage.put_file("tracks/o/t/g/file", file)

    assert streamed.size_bytes == copied.size_bytes == LARGE_BYTES
    for key in ("tracks/o/t/g/stream", "tracks/o/t/g/file"):
        assert await content(place.storage, key) == data
        async with place.storage.local_copy(key) as path:
            assert path.read_bytes() == data
    assert await place.everything() == ["objects/tracks/o/t/g/file", "objects/tracks/o/t/g/stream"]


@pytest.mark.parametrize("size_bytes", [3, LARGE_BYTES])
async def test_a_broken_stream_leaves_nothing(place: Place, size_bytes: int) -> None:
    with pytest.raises(ConnectionError):
        await place.storage.put_stream(KEY, broken(bytes(size_bytes), b"one"))

    assert await place.storage.head(KEY) is None
    assert await place.everything() == []


async def test_a_cancelled_stream_leaves_nothing(place: Place) -> None:
    began = asyncio.Event()

    async def hanging() -> AsyncIterator[bytes]:
        yield bytes(LARGE_BYTES)
        began.set()
        await asyncio.Event().wait()

    putting = asyncio.create_task(place.storage.put_stream(KEY, hanging()))
    await asyncio.wait_for(began.wait(), 60)
    putting.cancel()
    await asyncio.wait([putting])

    assert putting.cancelled()
    assert await place.storage.head(KEY) is None
    assert await place.everything() == []


@pytest.mark.parametrize("size_bytes", [6, LARGE_BYTES])
@pytest.mark.parametrize("adopt", [False, True])
async def test_a_key_is_given_one_file_once(
    place: Place, tmp_path: Path, adopt: bool, size_bytes: int
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_bytes(b"first")
    second.write_bytes(bytes(size_bytes))
    await place.storage.put_file(KEY, first, adopt=adopt)

    with pytest.raises(Conflict):
        await place.storage.put_file(KEY, second, adopt=adopt)

    assert await content(place.storage, KEY) == b"first"
    assert await place.everything() == [f"objects/{KEY}"]


async def test_the_same_bytes_twice_are_a_conflict_too(place: Place) -> None:
    await place.storage.put_stream(KEY, pieces(b"same"))

    with pytest.raises(Conflict):
        await place.storage.put_stream(KEY, pieces(b"same"))


@pytest.mark.parametrize("size_bytes", [100_000, 9_000_000])
async def test_two_writers_at_once_have_one_winner(place: Place, size_bytes: int) -> None:
    parts = [bytes([i]) * size_bytes for i in range(4)]

    ends = await asyncio.gather(
        *(place.storage.put_stream(KEY, pieces(part)) for part in parts), return_exceptions=True
    )

    assert [isinstance(end, Conflict) for end in ends].count(False) == 1
    assert await content(place.storage, KEY) in parts
    assert await place.everything() == [f"objects/{KEY}"]


async def test_lists_what_is_kept_beneath_a_prefix(place: Place) -> None:
    keys = [
        "tracks/o/t2/g/a",
        "tracks/o/t1/g/b",
        "tracks/o/t1/g/a",
        "photos/o/p/g/a",
        "trackside/o",
    ]
    for key in keys:
        await place.storage.put_stream(key, pieces(b"x"))

    found = [stored.key async for stored in place.storage.list("tracks")]

    assert found == ["tracks/o/t1/g/a", "tracks/o/t1/g/b", "tracks/o/t2/g/a"]
    assert [stored async for stored in place.storage.list("tracks/nobody")] == []


async def test_delete_removes_every_byte_and_no_other(place: Place) -> None:
    for key in ("tracks/o/t1/g/a", "tracks/o/t1/h/b", "tracks/o/t11/g/a", "tracks/p/t2/g/a"):
        await place.storage.put_stream(key, pieces(b"x"))

    await place.storage.delete_prefix("tracks/o/t1")

    left = ["objects/tracks/o/t11/g/a", "objects/tracks/p/t2/g/a"]
    assert await place.everything() == left


async def test_delete_of_a_file_or_of_nothing(place: Place) -> None:
    await place.storage.put_stream(KEY, pieces(b"x"))

    await place.storage.delete_prefix(KEY)
    await place.storage.delete_prefix(KEY)
    await place.storage.delete_prefix("tracks/nobody")

    assert await place.everything() == []


async def test_a_whole_kind_is_not_deleted_by_a_slip(place: Place) -> None:
    with pytest.raises(Invalid):
        await place.storage.delete_prefix("tracks")


async def test_puts_and_deletes_beside_each_other_never_fail(place: Place) -> None:
    async def churn(number: int) -> None:
        for turn in range(8):
            await place.storage.put_stream(f"tracks/o/t{number}/g{turn}/a", pieces(b"x"))
            await place.storage.delete_prefix(f"tracks/o/t{number}")

    await asyncio.gather(*(churn(number) for number in range(6)))

    assert await place.everything() == []


@pytest.mark.parametrize(
    "key", ["", "/", "..", "a/../b", "/etc/passwd", "a//b", "a/.b", "a\\b", "a\0", "a/" + "b" * 600]
)
async def test_odd_keys_are_refused(place: Place, key: str) -> None:
    with pytest.raises(Invalid):
        await place.storage.head(key)
    with pytest.raises(Invalid):
        await place.storage.put_stream(key, pieces(b"x"))


async def test_what_is_not_there_is_said_so(place: Place) -> None:
    assert await place.storage.head(KEY) is None
    with pytest.raises(NotFound):
        await place.storage.open(KEY)
    with pytest.raises(NotFound):
        await place.storage.open(KEY, 0, 100)
    with pytest.raises(NotFound):
        await content(place.storage, KEY)
    with pytest.raises(NotFound):
        async with place.storage.local_copy(KEY):
            pass


async def test_says_that_it_is_well(place: Place) -> None:
    await place.storage.check()
