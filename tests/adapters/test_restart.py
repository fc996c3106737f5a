"""PostgreSQL restarts under a server: requests wait for it, and what is cached is still given."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from backline.platform.database.migrating import Migration, migrate
from tests.platform.front.cached.conftest import add_track
from tests.support.api import Api, serving_api
from tests.support.postgres import PrivatePostgres, running

EMAIL = "somebody@example.org"
LIST = "/api/v1/tracks"
NOT_KEPT = {"Cache-Control": "no-cache"}
WAITED_S, LONG_S = 4.0, 30.0

pytestmark = [pytest.mark.slow, pytest.mark.chaos]


@pytest.fixture(scope="module")
def mortal() -> Iterator[PrivatePostgres]:
    with running(18, {"synchronous_commit": "on"}) as server:
        yield server


@pytest.fixture
async def api(
    mortal: PrivatePostgres, migrations: list[Migration], tmp_path: Path
) -> AsyncIterator[Api]:
    name = await asyncio.to_thread(mortal.create)
    await migrate(mortal.dsn(name), migrations)
    async with serving_api(mortal.dsn(name), tmp_path) as opened:
        yield opened


@pytest.fixture
async def client(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    async with await api.user(EMAIL) as made:
        await add_track(api, EMAIL, "One")
        yield made


@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_requests_wait_for_a_restart(
    mortal: PrivatePostgres, client: httpx.AsyncClient, end: str
) -> None:
    (track,) = (await client.get(LIST)).json()["items"]
    await asyncio.to_thread(getattr(mortal, end))

    reads = [asyncio.create_task(client.get(LIST, headers=NOT_KEPT)) for _ in range(4)]
    renamed = {"title": "Two"}
    write = asyncio.create_task(client.patch(f"{LIST}/{track['id']}", json=renamed))
    began_s = time.monotonic()
    await asyncio.sleep(0)
    mortal.launch()
    await asyncio.to_thread(mortal.wait_until_ready)
    took_s = time.monotonic() - began_s
    answers = await asyncio.gather(*reads, write)

    if took_s < WAITED_S:  # else they weren't bound to wait for it
        assert [answer.status_code for answer in answers] == [200] * 5
    after = await until_answered(client)
    assert after.json()["items"][0]["title"] in {"One", answers[-1].json().get("title")}


async def test_a_longer_outage_is_told_and_what_is_cached_goes_on(
    mortal: PrivatePostgres, api: Api, client: httpx.AsyncClient
) -> None:
    await client.get(LIST)
    assert (await client.get(LIST)).headers["cache-status"] == "backline; hit"
    await asyncio.to_thread(mortal.stop)

    try:
        during = await until_hit(client)
        began_s = time.monotonic()
        read, write = await asyncio.gather(
            client.get(LIST, headers=NOT_KEPT), client.post(f"{LIST}/none/retry")
        )
        waited_s = time.monotonic() - began_s
        health = await ready(api)
    finally:
        mortal.launch()
        await asyncio.to_thread(mortal.wait_until_ready)

    assert during.json()["items"][0]["title"] == "One"
    assert read.status_code == 503
    assert int(read.headers["Retry-After"]) > 0
    assert read.headers["content-type"] == "application/problem+json"
    assert write.status_code in {404, 503}
    assert waited_s > WAITED_S
    assert health == 503
    assert (await until_answered(client)).json() == during.json()


async def until_hit(client: httpx.AsyncClient) -> httpx.Response:
    """The cached answer, once the process has seen that the database takes no connections."""
    async with asyncio.timeout(LONG_S):
        while True:
            answer = await client.get(LIST)
            if answer.headers.get("cache-status") == "backline; hit":
                return answer


async def until_answered(client: httpx.AsyncClient) -> httpx.Response:
    async with asyncio.timeout(2 * LONG_S):
        while (answer := await client.get(LIST, headers=NOT_KEPT)).status_code != 200:
            assert answer.status_code == 503, answer.text
    return answer


async def ready(api: Api) -> int:
    async with api.client() as client:
        return (await client.get("/health/ready")).status_code
