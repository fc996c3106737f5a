"""Times that nothing can reckon with: refused wherever they come in, and never in anybody's way."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from backline.tasks import reminders, times
from backline.tasks.models import Due, Filters
from tests.support.things import Person

STRANGE = [
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+05:00",
    "1899-12-31T23:59:59Z",
    "9999-01-01T00:00:00Z",
    "9999-12-31T23:59:59-05:00",
]
EARLY = "UPDATE tasks SET due_at = '0001-01-01T00:00:00Z' WHERE owner_id = $1 AND id = $2"


@pytest.mark.parametrize("at", STRANGE)
async def test_a_time_out_of_reach_is_refused_everywhere(ada: Person, at: str) -> None:
    task = (await ada.post("/tasks", json={"title": "Soundcheck"})).json()
    where, filters = f"/api/v1/tasks/{task['id']}", {"due_before": at}

    async def asked(method: str, path: str, body: Any = None, **query: str) -> int:
        answer = await ada.client.request(method, path, json=body, params=query)
        return answer.status_code

    assert {
        await asked("POST", "/api/v1/tasks", {"title": "x", "due_at": at}),
        await asked("POST", "/api/v1/tasks", {"title": "x", "start_at": at}),
        await asked("POST", f"{where}/subtasks", {"title": "x", "due_at": at}),
        await asked("POST", f"{where}/reminders", {"remind_at": at}),
        await asked("PATCH", where, {"due_at": at}),
        await asked("GET", "/api/v1/tasks", due_before=at),
        await asked("GET", "/api/v1/tasks", due_after=at),
        await asked("POST", "/api/v1/tasks/views", {"name": "x", "filters": filters}),
        await asked("POST", "/api/v1/tasks/exports", {"format": "csv", "filters": filters}),
    } == {422}
    form = {"operations": [{"op": "update", "id": task["id"], "patch": {"due_at": at}}]}
    [result] = (await ada.post("/tasks/batch", json=form)).json()["results"]
    assert result["status"] == 422


async def test_a_task_of_the_first_year_keeps_nobody_from_being_reminded(
    ada: Person, ben: Person
) -> None:
    old = (await ada.post("/tasks", json={"title": "Once"})).json()
    async with ada.api.platform.database.write() as tx:
        await tx.execute(EARLY, UUID(ada.id), UUID(old["id"]))  # as earlier versions took it
    where = f"/api/v1/tasks/{old['id']}/reminders"
    refused = await ada.client.post(where, json={"before_due_s": 3_600})
    new = (await ben.post("/tasks", json={"title": "Now", "due_at": "2020-01-01T00:00:00Z"})).json()
    await ben.post(f"/tasks/{new['id']}/reminders", json={"before_due_s": 3_600})

    assert refused.status_code == 422
    assert await reminders.remind(ada.api.platform.database) == 1


@pytest.mark.parametrize(
    ("due", "zone", "now", "window"),
    [
        ("today", "UTC", "2026-05-01T12:00:00", ("2026-05-01T00:00:00", "2026-05-02T00:00:00")),
        # It is tomorrow already.
        (
            "today",
            "Pacific/Kiritimati",
            "2026-05-01T12:00:00",
            ("2026-05-01T10:00:00", "2026-05-02T10:00:00"),
        ),
        # The clocks go forward: a day of 23 hours.
        (
            "today",
            "Europe/Berlin",
            "2026-03-29T12:00:00",
            ("2026-03-28T23:00:00", "2026-03-29T22:00:00"),
        ),
        # Back, in the middle of these seven days.
        (
            "week",
            "Europe/Berlin",
            "2026-10-22T12:00:00",
            ("2026-10-21T22:00:00", "2026-10-28T23:00:00"),
        ),
        ("overdue", "Asia/Tokyo", "2026-05-01T12:00:00", (None, "2026-05-01T12:00:00")),
    ],
)
def test_days_are_those_of_a_zone(
    due: Due, zone: str, now: str, window: tuple[str | None, str | None]
) -> None:
    meant = tuple(at and datetime.fromisoformat(at).replace(tzinfo=UTC) for at in window)
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)

    assert times.window(Filters(due=due, time_zone=zone), moment) == meant


def test_days_and_fixed_times_compose() -> None:
    now = datetime(2026, 5, 1, 12, tzinfo=UTC)
    narrow = Filters(due="today", due_after=now, due_before=now + timedelta(hours=1))
    wide = Filters(due="overdue", due_before=now + timedelta(days=9))

    assert times.window(narrow, now) == (now, now + timedelta(hours=1))
    assert times.window(wide, now) == (None, now)
