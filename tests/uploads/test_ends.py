"""How uploads end: given up, expired, swept, lost, cut off, refused."""

import asyncio
import os
from collections.abc import AsyncIterator

import httpx
import pytest

from backline import uploads
from backline.platform.ids import uuid7
from backline.platform.storage import BytesLost
from tests.support.uploading import (
    API,
    BYTES,
    TUS,
    House,
    form,
    reached,
    until_async,
)
from tests.support.waiting import until


async def test_another_persons_upload_does_not_exist(house: House) -> None:
    path = (await house.begin(10)).headers["location"]
    await house.send(path, 0, b"abcd")

    headers = {**BYTES, "Upload-Offset": "4"}
    for method in ("HEAD", "GET", "PATCH", "DELETE"):
        answer = await house.call(method, path, headers, user=house.other)
        assert answer.status_code == 404

    assert await house.offset(path) == 4
    assert (await house.send(path, 4, b"efghij")).status_code == 204
    assert await house.kept() == [b"abcdefghij"]


async def test_giving_up_takes_the_bytes_and_the_charge(house: House) -> None:
    path = (await house.begin(1000)).headers["location"]
    await house.send(path, 0, b"abcd")
    charged = await house.used_bytes()

    ended = await house.call("DELETE", path, TUS)
    again = await house.call("DELETE", path, TUS)

    assert (charged, ended.status_code, again.status_code) == (1000, 204, 404)
    assert await house.used_bytes() == 0
    assert house.staged() == []


async def test_a_track_stays_when_its_upload_goes(house: House) -> None:
    path = (await house.begin(4)).headers["location"]
    await house.send(path, 0, b"abcd")

    await house.call("DELETE", path, TUS)

    assert await house.kept() == [b"abcd"]
    assert await house.used_bytes() == 4


async def test_an_expired_upload_is_gone_and_swept(house: House) -> None:
    path = (await house.begin(1000)).headers["location"]
    await house.send(path, 0, b"abcd")
    async with house.database.write() as tx:
        await tx.execute("UPDATE uploads SET expires_at = now() - interval '1 second'")

    gone = await house.send(path, 4, b"e")
    swept = await uploads.sweep(house.database, house.staging)

    assert (gone.status_code, swept) == (404, 1)
    assert await house.used_bytes() == 0
    assert house.staged() == []


async def test_the_sweep_removes_idle_bytes_that_nothing_points_to(house: House) -> None:
    path = (await house.begin(1000)).headers["location"]
    await house.send(path, 0, b"abcd")
    orphan = house.staging.path(uuid7())
    orphan.write_bytes(b"left by a crash")
    for file in house.staged():
        os.utime(file, (1, 1))

    swept = await uploads.sweep(house.database, house.staging)

    assert (swept, orphan.exists(), len(house.staged())) == (1, False, 1)


async def test_an_account_that_goes_takes_its_uploads(house: House) -> None:
    path = (await house.begin(1000)).headers["location"]
    await house.send(path, 0, b"abcd")

    await uploads.end_all_of(house.database, house.staging, house.owner)

    assert (await house.call("HEAD", path, TUS)).status_code == 404
    assert house.staged() == []


async def test_lost_bytes_are_told_by_the_next_offset(house: House) -> None:
    path = (await house.begin(10)).headers["location"]
    await house.send(path, 0, b"abcdef")
    os.truncate(house.staged()[0], 2)

    answer = await house.send(path, 6, b"ghij")
    offset = await house.offset(path)
    last = await house.send(path, 2, b"cdefghij")

    assert (answer.status_code, offset, last.status_code) == (409, 2, 204)
    assert await house.kept() == [b"abcdefghij"]


async def test_a_crash_before_the_commit_that_makes_the_track_can_be_resumed(house: House) -> None:
    path = (await house.begin(10)).headers["location"]
    await house.send(path, 0, b"abcd")
    # What such a crash leaves: all bytes, the name in the storage, and the old offset.
    staged = house.staged()[0]
    with staged.open("ab") as file:
        file.write(b"efghij")
    await house.storage.put_file(
        f"tracks/{house.owner.hex}/lost/source/original", staged, adopt=True
    )

    offset = await house.offset(path)
    last = await house.send(path, offset, b"EFGHIJ")

    assert (offset, last.status_code) == (4, 204)
    assert await house.kept() == [b"abcdEFGHIJ"]


async def test_closing_ends_uploads_that_can_be_resumed(house: House) -> None:
    path = (await house.begin(2_000_000)).headers["location"]
    forever = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"a" * 1_500_000
        await forever.wait()

    sending = asyncio.create_task(house.send(path, 0, slow()))
    await until(lambda: any(p.stat().st_size > 1_000_000 for p in house.staged()))
    house.staging.close()
    await until_async(lambda: reached(house, path, 1_500_000))
    sending.cancel()

    assert house.staged()[0].read_bytes() == b"a" * 1_500_000


async def test_the_quota_counts_what_is_on_its_way(house: House) -> None:
    await house.begin(3_000_000)

    second = await house.begin(2_500_000)

    assert second.status_code == 507
    assert "2.0 MB left" in second.json()["detail"]
    assert await house.used_bytes() == 3_000_000


async def test_nothing_is_taken_below_the_floor_of_the_disk(house: House) -> None:
    house.staging.floor_bytes = 1 << 60

    begun = await house.begin(10)
    sent = await house.call("POST", f"{API}/tracks", *form(b"x"))

    assert (begun.status_code, sent.status_code) == (507, 507)
    assert "in reserve" in begun.json()["detail"]


async def test_an_end_that_races_the_last_bytes_is_an_end_or_comes_too_late(house: House) -> None:
    said: set[tuple[int, int]] = set()
    for nth in range(30):
        path = (await house.begin(100_000)).headers["location"]
        await house.send(path, 0, b"a" * 50_000)

        async def end(path: str = path, delay_s: float = nth / 5000) -> httpx.Response:
            await asyncio.sleep(delay_s)  # not a wait: each round meets at another step
            return await house.call("DELETE", path, TUS)

        last, ended = await asyncio.gather(house.send(path, 50_000, b"b" * 50_000), end())
        said.add((last.status_code, ended.status_code))

    assert said <= {(204, 204), (404, 204)}
    assert house.staged() == []
    assert len(house.stored()) == len(await house.kept())
    assert await house.used_bytes() == 100_000 * len(house.stored())


async def test_bytes_that_are_discarded_under_a_writer_are_lost(house: House) -> None:
    """What the race comes to at its narrowest: between the hash and the final name."""
    upload_id = uuid7()
    async with house.staging.writing(upload_id) as writing:
        await writing.append(0, one(b"abc"), limit_bytes=3)
        await house.staging.discard(upload_id)

        with pytest.raises(BytesLost):
            await writing.keep("tracks/a/b/source/original", 3, into=house.storage)


async def one(chunk: bytes) -> AsyncIterator[bytes]:
    yield chunk


async def test_a_thousand_unfinished_uploads_are_enough(house: House) -> None:
    async with house.database.write() as tx:
        await tx.execute_many(
            "INSERT INTO uploads (id, owner_id, filename, content_type, length_bytes, expires_at) "
            "VALUES ($1, $2, '', '', 1, now() + interval '1 hour')",
            [(uuid7(), house.owner) for _ in range(1000)],
        )

    assert (await house.begin(10)).status_code == 429
