"""HTTP for projects."""

from uuid import UUID

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.platform.actor import Actor
from backline.platform.cache import Depends
from backline.platform.database import Database
from backline.platform.http.conditions import CONDITIONAL, IfMatch
from backline.tasks import projects
from backline.tasks.changes import project_tag
from backline.tasks.projects import Project, ProjectForm, ProjectPatch

_TAGS = ["tasks"]


class ProjectList(msgspec.Struct, frozen=True):
    """All projects that somebody sees."""

    items: list[Project]
    next_cursor: str | None = None


@get("/projects", tags=_TAGS, summary="My projects")
async def list_projects(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    depends: NamedDependency[Depends],
) -> ProjectList:
    """My own and those that are shared with me, by their names.

    Those of mine that are in the trash are among them (`deleted_at`), archived ones too.
    """
    async with database.read() as read:
        found, shared = await projects.projects(read, actor)
    depends.on(*map(project_tag, shared))
    return ProjectList(found)


@post("/projects", tags=_TAGS, summary="Make a project", idempotent=True)
async def create_project(
    data: JSONBody[ProjectForm], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Project:
    """It is mine, and so is what others put into it. `description` is Markdown."""
    async with database.write() as tx:
        return await projects.create(tx, actor, data)


@get("/projects/{project_id:uuid}", tags=_TAGS, summary="One project")
async def get_project(
    project_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Project:
    """`rank` is what I may do in it."""
    async with database.read() as read:
        return await projects.get(read, actor, project_id)


@patch(
    "/projects/{project_id:uuid}",
    tags=_TAGS,
    summary="Change a project",
    dependencies=CONDITIONAL,
    idempotent=True,
)
async def change_project(
    project_id: FromPath[UUID],
    data: JSONBody[ProjectPatch],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    if_match: NamedDependency[IfMatch],
) -> Project:
    """A merge patch, for its owner. While it is `archived`, nothing in it can be changed."""
    async with database.write() as tx:
        return await projects.change(tx, actor, project_id, data, if_match)


@delete(
    "/projects/{project_id:uuid}",
    tags=_TAGS,
    summary="Delete a project",
    dependencies=CONDITIONAL,
    idempotent=True,
)
async def delete_project(
    project_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    if_match: NamedDependency[IfMatch],
) -> None:
    """For its owner: it goes into the trash with all that is in it, and is there for 30 days."""
    async with database.write() as tx:
        await projects.delete(tx, actor, project_id, if_match)


@post(
    "/projects/{project_id:uuid}/restore",
    status_code=200,
    tags=_TAGS,
    summary="Take a project out of the trash",
    idempotent=True,
)
async def restore_project(
    project_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Project:
    """With all that is in it and everybody who was; works for 30 days after the deletion."""
    async with database.write() as tx:
        return await projects.restore(tx, actor, project_id)


ROUTES = [
    list_projects,
    create_project,
    get_project,
    change_project,
    delete_project,
    restore_project,
]
