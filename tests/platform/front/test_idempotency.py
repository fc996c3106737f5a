"""Writes that are sent twice, at once or later, to one process or to two."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import LiteralString

import httpx
import pytest

from tests.platform.front.cached.conftest import add_track
from tests.support.api import Api, serving_api

pytestmark = pytest.mark.slow

LIST = "/api/v1/tracks"
KEY = {"Idempotency-Key": "5f8c-1"}
AS_ADMIN = "UPDATE idempotency_keys SET role = 'admin'"
AS_EDITOR = """
UPDATE idempotency_keys SET ranks = json_build_object(gen_random_uuid(), 'editor')
"""
ROWS = "SELECT count(*) FROM idempotency_keys"


@pytest.fixture
async def api(dsn: str, tmp_path: Path) -> AsyncIterator[Api]:
    async with serving_api(dsn, tmp_path) as opened:
        yield opened


@pytest.fixture
async def writer(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    async with await api.user("writer@example.org") as client:
        yield client


@pytest.fixture
async def url(api: Api, writer: httpx.AsyncClient) -> str:
    del writer
    return f"{LIST}/{await add_track(api, 'writer@example.org', 'Title')}"


async def kept(api: Api) -> int:
    async with api.platform.database.read() as read:
        return await read.fetch_value(ROWS)


async def test_the_second_time_gives_the_first_answer_and_changes_nothing(
    writer: httpx.AsyncClient, url: str
) -> None:
    first = await writer.patch(url, json={"title": "Changed"}, headers=KEY)
    second = await writer.patch(url, json={"title": "Changed"}, headers=KEY)
    present = await writer.get(url)

    assert (first.status_code, second.status_code) == (200, 200)
    assert second.content == first.content
    assert second.headers["etag"] == first.headers["etag"]
    assert second.headers["idempotency-replayed"] == "true"
    assert present.json()["version"] == 2


async def test_twins_at_once_write_once(writer: httpx.AsyncClient, url: str) -> None:
    answers = await asyncio.gather(
        *(writer.patch(url, json={"title": "Changed"}, headers=KEY) for _ in range(8))
    )

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert (await writer.get(url)).json()["version"] == 2


async def test_twins_at_two_processes_write_once(
    api: Api, dsn: str, tmp_path: Path, writer: httpx.AsyncClient, url: str
) -> None:
    async with serving_api(dsn, tmp_path) as second:
        token = writer.headers["authorization"].removeprefix("Bearer ")
        async with second.client(token) as other:
            calls = [c.patch(url, json={"title": "X"}, headers=KEY) for c in (writer, other) * 4]
            answers = await asyncio.gather(*calls)

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert (await writer.get(url)).json()["version"] == 2
    assert await kept(api) == 1


async def test_an_answer_without_a_body_is_kept_too(writer: httpx.AsyncClient, url: str) -> None:
    answers = [await writer.delete(url, headers=KEY) for _ in range(2)]
    without = await writer.delete(url)

    assert [answer.status_code for answer in answers] == [204, 204]
    assert without.status_code == 404


@pytest.mark.parametrize("change", ["body", "address"])
async def test_a_key_used_for_something_else_is_refused(
    api: Api, writer: httpx.AsyncClient, url: str, change: str
) -> None:
    other = f"{LIST}/{await add_track(api, 'writer@example.org', 'Other')}"
    await writer.patch(url, json={"title": "Changed"}, headers=KEY)

    target, title = (url, "Else") if change == "body" else (other, "Changed")
    answer = await writer.patch(target, json={"title": title}, headers=KEY)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
    assert (await writer.get(other)).json()["title"] == "Other"


async def test_a_refused_write_leaves_no_key_and_can_be_tried_again(
    api: Api, writer: httpx.AsyncClient, url: str
) -> None:
    refused = await writer.patch(url, json={"title": ""}, headers=KEY)
    failed = await writer.patch(url, json={"title": "A"}, headers={**KEY, "If-Match": '"9"'})
    assert await kept(api) == 0

    done = await writer.patch(url, json={"title": "A"}, headers=KEY)

    assert (refused.status_code, failed.status_code, done.status_code) == (422, 412, 200)


async def test_a_key_is_its_owners_alone(api: Api, writer: httpx.AsyncClient, url: str) -> None:
    await writer.delete(url, headers=KEY)
    async with await api.user("other@example.org") as other:
        theirs = f"{LIST}/{await add_track(api, 'other@example.org', 'Theirs')}"

        foreign = await other.delete(url, headers=KEY)
        own = await other.delete(theirs, headers=KEY)

    assert (foreign.status_code, own.status_code) == (404, 204)


@pytest.mark.parametrize("key", ["a" * 256, "ä"])
async def test_a_key_that_is_none_is_refused(writer: httpx.AsyncClient, url: str, key: str) -> None:
    answer = await writer.patch(
        url, json={"title": "A"}, headers=[("Idempotency-Key", key.encode())]
    )

    assert answer.status_code == 422


async def test_a_write_cut_off_before_its_answer_never_happened(
    api: Api, writer: httpx.AsyncClient, url: str
) -> None:
    """As in a crash: the change is made, its answer isn't kept, and neither is the change."""
    async with api.platform.database.write() as tx:
        await tx.execute("ALTER TABLE idempotency_keys ADD CONSTRAINT broken CHECK (status <> 200)")

    broken = await writer.patch(url, json={"title": "Changed"}, headers=KEY)
    async with api.platform.database.write() as tx:
        await tx.execute("ALTER TABLE idempotency_keys DROP CONSTRAINT broken")

    assert broken.status_code == 500
    assert (await writer.get(url)).json()["title"] == "Title"
    assert (await writer.patch(url, json={"title": "Changed"}, headers=KEY)).status_code == 200


