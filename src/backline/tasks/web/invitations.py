"""HTTP for invitations to projects."""

from uuid import UUID

import msgspec
from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.mail import Mail
from backline.tasks import invitations
from backline.tasks.invitations import (
    Invitation,
    InvitationForm,
    InvitationOffer,
    InvitationToken,
    NewInvitation,
)
from backline.tasks.projects import Project

_TAGS = ["tasks"]


class InvitationList(msgspec.Struct, frozen=True):
    """The invitations to a project that count."""

    items: list[Invitation]
    next_cursor: str | None = None


@get("/projects/{project_id:uuid}/invitations", tags=_TAGS, summary="Invitations to a project")
async def list_invitations(
    project_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> InvitationList:
    """For its owner: those that still let somebody in, the newest first."""
    async with database.read() as read:
        return InvitationList(await invitations.invitations(read, actor, project_id))


@post(
    "/projects/{project_id:uuid}/invitations",
    tags=_TAGS,
    summary="Invite to a project",
    session_only=True,
)
async def create_invitation(
    project_id: FromPath[UUID],
    data: JSONBody[InvitationForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    mail: NamedDependency[Mail],
) -> Response[NewInvitation]:
    """For its owner. With an `email` the link is sent there; else `url` tells it, this once.

    The answer is the same whether or not the address has an account.
    """
    async with database.write() as tx:
        made = await invitations.create(tx, actor, project_id, data, mail)
    return Response(made, status_code=201, headers={"Cache-Control": "no-store"})


@delete(
    "/projects/{project_id:uuid}/invitations/{invitation_id:uuid}",
    tags=_TAGS,
    summary="Revoke an invitation",
    idempotent=True,
)
async def revoke_invitation(
    project_id: FromPath[UUID],
    invitation_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> None:
    """For its owner. It lets nobody in any more; who came by it stays."""
    async with database.write() as tx:
        await invitations.revoke(tx, actor, project_id, invitation_id)


@post(
    "/invitations/look",
    status_code=200,
    tags=_TAGS,
    summary="What an invitation is to",
    session_only=True,
)
async def look_at_invitation(
    data: JSONBody[InvitationToken],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> InvitationOffer:
    """`token` stands in its link behind the `#`."""
    async with database.read() as read:
        return await invitations.look(read, actor, data.token)


@post(
    "/invitations/accept",
    status_code=200,
    tags=_TAGS,
    summary="Accept an invitation",
    session_only=True,
)
async def accept_invitation(
    data: JSONBody[InvitationToken],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> Project:
    """I am a member of the project then; if I was, nothing changes."""
    async with database.write() as tx:
        return await invitations.accept(tx, actor, data.token)


ROUTES = [
    list_invitations,
    create_invitation,
    revoke_invitation,
    look_at_invitation,
    accept_invitation,
]
