"""Ends: of an account, of a project after thirty days, and what is left of them: nothing."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from backline.accounts.wiring import DOMAIN as ACCOUNTS
from backline.platform.mail import mail_settings
from backline.tasks import trash
from backline.tasks.services import task_services
from backline.tasks.wiring import DOMAIN
from tests.platform.jobs.working import eventually, value, working
from tests.support.things import Person
from tests.tasks.sharing import add, project, share, titles

# Every table of tasks, and how many rows of one person's it has.
ROWS = """
SELECT (SELECT count(*) FROM tasks WHERE owner_id = $1) +
  (SELECT count(*) FROM archived_tasks WHERE owner_id = $1) +
  (SELECT count(*) FROM task_counts WHERE owner_id = $1 AND project_id <> $2) +
  (SELECT count(*) FROM task_comments WHERE owner_id = $1) +
  (SELECT count(*) FROM task_attachments WHERE owner_id = $1) +
  (SELECT count(*) FROM project_invitations WHERE owner_id = $1) +
  (SELECT count(*) FROM task_reminders WHERE owner_id = $1) +
  (SELECT count(*) FROM projects WHERE owner_id = $1)
"""
OVER = "SELECT count(*) FROM jobs WHERE kind = 'tasks.purge-owner' AND state = 'done'"
NONE = UUID(int=0)


async def filled(owner: Person, guest: Person) -> str:
    """A project with something of everything in it, shared with a guest who is to do it."""
    made = await project(owner)
    await share(owner, made, guest, "editor")
    for status in ("todo", "done", "archived"):
        said = {"status": status, "assignee_id": guest.id}
        task = await add(owner, made, f"Task {status}", **said)
        where = f"/tasks/{task['id']}"
        await guest.post(f"{where}/comments", json={"text": f"@{owner.id}"})
        await guest.post(f"{where}/reminders", json={"before_due_s": 60})
        await owner.post(f"{where}/subtasks", json={"title": "Part"})
        await guest.post(f"{where}/attachments", files={"file": ("plan.txt", b"plan")})
    await owner.post(f"/projects/{made}/invitations", json={"rank": "viewer"})
    return made


async def rows(person: Person) -> int:
    async with person.api.platform.database.read() as read:
        return int(await read.fetch_value(ROWS, person.id, NONE))


async def end(person: Person) -> None:
    """Have an account end, and its tasks with it."""
    platform = person.api.platform
    mail = mail_settings(platform.settings)
    services: dict[str, object] = {job.kind: mail for job in ACCOUNTS.jobs}
    services |= {job.kind: task_services(platform) for job in DOMAIN.jobs}

    async def is_over() -> bool:
        return await value(platform.database, OVER) == 1

    async with working(platform.database, services=services):
        (await person.client.delete("/api/v1/users/me")).raise_for_status()
        await eventually(is_over)


async def test_an_owner_who_ends_takes_everything_along(ada: Person, ben: Person) -> None:
    tour = await filled(ada, ben)

    await end(ada)

    assert await rows(ada) == 0
    assert (await ben.client.get(f"/api/v1/projects/{tour}")).status_code == 404
    assert await titles(ben) == []
    stored = [file.key async for file in ada.api.platform.storage.list("attachments")]
    assert stored == []


async def test_a_member_who_ends_leaves_what_they_said_and_nothing_to_do(
    ada: Person, ben: Person
) -> None:
    tour = await filled(ada, ben)

    await end(ben)

    listed = (await ada.get(f"/tasks?project={tour}&status=todo,done,archived")).json()["items"]
    assert {one["status"] for one in listed} == {"todo", "done", "archived"}
    assert {one["assignee_id"] for one in listed} == {None}
    said = (await ada.get(f"/tasks/{listed[-1]['id']}/comments")).json()["items"]
    assert [one["author_id"] for one in said] in ([ben.id], [])
    members = (await ada.get(f"/projects/{tour}/members")).json()["items"]
    assert [one["user_id"] for one in members] == [ada.id]


async def test_a_project_ends_after_thirty_days_in_the_trash(ada: Person, ben: Person) -> None:
    tour, young = await filled(ada, ben), await project(ada, "Young")
    await add(ada, young, "Stays")
    used = (await ada.get("/users/me")).json()["storage"]["used_bytes"]
    for one in (tour, young):
        await ada.client.delete(f"/api/v1/projects/{one}")
    database = ada.api.platform.database
    async with database.write() as tx:
        long_ago = datetime.now(UTC) - timedelta(days=31)
        await tx.execute("UPDATE projects SET deleted_at = $2 WHERE id = $1", tour, long_ago)

    assert await trash.purge_projects(database) == 1

    gone = await ada.client.post(f"/api/v1/projects/{tour}/restore")
    await ada.post(f"/projects/{young}/restore")
    assert (used, gone.status_code) == (12, 404)
    assert (await ada.get("/users/me")).json()["storage"]["used_bytes"] == 0
    # What is young is there: its project, its task, the counts of that.
    assert await rows(ada) == 5
    assert await titles(ada) == ["Stays"]
    async with database.read() as read:
        assert await read.fetch_value("SELECT count(*) FROM memberships") == 0
