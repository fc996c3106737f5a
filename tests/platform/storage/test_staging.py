"""Uploads on their way in: offsets, locks, floors, and ends of all kinds."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from uuid import UUID

import pytest

from backline.platform.errors import OutOfSpace, TooLarge, Unavailable
from backline.platform.http.bodies import ClientGone
from backline.platform.ids import uuid7
from backline.platform.storage import Appended, BytesLost, FolderStaging, Locked

WAIT_S = 30


@pytest.fixture
def staging(tmp_path: Path) -> FolderStaging:
    made = FolderStaging(tmp_path / "staging", floor_bytes=0, stalled_s=3600)
    made.prepare()
    return made


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def gone_after(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    raise ClientGone("gone")


async def hanging(started: asyncio.Event, *parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    started.set()
    await asyncio.Event().wait()


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


async def test_grows_piece_by_piece(staging: FolderStaging) -> None:
    upload = uuid7()

    first = await append(staging, upload, 0, pieces(b"abc", b"d"), limit_bytes=10)
    second = await append(staging, upload, 4, pieces(b"ef"), limit_bytes=6)

    assert (first.offset, second.offset) == (4, 6)
    assert staging.path(upload).read_bytes() == b"abcdef"


async def test_what_lies_behind_the_committed_offset_is_cut_off(staging: FolderStaging) -> None:
    upload = uuid7()
    await append(staging, upload, 0, pieces(b"abcdefgh"), limit_bytes=10)

    await append(staging, upload, 3, pieces(b"XY"), limit_bytes=7)

    assert staging.path(upload).read_bytes() == b"abcXY"


async def test_a_client_that_goes_away_keeps_what_it_sent(staging: FolderStaging) -> None:
    upload = uuid7()

    done = await append(staging, upload, 0, gone_after(b"abc"), limit_bytes=10)

    assert done.offset == 3
    assert isinstance(done.fault, ClientGone)
    assert staging.path(upload).read_bytes() == b"abc"


async def test_commits_on_the_way(staging: FolderStaging) -> None:
    reached: list[int] = []
    upload = uuid7()

    async def commit(offset: int) -> None:
        assert staging.path(upload).stat().st_size >= offset
        reached.append(offset)

    parts = [bytes(1 << 20)] * 40
    done = await append(staging, upload, 0, pieces(*parts), limit_bytes=1 << 30, commit=commit)

    assert done.offset == 40 << 20
    assert {16 << 20, 32 << 20} <= set(reached)
    assert reached == sorted(reached)


async def test_a_commit_that_fails_ends_the_append(staging: FolderStaging) -> None:
    async def commit(_offset: int) -> None:
        raise Unavailable("no database")

    parts = [bytes(1 << 20)] * 40
    with pytest.raises(Unavailable):
        await append(staging, uuid7(), 0, pieces(*parts), limit_bytes=1 << 30, commit=commit)


async def test_one_writer_at_a_time(staging: FolderStaging) -> None:
    upload, started = uuid7(), asyncio.Event()
    first = asyncio.create_task(
        append(staging, upload, 0, hanging(started, b"abc"), limit_bytes=10)
    )
    await asyncio.wait_for(started.wait(), WAIT_S)

    with pytest.raises(Locked) as fault:
        await append(staging, upload, 0, pieces(b"XYZ"), limit_bytes=10)
    first.cancel()
    await asyncio.wait([first])
    after = await append(staging, upload, 0, pieces(b"XYZ"), limit_bytes=10)

    assert fault.value.status == 423
    assert after.offset == 3


async def test_a_stalled_writer_makes_way_and_keeps_what_it_has(tmp_path: Path) -> None:
    staging = FolderStaging(tmp_path, floor_bytes=0, stalled_s=0)
    upload, started = uuid7(), asyncio.Event()
    stalled = asyncio.create_task(
        append(staging, upload, 0, hanging(started, b"abc"), limit_bytes=10)
    )
    await asyncio.wait_for(started.wait(), WAIT_S)

    second = await append(staging, upload, 3, pieces(b"def"), limit_bytes=7)
    first = await asyncio.wait_for(stalled, WAIT_S)

    assert (first.offset, second.offset) == (3, 6)
    assert isinstance(first.fault, Unavailable)
    assert staging.path(upload).read_bytes() == b"abcdef"


async def test_more_than_announced_is_refused(staging: FolderStaging) -> None:
    with pytest.raises(TooLarge):
        await append(staging, uuid7(), 0, pieces(b"abcdef", b"g"), limit_bytes=6)


async def test_lost_bytes_are_told(staging: FolderStaging) -> None:
    upload = uuid7()
    await append(staging, upload, 0, pieces(b"abc"), limit_bytes=10)

    with pytest.raises(BytesLost) as fault:
        await append(staging, upload, 5, pieces(b"f"), limit_bytes=10)

    assert fault.value.size_bytes == 3


async def test_seals_what_is_whole(staging: FolderStaging) -> None:
    upload, data = uuid7(), os.urandom(3_000_000)
    await append(staging, upload, 0, pieces(data[:100]), limit_bytes=1 << 30)
    await append(staging, upload, 100, pieces(data[100:]), limit_bytes=1 << 30)

    async with staging.writing(upload) as writing:
        sealed = await writing.seal(len(data))
        with pytest.raises(BytesLost):
            await writing.seal(len(data) + 1)

    assert sealed.sha256 == hashlib.sha256(data).hexdigest()


async def test_stages_a_whole_file_with_its_hash(staging: FolderStaging) -> None:
    data = os.urandom(2_500_000)

    staged = await staging.stage(pieces(data[:7], data[7:]), limit_bytes=1 << 30)

    assert staged.sha256 == hashlib.sha256(data).hexdigest()
    assert staging.path(staged.id).read_bytes() == data


@pytest.mark.parametrize("chunks", [gone_after(b"abc"), pieces(b"x" * 11)])
async def test_a_whole_file_that_fails_leaves_nothing(
    staging: FolderStaging, chunks: AsyncIterator[bytes]
) -> None:
    with pytest.raises((ClientGone, TooLarge)):
        await staging.stage(chunks, limit_bytes=10)

    assert list(staging.folder.iterdir()) == []


async def test_a_cancelled_upload_leaves_nothing(staging: FolderStaging) -> None:
    started = asyncio.Event()
    task = asyncio.create_task(staging.stage(hanging(started, b"abc"), limit_bytes=10))
    await asyncio.wait_for(started.wait(), WAIT_S)

    task.cancel()
    await asyncio.wait([task])

    assert task.cancelled()
    assert list(staging.folder.iterdir()) == []


async def test_closing_ends_streams_and_keeps_what_came(staging: FolderStaging) -> None:
    upload, started = uuid7(), asyncio.Event()
    task = asyncio.create_task(append(staging, upload, 0, hanging(started, b"abc"), limit_bytes=10))
    await asyncio.wait_for(started.wait(), WAIT_S)

    staging.close()
    done = await asyncio.wait_for(task, WAIT_S)

    assert done.offset == 3
    assert isinstance(done.fault, Unavailable)
    assert staging.path(upload).read_bytes() == b"abc"


async def test_nothing_is_taken_below_the_floor(tmp_path: Path) -> None:
    staging = FolderStaging(tmp_path, floor_bytes=1 << 60)

    with pytest.raises(OutOfSpace, match="in reserve"):
        await staging.stage(pieces(*[bytes(1 << 20)] * 17), limit_bytes=1 << 30)

    assert list(staging.folder.iterdir()) == []


async def test_a_full_disk_is_told_as_such() -> None:
    staging = FolderStaging(Path("/dev"), floor_bytes=0)
    full = uuid7()
    staging.path = lambda _upload_id: Path("/dev/full")  # type: ignore[method-assign]

    with pytest.raises(OutOfSpace, match="disk is full"):
        await append(staging, full, 0, pieces(b"abc"), limit_bytes=10)


async def test_discard_takes_no_offence_at_nothing(staging: FolderStaging) -> None:
    upload = uuid7()
    await append(staging, upload, 0, pieces(b"abc"), limit_bytes=10)

    await staging.discard(upload)
    await staging.discard(upload)

    assert list(staging.folder.iterdir()) == []


async def test_the_sweep_is_told_only_of_what_lies_idle(staging: FolderStaging) -> None:
    old, new = uuid7(), uuid7()
    await append(staging, old, 0, pieces(b"abc"), limit_bytes=10)
    await append(staging, new, 0, pieces(b"abc"), limit_bytes=10)
    os.utime(staging.path(old), (1, 1))

    assert await staging.idle_ids() == [old]