async def test_others_are_told_only_of_what_was_committed(
    api: Api, writer: httpx.AsyncClient, url: str
) -> None:
    token = (await api.tokens("writer@example.org"))["access_token"]
    async with api.client(token) as other:
        assert (await other.get(url)).json()["title"] == "Title"
        await writer.patch(url, json={"title": "Changed"}, headers=KEY)

        assert (await other.get(url)).json()["title"] == "Changed"


async def test_a_kept_answer_holds_nothing_but_the_answer(
    api: Api, writer: httpx.AsyncClient, url: str
) -> None:
    await writer.patch(url, json={"title": "Changed"}, headers=KEY)

    async with api.platform.database.read() as read:
        headers = json.loads(await read.fetch_value("SELECT headers FROM idempotency_keys"))

    assert set(headers) <= {"content-type", "content-length"}


@pytest.mark.parametrize("change", [AS_ADMIN, AS_EDITOR])
async def test_a_replay_wants_what_the_first_time_took(
    api: Api, writer: httpx.AsyncClient, url: str, change: LiteralString
) -> None:
    await writer.patch(url, json={"title": "Changed"}, headers=KEY)
    async with api.platform.database.write() as tx:
        await tx.execute(change)

    again = await writer.patch(url, json={"title": "Changed"}, headers=KEY)

    assert again.status_code == 403
    assert "no longer" in again.json()["detail"]
    assert "idempotency-replayed" not in again.headers


async def test_a_token_gets_no_answer_that_was_given_to_a_session(
    api: Api, writer: httpx.AsyncClient, url: str
) -> None:
    form = {"name": "program", "scopes": ["audio:read", "audio:write"]}
    token = (await writer.post("/api/v1/users/me/tokens", json=form)).json()["token"]
    await writer.patch(url, json={"title": "Changed"}, headers=KEY)

    async with api.client(token) as program:
        refused = await program.patch(url, json={"title": "Changed"}, headers=KEY)
        other = {"Idempotency-Key": "of the token"}
        first = await program.patch(url, json={"title": "Again"}, headers=other)
    by_session = await writer.patch(url, json={"title": "Again"}, headers=other)

    assert (refused.status_code, first.status_code) == (403, 200)
    assert by_session.headers["idempotency-replayed"] == "true"
