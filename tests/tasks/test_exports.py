"""Exports: asked for, made by a job, had by a signed address, forgotten."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import pytest

from backline.tasks import exports, files
from backline.tasks.services import task_services
from backline.tasks.wiring import DOMAIN
from tests.platform.jobs.working import eventually, working
from tests.support.things import Person
from tests.tasks.sharing import add, project, share

pytestmark = pytest.mark.slow

SAID = [
    {"title": 'Café, "quoted"', "description": "Two\nlines", "labels": ["a", "b"]},
    {"title": '=HYPERLINK("http://example.org")', "status": "done"},
    {"title": "Then", "status": "archived"},
]


@pytest.fixture
async def eve(ada: Person) -> AsyncIterator[Person]:
    """Somebody with three tasks, one of them archived, and a worker that does jobs."""
    operations = [{"op": "create", "task": task} for task in SAID]
    await ada.post("/tasks/batch", json={"operations": operations})
    platform = ada.api.platform
    services = task_services(platform)
    async with working(platform.database, services={job.kind: services for job in DOMAIN.jobs}):
        yield ada


async def finished(person: Person, **said: object) -> dict[str, Any]:
    """An export once its job has ended."""
    made = (await person.post("/tasks/exports", json=said)).json()
    assert (made["status"], made["url"]) == ("running", None)
    seen: dict[str, Any] = {}

    async def is_over() -> bool:
        seen.update((await person.get(f"/tasks/exports/{made['id']}")).json())
        return seen["status"] != "running"

    await eventually(is_over)
    return seen


async def test_tasks_come_as_csv_that_spreadsheets_do_not_run(eve: Person) -> None:
    export = await finished(eve, format="csv", filters={"status": ["todo", "done", "archived"]})

    answer = await eve.api.client().get(export["url"])

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert 'filename="tasks.csv"' in answer.headers["content-disposition"]
    assert (export["count"], export["size_bytes"]) == (3, len(answer.content))
    assert [row["title"] for row in rows] == [
        SAID[0]["title"],
        "'" + str(SAID[1]["title"]),
        SAID[2]["title"],
    ]
    assert (rows[0]["description"], rows[0]["labels"]) == ("Two\nlines", "a b")


async def test_tasks_come_as_json_by_the_filters_asked_for(eve: Person) -> None:
    export = await finished(eve, format="json", filters={"status": ["done"]})
    none = await finished(eve, format="json", filters={"q": "nowhere"})

    found = (await eve.api.client().get(export["url"])).json()
    empty = (await eve.api.client().get(none["url"])).json()

    assert [task["title"] for task in found["tasks"]] == [SAID[1]["title"]]
    assert empty == {"tasks": []}
    job = (await eve.get(f"/jobs/{export['job_id']}")).json()
    assert job["status"] == "done"


async def test_a_project_comes_as_a_file_while_one_is_in_it(eve: Person, ben: Person) -> None:
    tour = await project(ben)
    await share(ben, tour, eve, "viewer")
    await add(ben, tour, "Shared")

    export = await finished(eve, format="json", filters={"project": tour})
    found = (await eve.api.client().get(export["url"])).json()
    await eve.client.delete(f"/api/v1/projects/{tour}/members/{eve.id}")
    late = await finished(eve, format="json", filters={"project": tour})
    rest = await finished(eve, format="json", filters={"status": ["todo", "done", "archived"]})

    assert [task["title"] for task in found["tasks"]] == ["Shared"]
    assert (late["status"], late["error"]) == ("failed", "There is no such project.")
    assert rest["count"] == len(SAID)


async def test_what_is_deleted_or_somebody_elses_opens_nothing(eve: Person, ben: Person) -> None:
    export = await finished(eve, format="json")
    where = f"/api/v1/tasks/exports/{export['id']}"

    theirs = [await ben.client.get(where), await ben.client.delete(where)]
    (await eve.client.delete(where)).raise_for_status()
    gone = await eve.api.client().get(export["url"])

    assert [answer.status_code for answer in theirs] == [404, 404]
    assert gone.status_code == 404
    assert (await eve.get("/tasks/exports")).json()["items"] == []


async def test_expired_exports_are_forgotten(eve: Person) -> None:
    export = await finished(eve, format="csv")
    database = eve.api.platform.database
    async with database.write() as tx:
        await tx.execute("UPDATE task_exports SET expires_at = now() - interval '1 minute'")

    assert await exports.expire(database) == 1
    assert (await eve.client.get(f"/api/v1/tasks/exports/{export['id']}")).status_code == 404
    async with database.read() as read:
        assert [file async for file in files.referenced(read)] == []


async def test_the_files_that_rows_point_to_are_known(eve: Person) -> None:
    export = await finished(eve, format="csv")
    platform = eve.api.platform
    stored = [file.key async for file in platform.storage.list("task-exports")]

    async with platform.database.read() as read:
        kept = [file async for file in files.referenced(read)]
        left = await files.unknown(read, [*stored, "task-exports/a/b/c/tasks.csv", "odd"])

    assert [(file.key, file.size_bytes) for file in kept] == [(stored[0], export["size_bytes"])]
    assert left == ["task-exports/a/b/c/tasks.csv", "odd"]


async def test_twenty_exports_are_enough(ada: Person) -> None:
    for _ in range(20):
        await ada.post("/tasks/exports", json={"format": "csv"})

    answer = await ada.client.post("/api/v1/tasks/exports", json={"format": "csv"})

    assert answer.status_code == 409
    assert "Delete one" in answer.json()["detail"]
