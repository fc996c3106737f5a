"""Uploads over real HTTP, into a real database and folder: tus 1.0 and plain forms."""

import asyncio
import base64
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar import Request
from litestar.di import Provide

from backline.audio import tracks, uploads, uploads_web
from backline.audio.settings import AudioSettings
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.http.application import application, provide
from backline.platform.ids import uuid7
from backline.platform.secrets import Key, Secrets
from backline.platform.signing import MediaSigner
from backline.platform.storage import Staging, Storage
from tests.support.serving import edged, serving
from tests.support.waiting import until

API = "/api/v1"
WAIT_S = 60
MAX_BYTES = 3_000_000
QUOTA_BYTES = 5_000_000
TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {**TUS, "Content-Type": "application/offset+octet-stream"}


class House:
    """One server for uploads, and what it writes to."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.database = database
        self.storage, self.staging = Storage(folder), Staging(folder / "staging", 0, stalled_s=3600)
        self.storage.prepare()
        self.staging.prepare()
        self.owner, self.other = uuid7(), uuid7()
        self.app = application(
            uploads_web.ROUTES,
            dependencies={
                "actor": Provide(provide_actor),
                "database": provide(database),
                "storage": provide(self.storage),
                "staging": provide(self.staging),
                "signer": provide(MediaSigner(Secrets((Key("a1", b"k" * 32),)))),
                "audio": provide(AudioSettings(MAX_BYTES, QUOTA_BYTES)),
            },
            version="1",
        )
        self.client = httpx.AsyncClient(timeout=WAIT_S)
        self.port = 0

    async def add_people(self) -> None:
        async with self.database.write() as tx:
            for user in (self.owner, self.other):
                await tx.execute(
                    "INSERT INTO users (id, email, email_key, name, password_hash) "
                    "VALUES ($1, $2, $2, 'Ada', '')",
                    user,
                    f"{user}@example.org",
                )

    async def call(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        content: Any = None,
        user: UUID | None = None,
    ) -> httpx.Response:
        url = f"http://127.0.0.1:{self.port}{path}"
        named = {"X-Test-User": str(user or self.owner), **(headers or {})}
        return await self.client.request(method, url, headers=named, content=content)

    async def begin(self, length: int, **headers: str) -> httpx.Response:
        named = {**TUS, "Upload-Length": str(length), **headers}
        return await self.call("POST", f"{API}/uploads", named)

    async def send(self, path: str, offset: int, content: Any, **headers: str) -> httpx.Response:
        named = {**BYTES, "Upload-Offset": str(offset), **headers}
        return await self.call("PATCH", path, named, content)

    async def offset(self, path: str) -> int:
        return int((await self.call("HEAD", path, TUS)).headers["upload-offset"])

    async def used_bytes(self) -> int:
        async with self.database.read() as read:
            return await read.fetch_value("SELECT used_bytes FROM users WHERE id = $1", self.owner)

    async def kept(self) -> list[bytes]:
        """The contents of all originals of the owner's tracks."""
        async with self.database.read() as read:
            found = await read.fetch_values("SELECT id FROM tracks WHERE owner_id = $1", self.owner)
        originals = self.storage.folder / "objects"
        return [(originals / tracks.original_key(self.owner, t)).read_bytes() for t in found]

    def staged(self) -> list[Path]:
        return list(self.staging.folder.iterdir())

    def stored(self) -> list[Path]:
        return [p for p in (self.storage.folder / "objects").rglob("*") if p.is_file()]


async def provide_actor(request: Request[Any, Any, Any]) -> Actor:
    return Actor(UUID(request.headers["x-test-user"]), "user", uuid7())


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    house = House(tmp_path / "media", database)
    await house.add_people()
    large = (f"{API}/tracks", f"{API}/uploads", f"{API}/uploads/")
    async with serving(edged(house.app, large_bodies=large)) as (_, house.port):
        yield house
    await house.client.aclose()


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def form(
    data: bytes, name: str = "file", filename: str = "Song.flac"
) -> tuple[dict[str, str], bytes]:
    head = f'--XX\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n\r\n'
    body = head.encode() + data + b"\r\n--XX--\r\n"
    return {"Content-Type": "multipart/form-data; boundary=XX"}, body


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


