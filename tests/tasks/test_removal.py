"""Whoever is put out of a project sees nothing more within a second, also where signals are cut.

Two servers have one database: the member asks the one, whose signals are cut again and again, the
owner the other.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from backline.platform.ids import uuid7
from tests.platform.cache.processes import END_LISTENERS, PROMISED_S
from tests.support.api import Api, serving_api
from tests.support.things import Person
from tests.support.waiting import eventually, until
from tests.tasks.sharing import add, project, share

ROUNDS = 3


@pytest.fixture
async def far(dsn: str, tmp_path: Path, api: Api) -> AsyncIterator[Api]:
    """Another server on the same database, with the same secrets."""
    async with serving_api(dsn, tmp_path) as opened:
        await until(lambda: opened.platform.signals.connected)
        yield opened


@pytest.fixture
async def guest(far: Api, ben: Person) -> Person:
    """Ben, at the other server."""
    person = Person(far, ben.email)
    await person.sign_in()
    return person


async def cut(api: Api) -> None:
    """End what listens for signals, of both servers."""
    async with api.platform.database.read() as read:
        await read.fetch_values(END_LISTENERS, "SELECT 1%")


@pytest.mark.alone
@pytest.mark.slow
async def test_a_removal_holds_everywhere_within_a_second(ada: Person, guest: Person) -> None:
    tour = await project(ada)
    task = await add(ada, tour, "Book the van")
    await ada.post(f"/tasks/{task['id']}/comments", json={"text": "Nine seats"})
    form = {"file": ("plan.txt", b"plan")}
    await ada.post(f"/tasks/{task['id']}/attachments", files=form)
    single = f"/tasks/{task['id']}"
    asked = [
        ("/tasks", "Book"),
        ("/tasks?q=van", "Book"),
        ("/tasks/stats", '"total":1'),
        ("/projects", tour),
        *((f"/tasks{query}", "Book") for query in (f"?project={tour}", "?sort=due_at")),
        (single, "Book"),
        (f"{single}/comments", "seats"),
        (f"{single}/attachments", "plan"),
        (f"{single}/subtasks", "items"),
        (f"/projects/{tour}", tour),
        (f"/projects/{tour}/members", ada.id),
        (f"/tasks/stats?project={tour}", '"total":1'),
    ]

    async def sees(path: str, mark: str) -> bool:
        answer = await guest.client.get(f"/api/v1{path}")
        return answer.status_code == 200 and mark in answer.text

    for _ in range(ROUNDS):
        await share(ada, tour, guest, "editor")
        for path, mark in asked:
            await eventually(partial(sees, path, mark), bound_s=5)
        await cut(ada.api)
        answer = await ada.client.delete(f"/api/v1/projects/{tour}/members/{guest.id}")
        answer.raise_for_status()
        removed_s = time.monotonic()

        left = dict(asked)
        while left:
            for path, mark in list(left.items()):
                began_s = time.monotonic()
                if not await sees(path, mark):
                    del left[path]
                else:
                    assert began_s < removed_s + PROMISED_S, f"{path} is still seen"
        refused = await guest.client.patch(f"/api/v1{single}", json={"title": "Mine"})
        assert refused.status_code == 404


async def test_who_is_out_hears_nothing_more_and_who_is_in_hears_at_once(
    ada: Person, guest: Person, far: Api
) -> None:
    tour = await project(ada)
    await share(ada, tour, guest, "viewer")
    stream = await far.web.hub.subscribe(UUID(guest.id), uuid7(), ["tasks"], None)
    heard: list[str] = []

    async def listen() -> None:
        async for chunk in stream.chunks():
            heard.insert(0, chunk.decode())

    def said(title: str, events: dict[str, dict[str, Any]]) -> bool:
        return any(events[title]["id"] in chunk for chunk in heard)

    listening = asyncio.create_task(listen())
    made: dict[str, dict[str, Any]] = {"first": await add(ada, tour, "First")}
    await until(lambda: said("first", made), bound_s=5)
    await ada.client.delete(f"/api/v1/projects/{tour}/members/{guest.id}")
    made["secret"] = await add(ada, tour, "Secret")
    made["own"] = await add(guest, None, "Own")

    await until(lambda: said("own", made))
    assert not said("secret", made)
    stream.end()
    await listening
