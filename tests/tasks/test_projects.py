"""Projects: made, changed, archived, deleted and restored, and the tasks in them."""

import pytest

from tests.support.things import Person
from tests.tasks.sharing import add, project, share, titles

pytestmark = pytest.mark.slow


async def test_a_project_is_made_changed_and_listed_by_name(ada: Person, ben: Person) -> None:
    await project(ben, "Elsewhere")
    tour = await project(ada, " The Tour ")
    await project(ada, "Ångström sessions")
    tag = (await ada.get(f"/projects/{tour}")).headers["etag"]

    changed = await ada.client.patch(
        f"/api/v1/projects/{tour}",
        json={"colour": "teal", "description": "*All* of it"},
        headers={"If-Match": tag},
    )
    late = await ada.client.patch(
        f"/api/v1/projects/{tour}", json={"name": "Late"}, headers={"If-Match": tag}
    )

    listed = (await ada.get("/projects")).json()["items"]
    assert [one["name"] for one in listed] == ["Ångström sessions", "The Tour"]
    assert listed[1] == changed.json()
    assert (listed[1]["rank"], listed[1]["owner_name"], listed[1]["version"]) == (
        "owner",
        "Somebody",
        2,
    )
    assert late.status_code == 412


async def test_a_list_shows_what_is_mine_and_what_is_shared_with_me(
    ada: Person, ben: Person
) -> None:
    tour, secret = await project(ada), await project(ada, "Secret")
    await share(ada, tour, ben, "viewer")
    await add(ada, None, "Adas own")
    await add(ada, secret, "Adas secret van")
    shared = await add(ada, tour, "Book the van", labels=["travel"], assignee_id=ben.id)
    await add(ada, tour, "Visas", due_at="2026-01-01T00:00:00Z")
    await add(ben, None, "Bens own van")

    assert await titles(ben) == ["Bens own van", "Visas", "Book the van"]
    assert await titles(ben, f"project={tour}") == ["Visas", "Book the van"]
    assert await titles(ben, "project=none") == ["Bens own van"]
    assert await titles(ben, "q=van") == ["Bens own van", "Book the van"]
    assert await titles(ben, "label=travel") == ["Book the van"]
    assert await titles(ben, "assignee=me") == ["Book the van"]
    assert await titles(ben, "assignee=none&sort=title") == ["Bens own van", "Visas"]
    assert await titles(ben, "sort=due_at&limit=1") == ["Visas"]
    assert len(await titles(ada)) == 4
    stats = (await ben.get("/tasks/stats")).json()
    assert (stats["total"], stats["overdue"]) == (3, 1)
    assert (await ben.get(f"/tasks/stats?project={tour}")).json()["total"] == 2
    assert (await ben.get("/tasks/stats?project=none")).json()["total"] == 1
    assert (await ben.get(f"/tasks/{shared['id']}")).json() == shared
    for where in (f"/tasks?project={secret}", f"/tasks/stats?project={secret}"):
        assert (await ben.client.get(f"/api/v1{where}")).status_code == 404


async def test_pages_over_own_and_shared_tasks_are_one_list(ada: Person, ben: Person) -> None:
    tour = await project(ada)
    await share(ada, tour, ben, "viewer")
    for number in range(4):
        await add(ada, tour, f"Shared {number}", priority="low" if number % 2 else "urgent")
        await add(ben, None, f"Own {number}", status="archived" if number == 3 else "todo")
    for sort in ("created_at", "-created_at", "due_at", "-priority", "title", "position"):
        for query in (f"sort={sort}", f"sort={sort}&status=todo,archived", f"sort={sort}&q=sha"):
            whole = await titles(ben, f"{query}&limit=100")
            found: list[str] = []
            cursor = ""
            while True:
                page = (await ben.get(f"/tasks?{query}&limit=3{cursor}")).json()
                found += [one["title"] for one in page["items"]]
                if page["next_cursor"] is None:
                    break
                cursor = f"&cursor={page['next_cursor']}"
            assert found == whole, query
            assert len(whole) == (4 if "q=" in query else 8 if "archived" in query else 7)


async def test_an_archived_project_is_read_only_and_out_of_lists(ada: Person, ben: Person) -> None:
    tour = await project(ada)
    await share(ada, tour, ben, "editor")
    task = await add(ben, tour, "Book the van")
    await ada.client.patch(f"/api/v1/projects/{tour}", json={"archived": True})

    assert (await titles(ada), await titles(ben)) == ([], [])
    assert (await ben.get("/tasks/stats")).json()["total"] == 0
    assert (await ada.get("/tasks/stats")).json()["total"] == 0
    assert await titles(ben, f"project={tour}") == ["Book the van"]
    for person in (ada, ben):
        where = f"/api/v1/tasks/{task['id']}"
        refused = [
            await person.client.patch(where, json={"title": "Late"}),
            await person.client.delete(where),
            await person.client.post("/api/v1/tasks", json={"title": "x", "project_id": tour}),
        ]
        assert [answer.status_code for answer in refused] == [409, 409, 409]

    await ada.client.patch(f"/api/v1/projects/{tour}", json={"archived": False})
    assert await titles(ben) == ["Book the van"]


