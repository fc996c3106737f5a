"""Subtasks: one level deep, counted with their task, and going where it goes."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.ids import uuid7
from backline.tasks import subtasks, tasks
from backline.tasks.models import TaskPatch
from tests.support.things import Person
from tests.support.waiting import eventually
from tests.tasks.sharing import add, project, share, titles

pytestmark = pytest.mark.slow

WAITS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
ALL_BUT_ONE = "UPDATE tasks SET subtasks_total = 99 WHERE owner_id = $1 AND id = $2"


async def part(person: Person, whole: dict[str, Any], title: str, **said: Any) -> dict[str, Any]:
    """A part of a task."""
    form = {"title": title, **said}
    return dict((await person.post(f"/tasks/{whole['id']}/subtasks", json=form)).json())


async def counts(person: Person, task: dict[str, Any]) -> tuple[int, int]:
    """What a task counts: done, total."""
    found = (await person.get(f"/tasks/{task['id']}")).json()
    return found["subtasks_done"], found["subtasks_total"]


async def until_waiting(database: Database) -> None:
    """Until somebody waits for a lock."""

    async def is_waiting() -> bool:
        async with database.read() as read:
            return bool(await read.fetch_value(WAITS))

    await eventually(is_waiting)


async def test_parts_are_counted_as_they_change(ada: Person, ben: Person) -> None:
    tour = await project(ada)
    await share(ada, tour, ben, "editor")
    whole = await add(ada, tour, "Hire the van")
    one, two = await part(ben, whole, "Call", assignee_id=ben.id), await part(ada, whole, "Pay")
    assert await counts(ada, whole) == (0, 2)
    await ben.client.patch(f"/api/v1/tasks/{one['id']}", json={"status": "done"})
    assert await counts(ben, whole) == (1, 2)
    await ada.client.patch(f"/api/v1/tasks/{one['id']}", json={"status": "archived"})
    assert await counts(ben, whole) == (1, 2)
    await ada.client.delete(f"/api/v1/tasks/{two['id']}")
    assert await counts(ben, whole) == (1, 1)
    await ada.post(f"/tasks/{two['id']}/restore")
    await ada.client.put(f"/api/v1/tasks/{one['id']}/parent", json={"parent_id": None})

    assert await counts(ada, whole) == (0, 1)
    listed = (await ada.get(f"/tasks/{whole['id']}/subtasks")).json()["items"]
    assert [task["title"] for task in listed] == ["Pay"]
    assert (one["project_id"], one["parent_id"], one["owner_id"]) == (tour, whole["id"], ada.id)
    assert await titles(ada, "parent=none") == ["Hire the van"]
    assert await titles(ada) == ["Pay", "Hire the van"]


async def test_parts_have_no_parts_and_stay_in_their_project(ada: Person) -> None:
    tour, studio = await project(ada), await project(ada, "Studio")
    whole, other = await add(ada, tour, "Whole"), await add(ada, tour, "Other")
    elsewhere = await add(ada, studio, "Elsewhere")
    one = await part(ada, whole, "Part")

    async def put(task: dict[str, Any], parent: dict[str, Any]) -> int:
        where = f"/api/v1/tasks/{task['id']}/parent"
        return (await ada.client.put(where, json={"parent_id": parent["id"]})).status_code

    nested = await ada.client.post(f"/api/v1/tasks/{one['id']}/subtasks", json={"title": "x"})
    parted = await ada.client.patch(f"/api/v1/tasks/{one['id']}", json={"project_id": studio})
    assert (nested.status_code, parted.status_code) == (409, 409)
    assert [
        await put(whole, other),
        await put(other, one),
        await put(other, other),
        await put(elsewhere, whole),
        await put(one, other),
    ] == [409, 409, 409, 409, 200]
    assert (await counts(ada, whole), await counts(ada, other)) == ((0, 0), (0, 1))


async def test_parts_go_where_their_task_goes(ada: Person) -> None:
    tour, studio = await project(ada), await project(ada, "Studio")
    whole = await add(ada, tour, "Whole")
    first, second = await part(ada, whole, "One", status="done"), await part(ada, whole, "Two")
    await ada.client.delete(f"/api/v1/tasks/{second['id']}")

    moved = await ada.client.patch(f"/api/v1/tasks/{whole['id']}", json={"project_id": studio})
    await ada.client.delete(f"/api/v1/tasks/{whole['id']}")
    gone = (await ada.get(f"/tasks/stats?project={studio}")).json()["total"]
    lone = (await ada.post(f"/tasks/{second['id']}/restore")).json()
    back = (await ada.post(f"/tasks/{whole['id']}/restore")).json()

    assert moved.json()["subtasks_total"] == 1
    assert gone == 0
    assert (lone["parent_id"], lone["project_id"]) == (None, studio)
    assert (back["subtasks_done"], back["subtasks_total"]) == (1, 1)
    assert sorted(await titles(ada, f"project={studio}")) == ["One", "Two", "Whole"]
    assert (await ada.get(f"/tasks/{first['id']}")).json()["parent_id"] == whole["id"]


async def test_batches_take_parts_along(ada: Person) -> None:
    tour, studio = await project(ada), await project(ada, "Studio")
    whole = await add(ada, tour, "Whole")
    one = await part(ada, whole, "One")

    async def run(*operations: dict[str, Any]) -> list[dict[str, Any]]:
        form = {"operations": list(operations)}
        return list((await ada.post("/tasks/batch", json=form)).json()["results"])

    await run(
        {"op": "update", "id": one["id"], "patch": {"status": "done"}},
        {"op": "update", "id": whole["id"], "patch": {"project_id": studio, "title": "Moved"}},
    )
    assert await counts(ada, whole) == (1, 1)
    await run({"op": "delete", "id": whole["id"]})
    assert (await ada.get(f"/tasks/stats?project={studio}")).json()["total"] == 0
    await run({"op": "restore", "id": whole["id"]})
    await run({"op": "delete", "id": one["id"]})
    assert await counts(ada, whole) == (0, 0)
    await run({"op": "restore", "id": one["id"]})
    assert await counts(ada, whole) == (1, 1)
    assert sorted(await titles(ada, f"project={studio}")) == ["Moved", "One"]


async def test_counts_are_right_after_many_changes_at_once(ada: Person) -> None:
    whole = await add(ada, await project(ada), "Whole")
    parts = await asyncio.gather(*(part(ada, whole, f"Part {n}") for n in range(20)))

    async def change(task: dict[str, Any], **said: Any) -> int:
        where = f"/api/v1/tasks/{task['id']}"
        return (await ada.client.patch(where, json=said)).status_code

    async def delete(task: dict[str, Any]) -> int:
        return (await ada.client.delete(f"/api/v1/tasks/{task['id']}")).status_code

    statuses = ("doing", "done", "archived", "todo")
    batch = [{"op": "update", "id": one["id"], "patch": {"status": "done"}} for one in parts[:10]]
    batch.append({"op": "update", "id": whole["id"], "patch": {"priority": "high"}})
    changed, deleted, _ = await asyncio.gather(
        asyncio.gather(*(change(one, status=status) for status in statuses for one in parts)),
        asyncio.gather(*(delete(one) for one in parts[15:])),
        asyncio.gather(
            ada.post("/tasks/batch", json={"operations": batch}),
            *(change(whole, title=f"Title {n}") for n in range(10)),
        ),
    )

    listed = (await ada.get(f"/tasks/{whole['id']}/subtasks")).json()["items"]
    done = sum(one["completed_at"] is not None for one in listed)
    assert await counts(ada, whole) == (done, len(listed))
    assert len(listed) == 15
    assert set(changed) <= {200, 404}
    assert set(deleted) == {204}
    assert changed.count(404) <= 5 * len(statuses)


async def test_a_part_comes_back_as_a_task_of_its_own_where_its_task_takes_none(
    ada: Person,
) -> None:
    tour = await project(ada)
    whole, other, full = [await add(ada, tour, title) for title in ("Whole", "Other", "Full")]
    nested = [await part(ada, whole, "Nested"), await part(ada, whole, "Nested too")]
    many = [await part(ada, full, f"Part {number}") for number in range(2)]
    for one in (*nested, *many):
        await ada.client.delete(f"/api/v1/tasks/{one['id']}")
    where = f"/api/v1/tasks/{whole['id']}/parent"
    await ada.client.put(where, json={"parent_id": other["id"]})
    async with ada.api.platform.database.write() as tx:
        await tx.execute(ALL_BUT_ONE, UUID(ada.id), UUID(full["id"]))  # as if they were there

    operations = [{"op": "restore", "id": one["id"]} for one in (nested[1], *many)]
    lone = (await ada.post(f"/tasks/{nested[0]['id']}/restore")).json()
    batch = (await ada.post("/tasks/batch", json={"operations": operations})).json()["results"]

    found = [lone["parent_id"], *(one["task"]["parent_id"] for one in batch)]
    assert found == [None, None, full["id"], None]
    assert await counts(ada, full) == (0, 100)
    swapped = [{"op": op, "id": many[0]["id"]} for op in ("delete", "restore")]
    [_, back] = (await ada.post("/tasks/batch", json={"operations": swapped})).json()["results"]
    assert back["task"]["parent_id"] == full["id"]


@pytest.mark.parametrize("way", ["delete", "batch", "move"])
async def test_a_part_that_is_just_being_added_goes_where_its_task_goes(
    ada: Person, way: str
) -> None:
    tour, studio = await project(ada), await project(ada, "Studio")
    whole = await add(ada, tour, "Whole")
    where, database = f"/api/v1/tasks/{whole['id']}", ada.api.platform.database
    ways = {
        "delete": ("DELETE", where, None),
        "batch": ("POST", "/api/v1/tasks/batch", [{"op": "delete", "id": whole["id"]}]),
        "move": ("PATCH", where, {"project_id": studio}),
    }
    method, path, said = ways[way]
    body = {"operations": said} if way == "batch" else said

    async with database.write() as tx:
        actor = Actor(UUID(ada.id), "user", uuid7())
        form = subtasks.SubtaskForm("Part")
        made = await subtasks.create(tx, actor, UUID(whole["id"]), form, "")
        going = asyncio.create_task(ada.client.request(method, path, json=body))
        await until_waiting(database)
    answer = await going

    found = (await ada.get(f"/tasks/{made.id}")).json()
    there = (await ada.get(f"/tasks/{whole['id']}")).json()
    assert answer.is_success
    assert found["deleted_at"] == there["deleted_at"]
    assert (found["deleted_at"] is None) == (way == "move")
    assert found["project_id"] == there["project_id"] == (studio if way == "move" else tour)


@pytest.mark.parametrize("way", ["delete", "whole", "batch", "change"])
async def test_a_task_is_found_while_it_leaves_the_archive(ada: Person, way: str) -> None:
    tour, database = await project(ada), ada.api.platform.database
    whole = await add(ada, tour, "Whole")
    one = await part(ada, whole, "Part", status="archived")
    where = f"/api/v1/tasks/{one['id']}"
    ways: dict[str, tuple[str, str, Any]] = {
        "delete": ("DELETE", where, None),
        "whole": ("DELETE", f"/api/v1/tasks/{whole['id']}", None),
        "batch": (
            "POST",
            "/api/v1/tasks/batch",
            {"operations": [{"op": "delete", "id": one["id"]}]},
        ),
        "change": ("PATCH", where, {"title": "Changed"}),
    }
    method, path, body = ways[way]

    async with database.write() as tx:
        actor = Actor(UUID(ada.id), "user", uuid7())
        await tasks.change(tx, actor, UUID(one["id"]), TaskPatch(status="todo"), "")
        going = asyncio.create_task(ada.client.request(method, path, json=body))
        await until_waiting(database)
    answer = await going

    found = (await ada.get(f"/tasks/{one['id']}")).json()
    assert answer.is_success
    assert found["status"] == "todo"
    assert (found["deleted_at"] is None) == (way == "change")
    assert found["title"] == ("Changed" if way == "change" else "Part")
