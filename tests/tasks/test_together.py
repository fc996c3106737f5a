"""Many at once: one writer wins a version, and one keyed request makes one task."""

import asyncio
from uuid import uuid4

import pytest

from tests.support.things import Person
from tests.tasks.sharing import add, project, share

pytestmark = pytest.mark.slow

WRITERS = 100
TWINS = 50
ROUNDS = 3


async def test_of_a_hundred_writers_one_wins_each_version(ada: Person) -> None:
    where = (await ada.post("/tasks", json={"title": "Contested"})).json()["id"]
    for number in range(ROUNDS):
        tag = (await ada.get(f"/tasks/{where}")).headers["etag"]

        answers = await asyncio.gather(
            *(
                ada.client.patch(
                    f"/api/v1/tasks/{where}",
                    json={"title": f"Round {number}, writer {writer}"},
                    headers={"If-Match": tag},
                )
                for writer in range(WRITERS)
            )
        )

        won = [answer for answer in answers if answer.status_code == 200]
        assert [answer.status_code for answer in answers].count(412) == WRITERS - 1
        assert len(won) == 1
        assert (await ada.get(f"/tasks/{where}")).json() == won[0].json()
        assert won[0].json()["version"] == number + 2


async def test_of_two_members_who_write_the_same_version_one_wins(ada: Person, ben: Person) -> None:
    tour = await project(ada)
    await share(ada, tour, ben, "editor")
    where = (await add(ada, tour, "Contested"))["id"]
    for number in range(ROUNDS):
        tags = [(await person.get(f"/tasks/{where}")).headers["etag"] for person in (ada, ben)]

        answers = await asyncio.gather(
            *(
                person.client.patch(
                    f"/api/v1/tasks/{where}",
                    json={"title": f"Round {number}, writer {writer}"},
                    headers={"If-Match": tag},
                )
                for writer in range(WRITERS // 2)
                for person, tag in zip((ada, ben), tags, strict=True)
            )
        )

        won = [answer for answer in answers if answer.status_code == 200]
        assert [answer.status_code for answer in answers].count(412) == WRITERS - 1
        assert len(won) == 1
        assert (await ben.get(f"/tasks/{where}")).json() == won[0].json()


async def test_fifty_twins_of_a_request_make_one_task_and_are_told_the_same(ada: Person) -> None:
    key = {"Idempotency-Key": uuid4().hex}

    answers = await asyncio.gather(
        *(
            ada.client.post("/api/v1/tasks", json={"title": "Once"}, headers=key)
            for _ in range(TWINS)
        )
    )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len((await ada.get("/tasks")).json()["items"]) == 1
    assert (await ada.get("/tasks/stats")).json()["total"] == 1


async def test_counts_are_right_after_many_changes_at_once(ada: Person) -> None:
    made = await asyncio.gather(
        *(ada.post("/tasks", json={"title": f"Task {number}"}) for number in range(40))
    )
    ids = [answer.json()["id"] for answer in made]

    await asyncio.gather(
        *(
            ada.client.patch(f"/api/v1/tasks/{task_id}", json={"status": status})
            for task_id in ids
            for status in ("doing", "done", "archived", "todo")
        ),
        *(
            ada.post(
                "/tasks/batch", json={"operations": [{"op": "delete", "id": one} for one in part]}
            )
            for part in (ids[:10], list(reversed(ids[5:15])))
        ),
    )

    stats = (await ada.get("/tasks/stats")).json()
    left = (await ada.get("/tasks?status=todo,doing,done,archived&limit=100")).json()["items"]
    assert stats["total"] == len(left) == 25
    assert stats["by_status"] == {
        status: sum(task["status"] == status for task in left)
        for status in ("todo", "doing", "done", "archived")
    }
