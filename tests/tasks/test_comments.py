"""Comments: said, changed and removed by who said them, and whom they mention."""

from typing import Any

import pytest

from tests.support.things import Person
from tests.tasks.sharing import add, project, share

pytestmark = pytest.mark.slow


async def say(person: Person, task: dict[str, Any], text: str) -> dict[str, Any]:
    """A comment on a task."""
    where = f"/tasks/{task['id']}/comments"
    return dict((await person.post(where, json={"text": text})).json())


async def told(person: Person) -> list[tuple[str, str]]:
    """What somebody was told, the newest first."""
    items = (await person.get("/notifications")).json()["items"]
    return [(one["kind"], one["path"]) for one in items]


@pytest.fixture
async def cleo(ada: Person) -> Person:
    person = Person(ada.api, "cleo@example.org")
    await person.sign_in()
    return person


async def test_comments_are_paged_the_newest_first_and_counted(ada: Person, ben: Person) -> None:
    tour = await project(ada)
    await share(ada, tour, ben, "commenter")
    task = await add(ada, tour, "Book the van")
    said = [await say(ben, task, f"Comment {number}") for number in range(5)]

    first = (await ada.get(f"/tasks/{task['id']}/comments?limit=3")).json()
    where = f"/tasks/{task['id']}/comments?limit=3&cursor={first['next_cursor']}"
    rest = (await ada.get(where)).json()

    assert first["items"] + rest["items"] == said[::-1]
    assert rest["next_cursor"] is None
    assert (said[0]["author_name"], said[0]["author_id"]) == ("Somebody", ben.id)
    assert (await ada.get(f"/tasks/{task['id']}")).json()["comment_count"] == 5
    assert (await ada.get("/tasks")).json()["items"][0]["comment_count"] == 5


async def test_only_who_wrote_it_changes_a_comment_and_the_owner_may_remove_it(
    ada: Person, ben: Person, cleo: Person
) -> None:
    tour = await project(ada)
    await share(ada, tour, ben, "commenter")
    await share(ada, tour, cleo, "editor")
    task, other = await add(ada, tour, "Book the van"), await add(ada, tour, "Visas")
    said = await say(ben, task, "Which?")
    where = f"/api/v1/tasks/{task['id']}/comments/{said['id']}"

    theirs = [await cleo.client.patch(where, json={"text": "x"}), await cleo.client.delete(where)]
    owners = await ada.client.patch(where, json={"text": "x"})
    misplaced = await ben.client.patch(
        f"/api/v1/tasks/{other['id']}/comments/{said['id']}", json={"text": "x"}
    )
    changed = await ben.client.patch(where, json={"text": "Which one?"})
    late = await ben.client.patch(where, json={"text": "x"}, headers={"If-Match": '"1"'})
    removed = await ada.client.delete(where)

    assert [one.status_code for one in (*theirs, owners)] == [403, 403, 403]
    assert (misplaced.status_code, late.status_code, removed.status_code) == (404, 412, 204)
    assert (changed.json()["text"], changed.json()["version"]) == ("Which one?", 2)
    assert changed.json()["edited_at"] is not None
    assert (await ada.get(f"/tasks/{task['id']}")).json()["comment_count"] == 0


async def test_members_are_mentioned_and_nobody_else(
    ada: Person, ben: Person, cleo: Person
) -> None:
    tour = await project(ada)
    await share(ada, tour, ben, "viewer")
    task = await add(ada, tour, "Book the van")
    page = f"/tasks/{task['id']}"

    said = await say(ada, task, f"@{ben.id} and @{cleo.id}, @{ben.id.upper()}, @{ada.id}: @nobody?")

    assert said["mentions"] == [ben.id, ada.id]
    assert await told(ben) == [("tasks.mentioned", page)]
    assert (await told(cleo), await told(ada)) == ([], [])
    where = f"/api/v1/tasks/{task['id']}/comments/{said['id']}"
    await share(ada, tour, cleo, "viewer")
    again = await ada.client.patch(where, json={"text": f"@{ben.id} @{cleo.id}"})
    assert again.json()["mentions"] == [ben.id, cleo.id]
    assert await told(cleo) == [("tasks.mentioned", page)]
    assert len(await told(ben)) == 1
    await ada.client.patch(where, json={"text": "Nobody"})
    await ada.client.patch(where, json={"text": f"@{ben.id} @{ben.id.upper()} again"})
    assert len(await told(ben)) == 1


async def test_those_whom_a_task_concerns_are_told_and_not_who_acts(
    ada: Person, ben: Person, cleo: Person
) -> None:
    tour = await project(ada)
    await share(ada, tour, ben, "editor")
    await share(ada, tour, cleo, "editor")
    task = await add(ada, tour, "Book the van", assignee_id=ben.id)
    page = f"/tasks/{task['id']}"

    await say(cleo, task, "Nine seats")
    await ben.client.patch(f"/api/v1{page}", json={"assignee_id": cleo.id})
    await ben.client.patch(f"/api/v1{page}", json={"assignee_id": ben.id})

    assert await told(ben) == [("tasks.commented", page), ("tasks.assigned", page)]
    assert await told(ada) == [("tasks.commented", page)]
    assert await told(cleo) == [("tasks.assigned", page)]


async def test_what_is_done_is_given_to_nobody_and_what_is_archived_is_nobodys_to_do(
    ada: Person, ben: Person
) -> None:
    tour = await project(ada)
    await share(ada, tour, ben, "editor")
    await add(ada, tour, "Done", status="done", assignee_id=ben.id)
    old = await add(ada, tour, "Old", status="archived", assignee_id=ben.id)
    given = await add(ada, tour, "Given", assignee_id=ben.id)
    await ada.client.patch(f"/api/v1/tasks/{given['id']}", json={"status": "archived"})

    await say(ada, old, "Long ago")
    await say(ada, given, "Over")

    assert await told(ben) == [("tasks.assigned", f"/tasks/{given['id']}")]


async def test_a_private_task_has_its_owners_notes(ada: Person, ben: Person) -> None:
    task = await add(ada, None, "Own")

    said = await say(ada, task, f"@{ben.id}")

    assert said["mentions"] == []
    answer = await ben.client.get(f"/api/v1/tasks/{task['id']}/comments")
    assert answer.status_code == 404


async def test_what_is_in_the_trash_takes_no_comments(ada: Person) -> None:
    task = await add(ada, None, "Own")
    await ada.client.delete(f"/api/v1/tasks/{task['id']}")

    answer = await ada.client.post(f"/api/v1/tasks/{task['id']}/comments", json={"text": "x"})

    assert answer.status_code == 404


async def test_what_is_said_of_a_task_that_left_its_project_is_told_to_nobody(
    ada: Person, ben: Person
) -> None:
    tour = await project(ada)
    await share(ada, tour, ben, "editor")
    task = await add(ben, tour, "Book the van")
    await say(ada, task, "In the project")
    seen = await told(ben)
    await ada.client.patch(f"/api/v1/tasks/{task['id']}", json={"project_id": None})

    await say(ada, task, "For myself alone")

    assert [kind for kind, _ in seen] == ["tasks.commented"]
    assert await told(ben) == seen
