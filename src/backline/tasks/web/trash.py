"""HTTP for the trash."""

from datetime import datetime
from uuid import UUID

from litestar import delete, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from backline.platform.actor import Actor
from backline.platform.cache import Depends
from backline.platform.database import Database
from backline.platform.http import cursors
from backline.platform.http.paging import Cursor, Limit
from backline.tasks import lists, trash
from backline.tasks.models import Filters, TaskPage
from backline.tasks.web.lists import InProject, in_project

_TAGS = ["tasks"]


@get("/tasks/trash", tags=_TAGS, summary="My trash")
async def list_trash(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    depends: NamedDependency[Depends],
    limit: Limit = 20,
    cursor: Cursor = None,
    project: InProject = "",
) -> TaskPage:
    """What was deleted of mine in the last 30 days, or in one `project`, the newest first."""
    name = f"task-trash:{project}"
    filters = Filters(project=in_project(project) or "none")
    after = cursors.decode(name, cursor, tuple[datetime, UUID]) if cursor else None
    async with database.read() as read:
        scope = await lists.scope_of(read, actor, filters)
        depends.on(*lists.tags(scope))
        rows = await trash.page(read, scope, after=after, limit=limit + 1)
    rows, following = cursors.cut(name, rows, limit, lambda task: (task.deleted_at, task.id))
    return TaskPage(rows, following)


@delete("/tasks/trash", tags=_TAGS, summary="Empty my trash", idempotent=True)
async def empty_trash(actor: NamedDependency[Actor], database: NamedDependency[Database]) -> None:
    """What lies in it, of all my projects, too, is gone for good."""
    async with database.write() as tx:
        await trash.empty(tx, actor)


@delete(
    "/tasks/trash/{task_id:uuid}",
    tags=["tasks"],
    summary="Delete a task for good",
    idempotent=True,
)
async def remove_task(
    task_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> None:
    """One that lies in the trash, as its owner; with the subtasks that went there with it."""
    async with database.write() as tx:
        await trash.remove(tx, actor, task_id)


ROUTES = [list_trash, empty_trash, remove_task]
