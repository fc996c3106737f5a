"""The trash and the archive: what goes there, comes back, and ends."""

from datetime import timedelta
from uuid import UUID

from backline.platform.database import Database
from backline.tasks import ending, trash
from tests.support.things import Person
from tests.tasks.sharing import add, project, share

TABLES = ("tasks", "archived_tasks", "task_counts", "task_views")


async def test_what_is_deleted_lies_in_the_trash_until_it_is_restored(ada: Person) -> None:
    task = (await ada.post("/tasks", json={"title": "Oops"})).json()
    old = (await ada.post("/tasks", json={"title": "Old", "status": "archived"})).json()

    for one in (task, old):
        (await ada.client.delete(f"/api/v1/tasks/{one['id']}")).raise_for_status()
    in_trash = (await ada.get("/tasks/trash")).json()["items"]
    listed = (await ada.get("/tasks?status=todo,doing,done,archived")).json()["items"]
    twice = await ada.client.delete(f"/api/v1/tasks/{task['id']}")
    back = await ada.post(f"/tasks/{task['id']}/restore")
    again = await ada.post(f"/tasks/{task['id']}/restore")

    assert [one["title"] for one in in_trash] == ["Old", "Oops"]
    assert (listed, twice.status_code) == ([], 404)
    assert back.json() == again.json()
    assert (back.json()["deleted_at"], back.json()["version"]) == (None, 3)
    assert [one["title"] for one in (await ada.get("/tasks")).json()["items"]] == ["Oops"]


async def test_the_trash_can_be_emptied(ada: Person, ben: Person) -> None:
    for person in (ada, ben):
        task = (await person.post("/tasks", json={"title": "Oops"})).json()
        (await person.client.delete(f"/api/v1/tasks/{task['id']}")).raise_for_status()
    where = f"/api/v1/tasks/{(await ada.get('/tasks/trash')).json()['items'][0]['id']}"
    ada.client.cookies.clear()  # whoever has just written passes the cache by
    assert (await ada.client.get(where)).status_code == 200

    (await ada.client.delete("/api/v1/tasks/trash")).raise_for_status()
    ada.client.cookies.clear()

    assert (await ada.client.get(where)).status_code == 404
    assert (await ada.get("/tasks/trash")).json()["items"] == []
    assert len((await ben.get("/tasks/trash")).json()["items"]) == 1


async def test_one_task_is_deleted_for_good_with_what_went_along(ada: Person, ben: Person) -> None:
    tour = await project(ada)
    await share(ada, tour, ben, "editor")
    whole, kept = await add(ada, tour, "Whole"), await add(ada, tour, "Kept", status="archived")
    where = f"/tasks/{whole['id']}"
    early = (await ada.post(f"{where}/subtasks", json={"title": "Early"})).json()
    await ada.post(f"{where}/subtasks", json={"title": "Along", "status": "archived"})
    await ben.post(f"{where}/comments", json={"text": "Why?"})
    await ada.post(f"{where}/attachments", files={"file": ("plan.txt", b"plan")})
    too_early = await ada.client.delete(f"/api/v1/tasks/trash/{whole['id']}")
    for one in (early, whole, kept):
        (await ada.client.delete(f"/api/v1/tasks/{one['id']}")).raise_for_status()
    assert (await ben.client.get(f"/api/v1{where}")).status_code == 200

    members = await ben.client.delete(f"/api/v1/tasks/trash/{whole['id']}")
    owners = await ada.client.delete(f"/api/v1/tasks/trash/{whole['id']}")
    twice = await ada.client.delete(f"/api/v1/tasks/trash/{whole['id']}")

    asked = (too_early, members, owners, twice)
    assert [one.status_code for one in asked] == [409, 403, 204, 404]
    left = (await ada.get(f"/tasks/trash?project={tour}")).json()["items"]
    assert {one["title"] for one in left} == {"Early", "Kept"}
    assert (await ben.client.get(f"/api/v1{where}")).status_code == 404
    assert (await ada.post(f"/tasks/{early['id']}/restore")).json()["parent_id"] is None
    assert (await ada.get("/users/me")).json()["storage"]["used_bytes"] == 0
    assert (await ada.client.delete(f"/api/v1/tasks/trash/{kept['id']}")).status_code == 204


async def test_what_was_in_the_trash_for_thirty_days_is_removed(ada: Person) -> None:
    database = ada.api.platform.database
    for title in ("Old", "New"):
        task = (await ada.post("/tasks", json={"title": title})).json()
        (await ada.client.delete(f"/api/v1/tasks/{task['id']}")).raise_for_status()
    async with database.write() as tx:
        await tx.execute(
            "UPDATE tasks SET deleted_at = now() - interval '31 days' WHERE title = 'Old'"
        )

    removed = await trash.purge(database)

    assert removed == 1
    assert [one["title"] for one in (await ada.get("/tasks/trash")).json()["items"]] == ["New"]


async def test_what_was_done_long_ago_is_archived(ada: Person, ben: Person) -> None:
    database = ada.api.platform.database
    for person in (ada, ben):
        for title in ("Old", "New"):
            await person.post("/tasks", json={"title": title, "status": "done"})
    async with database.write() as tx:
        await tx.execute(
            "UPDATE tasks SET completed_at = now() - interval '91 days' WHERE title = 'Old'"
        )

    moved = await trash.archive(database, timedelta(days=90))

    assert moved == 2
    ada.client.cookies.clear()
    for person in (ada, ben):
        old = (await person.get("/tasks?status=archived")).json()["items"]
        assert [(one["title"], one["status"], one["version"]) for one in old] == [
            ("Old", "archived", 2)
        ]
        assert [one["title"] for one in (await person.get("/tasks?q=old")).json()["items"]] == [
            "Old"
        ]
        assert (await person.get("/tasks/stats")).json()["by_status"]["archived"] == 1


async def test_nothing_stays_of_an_account_that_is_gone(ada: Person, ben: Person) -> None:
    for person in (ada, ben):
        await person.post("/tasks", json={"title": "Now"})
        await person.post("/tasks", json={"title": "Then", "status": "archived"})
        await person.post("/tasks/views", json={"name": "All", "filters": {}})
    before = await _rows(ada.api.platform.database, ada.id)

    async with ada.api.platform.database.write() as tx:
        await ending.forget(tx, UUID(ada.id))

    assert all(before.values())
    assert not any((await _rows(ada.api.platform.database, ada.id)).values())
    assert await _rows(ada.api.platform.database, ben.id) == before


async def _rows(database: Database, owner: str) -> dict[str, int]:
    """How many rows of somebody's there are in each table."""
    async with database.read() as read:
        return {
            table: await read.fetch_value(
                f"SELECT count(*) FROM {table} WHERE owner_id = $1",  # noqa: S608  # literals
                UUID(owner),
            )
            for table in TABLES
        }
