"""Conditional requests: what ETags say, and writes that are based on a version."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from backline.platform.errors import PreconditionFailed
from backline.platform.http.conditions import etag_of, matches, read_if_match
from tests.platform.front.cached.conftest import add_track
from tests.support.api import Api, serving_api

LIST = "/api/v1/tracks"


@pytest.fixture
async def api(dsn: str, tmp_path: Path) -> AsyncIterator[Api]:
    async with serving_api(dsn, tmp_path) as opened:
        yield opened


@pytest.fixture
async def track(api: Api) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
    """Somebody signed in, and where their track is."""
    async with await api.user("writer@example.org") as client:
        yield client, f"{LIST}/{await add_track(api, 'writer@example.org', 'Title')}"


@pytest.mark.parametrize("text", [None, "*", '"5"', 'W/"5"', '"5.9f-br"', '"4", W/"5.0a-zstd"'])
def test_versions_that_fit(text: str | None) -> None:
    read_if_match(text).check(5)


@pytest.mark.parametrize("text", ['"4"', "", "5", '"5x"', '"9f3a-br"', '"55"', '"-5"', '"5.zz"'])
def test_versions_that_do_not(text: str) -> None:
    with pytest.raises(PreconditionFailed, match="version 5"):
        read_if_match(text).check(5)


def test_an_etag_has_a_version_where_the_answer_has_one() -> None:
    one, other = (etag_of(b'{"id":"a","version":12,"url":"%b"}' % url) for url in (b"x", b"y"))

    assert one.startswith(b"12.")
    assert other.startswith(b"12.")
    assert one != other
    assert b"." not in etag_of(b'{"items":[{"version":12}]}')
    assert b"." not in etag_of(b"[]")


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        (b'"5.a1"', True),
        (b'W/"5.a1-zstd"', True),
        (b'"x", "5.a1-br"', True),
        (b"*", True),
        (b'"5.a2"', False),
        (b"5.a1", False),
        (b"", False),
    ],
)
def test_what_if_none_match_names(said: bytes, fits: bool) -> None:
    assert matches(said, b"5.a1") is fits


async def test_a_change_based_on_an_old_version_is_refused(
    track: tuple[httpx.AsyncClient, str],
) -> None:
    client, url = track
    etag = (await client.get(url)).headers["etag"]

    first = await client.patch(url, json={"title": "A"}, headers={"If-Match": etag})
    second = await client.patch(url, json={"title": "B"}, headers={"If-Match": etag})
    third = await client.patch(
        url, json={"title": "C"}, headers={"If-Match": first.headers["etag"]}
    )

    assert [answer.status_code for answer in (first, second, third)] == [200, 412, 200]
    assert second.json()["type"] == "urn:backline:problem:precondition-failed"
    assert third.json()["title"] == "C"


async def test_of_two_at_once_based_on_the_same_version_one_wins(
    track: tuple[httpx.AsyncClient, str],
) -> None:
    client, url = track
    headers = {"If-Match": '"1"'}

    answers = await asyncio.gather(
        *(client.patch(url, json={"title": f"T{n}"}, headers=headers) for n in range(6))
    )

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200, 412, 412, 412, 412, 412]
    assert (await client.get(url)).json()["version"] == 2


async def test_a_deletion_can_be_based_on_a_version_too(
    track: tuple[httpx.AsyncClient, str],
) -> None:
    client, url = track

    refused = await client.delete(url, headers={"If-Match": '"7"'})
    done = await client.delete(url, headers={"If-Match": 'W/"1-gzip"'})

    assert (refused.status_code, done.status_code) == (412, 204)


async def test_without_a_condition_a_change_goes_through(
    track: tuple[httpx.AsyncClient, str],
) -> None:
    client, url = track

    answers = [await client.patch(url, json={"title": title}) for title in "AB"]

    assert [answer.status_code for answer in answers] == [200, 200]