async def reached(house: House, path: str, offset: int) -> bool:
    return await house.offset(path) == offset


async def until_async(condition: Any) -> None:
    async with asyncio.timeout(WAIT_S):
        while not await condition():  # noqa: ASYNC110  # it lies on the other side of HTTP
            await asyncio.sleep(0.02)


async def break_off(
    house: House, method: str, path: str, headers: dict[str, str], data: bytes
) -> None:
    """Announce more than is sent, and go."""
    _, writer = await asyncio.open_connection("127.0.0.1", house.port)
    lines = {"Host": "127.0.0.1", "X-Test-User": str(house.owner), "Content-Length": "1000000"}
    head = "".join(f"{name}: {value}\r\n" for name, value in {**lines, **headers}.items())
    writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + data)
    await writer.drain()
    writer.close()
    await writer.wait_closed()


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


async def test_a_form_becomes_a_track(house: House) -> None:
    data = os.urandom(1_500_000)

    answer = await house.call("POST", f"{API}/tracks", *form(data))

    track = answer.json()
    assert answer.status_code == 202, answer.text
    assert (track["status"], track["filename"]) == ("processing", "Song.flac")
    assert (track["size_bytes"], bool(track["job_id"])) == (1_500_000, True)
    assert await house.kept() == [data]
    assert await house.used_bytes() == 1_500_000
    assert house.staged() == []


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (form(b""), 422),
        (form(b"x", name="other"), 422),
        (form(b"x" * (MAX_BYTES + 1)), 413),
        (form(b"x" * (MAX_BYTES + 200_000)), 413),
        (({"Content-Type": "multipart/form-data; boundary=XX"}, b"--XX\r\nbroken"), 422),
        (({"Content-Type": "text/plain"}, b"x"), 415),
        (({"Content-Type": "application/json"}, b"{}"), 415),
    ],
)
async def test_odd_forms_leave_nothing(
    house: House, sent: tuple[dict[str, str], bytes], status: int
) -> None:
    answer = await house.call("POST", f"{API}/tracks", *sent)

    assert answer.status_code == status
    assert (house.staged(), house.stored(), await house.used_bytes()) == ([], [], 0)


async def test_a_form_that_breaks_off_leaves_nothing(house: House) -> None:
    headers, body = form(bytes(900_000))

    await break_off(house, "POST", f"{API}/tracks", headers, body[:500_000])
    await until(lambda: not house.staged())

    assert (house.stored(), await house.used_bytes()) == ([], 0)


async def test_a_form_past_the_quota_is_refused_before_it_is_read(house: House) -> None:
    await house.begin(3_000_000)

    answer = await house.call("POST", f"{API}/tracks", *form(bytes(2_500_000)))

    assert answer.status_code == 507
    assert (house.staged(), house.stored(), await house.used_bytes()) == ([], [], 3_000_000)


async def test_a_form_of_unknown_length_past_the_quota_leaves_nothing(house: House) -> None:
    await house.begin(3_000_000)
    headers, body = form(bytes(2_500_000))

    async def chunks() -> AsyncIterator[bytes]:
        for at in range(0, len(body), 100_000):
            yield body[at : at + 100_000]

    answer = await house.call("POST", f"{API}/tracks", headers, chunks())

    assert answer.status_code == 507
    assert (house.staged(), house.stored(), await house.used_bytes()) == ([], [], 3_000_000)


async def test_nothing_is_taken_below_the_floor_of_the_disk(house: House) -> None:
    house.staging.floor_bytes = 1 << 60

    begun = await house.begin(10)
    sent = await house.call("POST", f"{API}/tracks", *form(b"x"))

    assert (begun.status_code, sent.status_code) == (507, 507)
    assert "in reserve" in begun.json()["detail"]


async def test_a_thousand_unfinished_uploads_are_enough(house: House) -> None:
    async with house.database.write() as tx:
        await tx.execute_many(
            "INSERT INTO uploads (id, owner_id, filename, content_type, length_bytes, expires_at) "
            "VALUES ($1, $2, '', '', 1, now() + interval '1 hour')",
            [(uuid7(), house.owner) for _ in range(1000)],
        )

    assert (await house.begin(10)).status_code == 429
