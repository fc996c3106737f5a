"""HTTP for tasks in figures."""

from litestar import get
from litestar.di import NamedDependency

from backline.platform.actor import Actor
from backline.platform.cache import Depends
from backline.platform.database import Database
from backline.tasks import lists, statistics
from backline.tasks.models import Filters
from backline.tasks.statistics import TaskStats
from backline.tasks.web.lists import InProject, in_project


@get("/tasks/stats", tags=["tasks"], summary="My tasks in figures")
async def get_task_stats(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    depends: NamedDependency[Depends],
    project: InProject = "",
) -> TaskStats:
    """By status, priority and week, and what is overdue: right at once for whoever changes it.

    Of all tasks that I see, or of those in one `project`.
    """
    filters = Filters(project=in_project(project))
    async with database.read() as read:
        scope = await lists.scope_of(read, actor, filters)
        depends.on(*lists.tags(scope))
        return await statistics.stats(read, scope)


ROUTES = [get_task_stats]
