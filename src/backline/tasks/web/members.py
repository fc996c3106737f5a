"""HTTP for the members of projects."""

from uuid import UUID

import msgspec
from litestar import delete, get, patch
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.accounts import members_tag
from backline.platform.actor import Actor
from backline.platform.cache import Depends
from backline.platform.database import Database
from backline.tasks import members
from backline.tasks.members import ProjectMember, RankPatch

_TAGS = ["tasks"]


class MemberList(msgspec.Struct, frozen=True):
    """Everybody in a project."""

    items: list[ProjectMember]
    next_cursor: str | None = None


@get("/projects/{project_id:uuid}/members", tags=_TAGS, summary="Who is in a project")
async def list_members(
    project_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    depends: NamedDependency[Depends],
) -> MemberList:
    """Its owner, then the others by name."""
    depends.on(members_tag(project_id))
    async with database.read() as read:
        return MemberList(await members.members(read, actor, project_id))


@patch(
    "/projects/{project_id:uuid}/members/{user_id:uuid}",
    tags=_TAGS,
    summary="Give a member another rank",
    idempotent=True,
)
async def change_member(
    project_id: FromPath[UUID],
    user_id: FromPath[UUID],
    data: JSONBody[RankPatch],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> None:
    """For its owner. It holds everywhere within a second."""
    async with database.write() as tx:
        await members.change(tx, actor, project_id, user_id, data.rank)


@delete(
    "/projects/{project_id:uuid}/members/{user_id:uuid}",
    tags=_TAGS,
    summary="Put a member out, or leave",
    idempotent=True,
)
async def remove_member(
    project_id: FromPath[UUID],
    user_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> None:
    """For its owner, and for oneself. What they were given to do is nobody's then."""
    async with database.write() as tx:
        await members.remove(tx, actor, project_id, user_id)


ROUTES = [list_members, change_member, remove_member]
