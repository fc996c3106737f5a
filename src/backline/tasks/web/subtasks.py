"""HTTP for the parts of tasks."""

from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.tasks import subtasks
from backline.tasks.models import Task, TaskItem
from backline.tasks.subtasks import ParentForm, SubtaskForm

_TAGS = ["tasks"]


class SubtaskList(msgspec.Struct, frozen=True):
    """All parts of a task in their order."""

    items: list[TaskItem]
    next_cursor: str | None = None


@get("/tasks/{task_id:uuid}/subtasks", tags=_TAGS, summary="The subtasks of a task")
async def list_subtasks(
    task_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> SubtaskList:
    """In their order, a hundred at the most, archived ones too."""
    async with database.read() as read:
        return SubtaskList(await subtasks.subtasks(read, actor, task_id))


@post("/tasks/{task_id:uuid}/subtasks", tags=_TAGS, summary="Make a subtask", idempotent=True)
async def create_subtask(
    task_id: FromPath[UUID],
    data: JSONBody[SubtaskForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    request_id: NamedDependency[str],
) -> Task:
    """A task in the same project; the other one counts it (`subtasks_total`, `subtasks_done`)."""
    async with database.write() as tx:
        return await subtasks.create(tx, actor, task_id, data, request_id)


@put(
    "/tasks/{task_id:uuid}/parent",
    tags=_TAGS,
    summary="Make a task a subtask, or none",
    idempotent=True,
)
async def put_parent(
    task_id: FromPath[UUID],
    data: JSONBody[ParentForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    request_id: NamedDependency[str],
) -> Task:
    """Of a task in the same project that is no subtask itself; null parts the two."""
    async with database.write() as tx:
        return await subtasks.put(tx, actor, task_id, data.parent_id, request_id)


ROUTES = [list_subtasks, create_subtask, put_parent]
