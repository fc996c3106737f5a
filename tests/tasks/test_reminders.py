"""Reminders: at their time, once, and only of what somebody still sees and has to do."""

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from backline.tasks import reminders
from tests.platform.jobs.working import eventually
from tests.support.api import serving_api
from tests.support.chance import chance
from tests.support.things import Person
from tests.support.tree import ROOT
from tests.tasks import reminding
from tests.tasks.sharing import add, project, share

pytestmark = pytest.mark.slow

MANY = 300
PAST = {"remind_at": "2026-01-01T00:00:00Z"}
_LEFT = "SELECT count(*) FROM task_reminders WHERE reminded_at IS NULL"
DONE = "UPDATE tasks SET status = 'done', completed_at = now() WHERE id = $1"
_TOLD = "SELECT count(*) FROM notices WHERE kind = 'tasks.reminder'"


def statements() -> int:
    return int(REGISTRY.get_sample_value("backline_database_statements_total") or 0)


async def told(person: Person) -> list[str]:
    """Which tasks somebody was reminded of, the newest first."""
    items = (await person.get("/notifications")).json()["items"]
    return [one["path"] for one in items if one["kind"] == "tasks.reminder"]


async def left_over(person: Person) -> int:
    """How many reminders are still to be told."""
    async with person.api.platform.database.read() as read:
        return int(await read.fetch_value(_LEFT))


async def remind(person: Person, task_id: str, **said: object) -> None:
    await person.post(f"/tasks/{task_id}/reminders", json=said)


async def test_a_reminder_keeps_its_distance_to_the_time_that_a_task_is_due(ada: Person) -> None:
    task = await add(ada, None, "Book the van")
    where = f"/tasks/{task['id']}"
    await remind(ada, task["id"], before_due_s=3600)
    undue = (await ada.get(f"{where}/reminders")).json()["items"][0]
    await ada.client.patch(f"/api/v1{where}", json={"due_at": "2030-05-01T09:00:00Z"})
    due = (await ada.get(f"{where}/reminders")).json()["items"][0]
    assert (undue["remind_at"], due["remind_at"]) == (None, "2030-05-01T08:00:00Z")

    assert await reminders.remind(ada.api.platform.database) == 0
    soon = datetime.now(UTC) + timedelta(minutes=5)
    await ada.client.patch(f"/api/v1{where}", json={"due_at": soon.isoformat()})
    assert await reminders.remind(ada.api.platform.database) == 1
    assert await reminders.remind(ada.api.platform.database) == 0
    later = soon + timedelta(days=1)
    await ada.client.patch(f"/api/v1{where}", json={"due_at": later.isoformat()})

    again = (await ada.get(f"{where}/reminders")).json()["items"][0]
    assert again["reminded_at"] is None
    assert await told(ada) == [where]


async def test_everybody_has_reminders_of_their_own(ada: Person, ben: Person) -> None:
    tour = await project(ada)
    await share(ada, tour, ben, "viewer")
    task = await add(ada, tour, "Book the van")
    where = f"/tasks/{task['id']}/reminders"
    await remind(ben, task["id"], **PAST)
    [bens] = (await ben.get(where)).json()["items"]

    assert (await ada.get(where)).json()["items"] == []
    assert (await ada.client.delete(f"/api/v1{where}/{bens['id']}")).status_code == 404
    assert await reminders.remind(ada.api.platform.database) == 1
    assert (len(await told(ben)), len(await told(ada))) == (1, 0)


