"""Media over real HTTP: what a player, a cache and an attacker get to see."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import httpx
import msgspec
import pytest

from backline.platform.media import MediaApp, StoredFile
from backline.platform.media.signing import MediaSigner
from backline.platform.secrets import Key, Secrets
from backline.platform.storage import FolderStorage
from backline.platform.storage.cdn import Cdn, tag_headers
from tests.support.serving import edged, serving
from tests.support.waiting import until

pytestmark = pytest.mark.slow

PREFIX = "tracks/owner/track/g1"
MODIFIED = datetime(2026, 5, 1, 12, 0, 0, 123_000, tzinfo=UTC)
DATA = os.urandom(1_000_000)
WAIT_S = 60
LARGE_BYTES = 60_000_000


class House:
    """One media server, its files and its signer."""

    def __init__(self, folder: Path) -> None:
        self.storage = FolderStorage(folder)
        self.storage.prepare()
        self.signer = MediaSigner(Secrets((Key("a1", b"k" * 32),)))
        self.known: dict[str, StoredFile] = {}
        self.asked: list[str] = []
        self.now = datetime.now(UTC)
        self.app = MediaApp(self.signer, self.storage, self.resolve, idle_s=2, now=lambda: self.now)
        self.client = httpx.AsyncClient(timeout=WAIT_S)
        self.port = 0

    async def resolve(self, prefix: str, name: str) -> StoredFile | None:
        self.asked.append(name)
        return self.known.get(f"{prefix}/{name}")

    async def keep(self, name: str, data: bytes, **known: str) -> None:
        async def whole() -> AsyncIterator[bytes]:
            yield data

        stored = await self.storage.put_stream(f"{PREFIX}/{name}", whole())
        self.known[stored.key] = StoredFile(stored.key, len(data), MODIFIED, **known)

    def path(self, name: str) -> str:
        return self.signer.url(PREFIX, name, self.now).url

    async def get(self, name: str, method: str = "GET", **headers: str) -> httpx.Response:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        return await self.client.request(method, self.url(self.path(name)), headers=named)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = House(tmp_path)
    await house.keep("medium.m4a", DATA)
    async with serving(edged(house.app)) as (_, house.port):
        yield house
    await house.client.aclose()


async def test_a_whole_file(house: House) -> None:
    answer = await house.get("medium.m4a")

    assert (answer.status_code, answer.content) == (200, DATA)
    assert answer.headers["content-type"] == "audio/mp4"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["last-modified"] == "Fri, 01 May 2026 12:00:00 GMT"
    assert answer.headers["etag"].startswith('"')
    assert "content-disposition" not in answer.headers


async def test_caches_may_keep_it_until_the_url_ends(house: House) -> None:
    left_s = (house.signer.url(PREFIX, "x", house.now).expires_at - house.now).total_seconds()

    kept = (await house.get("medium.m4a")).headers["cache-control"]

    assert kept == f"public, max-age={int(left_s)}, immutable"


async def test_a_url_ends_when_its_file_does(house: House) -> None:
    ends = house.now + timedelta(seconds=90)
    house.known[f"{PREFIX}/medium.m4a"] = msgspec.structs.replace(
        house.known[f"{PREFIX}/medium.m4a"], until=ends
    )
    path = house.path("medium.m4a")

    kept = (await house.get("medium.m4a")).headers["cache-control"]
    house.now = ends
    late = await house.client.get(house.url(path))

    assert kept == "public, max-age=90, immutable"
    assert (late.status_code, late.json()["title"]) == (403, "This link has expired")


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-0", 0, 1), ("bytes=500000-", 500_000, 1_000_000), ("bytes=-1", 999_999, 1_000_000),
     ("bytes=100-700000", 100, 700_001), ("bytes=999999-2000000", 999_999, 1_000_000)],
)  # fmt: skip
async def test_a_range(house: House, asked: str, start: int, end: int) -> None:
    answer = await house.get("medium.m4a", range=asked)

    assert (answer.status_code, answer.content) == (206, DATA[start:end])
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/1000000"
    assert answer.headers["content-length"] == str(end - start)


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "items=0-1", "bytes=9-1", "nonsense"])
async def test_a_range_that_is_not_understood_gives_the_whole(house: House, asked: str) -> None:
    answer = await house.get("medium.m4a", range=asked)

    assert (answer.status_code, len(answer.content)) == (200, 1_000_000)


@pytest.mark.parametrize("asked", ["bytes=1000000-", "bytes=5000000-6000000", "bytes=-0"])
async def test_a_range_out_of_bounds(house: House, asked: str) -> None:
    answer = await house.get("medium.m4a", range=asked)

    assert answer.status_code == 416
    assert answer.headers["content-range"] == "bytes */1000000"
    assert answer.headers["content-type"] == "application/problem+json"
    assert "1000000 bytes" in answer.json()["detail"]


async def test_head_tells_the_same_without_bytes(house: House) -> None:
    whole = await house.get("medium.m4a")
    head = await house.get("medium.m4a", "HEAD", range="bytes=0-1")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == "1000000"
    assert head.headers["etag"] == whole.headers["etag"]


async def test_what_the_client_has_is_not_sent_again(house: House) -> None:
    etag = (await house.get("medium.m4a")).headers["etag"]

    same = await house.get("medium.m4a", if_none_match=etag)
    since = await house.get("medium.m4a", if_modified_since="Fri, 01 May 2026 12:00:00 GMT")
    other = await house.get("medium.m4a", if_none_match='"other"')

    assert (same.status_code, same.content, since.status_code) == (304, b"", 304)
    assert same.headers["etag"] == etag
    assert "max-age" in same.headers["cache-control"]
    assert other.status_code == 200


async def test_a_range_of_another_version_gives_the_whole(house: House) -> None:
    etag = (await house.get("medium.m4a")).headers["etag"]

    same = await house.get("medium.m4a", range="bytes=0-1", if_range=etag)
    other = await house.get("medium.m4a", range="bytes=0-1", if_range='"other"')
    wrong = await house.get("medium.m4a", range="bytes=0-1", if_match='"other"')

    assert (same.status_code, other.status_code, wrong.status_code) == (206, 200, 412)


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("a.m3u8", "application/vnd.apple.mpegurl"), ("a.mpd", "application/dash+xml"),
     ("a.webp", "image/webp"), ("a.m4s", "video/iso.segment"), ("odd", "application/octet-stream")],
)  # fmt: skip
async def test_our_own_files_have_a_type_by_name(
    house: House, name: str, content_type: str
) -> None:
    await house.keep(name, b"x")

    assert (await house.get(name)).headers["content-type"] == content_type


async def test_a_cdn_knows_it_by_tags(house: House) -> None:
    plain = (await house.get("medium.m4a")).headers
    house.app.cdn = Cdn("cloudflare", "", "", "")

    tagged = (await house.get("medium.m4a")).headers

    assert "cache-tag" not in plain
    assert (
        tagged["cache-tag"]
        == dict(tag_headers(house.app.cdn, [PREFIX]) or [])[b"cache-tag"].decode()
    )
    assert "immutable" in tagged["cache-control"]


async def test_a_strangers_file_is_an_attachment(house: House) -> None:
    name = 'Müsli "live".flac'
    await house.keep("original", b"fLaC", content_type="audio/flac", download_name=name)

    answer = await house.get("original")

    assert answer.headers["content-type"] == "audio/flac"
    said = answer.headers["content-disposition"]
    assert said.startswith("attachment; filename=\"M_sli _live_.flac\"; filename*=UTF-8''")
    assert unquote(said.rpartition("''")[2]) == name
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "active",
    ["text/html", "text/javascript", "application/xhtml+xml", "image/svg+xml", "text/css",
     "application/pdf", "audio/mpeg; x=y", "AUDIO/MPEG, text/html"],
)  # fmt: skip
async def test_a_strangers_file_never_goes_out_as_what_browsers_run(
    house: House, active: str
) -> None:
    await house.keep("original", b"alert(1)", content_type=active, download_name="x.js")

    answer = await house.get("original")

    assert answer.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize("evil", ["text/html\r\nX: y", "text/html\0", "", "nonsense", "tëxt/html"])
async def test_an_odd_type_means_nothing(house: House, evil: str) -> None:
    await house.keep("original", b"x", content_type=evil, download_name="a\r\nX: y")

    answer = await house.get("original")

    assert answer.headers["content-type"] == "application/octet-stream"
    assert "x" not in answer.headers


async def test_an_empty_file(house: House) -> None:
    await house.keep("empty.m4a", b"")

    answer = await house.get("empty.m4a")

    assert (answer.status_code, answer.content) == (200, b"")
    assert (await house.get("empty.m4a", range="bytes=0-")).status_code == 416


async def test_nothing_is_served_that_the_database_does_not_know(house: House) -> None:
    await house.keep("new.m4a", b"x")
    known = house.known.pop(f"{PREFIX}/new.m4a")

    before = await house.get("new.m4a")
    house.known[known.key] = known
    after = await house.get("new.m4a")

    assert (before.status_code, after.status_code) == (404, 200)


async def test_the_database_is_asked_once_for_many_ranges(house: House) -> None:
    answers = await asyncio.gather(
        *(house.get("medium.m4a", range=f"bytes={at}-{at}") for at in range(20))
    )

    assert {answer.status_code for answer in answers} == {206}
    assert house.asked == ["medium.m4a"]


async def test_an_expired_url(house: House) -> None:
    path = house.path("medium.m4a")
    house.now += timedelta(hours=2)

    answer = await house.client.get(house.url(path))

    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:backline:problem:media-expired"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("old", "new"),
    [(".a1.", ".b1."), ("/g1/", "/g2/"), ("/owner/", "/other/"), ("/media/", "/media/9")],
)
async def test_a_forged_url(house: House, old: str, new: str) -> None:
    path = house.path("medium.m4a").replace(old, new, 1)

    answer = await house.client.get(house.url(path))

    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:backline:problem:forbidden"
    assert house.asked == []


@pytest.mark.parametrize(
    "tail",
    ["/../../secrets.json", "/%2e%2e/secrets.json", "/..%2f..%2fsecrets.json", "/%252e%252e/x",
     "//medium.m4a", "/./medium.m4a", "/medium.m4a%00", "/medium%2em4a", "/..\\..\\x", "/",
     "/%c0%ae%c0%ae/x", "/medium.m4a/", "/%5c..%5cx"],
)  # fmt: skip
async def test_no_way_out_of_the_prefix(house: House, tail: str) -> None:
    token = house.path("medium.m4a").split("/")[2]

    status = await raw_status(house.port, f"/media/{token}/{PREFIX}{tail}")

    assert status in (400, 404, 422)
    assert house.asked == []


async def raw_status(port: int, target: str) -> int:
    """The status of a target that clients would tidy up before sending."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    host = "Host: 127.0.0.1\r\nConnection: close"
    writer.write(f"GET {target} HTTP/1.1\r\n{host}\r\n\r\n".encode())
    answer = await asyncio.wait_for(reader.read(), WAIT_S)
    writer.close()
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_media_are_only_read(house: House, method: str) -> None:
    answer = await house.get("medium.m4a", method)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


