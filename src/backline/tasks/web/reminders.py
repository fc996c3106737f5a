"""HTTP for reminders of tasks."""

from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.tasks import reminders
from backline.tasks.reminders import Reminder, ReminderForm

_TAGS = ["tasks"]


class ReminderList(msgspec.Struct, frozen=True):
    """All of somebody's reminders of a task."""

    items: list[Reminder]
    next_cursor: str | None = None


@get("/tasks/{task_id:uuid}/reminders", tags=_TAGS, summary="My reminders of a task")
async def list_reminders(
    task_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> ReminderList:
    """Ten at the most; nobody else sees them."""
    async with database.read() as read:
        return ReminderList(await reminders.reminders(read, actor, task_id))


@post("/tasks/{task_id:uuid}/reminders", tags=_TAGS, summary="Remind me of a task", idempotent=True)
async def create_reminder(
    task_id: FromPath[UUID],
    data: JSONBody[ReminderForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> Reminder:
    """At a time, or so long before the task is due, whenever that may be then."""
    async with database.write() as tx:
        return await reminders.create(tx, actor, task_id, data)


@delete(
    "/tasks/{task_id:uuid}/reminders/{reminder_id:uuid}",
    tags=_TAGS,
    summary="Forget a reminder",
    idempotent=True,
)
async def delete_reminder(
    task_id: FromPath[UUID],
    reminder_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> None:
    """One of mine."""
    async with database.write() as tx:
        await reminders.delete(tx, actor, task_id, reminder_id)


ROUTES = [list_reminders, create_reminder, delete_reminder]
