"""One task: made, changed, archived, guarded."""

from uuid import uuid4

import pytest

from tests.support.things import Person

pytestmark = pytest.mark.slow


async def made(person: Person, title: str = "Restring the bass", **said: object) -> dict:
    return (await person.post("/tasks", json={"title": title, **said})).json()


async def test_a_task_comes_back_as_it_was_made(ada: Person) -> None:
    said = {
        "title": "Restring the bass",
        "description": "The **low** one first.",
        "status": "doing",
        "priority": "urgent",
        "labels": ["gear", "bass"],
        "start_at": "2026-05-01T09:00:00Z",
        "due_at": "2026-05-02T09:00:00+02:00",
    }

    task = await made(ada, **said)

    assert (await ada.get(f"/tasks/{task['id']}")).json() == task
    assert {name: task[name] for name in said} == {**said, "due_at": "2026-05-02T07:00:00Z"}
    assert (task["version"], task["owner_id"], task["created_by"]) == (1, ada.id, ada.id)
    assert (task["completed_at"], task["deleted_at"], task["project_id"]) == (None, None, None)


async def test_a_patch_changes_what_it_says_and_nothing_else(ada: Person) -> None:
    task = await made(ada, labels=["gear"], due_at="2026-05-02T07:00:00Z")

    answer = await ada.client.patch(
        f"/api/v1/tasks/{task['id']}", json={"due_at": None, "priority": "high"}
    )

    assert answer.status_code == 200, answer.text
    changed = answer.json()
    assert changed == {
        **task,
        "due_at": None,
        "priority": "high",
        "updated_at": changed["updated_at"],
        "version": 2,
    }
    assert (await ada.get(f"/tasks/{task['id']}")).json() == changed


async def test_what_is_done_has_the_time_of_its_completion(ada: Person) -> None:
    task = await made(ada)
    where = f"/api/v1/tasks/{task['id']}"

    done = (await ada.client.patch(where, json={"status": "done"})).json()
    renamed = (await ada.client.patch(where, json={"title": "Restrung"})).json()
    reopened = (await ada.client.patch(where, json={"status": "todo"})).json()

    assert done["completed_at"] == done["updated_at"]
    assert renamed["completed_at"] == done["completed_at"]
    assert reopened["completed_at"] is None


async def test_archived_tasks_leave_and_come_back(ada: Person) -> None:
    task = await made(ada)
    where = f"/api/v1/tasks/{task['id']}"

    archived = (await ada.client.patch(where, json={"status": "archived"})).json()
    listed = (await ada.get("/tasks")).json()["items"]
    there = (await ada.get("/tasks?status=archived")).json()["items"]
    renamed = (await ada.client.patch(where, json={"title": "An old one"})).json()
    back = (await ada.client.patch(where, json={"status": "doing"})).json()

    assert archived["status"] == "archived"
    assert listed == []
    assert [one["id"] for one in there] == [task["id"]]
    assert (renamed["title"], renamed["status"]) == ("An old one", "archived")
    assert (back["status"], back["title"], back["version"]) == ("doing", "An old one", 4)
    assert [one["id"] for one in (await ada.get("/tasks")).json()["items"]] == [task["id"]]
    assert (await ada.get("/tasks?status=archived")).json()["items"] == []


async def test_a_change_of_another_version_is_refused(ada: Person) -> None:
    task = await made(ada)
    where = f"/api/v1/tasks/{task['id']}"
    tag = (await ada.get(f"/tasks/{task['id']}")).headers["etag"]
    await ada.client.patch(where, json={"title": "Mine"})

    late = await ada.client.patch(where, json={"title": "Late"}, headers={"If-Match": tag})
    deleted = await ada.client.delete(where, headers={"If-Match": tag})

    assert (late.status_code, deleted.status_code) == (412, 412)
    assert (await ada.get(f"/tasks/{task['id']}")).json()["title"] == "Mine"


async def test_the_same_keyed_request_makes_one_task(ada: Person) -> None:
    key = {"Idempotency-Key": uuid4().hex}

    first = await ada.post("/tasks", json={"title": "Once"}, headers=key)
    again = await ada.post("/tasks", json={"title": "Once"}, headers=key)

    assert again.json() == first.json()
    assert len((await ada.get("/tasks")).json()["items"]) == 1


async def test_nobody_sees_or_changes_what_is_somebody_elses(ada: Person, ben: Person) -> None:
    task = await made(ada)
    where = f"/api/v1/tasks/{task['id']}"

    answers = [
        await ben.client.get(where),
        await ben.client.patch(where, json={"title": "Taken"}),
        await ben.client.delete(where),
        await ben.client.post(where + "/restore"),
        await ben.client.post(where + "/move", json={"after_id": None}),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert (await ben.get("/tasks")).json()["items"] == []
    assert (await ada.get(f"/tasks/{task['id']}")).json() == task


async def test_fields_that_nobody_may_set_are_refused(ada: Person, ben: Person) -> None:
    task = await made(ada)

    for name, value in {"owner_id": ben.id, "version": 9, "created_by": ben.id}.items():
        form = await ada.client.post("/api/v1/tasks", json={"title": "A task", name: value})
        patch = await ada.client.patch(f"/api/v1/tasks/{task['id']}", json={name: value})
        assert (form.status_code, patch.status_code) == (422, 422)


async def test_a_task_cannot_be_due_before_it_starts(ada: Person) -> None:
    times = {"start_at": "2026-05-02T09:00:00Z", "due_at": "2026-05-01T09:00:00Z"}

    answer = await ada.client.post("/api/v1/tasks", json={"title": "A task", **times})

    assert answer.status_code == 422
    assert "before it starts" in answer.json()["detail"]
    assert answer.json()["errors"][0]["field"] == "due_at"


async def test_every_change_is_one_line_of_the_log(
    ada: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = await ada.post("/tasks", json={"title": "A task"})
    task_id = answer.json()["id"].replace("-", "")
    await ada.client.patch(f"/api/v1/tasks/{answer.json()['id']}", json={"status": "done"})
    await ada.client.delete(f"/api/v1/tasks/{answer.json()['id']}")

    said = capsys.readouterr()
    lines = [line for line in (said.out + said.err).splitlines() if task_id in line]
    assert [next(w for w in line.split() if w.startswith("task_")) for line in lines] == [
        "task_created",
        "task_updated",
        "task_deleted",
    ]
    assert all(ada.id.replace("-", "") in line for line in lines)
    assert answer.headers["x-request-id"] in lines[0]
