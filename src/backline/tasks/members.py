"""Who is in a project: shown, ranked anew, put out; how they come in is in `invitations`.

Ownership stays where it is: what is in a project lies among its owner's.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from backline import accounts
from backline.accounts import Container, MemberRank, Rank
from backline.platform import events
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Read, Write
from backline.platform.errors import Conflict
from backline.tasks import access
from backline.tasks.changes import project_tag
from backline.tasks.models import TaskChanged
from backline.tasks.projects import ProjectChanged
from backline.tasks.sql import assignees as sql

_OWNER = "This person owns the project: their rank stays, and they can't leave, only delete it."


class ProjectMember(msgspec.Struct, frozen=True):
    """Somebody in a project. Whose account is gone has an empty `name`."""

    user_id: UUID
    name: str
    rank: Rank
    since: datetime


class RankPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a member may do: an editor changes tasks, a commenter comments, a viewer reads."""

    rank: MemberRank


async def members(read: Read, actor: Actor, project_id: UUID) -> list[ProjectMember]:
    """Everybody in a project: its owner, then the others by name.

    Raises:
        NotFound: it isn't there, or none of the actor's business.
    """
    found = await access.project(read, actor, project_id)
    others = await accounts.members_of(read, found.container)
    owner_id = found.row.owner_id
    names = await accounts.names(read, [owner_id, *(one.user_id for one in others)])
    owner = ProjectMember(owner_id, names.get(owner_id, ""), "owner", found.row.created_at)
    rest = [
        ProjectMember(one.user_id, names.get(one.user_id, ""), one.rank, one.since)
        for one in others
    ]
    return [owner, *sorted(rest, key=lambda one: (one.name.casefold(), one.user_id))]


async def change(
    tx: Write, actor: Actor, project_id: UUID, user_id: UUID, rank: MemberRank
) -> None:
    """Give a member another rank, as the owner.

    Raises:
        NotFound: there is no such project, or no such member.
        Forbidden: the actor is a member.
        Conflict: it is about the owner.
    """
    found = await access.project(tx, actor, project_id, least="owner")
    if user_id == found.row.owner_id:
        raise Conflict(_OWNER)
    await accounts.change_member(tx, found.container, user_id, rank)
    await tell(tx, found.container)


async def remove(tx: Write, actor: Actor, project_id: UUID, user_id: UUID) -> None:
    """Put a member out, as the owner, or leave; what they were to do is nobody's then.

    Raises:
        NotFound: there is no such project, or no such member.
        Forbidden: the actor is a member, and it is about somebody else.
        Conflict: it is about the owner.
    """
    least: Rank = "viewer" if user_id == actor.user_id else "owner"
    found = await access.project(tx, actor, project_id, least=least)
    if user_id == found.row.owner_id:
        raise Conflict(_OWNER)
    await accounts.remove_member(tx, found.container, user_id)
    await unassign(tx, found.container, user_id)
    await tell(tx, found.container)


async def unassign(tx: Write, container: Container, user_id: UUID) -> None:
    """Take somebody off all tasks of a project."""
    ids = await sql.unassign(tx, container.owner_id, container.id, user_id)
    if ids:
        await tell_unassigned(tx, container.owner_id, container.id, ids)


async def tell_unassigned(tx: Write, owner_id: UUID, project_id: UUID, ids: list[UUID]) -> None:
    """Have caches forget tasks of a project, and pages hear that there were changes."""
    tags = [f"task:{task_id.hex}" for task_id in ids]
    invalidate(tx, f"tasks:{owner_id.hex}", project_tag(project_id), *tags)
    said = TaskChanged([], "updated", project_id)
    await events.publish(tx, owner_id, "tasks", "task", said, container_id=project_id)


async def tell(tx: Write, container: Container) -> None:
    """Have pages hear that members came or went; what shows them has been invalidated."""
    said = ProjectChanged(container.id)
    await events.publish(
        tx, container.owner_id, "tasks", "members", said, container_id=container.id
    )
