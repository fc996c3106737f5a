"""A CDN that is told to forget: stand-ins that speak as Cloudflare and Fastly do."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from backline.platform.database import Database
from backline.platform.errors import Unavailable
from backline.platform.jobs import GiveUp, Nothing
from backline.platform.storage import FolderStorage, cdn
from backline.platform.storage.cdn import Cdn, purging, tag_headers
from backline.platform.storage.cdn.tags import tag_of
from tests.support.serving import serving

KEY = "tracks/ada/song/g1/high.m4a"
TOKEN = "s3cret"  # noqa: S105  # a stand-in's


class StandIn:
    """An API of a CDN; `status` and `body` are what it answers."""

    def __init__(self) -> None:
        self.status, self.body = 200, b'{"success": true, "errors": []}'
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.url = ""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        content = b""
        while True:
            message = await receive()
            content += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.asked.append((f"{scope['method']} {scope['path']}", headers, content))
        said = [(b"content-length", str(len(self.body)).encode())]
        await send({"type": "http.response.start", "status": self.status, "headers": said})
        await send({"type": "http.response.body", "body": self.body})


@pytest.fixture
async def api() -> AsyncIterator[StandIn]:
    stand_in = StandIn()
    async with serving(stand_in) as (host, port):
        stand_in.url = f"http://{host}:{port}"
        yield stand_in


class Context:
    """What the job is given of its context."""

    def __init__(self, database: Database) -> None:
        self.database = database


async def note(database: Database, *prefixes: str) -> None:
    """Have a storage delete these, some time ago."""
    told = cdn.forget(Cdn("url", "http://nowhere", "", ""), database)
    assert told is not None
    for prefix in prefixes:
        await told(prefix)
    async with database.write() as tx:
        await tx.execute("UPDATE cdn_tags SET asked_at = asked_at - interval '1 minute'")


async def purge(database: Database, one: Cdn | None) -> None:
    await purging.purge(Context(database), Nothing(), one)  # type: ignore[arg-type]


async def waiting(database: Database) -> int:
    async with database.read() as read:
        return int(await read.fetch_value("SELECT count(*) FROM cdn_tags"))


def test_an_answer_bears_the_tags_of_all_that_may_be_deleted_with_it() -> None:
    headers = dict(tag_headers(Cdn("url", "", "", ""), [KEY]) or [])

    tags = headers[b"cache-tag"].decode().split(",")
    prefixes = ["tracks/ada", "tracks/ada/song", "tracks/ada/song/g1"]
    assert tags == [tag_of(prefix) for prefix in prefixes]
    assert tag_of(KEY) == tags[-1]
    assert tag_of("tracks") is None
    assert headers[b"surrogate-key"].decode().split(" ") == tags
    assert all(len(tag) == 16 and "ada" not in tag for tag in tags)


def test_an_archive_is_known_by_what_is_in_it_or_not_kept() -> None:
    cloudflare = Cdn("cloudflare", "", "", "")
    few = [f"tracks/ada/{number}/g/high.m4a" for number in range(20)]
    many = [f"tracks/ada/{number}/g/high.m4a" for number in range(200)]

    ((name, said),) = tag_headers(cloudflare, few) or []

    assert name == b"cache-tag"
    assert {tag_of("tracks/ada"), tag_of("tracks/ada/7")} <= set(said.decode().split(","))
    assert tag_headers(cloudflare, many) is None


async def test_what_a_storage_deletes_is_told(
    database: Database, api: StandIn, tmp_path: Path
) -> None:
    one = Cdn("url", f"{api.url}/purge", "", "")
    storage = FolderStorage(tmp_path, forget=cdn.forget(one, database))
    storage.prepare()

    await storage.delete_prefix("tracks/ada/song")
    await note(database)
    await purge(database, one)

    ((asked, headers, content),) = api.asked
    assert asked == "POST /purge"
    assert msgspec.json.decode(content) == {"tags": [tag_of("tracks/ada/song")]}
    assert "authorization" not in headers
    assert await waiting(database) == 0


async def test_cloudflare_is_told_thirty_at_a_time(database: Database, api: StandIn) -> None:
    await note(database, *(f"tracks/ada/{number}" for number in range(31)))

    await purge(database, Cdn("cloudflare", f"{api.url}/client/v4", "zone1", TOKEN))

    assert [asked for asked, _, _ in api.asked] == ["POST /client/v4/zones/zone1/purge_cache"] * 2
    assert [len(msgspec.json.decode(content)["tags"]) for _, _, content in api.asked] == [30, 1]
    assert api.asked[0][1]["authorization"] == f"Bearer {TOKEN}"


async def test_fastly_is_told_by_its_headers(database: Database, api: StandIn) -> None:
    await note(database, "tracks/ada", "photos/ada")
    api.body = b'{"abc": "purge-id"}'

    await purge(database, Cdn("fastly", api.url, "service1", TOKEN))

    ((asked, headers, _),) = api.asked
    assert asked == "POST /service/service1/purge"
    assert headers["fastly-key"] == TOKEN
    assert set(headers["surrogate-key"].split()) == {tag_of("tracks/ada"), tag_of("photos/ada")}


@pytest.mark.parametrize(
    ("status", "body", "fault"),
    [
        (429, b"", Unavailable),
        (503, b"", Unavailable),
        (403, TOKEN.encode(), GiveUp),
        (200, b'{"success": false}', GiveUp),
        (200, b"<html>", GiveUp),
    ],
)
async def test_what_a_cdn_does_not_take_waits(
    database: Database, api: StandIn, status: int, body: bytes, fault: type[Exception]
) -> None:
    await note(database, "tracks/ada")
    api.status, api.body = status, body

    with pytest.raises(fault) as raised:
        await purge(database, Cdn("cloudflare", api.url, "zone1", TOKEN))

    assert TOKEN not in str(raised.value)
    assert await waiting(database) == 1
    api.status, api.body = 200, b'{"success": true}'
    await purge(database, Cdn("cloudflare", api.url, "zone1", TOKEN))
    assert await waiting(database) == 0


async def test_copies_that_have_ended_by_themselves_are_let_be(
    database: Database, api: StandIn
) -> None:
    await note(database, "tracks/ada")
    async with database.write() as tx:
        await tx.execute("UPDATE cdn_tags SET asked_at = now() - interval '4 hours'")

    await purge(database, Cdn("url", api.url, "", ""))

    assert (await waiting(database), api.asked) == (0, [])


def test_a_cdn_shows_no_secrets() -> None:
    assert TOKEN not in repr(Cdn("fastly", "https://x.example/s3cret", "a", TOKEN))
