"""Projects: tasks that belong together, for one person or for several.

Deleting one puts it into the trash with all that is in it; nothing in it is touched, it just isn't
there any more, until it is restored or its thirty days are over.
"""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from backline import accounts
from backline.accounts import Rank
from backline.platform import events, text
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Read, Write
from backline.platform.database.versions import ANY_VERSION, IfMatch
from backline.platform.errors import Conflict, NotFound
from backline.platform.ids import uuid7
from backline.tasks import access
from backline.tasks.changes import project_tag
from backline.tasks.models import MULTILINE
from backline.tasks.sql import bounds
from backline.tasks.sql import projects as sql
from backline.tasks.sql.projects import Colour, ProjectRow

MOST = 200
Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=text.LINE)]
About = Annotated[str, Meta(max_length=10_000, pattern=MULTILINE)]


class Project(msgspec.Struct, frozen=True):
    """A project. `rank` is what I may do in it; `description` is Markdown.

    In an archived one nothing is changed, and its tasks are listed only by themselves.
    """

    id: UUID
    owner_id: UUID
    owner_name: str
    name: str
    description: str
    colour: Colour
    rank: Rank
    archived_at: datetime | None
    deleted_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int


class ProjectForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A project to be made."""

    name: Name
    description: About = ""
    colour: Colour = "grey"


class ProjectPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A merge patch of a project."""

    name: Name | UnsetType = UNSET
    description: About | UnsetType = UNSET
    colour: Colour | UnsetType = UNSET
    archived: bool | UnsetType = UNSET


class ProjectChanged(msgspec.Struct, frozen=True):
    """What browsers are told of a project."""

    id: UUID


async def projects(read: Read, actor: Actor) -> tuple[list[Project], list[UUID]]:
    """The actor's own projects and those shared with them, by name, with their own in the trash.

    And all that others share with them: those that are in the trash there may come back.
    """
    rows = await sql.own(read, actor.user_id)
    members = {one.container_id: one for one in await access.shared(read, actor)}
    if members:
        asked = [(one.owner_id, one.container_id) for one in members.values()]
        rows += [row for row in await sql.these(read, asked) if row.deleted_at is None]
    names = await accounts.names(read, sorted({row.owner_id for row in rows}))
    rows.sort(key=lambda row: (row.name_key, row.id))
    found = [
        shown(
            row,
            members[row.id].rank if row.id in members else "owner",
            names.get(row.owner_id, ""),
        )
        for row in rows
    ]
    return found, list(members)


async def get(read: Read, actor: Actor, project_id: UUID) -> Project:
    """One project that the actor sees.

    Raises:
        NotFound: it isn't there, is in the trash, or none of their business.
    """
    found = await access.project(read, actor, project_id)
    return await _named(read, found.row, found.rank)


async def create(tx: Write, actor: Actor, form: ProjectForm) -> Project:
    """A new project of the actor's.

    Raises:
        Conflict: they have two hundred already.
    """
    name = form.name.strip()
    texts = (name, text.sort_key(name), form.description, form.colour)
    await bounds.take_turns(tx, actor.user_id)
    row = await sql.insert(tx, actor.user_id, uuid7(), texts, MOST)
    if row is None:
        raise Conflict(f"You have {MOST} projects already. Delete one that you no longer need.")
    await tell(tx, row)
    return await _named(tx, row, "owner")


async def change(
    tx: Write, actor: Actor, project_id: UUID, patch: ProjectPatch, if_match: IfMatch = ANY_VERSION
) -> Project:
    """Change what a project is called and looks like, or archive it, as its owner.

    Raises:
        NotFound: it isn't there, is in the trash, or none of the actor's business.
        Forbidden: they are a member.
        PreconditionFailed: `if_match` is about another version.
    """
    row = await _locked(tx, actor, project_id, if_match)
    if row.deleted_at is not None:
        raise NotFound(access.NO_PROJECT)
    name = row.name if patch.name is UNSET else patch.name.strip()
    archived_at = row.archived_at
    if patch.archived is not UNSET:
        archived_at = (row.archived_at or datetime.now(UTC)) if patch.archived else None
    changed = msgspec.structs.replace(
        row,
        name=name,
        name_key=text.sort_key(name),
        description=row.description if patch.description is UNSET else patch.description,
        colour=row.colour if patch.colour is UNSET else patch.colour,
        archived_at=archived_at,
    )
    return await _write(tx, changed)


async def delete(
    tx: Write, actor: Actor, project_id: UUID, if_match: IfMatch = ANY_VERSION
) -> None:
    """Put a project with all that is in it into the trash, as its owner; thirty days later it ends.

    Its members don't see it any more, and do again once it is restored.

    Raises:
        NotFound: it isn't there, is in the trash already, or none of the actor's business.
        Forbidden: they are a member.
        PreconditionFailed: `if_match` is about another version.
    """
    row = await _locked(tx, actor, project_id, if_match)
    if row.deleted_at is not None:
        raise NotFound(access.NO_PROJECT)
    await _write(tx, msgspec.structs.replace(row, deleted_at=datetime.now(UTC)))


async def restore(tx: Write, actor: Actor, project_id: UUID) -> Project:
    """Take a project out of the trash, with all that is in it and everybody who was.

    Raises:
        NotFound: it was removed for good, or is none of the actor's business.
        Forbidden: they are a member.
    """
    row = await _locked(tx, actor, project_id, ANY_VERSION)
    if row.deleted_at is None:
        return await _named(tx, row, "owner")
    return await _write(tx, msgspec.structs.replace(row, deleted_at=None))


async def tell(tx: Write, row: ProjectRow) -> None:
    """Have caches forget, and pages hear of it: the owner's, and its members'."""
    invalidate(tx, project_tag(row.id), f"tasks:{row.owner_id.hex}", f"projects:{row.owner_id.hex}")
    said = ProjectChanged(row.id)
    await events.publish(tx, row.owner_id, "tasks", "project", said, container_id=row.id)


def shown(row: ProjectRow, rank: Rank, owner_name: str) -> Project:
    """A row as it is answered."""
    return Project(
        row.id,
        row.owner_id,
        owner_name,
        row.name,
        row.description,
        row.colour,
        rank,
        row.archived_at,
        row.deleted_at,
        row.created_at,
        row.updated_at,
        row.version,
    )


async def _locked(tx: Write, actor: Actor, project_id: UUID, if_match: IfMatch) -> ProjectRow:
    member = await accounts.rank(tx, actor, project_id, least="owner")
    row = await sql.lock(tx, member.owner_id, project_id)
    if row is None:
        raise NotFound(access.NO_PROJECT)
    if_match.check(row.version)
    return row


async def _write(tx: Write, row: ProjectRow) -> Project:
    changed = await sql.update(tx, row) or row
    await tell(tx, changed)
    return await _named(tx, changed, "owner")


async def _named(read: Read, row: ProjectRow, rank: Rank) -> Project:
    names = await accounts.names(read, [row.owner_id])
    return shown(row, rank, names.get(row.owner_id, ""))