async def test_missing_bytes_are_our_fault_and_said_so(house: House) -> None:
    (house.storage.folder / "objects" / PREFIX / "medium.m4a").unlink()

    answer = await house.get("medium.m4a")

    assert answer.status_code == 503
    assert "backline doctor" in answer.json()["detail"]


async def test_a_file_of_another_length_is_never_served(house: House) -> None:
    path = house.storage.folder / "objects" / PREFIX / "medium.m4a"
    os.truncate(path, 999_999)

    assert (await house.get("medium.m4a")).status_code == 503


async def test_a_client_that_goes_away_is_let_go(house: House) -> None:
    house.app._idle_s = 600
    await house.keep("large.m4a", bytes(LARGE_BYTES))
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(f"GET {house.path('large.m4a')} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    await reader.readexactly(100_000)
    assert open_files(house) == 1

    writer.close()

    await until(lambda: not open_files(house))


async def test_a_client_that_takes_nothing_is_let_go(house: House) -> None:
    await house.keep("large.m4a", bytes(LARGE_BYTES))
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port, limit=1 << 16)
    writer.write(f"GET {house.path('large.m4a')} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    await reader.readexactly(1000)

    await until(lambda: not open_files(house))

    rest = await asyncio.wait_for(reader.read(-1), WAIT_S)
    assert len(rest) < LARGE_BYTES
    writer.close()


def open_files(house: House) -> int:
    """How many stored files this process has open."""
    found = 0
    for entry in Path("/proc/self/fd").iterdir():
        try:
            found += str(house.storage.folder) in str(entry.readlink())
        except FileNotFoundError:
            continue
    return found
