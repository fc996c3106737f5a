"""Saved views."""

import pytest

from tests.support.things import Person

URGENT = {"status": ["todo", "doing"], "priority": ["urgent"], "sort": "due_at"}


async def test_a_view_is_kept_changed_and_forgotten(ada: Person, ben: Person) -> None:
    made = (await ada.post("/tasks/views", json={"name": "Urgent", "filters": URGENT})).json()
    where = f"/api/v1/tasks/views/{made['id']}"

    renamed = await ada.client.patch(where, json={"name": "Now"})
    late = await ada.client.patch(where, json={"name": "No"}, headers={"If-Match": '"1.x"'})
    theirs = [await ben.client.patch(where, json={"name": "No"}), await ben.client.delete(where)]
    listed = (await ada.get("/tasks/views")).json()["items"]
    (await ada.client.delete(where)).raise_for_status()

    assert made["filters"] == URGENT
    assert (renamed.json()["name"], renamed.json()["filters"]) == ("Now", URGENT)
    assert late.status_code == 412
    assert [answer.status_code for answer in theirs] == [404, 404]
    assert listed == [renamed.json()]
    assert (await ada.get("/tasks/views")).json()["items"] == []


async def test_a_hundred_views_are_enough(ada: Person) -> None:
    for number in range(100):
        await ada.post("/tasks/views", json={"name": f"View {number}", "filters": {}})

    answer = await ada.client.post("/api/v1/tasks/views", json={"name": "More", "filters": {}})

    assert answer.status_code == 409
    assert "100" in answer.json()["detail"]


async def test_a_view_keeps_what_moves_on_with_the_days(ada: Person) -> None:
    filters = {"due": "today", "time_zone": "Pacific/Kiritimati"}

    made = (await ada.post("/tasks/views", json={"name": "Today", "filters": filters})).json()

    assert made["filters"] == filters
    assert (await ada.get("/tasks/views")).json()["items"] == [made]


@pytest.mark.parametrize("said", [{"due": "yesterday"}, {"due": "week", "time_zone": "Mars/Ares"}])
async def test_days_that_there_are_not_are_refused(ada: Person, said: dict[str, str]) -> None:
    kept = await ada.client.post("/api/v1/tasks/views", json={"name": "No", "filters": said})
    listed = await ada.client.get("/api/v1/tasks", params=said)

    assert kept.status_code in (400, 422)
    assert listed.status_code == 422
