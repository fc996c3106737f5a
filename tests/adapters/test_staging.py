"""Uploads on their way in, in a folder and in S3: the same promises."""

import asyncio
import hashlib
from collections.abc import AsyncIterator

import pytest

from backline.platform.errors import Conflict, TooLarge, Unavailable
from backline.platform.http.bodies import ClientGone
from backline.platform.ids import uuid7
from backline.platform.storage import BytesLost, Locked
from tests.support.places import Place, append, content, kept, noise, pieces

pytestmark = pytest.mark.slow

WAIT_S = 60
KEY = "tracks/owner/track/g1/original"


async def gone_after(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    raise ClientGone("gone")


async def hanging(started: asyncio.Event, *parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    started.set()
    await asyncio.Event().wait()


async def test_grows_piece_by_piece_in_any_process(place: Place) -> None:
    upload, other = uuid7(), place.another(3600)

    first = await append(place.staging, upload, 0, pieces(b"abc", b"d"))
    second = await append(other, upload, 4, pieces(b"ef"))

    assert (first.offset, second.offset) == (4, 6)
    assert (await kept(place, upload, 6))[0] == b"abcdef"


async def test_what_lies_behind_the_committed_offset_is_cut_off(place: Place) -> None:
    upload = uuid7()
    await append(place.staging, upload, 0, pieces(b"abcdefgh"))
    await append(place.staging, upload, 8, pieces(b"ijk"))

    await append(place.staging, upload, 3, pieces(b"XY"))

    assert (await kept(place, upload, 5))[0] == b"abcXY"


async def test_a_client_that_goes_away_keeps_what_it_sent(place: Place) -> None:
    upload = uuid7()

    done = await append(place.staging, upload, 0, gone_after(b"abc"))

    assert done.offset == 3
    assert isinstance(done.fault, ClientGone)
    assert (await kept(place, upload, 3))[0] == b"abc"


async def test_commits_on_the_way(place: Place) -> None:
    reached: list[int] = []
    upload, part = uuid7(), noise(1 << 20)

    async def commit(offset: int) -> None:
        reached.append(offset)

    done = await append(place.staging, upload, 0, pieces(*[part] * 40), commit=commit)

    assert done.offset == 40 << 20
    assert {16 << 20, 32 << 20} <= set(reached)
    assert reached == sorted(reached)
    data, staged = await kept(place, upload, 40 << 20)
    assert data == part * 40
    assert staged.sha256 == hashlib.sha256(data).hexdigest()


async def test_a_commit_that_fails_ends_the_append(place: Place) -> None:
    async def commit(_offset: int) -> None:
        raise Unavailable("no database")

    parts = [bytes(1 << 20)] * 40
    with pytest.raises(Unavailable):
        await append(place.staging, uuid7(), 0, pieces(*parts), commit=commit)


async def test_one_writer_at_a_time_among_all_processes(place: Place) -> None:
    upload, started, other = uuid7(), asyncio.Event(), place.another(3600)
    first = asyncio.create_task(append(place.staging, upload, 0, hanging(started, b"abc")))
    await asyncio.wait_for(started.wait(), WAIT_S)

    for staging in (place.staging, other):
        with pytest.raises(Locked) as fault:
            await append(staging, upload, 0, pieces(b"XYZ"))
        assert fault.value.status == 423
    first.cancel()
    await asyncio.wait([first])
    after = await append(other, upload, 0, pieces(b"XYZ"))

    assert after.offset == 3


async def test_a_stalled_writer_makes_way_and_keeps_what_it_has(place: Place) -> None:
    staging = place.another(0)
    upload, started = uuid7(), asyncio.Event()
    stalled = asyncio.create_task(append(staging, upload, 0, hanging(started, b"abc")))
    await asyncio.wait_for(started.wait(), WAIT_S)

    second = await append(staging, upload, 3, pieces(b"def"))
    first = await asyncio.wait_for(stalled, WAIT_S)

    assert (first.offset, second.offset) == (3, 6)
    assert isinstance(first.fault, Unavailable)
    assert (await kept(place, upload, 6))[0] == b"abcdef"


async def test_more_than_announced_is_refused(place: Place) -> None:
    with pytest.raises(TooLarge):
        await append(place.staging, uuid7(), 0, pieces(b"abcdef", b"g"), limit_bytes=6)


async def test_lost_bytes_are_told(place: Place) -> None:
    upload = uuid7()
    await append(place.staging, upload, 0, pieces(b"abc"))

    with pytest.raises(BytesLost) as fault:
        await append(place.staging, upload, 5, pieces(b"f"))
    async with place.staging.writing(upload) as writing:
        with pytest.raises(BytesLost):
            await writing.keep(KEY, 4, into=place.storage)

    assert fault.value.size_bytes == 3


async def test_keeps_a_whole_upload_once_under_its_name(place: Place) -> None:
    upload, data = uuid7(), noise(3_000_000)
    await append(place.staging, upload, 0, pieces(data[:100]))
    await append(place.staging, upload, 100, pieces(data[100:]))

    async with place.staging.writing(upload) as writing:
        staged = await writing.keep(KEY, len(data), into=place.storage)
        with pytest.raises(Conflict):
            await writing.keep(KEY, len(data), into=place.storage)
    await place.staging.discard(upload)

    assert (staged.size_bytes, staged.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert await content(place.storage, KEY) == data
    assert await place.everything() == [f"objects/{KEY}"]


async def test_stages_a_whole_file_with_its_hash(place: Place) -> None:
    data = noise(10_500_000)

    staged = await place.staging.stage(pieces(data[:7], data[7:]), limit_bytes=1 << 30)
    await place.staging.keep(staged, KEY, into=place.storage)

    assert staged.sha256 == hashlib.sha256(data).hexdigest()
    assert await content(place.storage, KEY) == data


@pytest.mark.parametrize("chunks", [(b"abc", None), (b"x" * 11,)])
async def test_a_whole_file_that_fails_leaves_nothing(
    place: Place, chunks: tuple[bytes | None, ...]
) -> None:
    given = [chunk for chunk in chunks if chunk is not None]
    stream = gone_after(*given) if None in chunks else pieces(*given)

    with pytest.raises((ClientGone, TooLarge)):
        await place.staging.stage(stream, limit_bytes=10)

    assert await place.everything() == []


async def test_a_cancelled_upload_leaves_nothing(place: Place) -> None:
    started = asyncio.Event()
    task = asyncio.create_task(place.staging.stage(hanging(started, b"abc"), limit_bytes=10))
    await asyncio.wait_for(started.wait(), WAIT_S)

    task.cancel()
    await asyncio.wait([task])

    assert task.cancelled()
    assert await place.everything() == []


async def test_closing_ends_streams_and_keeps_what_came(place: Place) -> None:
    upload, started = uuid7(), asyncio.Event()
    task = asyncio.create_task(append(place.staging, upload, 0, hanging(started, b"abc")))
    await asyncio.wait_for(started.wait(), WAIT_S)

    place.staging.close()
    done = await asyncio.wait_for(task, WAIT_S)

    assert done.offset == 3
    assert isinstance(done.fault, Unavailable)
    assert (await kept(place, upload, 3))[0] == b"abc"


async def test_discard_takes_no_offence_at_nothing(place: Place) -> None:
    upload = uuid7()
    await append(place.staging, upload, 0, pieces(b"abc"))

    await place.staging.discard(upload)
    await place.staging.discard(upload)

    assert await place.everything() == []


async def test_the_sweep_is_told_only_of_what_lies_idle(place: Place) -> None:
    upload = uuid7()
    await append(place.staging, upload, 0, pieces(b"abc"))

    assert upload not in await place.staging.idle_ids()
    assert upload in await place.staging.idle_ids(older_than_s=-60)
