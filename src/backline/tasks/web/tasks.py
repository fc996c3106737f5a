"""HTTP for one task."""

from uuid import UUID

from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.platform.actor import Actor
from backline.platform.cache import Depends
from backline.platform.database import Database
from backline.platform.http.conditions import CONDITIONAL, IfMatch
from backline.tasks import moving, tasks
from backline.tasks.changes import project_tag
from backline.tasks.models import Move, Task, TaskForm, TaskPatch

_TAGS = ["tasks"]


@post("/tasks", tags=_TAGS, summary="Make a task", idempotent=True)
async def create_task(
    data: JSONBody[TaskForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    request_id: NamedDependency[str],
) -> Task:
    """At the end of my list, or of a project. `description` is Markdown."""
    async with database.write() as tx:
        return await tasks.create(tx, actor, data, request_id)


@get("/tasks/{task_id:uuid}", tags=_TAGS, summary="One task")
async def get_task(
    task_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    depends: NamedDependency[Depends],
) -> Task:
    """Also one that is archived or in the trash (then it has `deleted_at`)."""
    async with database.read() as read:
        found = await tasks.get(read, actor, task_id)
    if found.project_id is not None:
        depends.on(project_tag(found.project_id))
    return found


@patch(
    "/tasks/{task_id:uuid}",
    tags=_TAGS,
    summary="Change a task",
    dependencies=CONDITIONAL,
    idempotent=True,
)
async def change_task(
    task_id: FromPath[UUID],
    data: JSONBody[TaskPatch],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    if_match: NamedDependency[IfMatch],
    request_id: NamedDependency[str],
) -> Task:
    """A merge patch. The status `archived` puts it into the archive, any other takes it out.

    `project_id` puts it into another project of the same owner, with its subtasks; there it is
    nobody's to do if whom it was given to isn't a member.
    """
    async with database.write() as tx:
        return await tasks.change(tx, actor, task_id, data, request_id, if_match)


@delete(
    "/tasks/{task_id:uuid}",
    tags=_TAGS,
    summary="Delete a task",
    dependencies=CONDITIONAL,
    idempotent=True,
)
async def delete_task(
    task_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    if_match: NamedDependency[IfMatch],
    request_id: NamedDependency[str],
) -> None:
    """It goes into the trash with its subtasks; there it can be restored for 30 days."""
    async with database.write() as tx:
        await tasks.delete(tx, actor, task_id, request_id, if_match)


@post(
    "/tasks/{task_id:uuid}/restore",
    status_code=200,
    tags=_TAGS,
    summary="Take a task out of the trash",
    idempotent=True,
)
async def restore_task(
    task_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    request_id: NamedDependency[str],
) -> Task:
    """Works for 30 days after the deletion."""
    async with database.write() as tx:
        return await tasks.restore(tx, actor, task_id, request_id)


@post(
    "/tasks/{task_id:uuid}/move",
    status_code=200,
    tags=_TAGS,
    summary="Put a task in its place",
    idempotent=True,
)
async def move_task(
    task_id: FromPath[UUID],
    data: JSONBody[Move],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    request_id: NamedDependency[str],
) -> Task:
    """Behind the task `after_id`, or to the front where that is null, perhaps in a new `status`."""
    async with database.write() as tx:
        return await moving.move(tx, actor, task_id, data, request_id)


ROUTES = [create_task, get_task, change_task, delete_task, restore_task, move_task]
