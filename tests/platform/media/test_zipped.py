"""Archives that lie nowhere: whole, in parts, and larger than 32 bits can say."""

import io
import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import pytest

from backline.platform.media import zipped
from backline.platform.media.zipped import ZipReader, size_of
from backline.platform.storage.kinds import Member, StoredFile

AT = datetime(2026, 5, 1, 12, 0, 2, tzinfo=UTC)
GIB = 1 << 30


class Bytes:
    """A file in memory, or one of nothing but zeros."""

    def __init__(self, size_bytes: int, data: bytes | None) -> None:
        self.size_bytes, self.data = size_bytes, data

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    async def read(self, offset: int, size_bytes: int) -> bytes:
        assert offset + size_bytes <= self.size_bytes
        return bytes(size_bytes) if self.data is None else self.data[offset : offset + size_bytes]

    def close(self) -> None: ...


def archive(*files: tuple[str, bytes | int]) -> ZipReader:
    held: dict[str, Bytes] = {}
    members: list[Member] = []
    for n, (name, data) in enumerate(files):
        key = f"tests/{os.urandom(8).hex()}/{n}"
        size = data if isinstance(data, int) else len(data)
        held[key] = Bytes(size, None if isinstance(data, int) else data)
        members.append(Member(name, StoredFile(key, size, AT)))

    async def opened(file: StoredFile, _start: int) -> Bytes:
        return held[file.key]

    made = ZipReader(members, opened)
    assert made.size_bytes == size_of(members)
    return made


async def part(reader: ZipReader, start: int, end: int) -> bytes:
    read = b""
    while len(read) < end - start:
        data = await reader.read(start + len(read), min(256 * 1024, end - start - len(read)))
        assert data
        read += data
    return read


FILES = {
    "Ona - Sky/01 Mañana.flac": os.urandom(600_000),
    "Ona - Sky/02 ☂.mp3": b"",
    "Ona - Sky/03 Alto.mp3": os.urandom(1_000),
}


async def test_an_archive_holds_what_was_put_in() -> None:
    reader = archive(*FILES.items())

    whole = await part(reader, 0, reader.size_bytes)

    assert await reader.read(reader.size_bytes, 10) == b""
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        assert opened.testzip() is None
        assert {one.filename: opened.read(one) for one in opened.infolist()} == FILES
        assert opened.infolist()[0].date_time == (2026, 5, 1, 12, 0, 2)
        assert all(one.compress_type == zipfile.ZIP_STORED for one in opened.infolist())


async def test_any_part_is_as_in_the_whole() -> None:
    first = archive(*FILES.items())
    whole = await part(first, 0, first.size_bytes)
    for start in range(0, len(whole), 7_919):
        end = min(start + 40_000, len(whole))
        again = archive(*FILES.items())

        assert await part(again, start, end) == whole[start:end]


async def test_what_32_bits_cannot_say_is_said_in_64(tmp_path: Path) -> None:
    reader = archive(("large.wav", 5 * GIB), ("small.txt", b"here"), ("more.wav", 5 * GIB))
    for n in (0, 2):  # five gigabytes aren't summed up here
        zipped._sums.keep(reader._members[n].file.etag, 0)

    with (tmp_path / "sparse.zip").open("wb") as file:
        for piece in reader._pieces:
            if piece.end - piece.start < GIB:
                file.seek(piece.start)
                file.write(await part(reader, piece.start, piece.end))

    assert (tmp_path / "sparse.zip").stat().st_size == reader.size_bytes
    with zipfile.ZipFile(tmp_path / "sparse.zip") as opened:
        sizes = [one.file_size for one in opened.infolist()]
        assert sizes == [5 * GIB, 4, 5 * GIB]
        assert opened.read("small.txt") == b"here"
        assert opened.open("more.wav").read(3) == bytes(3)


@pytest.mark.slow
async def test_more_files_than_16_bits_can_say() -> None:
    reader = archive(*((f"{n}.txt", b"") for n in range(70_000)))

    whole = await part(reader, 0, reader.size_bytes)

    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        assert len(opened.infolist()) == 70_000
