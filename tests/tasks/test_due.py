"""What is due soon: told a day before to whom it concerns, once for each time."""

from datetime import UTC, datetime, timedelta
from typing import Any

from backline.tasks import due
from tests.support.things import Person
from tests.tasks.sharing import add, project, share


def at(**later: float) -> str:
    """A time from now."""
    return (datetime.now(UTC) + timedelta(**later)).isoformat()


async def told(person: Person) -> list[str]:
    """Of which tasks somebody was told that they are due, the newest first."""
    items = (await person.get("/notifications")).json()["items"]
    return [one["path"] for one in items if one["kind"] == "tasks.due"]


async def a_day_passes(person: Person) -> int:
    """Have everything be due a day earlier, and tell whom it concerns."""
    database = person.api.platform.database
    async with database.write() as tx:
        await tx.execute("UPDATE tasks SET due_at = due_at - interval '1 day'")
        await tx.execute("UPDATE task_due_told SET due_at = due_at - interval '1 day'")
    return await due.tell(database)


def page(task: dict[str, Any]) -> str:
    return f"/tasks/{task['id']}"


async def test_whoever_is_to_do_it_is_told_once_a_day_before(ada: Person, ben: Person) -> None:
    database = ada.api.platform.database
    tour, old = await project(ada), await project(ada, "Old")
    await share(ada, tour, ben, "viewer")
    when = at(hours=30)
    await add(ada, None, "Soon enough", due_at=at(hours=5))
    assert await due.tell(database) == 0
    own = await add(ada, None, "Own", due_at=when)
    bens = await add(ada, tour, "Bens", due_at=when, assignee_id=ben.id)
    await add(ada, tour, "Nobodys", due_at=when)
    await add(ada, old, "Put away", due_at=when, assignee_id=ada.id)
    await add(ada, None, "Done", due_at=when, status="done")
    await add(ada, None, "Later", due_at=at(hours=60))
    await ada.client.patch(f"/api/v1/projects/{old}", json={"archived": True})
    assert await due.tell(database) == 0

    await a_day_passes(ada)
    await due.tell(database)

    assert (await told(ada), await told(ben)) == ([page(own)], [page(bens)])
    await ada.client.patch(f"/api/v1{page(own)}", json={"due_at": at(hours=40)})
    await a_day_passes(ada)
    assert (await told(ada)).count(page(own)) == 2


async def test_many_at_the_same_moment_are_all_told(ada: Person) -> None:
    await due.tell(ada.api.platform.database)
    when = at(hours=30)
    form = {"op": "create", "task": {"title": "Due", "due_at": when}}
    await ada.post("/tasks/batch", json={"operations": [form] * 450})

    assert await a_day_passes(ada) == 450
    assert await due.tell(ada.api.platform.database) == 0
