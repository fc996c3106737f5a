"""Kept files, in a real folder."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backline.platform.errors import Conflict, Invalid, NotFound
from backline.platform.storage import FolderStorage

KEY = "tracks/owner/track/g1/original"


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    made = FolderStorage(tmp_path / "media")
    made.prepare()
    return made


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def broken(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    raise ConnectionError


async def content(storage: FolderStorage, key: str, start: int = 0, end: int = 1 << 40) -> bytes:
    return b"".join([piece async for piece in storage.open_range(key, start, end)])


def all_files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


async def test_keeps_what_a_stream_gives(storage: FolderStorage) -> None:
    stored = await storage.put_stream(KEY, pieces(b"one", b"", b"two"))

    assert stored.size_bytes == 6
    assert await storage.head(KEY) == stored
    assert await content(storage, KEY) == b"onetwo"


async def test_reads_any_range(storage: FolderStorage) -> None:
    data = os.urandom(700_001)
    await storage.put_stream(KEY, pieces(data))

    assert await content(storage, KEY, 300_000, 600_000) == data[300_000:600_000]
    assert await content(storage, KEY, 700_000) == data[-1:]
    assert await content(storage, KEY, 700_001) == b""


async def test_a_piece_is_never_larger_than_a_chunk(storage: FolderStorage) -> None:
    await storage.put_stream(KEY, pieces(bytes(1_000_000)))

    sizes = [len(piece) async for piece in storage.open_range(KEY, 0, 1_000_000)]

    assert max(sizes) <= 256 * 1024


async def test_a_broken_stream_leaves_nothing(storage: FolderStorage) -> None:
    with pytest.raises(ConnectionError):
        await storage.put_stream(KEY, broken(b"one"))

    assert await storage.head(KEY) is None
    assert all_files(storage.folder) == ["aside", "objects"]


@pytest.mark.parametrize("adopt", [False, True])
async def test_a_key_is_given_one_file_once(
    storage: FolderStorage, tmp_path: Path, adopt: bool
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_bytes(b"first")
    second.write_bytes(b"second")
    await storage.put_file(KEY, first, adopt=adopt)

    with pytest.raises(Conflict):
        await storage.put_file(KEY, second, adopt=adopt)

    assert await content(storage, KEY) == b"first"
    assert len(list((storage.folder / "aside").iterdir())) == 0


async def test_two_writers_at_once_have_one_winner(storage: FolderStorage) -> None:
    parts = [bytes([i]) * 100_000 for i in range(8)]

    ends = await asyncio.gather(
        *(storage.put_stream(KEY, pieces(part)) for part in parts), return_exceptions=True
    )

    assert [isinstance(end, Conflict) for end in ends].count(False) == 1
    assert await content(storage, KEY) in parts


async def test_an_adopted_file_is_not_copied(storage: FolderStorage, tmp_path: Path) -> None:
    source = tmp_path / "whole"
    source.write_bytes(b"whole")

    await storage.put_file(KEY, source, adopt=True)

    async with storage.local_copy(KEY) as path:
        assert path.samefile(source)


async def test_lists_what_is_kept_beneath_a_prefix(storage: FolderStorage) -> None:
    for key in ("tracks/o/t2/g/a", "tracks/o/t1/g/b", "tracks/o/t1/g/a", "photos/o/p/g/a"):
        await storage.put_stream(key, pieces(b"x"))

    keys = [stored.key async for stored in storage.list("tracks")]

    assert keys == ["tracks/o/t1/g/a", "tracks/o/t1/g/b", "tracks/o/t2/g/a"]
    assert [stored async for stored in storage.list("tracks/nobody")] == []


async def test_delete_removes_every_byte_and_every_empty_folder(storage: FolderStorage) -> None:
    for key in ("tracks/o/t1/g/a", "tracks/o/t1/h/b", "tracks/p/t2/g/a"):
        await storage.put_stream(key, pieces(b"x"))

    await storage.delete_prefix("tracks/o/t1")

    assert [stored.key async for stored in storage.list("tracks")] == ["tracks/p/t2/g/a"]
    assert not (storage.folder / "objects/tracks/o").exists()
    assert list((storage.folder / "aside").iterdir()) == []


async def test_delete_of_a_file_or_of_nothing(storage: FolderStorage) -> None:
    await storage.put_stream(KEY, pieces(b"x"))

    await storage.delete_prefix(KEY)
    await storage.delete_prefix(KEY)
    await storage.delete_prefix("tracks/nobody")

    assert all_files(storage.folder) == ["aside", "objects"]


async def test_a_whole_kind_is_not_deleted_by_a_slip(storage: FolderStorage) -> None:
    with pytest.raises(Invalid):
        await storage.delete_prefix("tracks")


async def test_puts_and_deletes_beside_each_other_never_fail(storage: FolderStorage) -> None:
    async def churn(number: int) -> None:
        for turn in range(25):
            await storage.put_stream(f"tracks/o/t{number}/g{turn}/a", pieces(b"x"))
            await storage.delete_prefix(f"tracks/o/t{number}")

    await asyncio.gather(*(churn(number) for number in range(6)))

    assert all_files(storage.folder) == ["aside", "objects"]


@pytest.mark.parametrize(
    "key", ["", "/", "..", "a/../b", "/etc/passwd", "a//b", "a/.b", "a\\b", "a\0", "a/" + "b" * 600]
)
async def test_odd_keys_are_refused(storage: FolderStorage, key: str) -> None:
    with pytest.raises(Invalid):
        await storage.head(key)
    with pytest.raises(Invalid):
        await storage.put_stream(key, pieces(b"x"))


async def test_a_link_out_of_the_folder_is_not_followed(
    storage: FolderStorage, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"secret")
    place = storage.folder / "objects/tracks/o"
    place.mkdir(parents=True)
    (place / "link").symlink_to(outside)

    with pytest.raises(OSError, match="symbolic links"):
        await content(storage, "tracks/o/link")
    await storage.delete_prefix("tracks/o/link")

    assert outside.read_bytes() == b"secret"


async def test_what_is_not_there_is_said_so(storage: FolderStorage) -> None:
    with pytest.raises(NotFound):
        await content(storage, KEY)
    with pytest.raises(NotFound):
        async with storage.local_copy(KEY):
            pass


async def test_the_sweep_takes_only_what_is_old(storage: FolderStorage) -> None:
    aside = storage.folder / "aside"
    (aside / "half").write_bytes(b"half")
    (aside / "removed/deep").mkdir(parents=True)
    (aside / "removed/deep/file").write_bytes(b"x")

    early = await storage.sweep_aside(older_than_s=3600)
    await asyncio.to_thread(_wait_past, (aside / "removed").stat().st_ctime)
    late = await storage.sweep_aside(older_than_s=0)

    assert (early, late) == (0, 2)
    assert list(aside.iterdir()) == []


def _wait_past(moment_s: float) -> None:
    while time.time() <= moment_s:
        time.sleep(0.01)


async def test_reads_go_on_while_a_file_is_deleted(storage: FolderStorage) -> None:
    data = os.urandom(1_000_000)
    await storage.put_stream(KEY, pieces(data))
    reading = storage.open_range(KEY, 0, len(data))
    first = await anext(reading)

    await storage.delete_prefix(KEY)

    assert first + b"".join([piece async for piece in reading]) == data
