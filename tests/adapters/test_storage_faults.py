"""S3 that is slow, silent, gone, or answers in the middle: what people and the log get to see."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from structlog.testing import capture_logs

from backline.platform.database import connect
from backline.platform.errors import Conflict, OutOfSpace, Unavailable
from backline.platform.ids import uuid7
from backline.platform.storage import BytesLost, Locked
from backline.platform.storage.s3 import sql
from backline.platform.storage.s3.listing import listed, page_of, remove_all
from backline.platform.storage.s3.staging import S3Staging
from backline.platform.storage.s3.store import S3Storage
from tests.support.faulty import FaultyS3, faulty
from tests.support.places import S3Place, append, content, kept, noise, pieces
from tests.support.s3 import SECRET, S3Server

pytestmark = pytest.mark.slow

KEY = "tracks/owner/track/g1/original"
WAIT_S = 60


@pytest.fixture
async def proxy(s3_server: S3Server) -> AsyncIterator[FaultyS3]:
    async with faulty(s3_server.port) as made:
        yield made


@pytest.fixture
async def place(
    proxy: FaultyS3, s3_server: S3Server, shared_dsn: str, tmp_path: Path
) -> AsyncIterator[S3Place]:
    database = await connect(shared_dsn, max_size=4)
    yield S3Place(s3_server, tmp_path / "media", database, port=proxy.port)
    await database.close()


async def test_one_that_asks_to_slow_down_is_asked_again(place: S3Place, proxy: FaultyS3) -> None:
    proxy.mode, proxy.faults = "slow down", 2

    await place.storage.put_stream(KEY, pieces(b"one"))

    assert await content(place.storage, KEY) == b"one"
    assert len([line for line in proxy.asked if line.startswith("PUT")]) == 3


async def test_one_that_stays_so_is_unavailable_and_asked_no_more(
    place: S3Place, proxy: FaultyS3
) -> None:
    proxy.mode = "slow down"

    with capture_logs() as logs:
        for _ in range(2):
            with pytest.raises(Unavailable) as fault:
                await place.storage.head(KEY)
        asked = len(proxy.asked)
        with pytest.raises(Unavailable):
            await place.storage.put_stream(KEY, pieces(b"one"))

    assert (fault.value.status, fault.value.retry_after_s) == (503, 10)
    assert len(proxy.asked) == asked == 5  # then the breaker is open
    assert SECRET not in str(logs) + str(fault.value)
    assert any(log["event"] == "storage_fault" for log in logs)


async def test_a_put_whose_answer_was_lost_came_through(place: S3Place, proxy: FaultyS3) -> None:
    proxy.mode, proxy.faults = "after", 1

    stored = await place.storage.put_stream(KEY, pieces(b"one"))

    assert stored.size_bytes == 3
    assert await content(place.storage, KEY) == b"one"
    with pytest.raises(Conflict):
        await place.storage.put_stream(KEY, pieces(b"one"))


async def test_a_read_that_breaks_off_goes_on(place: S3Place, proxy: FaultyS3) -> None:
    data = noise(3_000_000)
    await place.storage.put_stream(KEY, pieces(data))
    proxy.mode, proxy.faults = "cut", 2

    assert await content(place.storage, KEY, 0, len(data)) == data


async def test_a_refusal_is_told_to_the_operator_and_not_repeated(
    place: S3Place, proxy: FaultyS3
) -> None:
    proxy.mode = "refuses"

    with capture_logs() as logs, pytest.raises(Unavailable):
        await place.storage.put_stream(KEY, pieces(b"one"))

    assert len(proxy.asked) == 1
    told = [log for log in logs if log["event"] == "storage_refuses"]
    assert "403 InvalidAccessKeyId" in told[0]["reason"]


async def test_health_tells_of_one_that_is_gone(place: S3Place, proxy: FaultyS3) -> None:
    await place.storage.check()
    proxy.mode = "gone"

    with pytest.raises(Unavailable):
        await place.storage.check()


async def test_an_upload_keeps_its_offset_while_storage_is_down(
    place: S3Place, proxy: FaultyS3
) -> None:
    upload, data = uuid7(), noise(20 << 20)
    reached: list[int] = []

    async def commit(offset: int) -> None:
        reached.append(offset)
        proxy.mode, proxy.methods = "slow down", frozenset({"PUT"})

    with pytest.raises(Unavailable):
        await append(place.staging, upload, 0, pieces(*chunked(data)), commit=commit)
    proxy.mode = "well"
    place.client.reset()
    offset = reached[-1]
    await append(place.staging, upload, offset, pieces(*chunked(data[offset:])))
    whole, staged = await kept(place, upload, len(data))

    assert reached == [8 << 20]
    assert whole == data
    assert staged.sha256 == hashlib.sha256(data).hexdigest()


def chunked(data: bytes) -> list[bytes]:
    return [data[at : at + (1 << 20)] for at in range(0, len(data), 1 << 20)]


async def test_a_killed_writer_holds_an_upload_for_its_lease_only(
    place: S3Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload, killed = uuid7(), uuid7()
    database = place.database
    monkeypatch.setattr(sql, "LEASE_S", 2.0)
    async with database.write() as tx:  # what a process that was killed leaves behind
        assert await sql.take(tx, upload, killed)
    began_s = time.monotonic()

    while True:
        try:
            done = await append(place.staging, upload, 0, pieces(b"abc"))
        except Locked:
            assert time.monotonic() - began_s < WAIT_S
            await asyncio.sleep(0.1)
        else:
            break
    async with database.write() as tx:
        piece = sql.Piece(3, 6, "late")
        assert not await sql.add(tx, upload, killed, piece)
        assert not await sql.cut(tx, upload, killed, 0)

    assert done.offset == 3
    assert sql.LEASE_S == 2.0


async def test_a_stalled_writer_of_another_process_makes_way(place: S3Place) -> None:
    one, other = place.another(0), place.another(0)
    upload, started = uuid7(), asyncio.Event()

    async def hanging() -> AsyncIterator[bytes]:
        yield b"abc"
        started.set()
        await asyncio.Event().wait()

    stalled = asyncio.create_task(append(one, upload, 0, hanging()))
    await asyncio.wait_for(started.wait(), WAIT_S)

    second = await append(other, upload, 3, pieces(b"def"))
    first = await asyncio.wait_for(stalled, WAIT_S)

    assert (first.offset, second.offset) == (3, 6)
    assert isinstance(first.fault, Unavailable)


async def test_a_piece_that_is_gone_is_told_as_lost(place: S3Place) -> None:
    upload = uuid7()
    await append(place.staging, upload, 0, pieces(b"abc"))
    await append(place.staging, upload, 3, pieces(b"def"))
    there = sorted([one["path"] async for one in listed(place.client, f"staging/{upload.hex}")])
    await remove_all(place.client, there[1:])

    with pytest.raises(BytesLost) as fault:
        async with place.staging.writing(upload) as writing:
            await writing.keep(KEY, 6, into=place.storage)

    assert fault.value.size_bytes == 3
    assert await place.storage.head(KEY) is None


async def test_uploads_in_parts_that_nobody_finishes_are_swept(
    place: S3Place, s3_server: S3Server
) -> None:
    now = datetime.now(UTC)
    life = {"now": now, "until": now + timedelta(minutes=5)}
    async with httpx.AsyncClient(timeout=WAIT_S) as client:
        begin = place.presign.request("POST", f"objects/{KEY}", {"uploads": ""}, **life)
        (await client.post(begin)).raise_for_status()
        early = await place.storage.sweep_aside(older_than_s=3600)
        late = await place.storage.sweep_aside(older_than_s=-60)
        query = {"uploads": "", "prefix": place.presign.prefix}
        left = await client.get(place.presign.request("GET", "", query, **life))

    assert (early, late) == (0, 1)
    assert left.status_code == 200
    assert "<Upload>" not in left.text


@pytest.mark.parametrize("ends", ["breaks", "is cancelled"])
async def test_a_large_stream_that_ends_early_leaves_no_parts(place: S3Place, ends: str) -> None:
    began = asyncio.Event()

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield bytes(1 << 20)
        began.set()
        if ends == "breaks":
            raise ConnectionError
        await asyncio.Event().wait()

    putting = asyncio.create_task(place.storage.put_stream(KEY, chunks()))
    await asyncio.wait_for(began.wait(), WAIT_S)
    if ends != "breaks":
        putting.cancel()
    (end,) = await asyncio.gather(putting, return_exceptions=True)

    assert isinstance(end, (ConnectionError, asyncio.CancelledError))
    assert await place.everything() == []
    swept = await place.storage.sweep_aside(older_than_s=-60)
    assert ends != "breaks" or swept == 0  # what is cancelled may leave parts to the sweep
    assert await place.storage.sweep_aside(older_than_s=-60) == 0


async def test_a_copy_that_does_not_fit_is_not_made(place: S3Place, tmp_path: Path) -> None:
    await place.storage.put_stream(KEY, pieces(b"one"))
    cramped = S3Storage(place.client, place.presign, tmp_path / "media", 1 << 60)
    full = S3Staging(place.client, place.database, tmp_path / "media", 1 << 60)

    with pytest.raises(OutOfSpace):
        async with cramped.local_copy(KEY):
            pass
    with pytest.raises(OutOfSpace):
        await full.stage(pieces(b"one"), limit_bytes=10)

    assert list((tmp_path / "media/copies").iterdir()) == []


async def test_a_server_without_conditional_puts_is_asked_before(
    place: S3Place, proxy: FaultyS3
) -> None:
    proxy.lacks_conditions = True

    await place.storage.put_stream(KEY, pieces(b"one"))
    with pytest.raises(Conflict):
        await place.storage.put_stream(KEY, pieces(b"two"))

    assert await content(place.storage, KEY) == b"one"


async def test_one_that_hangs_is_not_waited_for(place: S3Place, proxy: FaultyS3) -> None:
    proxy.mode = "hangs"
    began_s = time.monotonic()

    with pytest.raises(Unavailable):
        await place.client.call("list", lambda: page_of(place.client, "objects"), limit_s=0.1)

    assert len(proxy.asked) == 3
    assert time.monotonic() - began_s < WAIT_S
