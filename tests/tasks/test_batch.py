"""Many operations at once: each has its result, and the tables are written once."""

from tests.support.things import Person


async def test_each_operation_has_its_result(ada: Person, ben: Person) -> None:
    mine = (await ada.post("/tasks", json={"title": "Mine"})).json()
    other = (await ada.post("/tasks", json={"title": "Other"})).json()
    theirs = (await ben.post("/tasks", json={"title": "Theirs"})).json()
    operations = [
        {"op": "create", "task": {"title": "New", "labels": ["a", "b"]}},
        {"op": "update", "id": mine["id"], "patch": {"status": "done"}, "version": 1},
        {"op": "update", "id": mine["id"], "patch": {"title": "Twice"}, "version": 2},
        {"op": "update", "id": mine["id"], "patch": {"title": "Late"}, "version": 1},
        {"op": "delete", "id": other["id"]},
        {"op": "update", "id": other["id"], "patch": {"title": "Gone"}},
        {"op": "restore", "id": other["id"]},
        {"op": "delete", "id": theirs["id"]},
        {
            "op": "update",
            "id": mine["id"],
            "patch": {"start_at": "2026-05-02T00:00:00Z", "due_at": "2026-05-01T00:00:00Z"},
        },
    ]

    results = (await ada.post("/tasks/batch", json={"operations": operations})).json()["results"]

    assert [one["status"] for one in results] == [201, 200, 200, 412, 200, 404, 200, 404, 422]
    kept = (await ada.get(f"/tasks/{mine['id']}")).json()
    assert kept == results[2]["task"]
    assert (kept["title"], kept["status"], kept["version"]) == ("Twice", "done", 3)
    assert (await ada.get(f"/tasks/{other['id']}")).json()["deleted_at"] is None
    assert (await ada.get(f"/tasks/{results[0]['task']['id']}")).json() == results[0]["task"]
    assert (await ben.get(f"/tasks/{theirs['id']}")).json() == theirs
    assert "before it starts" in results[8]["error"]["detail"]


async def test_a_thousand_are_taken_and_no_more(ada: Person) -> None:
    operations = [{"op": "create", "task": {"title": f"Task {n}"}} for n in range(1_001)]

    many = await ada.client.post("/api/v1/tasks/batch", json={"operations": operations})
    made = await ada.post("/tasks/batch", json={"operations": operations[:-1]})

    assert many.status_code == 422
    assert {one["status"] for one in made.json()["results"]} == {201}
    assert (await ada.get("/tasks/stats")).json()["total"] == 1_000
    ids = [one["task"]["id"] for one in made.json()["results"]]
    deleting = [{"op": "delete", "id": task_id} for task_id in ids]
    await ada.post("/tasks/batch", json={"operations": deleting})
    assert (await ada.get("/tasks/stats")).json()["total"] == 0


async def test_a_batch_that_cannot_be_read_does_nothing(ada: Person) -> None:
    operations = [
        {"op": "create", "task": {"title": "Fine"}},
        {"op": "create", "task": {"title": "x" * 501}},
    ]

    answer = await ada.client.post("/api/v1/tasks/batch", json={"operations": operations})

    assert answer.status_code == 422
    assert "operations[1].task.title" in answer.text
    assert (await ada.get("/tasks")).json()["items"] == []