async def test_who_sees_a_task_no_more_or_has_done_it_is_not_reminded(
    ada: Person, ben: Person
) -> None:
    tour = await project(ada)
    await share(ada, tour, ben, "editor")
    left, done, deleted = [await add(ada, tour, title) for title in ("Left", "Done", "Deleted")]
    old = await add(ada, tour, "Old", status="archived")
    away = await add(ada, put_away := await project(ada, "Away"), "Away")
    reminded = ((left, ben), (done, ada), (deleted, ada), (old, ada), (away, ada))
    for task, person in reminded:
        await remind(person, task["id"], **PAST)
    await ada.client.patch(f"/api/v1/projects/{put_away}", json={"archived": True})
    await ada.client.patch(f"/api/v1/tasks/{done['id']}", json={"status": "done"})
    await ada.client.delete(f"/api/v1/tasks/{deleted['id']}")
    await ben.client.delete(f"/api/v1/projects/{tour}/members/{ben.id}")

    assert await reminders.remind(ada.api.platform.database) == 0
    assert await told(ben) == await told(ada) == []
    assert await left_over(ada) == 0


async def test_what_is_done_at_that_moment_is_not_told_and_nobody_waits(ada: Person) -> None:
    busy, gone, free = [await add(ada, None, title) for title in ("Busy", "Gone", "Free")]
    for task in (busy, gone, free):
        await remind(ada, task["id"], **PAST)
    database = ada.api.platform.database
    async with database.write() as tx:
        await tx.execute(DONE, busy["id"])
        await tx.execute("UPDATE tasks SET deleted_at = now() WHERE id = $1", gone["id"])
        assert await asyncio.wait_for(reminders.remind(database), 30) == 1
        assert await left_over(ada) == 2

    assert await reminders.remind(database) == 0
    assert await left_over(ada) == 0
    assert await told(ada) == [f"/tasks/{free['id']}"]


async def test_many_are_told_by_as_many_statements_as_one(dsn: str, tmp_path: Path) -> None:
    taken: list[int] = []
    async with serving_api(dsn, tmp_path, quiet=True) as api:
        ada = Person(api, "ada@example.org")
        await ada.sign_in()
        tour = await project(ada)
        for many in (1, 30):
            for number in range(many):
                task = await add(ada, tour, f"Task {number}")
                await remind(ada, task["id"], **PAST)
            before = statements()
            assert await reminders.remind(api.platform.database) == many
            taken.append(statements() - before)

    assert taken[0] == taken[1] > 0


async def test_one_time_is_named_and_ten_reminders_are_enough(ada: Person) -> None:
    task = await add(ada, None, "Book the van")
    where = f"/api/v1/tasks/{task['id']}/reminders"

    none = await ada.client.post(where, json={})
    both = await ada.client.post(where, json={**PAST, "before_due_s": 60})
    for _ in range(10):
        await remind(ada, task["id"], before_due_s=60)
    more = await ada.client.post(where, json=PAST)

    assert [one.status_code for one in (none, both, more)] == [422, 422, 409]


@pytest.mark.chaos
@pytest.mark.slow
@pytest.mark.draws
async def test_each_reminds_once_however_often_workers_are_killed(ada: Person, dsn: str) -> None:
    task = await add(ada, None, "Book the van")
    database = ada.api.platform.database
    async with database.write() as tx:
        await tx.execute(
            "INSERT INTO task_reminders (user_id, id, owner_id, task_id, remind_at) "
            "SELECT $1, gen_random_uuid(), $1, $2, now() - n * interval '1 s' "
            "FROM generate_series(1, $3::int) n",
            ada.id,
            task["id"],
            MANY,
        )
    luck = chance("reminders")

    async def work() -> None:
        """Worker after worker, each killed soon after it began to remind."""
        while await left() > 0:
            env = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
            worker = await asyncio.create_subprocess_exec(
                sys.executable, str(Path(reminding.__file__)), dsn, env=env, stdout=-1
            )
            try:
                await begun(worker)
                await asyncio.sleep(luck.random() * 0.2)
            finally:
                worker.kill()
                await worker.wait()

    async def left() -> int:
        async with database.read() as read:
            return int(await read.fetch_value(_LEFT))

    async def begun(worker: asyncio.subprocess.Process) -> None:
        before = await left()

        async def has_begun() -> bool:
            return worker.returncode is not None or await left() < before or before == 0

        await eventually(has_begun)

    await asyncio.gather(work(), work())

    async with database.read() as read:
        assert await read.fetch_value(_TOLD) == MANY
