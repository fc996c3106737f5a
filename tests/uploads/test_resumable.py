"""Resumable uploads over real HTTP, into a real database and folder: tus 1.0."""

import asyncio
import base64
import hashlib
import os
from collections.abc import AsyncIterator

import pytest

from tests.support.uploading import (
    API,
    BYTES,
    MAX_BYTES,
    TUS,
    WAIT_S,
    House,
    b64,
    break_off,
    reached,
    until_async,
)
from tests.support.waiting import until

pytestmark = pytest.mark.slow


async def test_says_what_it_speaks(house: House) -> None:
    answer = await house.call("OPTIONS", f"{API}/uploads")

    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-max-size"] == str(MAX_BYTES)
    assert "creation-with-upload" in answer.headers["tus-extension"]
    assert answer.headers["tus-checksum-algorithm"] == "sha1,sha256"


async def test_a_file_in_pieces_becomes_a_track(house: House) -> None:
    data = os.urandom(2_000_000)
    metadata = f"filename {b64('Müsli.flac')},filetype {b64('audio/flac')}"

    created = await house.begin(len(data), **{"Upload-Metadata": metadata})
    path = created.headers["location"]
    first = await house.send(path, 0, data[:700_000])
    between = await house.call("HEAD", path, TUS)
    last = await house.send(path, 700_000, data[700_000:])
    shown = (await house.call("GET", path)).json()

    assert (created.status_code, first.status_code, last.status_code) == (201, 204, 204)
    assert first.headers["upload-offset"] == between.headers["upload-offset"] == "700000"
    assert between.headers["upload-length"] == "2000000"
    assert between.headers["upload-metadata"] == metadata
    assert between.headers["cache-control"] == "no-store"
    assert last.headers["upload-offset"] == "2000000"
    assert shown["filename"] == "Müsli.flac"
    assert shown["track_id"]
    assert shown["job_id"]
    assert await house.kept() == [data]
    assert house.staged() == []
    assert await house.used_bytes() == len(data)


async def test_the_track_knows_the_hash_of_its_file(house: House) -> None:
    data = os.urandom(1000)
    path = (await house.begin(1000)).headers["location"]
    await house.send(path, 0, data[:1])
    await house.send(path, 1, data[1:])

    async with house.database.read() as read:
        known = await read.fetch_value("SELECT sha256 FROM tracks")

    assert known == hashlib.sha256(data).digest()


async def test_the_first_bytes_may_come_with_the_creation(house: House) -> None:
    headers = {**BYTES, "Upload-Length": "10"}

    part = await house.call("POST", f"{API}/uploads", headers, b"abcd")
    whole = await house.call("POST", f"{API}/uploads", headers, b"0123456789")

    assert (part.status_code, part.headers["upload-offset"]) == (201, "4")
    assert (whole.status_code, whole.headers["upload-offset"]) == (201, "10")
    assert await house.kept() == [b"0123456789"]


async def test_a_wrong_offset_is_refused_and_told(house: House) -> None:
    path = (await house.begin(10)).headers["location"]
    await house.send(path, 0, b"abcd")

    early, late = await house.send(path, 0, b"abcd"), await house.send(path, 5, b"f")

    assert (early.status_code, late.status_code) == (409, 409)
    assert "at 4 bytes" in early.json()["detail"]
    assert early.headers["tus-resumable"] == "1.0.0"
    assert await house.offset(path) == 4


async def test_more_than_announced_is_refused_and_not_kept(house: House) -> None:
    path = (await house.begin(10)).headers["location"]

    answer = await house.send(path, 0, b"x" * 11)

    assert answer.status_code == 413
    assert await house.offset(path) == 0
    assert await house.kept() == []


async def test_a_broken_connection_keeps_what_came(house: House) -> None:
    path = (await house.begin(1_000_000)).headers["location"]
    data = os.urandom(1_000_000)

    await break_off(house, "PATCH", path, {**BYTES, "Upload-Offset": "0"}, data[:400_000])
    await until_async(lambda: reached(house, path, 400_000))
    last = await house.send(path, 400_000, data[400_000:])

    assert last.headers["upload-offset"] == "1000000"
    assert await house.kept() == [data]


