"""What only a folder of uploads has to promise; the rest is in `tests/adapters`."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from uuid import UUID

import pytest

from backline.platform.errors import DiskFull
from backline.platform.ids import uuid7
from backline.platform.storage import Appended, FolderStaging

WAIT_S = 30


@pytest.fixture
def staging(tmp_path: Path) -> FolderStaging:
    made = FolderStaging(tmp_path / "staging", floor_bytes=0, stalled_s=3600)
    made.prepare()
    return made


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def append(
    staging: FolderStaging,
    upload: UUID,
    offset: int,
    chunks: AsyncIterator[bytes],
    limit_bytes: int,
    commit: Callable[[int], Awaitable[None]] | None = None,
) -> Appended:
    async with staging.writing(upload) as writing:
        return await writing.append(offset, chunks, limit_bytes=limit_bytes, commit=commit)


async def test_nothing_is_taken_below_the_floor(tmp_path: Path) -> None:
    staging = FolderStaging(tmp_path, floor_bytes=1 << 60)

    with pytest.raises(DiskFull, match="in reserve"):
        await staging.stage(pieces(*[bytes(1 << 20)] * 17), limit_bytes=1 << 30)

    assert list(staging.folder.iterdir()) == []


async def test_a_full_disk_is_told_as_such() -> None:
    staging = FolderStaging(Path("/dev"), floor_bytes=0)
    full = uuid7()
    staging.path = lambda _upload_id: Path("/dev/full")  # type: ignore[method-assign]

    with pytest.raises(DiskFull, match="disk is full"):
        await append(staging, full, 0, pieces(b"abc"), limit_bytes=10)