async def test_a_deleted_project_is_gone_with_all_in_it_and_comes_back(
    ada: Person, ben: Person
) -> None:
    tour = await project(ada)
    await share(ada, tour, ben, "editor")
    task = await add(ben, tour, "Book the van")

    (await ada.client.delete(f"/api/v1/projects/{tour}")).raise_for_status()

    for person in (ada, ben):
        assert await titles(person) == []
        for where in (f"projects/{tour}", f"tasks/{task['id']}", f"tasks?project={tour}"):
            assert (await person.client.get(f"/api/v1/{where}")).status_code == 404
        late = await person.client.patch(f"/api/v1/tasks/{task['id']}", json={"title": "Late"})
        assert late.status_code == 404
    assert [one["deleted_at"] is None for one in (await ada.get("/projects")).json()["items"]] == [
        False
    ]
    assert (await ben.get("/projects")).json()["items"] == []

    await ada.post(f"/projects/{tour}/restore")
    assert (await ben.get(f"/tasks/{task['id']}")).json() == task
    assert await titles(ben) == ["Book the van"]


async def test_a_task_goes_into_another_project_of_the_same_owner(ada: Person, ben: Person) -> None:
    tour, studio, bens = await project(ada), await project(ada, "Studio"), await project(ben)
    await share(ada, tour, ben, "editor")
    await share(ben, bens, ada, "editor")
    task = await add(ben, tour, "Book the van", assignee_id=ben.id)
    where = f"/api/v1/tasks/{task['id']}"

    unseen = await ben.client.patch(where, json={"project_id": studio})
    out = await ben.client.patch(where, json={"project_id": None})
    to_another = await ada.client.patch(where, json={"project_id": bens})
    moved = await ada.client.patch(where, json={"project_id": studio})

    assert [unseen.status_code, out.status_code, to_another.status_code] == [404, 403, 409]
    assert (moved.json()["project_id"], moved.json()["assignee_id"]) == (studio, None)
    assert await titles(ben) == []
    assert (await ben.client.get(where)).status_code == 404
    assert (await ada.get(f"/tasks/stats?project={tour}")).json()["total"] == 0
    assert (await ada.get(f"/tasks/stats?project={studio}")).json()["total"] == 1
    back = await ada.client.patch(where, json={"project_id": None})
    assert back.json()["project_id"] is None


async def test_positions_are_a_projects_own(ada: Person, ben: Person) -> None:
    tour = await project(ada)
    await share(ada, tour, ben, "editor")
    own = await add(ben, None, "Own")
    first, second, third = [await add(ben, tour, title) for title in ("One", "Two", "Three")]

    await ben.post(f"/tasks/{third['id']}/move", json={"after_id": first["id"]})
    front = await ben.post(f"/tasks/{second['id']}/move", json={"after_id": None, "status": "done"})
    behind = {"after_id": own["id"]}
    elsewhere = await ben.client.post(f"/api/v1/tasks/{first['id']}/move", json=behind)

    assert front.json()["status"] == "done"
    assert elsewhere.status_code == 404
    assert await titles(ada, f"project={tour}&sort=position") == ["Two", "One", "Three"]


async def test_what_comes_back_is_seen_at_once_also_by_those_who_wrote_nothing(
    ada: Person, ben: Person
) -> None:
    tour = await project(ada)
    await share(ada, tour, ben, "viewer")
    await add(ada, tour, "Book the van")

    async def seen() -> tuple[list[str], int, int]:
        """As the caches have it: whoever wrote just now passes them by, by a cookie."""
        ben.client.cookies.clear()
        total = (await ben.get("/tasks/stats")).json()["total"]
        return await titles(ben), total, len((await ben.get("/projects")).json()["items"])

    where = f"/api/v1/projects/{tour}"
    assert await seen() == (["Book the van"], 1, 1)
    await ada.client.patch(where, json={"archived": True})
    assert await seen() == ([], 0, 1)
    await ada.client.patch(where, json={"archived": False})
    assert await seen() == (["Book the van"], 1, 1)
    await ada.client.delete(where)
    assert await seen() == ([], 0, 0)
    await ada.post(f"/projects/{tour}/restore")
    assert await seen() == (["Book the van"], 1, 1)
