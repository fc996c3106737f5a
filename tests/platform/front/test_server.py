"""The server's end: a drain in which nobody is refused, and no connection is kept."""

import asyncio
import gc
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from backline.platform.front.server import run_server
from tests.support.serving import free_port, listening
from tests.support.waiting import until

LONG_S = 30.0


class Served:
    """A server in this loop that answers with a word."""

    def __init__(self) -> None:
        self.port, self.stop = free_port(), asyncio.Event()
        self.ended: list[str] = []
        self.task: asyncio.Task[None] | None = None

    async def app(self, _scope: Any, _receive: Any, send: Any) -> None:
        headers = [(b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"ok", "more_body": False})

    async def begin(self, drain_s: float) -> None:
        self.task = asyncio.create_task(
            run_server(
                self.app,
                "127.0.0.1",
                self.port,
                stop=self.stop,
                close_streams=lambda: self.ended.append("streams"),
                close_uploads=lambda: self.ended.append("uploads"),
                drain_s=drain_s,
            )
        )
        await listening(self.port)


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    made, threshold = Served(), gc.get_threshold()
    yield made
    if made.task is not None and not made.task.done():
        made.task.cancel()
        await asyncio.wait({made.task})
    # A server's way with the collector isn't the other tests'.
    gc.unfreeze()
    gc.set_threshold(*threshold)


async def test_during_the_drain_each_answer_is_the_last_of_its_connection(served: Served) -> None:
    await served.begin(drain_s=LONG_S)
    url = f"http://127.0.0.1:{served.port}/"
    async with httpx.AsyncClient() as client:
        before = await client.get(url)
        served.stop.set()
        await until(lambda: served.ended)
        during = [await client.get(url) for _ in range(3)]

    assert "connection" not in before.headers
    assert [answer.status_code for answer in during] == [200] * 3
    assert {answer.headers["connection"] for answer in during} == {"close"}
    assert served.ended == ["streams"]


async def test_without_a_drain_it_ends_at_once(served: Served) -> None:
    await served.begin(drain_s=0)
    served.stop.set()

    assert served.task is not None
    async with asyncio.timeout(LONG_S):
        await served.task
    assert served.ended == ["streams", "uploads"]
