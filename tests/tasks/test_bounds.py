"""What somebody may have so many of: two who add at once don't both get the last place."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from backline.platform.actor import Actor
from backline.platform.database import Write
from backline.tasks import exports, projects, reminders, views
from backline.tasks.exports import ExportForm
from backline.tasks.models import Filters
from backline.tasks.projects import ProjectForm
from backline.tasks.reminders import ReminderForm
from backline.tasks.views import ViewForm
from tests.platform.jobs.working import eventually, value
from tests.support.things import Person
from tests.tasks.sharing import add

WAITING = """
SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
MOST = {
    "reminders": reminders.MOST,
    "views": views.MOST,
    "exports": exports.MOST,
    "projects": projects.MOST,
}


@pytest.mark.parametrize("what", MOST)
async def test_the_last_place_is_given_once(ada: Person, what: str) -> None:
    platform = ada.api.platform
    actor = Actor(UUID(ada.id), "user", UUID(ada.id))
    task_id = UUID((await add(ada, None, "Book the van"))["id"])
    paths: dict[str, tuple[str, dict[str, Any]]] = {
        "reminders": (f"/tasks/{task_id}/reminders", {"before_due_s": 60}),
        "views": ("/tasks/views", {"name": "All", "filters": {}}),
        "exports": ("/tasks/exports", {"format": "csv"}),
        "projects": ("/projects", {"name": "Tour"}),
    }
    path, form = paths[what]

    async def make(tx: Write) -> None:
        match what:
            case "reminders":
                await reminders.create(tx, actor, task_id, ReminderForm(before_due_s=60))
            case "views":
                await views.create(tx, actor, ViewForm("All", Filters()))
            case "exports":
                await exports.create(tx, actor, ExportForm("csv"), platform.signer)
            case _:
                await projects.create(tx, actor, ProjectForm("Tour"))

    async with platform.database.write() as tx:
        for _ in range(MOST[what] - 1):
            await make(tx)
    async with platform.database.write() as tx:
        await make(tx)
        other = asyncio.create_task(ada.client.post(f"/api/v1{path}", json=form))

        async def has_come() -> bool:
            return other.done() or await value(platform.database, WAITING) > 0

        await eventually(has_come)

    assert (await other).status_code == 409
