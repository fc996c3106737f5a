"""What only a folder has to promise; the rest is in `tests/adapters`."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

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


async def content(storage: FolderStorage, key: str, start: int = 0, end: int = 1 << 40) -> bytes:
    return b"".join([piece async for piece in storage.open_range(key, start, end)])


def all_files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


async def test_an_adopted_file_is_not_copied(storage: FolderStorage, tmp_path: Path) -> None:
    source = tmp_path / "whole"
    source.write_bytes(b"whole")

    await storage.put_file(KEY, source, adopt=True)

    async with storage.local_copy(KEY) as path:
        assert path.samefile(source)


async def test_delete_removes_every_byte_and_every_empty_folder(storage: FolderStorage) -> None:
    for key in ("tracks/o/t1/g/a", "tracks/o/t1/h/b", "tracks/p/t2/g/a"):
        await storage.put_stream(key, pieces(b"x"))

    await storage.delete_prefix("tracks/o/t1")

    assert [stored.key async for stored in storage.list("tracks")] == ["tracks/p/t2/g/a"]
    assert not (storage.folder / "objects/tracks/o").exists()
    assert list((storage.folder / "aside").iterdir()) == []


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
