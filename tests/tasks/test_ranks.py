"""Ranks: what a viewer, a commenter, an editor, the owner and a stranger may do in a project."""

import pytest

from tests.support.things import Person
from tests.tasks.sharing import add, project, share, titles

pytestmark = pytest.mark.slow

RANKS = ("viewer", "commenter", "editor", "owner")
# Method, path, body, and the least rank for it. {p}, {t}, {s}, {c}: the project, its task, a part
# of it, a comment of the asking person or (for those who can't) the owner's.
OPERATIONS = [
    ("GET", "/projects/{p}", None, "viewer"),
    ("GET", "/projects/{p}/members", None, "viewer"),
    ("GET", "/tasks?project={p}", None, "viewer"),
    ("GET", "/tasks/stats?project={p}", None, "viewer"),
    ("GET", "/tasks/trash?project={p}", None, "viewer"),
    ("GET", "/tasks/{t}", None, "viewer"),
    ("GET", "/tasks/{t}/subtasks", None, "viewer"),
    ("GET", "/tasks/{t}/comments", None, "viewer"),
    ("GET", "/tasks/{t}/attachments", None, "viewer"),
    ("GET", "/tasks/{t}/reminders", None, "viewer"),
    ("POST", "/tasks/{t}/reminders", {"before_due_s": 60}, "viewer"),
    ("POST", "/tasks/{t}/comments", {"text": "Yes"}, "commenter"),
    ("PATCH", "/tasks/{t}/comments/{c}", {"text": "No"}, "commenter"),
    ("DELETE", "/tasks/{t}/comments/{c}", None, "commenter"),
    ("POST", "/tasks", {"title": "New", "project_id": "{p}"}, "editor"),
    ("PATCH", "/tasks/{t}", {"title": "Changed"}, "editor"),
    ("POST", "/tasks/{t}/move", {"after_id": None}, "editor"),
    ("POST", "/tasks/{t}/subtasks", {"title": "Part"}, "editor"),
    ("PUT", "/tasks/{s}/parent", {"parent_id": None}, "editor"),
    ("PUT", "/tasks/{s}/parent", {"parent_id": "{t}"}, "editor"),
    ("DELETE", "/tasks/{t}", None, "editor"),
    ("POST", "/tasks/{t}/restore", None, "editor"),
    ("PATCH", "/projects/{p}", {"colour": "red"}, "owner"),
    ("GET", "/projects/{p}/invitations", None, "owner"),
    ("POST", "/projects/{p}/invitations", {"rank": "viewer"}, "owner"),
    ("DELETE", "/projects/{p}", None, "owner"),
    ("POST", "/projects/{p}/restore", None, "owner"),
]


@pytest.mark.parametrize("rank", RANKS)
async def test_every_operation_asks_for_its_rank(ada: Person, ben: Person, rank: str) -> None:
    tour = await project(ada)
    if rank != "owner":
        await share(ada, tour, ben, rank)  # type: ignore[arg-type]
    who = ada if rank == "owner" else ben
    task = await add(ada, tour, "Book the van", due_at="2030-01-01T00:00:00Z")
    part = (await ada.post(f"/tasks/{task['id']}/subtasks", json={"title": "Call"})).json()
    writer = who if RANKS.index(rank) >= 1 else ada
    said = (await writer.post(f"/tasks/{task['id']}/comments", json={"text": "Which?"})).json()
    ids = {"{p}": tour, "{t}": task["id"], "{s}": part["id"], "{c}": said["id"]}

    for method, path, body, least in OPERATIONS:
        for name, value in ids.items():
            path = path.replace(name, value)  # noqa: PLW2901  # filled in
        given = {key: ids.get(value, value) for key, value in body.items()} if body else None
        answer = await who.client.request(method, f"/api/v1{path}", json=given)

        may = RANKS.index(rank) >= RANKS.index(least)
        assert (answer.status_code < 400) == may, (method, path, answer.text)
        assert may or answer.status_code == 403, (method, path, answer.text)


async def test_a_stranger_finds_nothing(ada: Person, ben: Person) -> None:
    tour = await project(ada)
    task = await add(ada, tour, "Book the van")
    part = (await ada.post(f"/tasks/{task['id']}/subtasks", json={"title": "Call"})).json()
    said = (await ada.post(f"/tasks/{task['id']}/comments", json={"text": "Which?"})).json()
    ids = {"{p}": tour, "{t}": task["id"], "{s}": part["id"], "{c}": said["id"]}

    for method, path, body, _ in OPERATIONS:
        for name, value in ids.items():
            path = path.replace(name, value)  # noqa: PLW2901  # filled in
        given = {key: ids.get(value, value) for key, value in body.items()} if body else None
        answer = await ben.client.request(method, f"/api/v1{path}", json=given)
        assert answer.status_code == 404, (method, path, answer.text)


async def test_a_batch_is_judged_task_by_task(ada: Person, ben: Person) -> None:
    editing, viewing = await project(ada), await project(ada, "Studio")
    await share(ada, editing, ben, "editor")
    await share(ada, viewing, ben, "viewer")
    own, changed, seen = [
        await add(ben, None, "Own"),
        await add(ada, editing, "Changed"),
        await add(ada, viewing, "Seen"),
    ]
    unseen = await add(ada, None, "Unseen")
    operations = [
        *({"op": "update", "id": one["id"], "patch": {"status": "done"}} for one in (own, changed)),
        {"op": "update", "id": seen["id"], "patch": {"status": "done"}},
        {"op": "delete", "id": unseen["id"]},
        {"op": "create", "task": {"title": "New", "project_id": editing, "assignee_id": ada.id}},
        {"op": "create", "task": {"title": "New", "project_id": viewing}},
        {"op": "create", "task": {"title": "New", "project_id": editing, "assignee_id": own["id"]}},
        {"op": "update", "id": changed["id"], "patch": {"project_id": viewing}},
    ]

    results = (await ben.post("/tasks/batch", json={"operations": operations})).json()["results"]

    assert [one["status"] for one in results] == [200, 200, 403, 404, 201, 403, 404, 403]
    assert results[4]["task"]["owner_id"] == ada.id
    assert await titles(ada, f"project={editing}&status=done") == ["Changed"]
    assert (await ada.get(f"/tasks/stats?project={editing}")).json()["total"] == 2


async def test_whoever_is_given_a_task_has_to_see_it(ada: Person, ben: Person) -> None:
    tour = await project(ada)
    task = await add(ada, tour, "Book the van")
    where = f"/api/v1/tasks/{task['id']}"

    early = await ada.client.patch(where, json={"assignee_id": ben.id})
    await share(ada, tour, ben, "viewer")
    given = await ada.client.patch(where, json={"assignee_id": ben.id})
    private = await ada.client.post("/api/v1/tasks", json={"title": "x", "assignee_id": ben.id})

    assert [early.status_code, private.status_code] == [404, 404]
    assert given.json()["assignee_id"] == ben.id
    await ada.client.delete(f"/api/v1/projects/{tour}/members/{ben.id}")
    freed = (await ada.get(f"/tasks/{task['id']}")).json()
    assert (freed["assignee_id"], freed["version"]) == (None, 3)