async def test_two_requests_at_once_have_one_writer(house: House) -> None:
    path = (await house.begin(2_000_000)).headers["location"]
    go, started = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"a" * 1_100_000
        started.set()
        await go.wait()
        yield b"a" * 900_000

    first = asyncio.create_task(house.send(path, 0, slow()))
    await asyncio.wait_for(started.wait(), WAIT_S)
    await until(lambda: any(p.stat().st_size > 0 for p in house.staged()))
    second = await house.send(path, 0, b"b" * 2_000_000)
    go.set()

    assert second.status_code == 423
    assert (await first).status_code == 204
    assert await house.kept() == [b"a" * 2_000_000]


async def test_many_requests_at_once_never_mix_their_bytes(house: House) -> None:
    path = (await house.begin(300_000)).headers["location"]

    answers = await asyncio.gather(*(house.send(path, 0, bytes([i]) * 300_000) for i in range(10)))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 204
    assert set(statuses[1:]) <= {409, 423}
    assert len(await house.kept()) == 1
    assert len(set((await house.kept())[0])) == 1


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
async def test_a_checksum_guards_a_request(house: House, algorithm: str) -> None:
    path = (await house.begin(10)).headers["location"]
    digest = base64.b64encode(hashlib.new(algorithm, b"abcd").digest()).decode()
    guard = {"Upload-Checksum": f"{algorithm} {digest}"}

    wrong = await house.send(path, 0, b"abcX", **guard)
    between = await house.offset(path)
    right = await house.send(path, 0, b"abcd", **guard)

    assert (wrong.status_code, between) == (460, 0)
    assert (right.status_code, right.headers["upload-offset"]) == (204, "4")


@pytest.mark.parametrize("said", ["md5 AAAA", "sha1", "sha1 !!!", "sha1 AAAA", ""])
async def test_an_odd_checksum_is_refused(house: House, said: str) -> None:
    path = (await house.begin(10)).headers["location"]

    answer = await house.send(path, 0, b"abcd", **{"Upload-Checksum": said})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 412),
        ({"Tus-Resumable": "0.2.2", "Upload-Length": "10"}, 412),
        (TUS, 422),
        ({**TUS, "Upload-Length": "-1"}, 422),
        ({**TUS, "Upload-Length": "ten"}, 422),
        ({**TUS, "Upload-Length": "0"}, 422),
        ({**TUS, "Upload-Length": str(MAX_BYTES + 1)}, 413),
        ({**TUS, "Upload-Length": "10", "Upload-Concat": "partial"}, 422),
        ({**TUS, "Upload-Length": "10", "Upload-Metadata": "filename !!!"}, 422),
        ({**TUS, "Upload-Length": "10", "Upload-Metadata": "filename " + "A" * 9000}, 422),
    ],
)
async def test_odd_beginnings_are_refused(
    house: House, headers: dict[str, str], status: int
) -> None:
    answer = await house.call("POST", f"{API}/uploads", headers)

    if not headers:
        status = 422  # the length is missing as well
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert await house.used_bytes() == 0


async def test_bytes_need_their_type(house: House) -> None:
    path = (await house.begin(10)).headers["location"]

    answer = await house.send(path, 0, b"abcd", **{"Content-Type": "application/json"})

    assert answer.status_code == 415


async def test_a_json_body_is_not_gathered_in_memory(house: House) -> None:
    path = (await house.begin(10)).headers["location"]
    headers = {**TUS, "Content-Type": "application/json", "Upload-Offset": "0"}

    await break_off(house, "PATCH", path, headers, b"x" * 100_000)

    assert await house.offset(path) == 0


async def test_clients_without_patch_can_say_it_by_a_header(house: House) -> None:
    path = (await house.begin(4)).headers["location"]
    other = (await house.begin(4)).headers["location"]
    said = {**BYTES, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}

    patched = await house.call("POST", path, said, b"abcd")
    deleted = await house.call("POST", other, {**TUS, "X-HTTP-Method-Override": "DELETE"})
    odd = await house.call("POST", path, {**TUS, "X-HTTP-Method-Override": "TRACE"})

    assert (patched.status_code, deleted.status_code, odd.status_code) == (204, 204, 422)
    assert await house.kept() == [b"abcd"]


async def test_names_from_outside_are_cleaned(house: House) -> None:
    metadata = f"filename {b64('../../etc/passwd')}"

    path = (await house.begin(10, **{"Upload-Metadata": metadata})).headers["location"]

    assert (await house.call("GET", path)).json()["filename"] == "passwd"
