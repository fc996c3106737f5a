"""Statistics: kept by every change, and what counting would give."""

import random
from datetime import UTC, datetime, timedelta

from tests.support.things import Person

STATUSES = ("todo", "doing", "done", "archived")
PRIORITIES = ("low", "medium", "high", "urgent")


async def test_nothing_is_all_zeros(ada: Person) -> None:
    stats = (await ada.get("/tasks/stats")).json()

    assert stats["total"] == stats["overdue"] == stats["completion"] == 0
    assert len(stats["weeks"]) == 12
    assert datetime.fromisoformat(stats["weeks"][-1]["begins_on"]).weekday() == 0


async def test_statistics_are_what_counting_gives(ada: Person, ben: Person) -> None:
    draw = random.Random(8)  # noqa: S311  # no secret
    await ben.post("/tasks", json={"title": "Not ada's"})
    now = datetime.now(UTC)
    for _ in range(25):
        await ada.post("/tasks/batch", json={"operations": await _some(ada, draw, now)})

        stats = (await ada.get("/tasks/stats")).json()
        tasks = await _all(ada)
        open_ones = [task for task in tasks if task["status"] in ("todo", "doing")]
        overdue = [t for t in open_ones if t["due_at"] and t["due_at"] < now.isoformat()]
        done = [task for task in tasks if task["completed_at"]]
        assert stats["total"] == len(tasks)
        assert stats["by_status"] == _tally(tasks, "status", STATUSES)
        assert stats["open_by_priority"] == _tally(open_ones, "priority", PRIORITIES)
        assert stats["overdue"] == len(overdue)
        assert stats["completion"] == (round(len(done) / len(tasks), 4) if tasks else 0)
        assert sum(week["created"] for week in stats["weeks"]) == len(tasks)
        assert sum(week["completed"] for week in stats["weeks"]) == len(done)


async def _some(person: Person, draw: random.Random, now: datetime) -> list[dict[str, object]]:
    """A few operations on whatever there is."""
    ids = [task["id"] for task in await _all(person)] or [person.id]
    gone = [task["id"] for task in (await person.get("/tasks/trash")).json()["items"]]
    due_at = (now + timedelta(days=draw.choice((-2, 2)))).isoformat()
    return [
        {
            "op": "create",
            "task": {
                "title": "A task",
                "status": draw.choice(STATUSES),
                "priority": draw.choice(PRIORITIES),
                "due_at": draw.choice((None, due_at)),
            },
        },
        {"op": "update", "id": draw.choice(ids), "patch": {"status": draw.choice(STATUSES)}},
        {"op": "update", "id": draw.choice(ids), "patch": {"priority": draw.choice(PRIORITIES)}},
        {"op": "delete", "id": draw.choice(ids)},
        {"op": "restore", "id": draw.choice(gone or ids)},
    ]


async def _all(person: Person) -> list[dict[str, object]]:
    answer = await person.get("/tasks?status=todo,doing,done,archived&limit=100")
    return answer.json()["items"]


def _tally(tasks: list[dict[str, object]], field: str, names: tuple[str, ...]) -> dict[str, int]:
    return {name: sum(task[field] == name for task in tasks) for name in names}
