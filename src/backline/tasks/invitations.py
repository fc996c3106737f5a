"""Invitations to projects: by mail to one person, or by a link for several. Who has it comes in.

Of a token only the hash is stored. Nobody finds out by inviting an address whether it has an
account: it is written to in either case, and whoever opens the letter signs in or registers.
"""

import hashlib
import secrets
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from backline import accounts
from backline.accounts import Container, Email, MemberRank, Rank
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Read, Write
from backline.platform.errors import Conflict, NotFound
from backline.platform.ids import uuid7
from backline.platform.mail import Mail, enqueue, recent
from backline.tasks import access, letters, members, notices, projects
from backline.tasks.projects import Project
from backline.tasks.sql import bounds
from backline.tasks.sql import invitations as sql
from backline.tasks.sql import projects as projects_sql
from backline.tasks.sql.invitations import InvitationRow
from backline.tasks.sql.projects import ProjectRow

MOST = 50
_DAY_S, _HOUR_S = 86_400, 3_600
# What anybody may have us write to one address.
_PER_HOUR = 5
_ENDED = "This invitation has been used, revoked, or is too old. Ask for a new one."

Token = Annotated[str, Meta(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$(?!\n)")]


class InvitationForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """With an `email` the link is sent there and lets one person in; else it lets in `max_uses`."""

    rank: MemberRank
    email: Email | None = None
    expires_in_days: Annotated[int, Meta(ge=1, le=30)] = 7
    max_uses: Annotated[int, Meta(ge=1, le=100)] = 10


class Invitation(msgspec.Struct, frozen=True):
    """An invitation that still lets somebody in; one by mail has an `email`."""

    id: UUID
    project_id: UUID
    rank: MemberRank
    email: str | None
    uses: int
    max_uses: int
    created_at: datetime
    expires_at: datetime


class NewInvitation(Invitation, frozen=True):
    """An invitation that was just made: the only time that a link's `url` is told."""

    url: str | None


class InvitationToken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands in an invitation's link behind the `#`."""

    token: Token


class InvitationOffer(msgspec.Struct, frozen=True):
    """What an invitation is to; with `is_member`, whoever asks is in it already."""

    project_id: UUID
    project_name: str
    owner_name: str
    rank: MemberRank
    expires_at: datetime
    is_member: bool


async def invitations(read: Read, actor: Actor, project_id: UUID) -> list[Invitation]:
    """The invitations to a project that count, the newest first, for its owner.

    Raises:
        NotFound: there is no such project, or it is none of the actor's business.
        Forbidden: they are a member.
    """
    found = await access.project(read, actor, project_id, least="owner")
    return [_shown(row) for row in await sql.of_project(read, found.row.owner_id, project_id)]


async def create(
    tx: Write, actor: Actor, project_id: UUID, form: InvitationForm, mail: Mail
) -> NewInvitation:
    """Invite to a project, as its owner.

    Raises:
        NotFound: there is no such project, or it is none of the actor's business.
        Forbidden: they are a member.
        Conflict: fifty invitations to it are open already, or one to this address.
    """
    found = await access.project(tx, actor, project_id, least="owner", is_changed=True)
    email = form.email.strip() if form.email is not None else None
    await bounds.take_turns(tx, found.row.owner_id)
    there = await sql.of_project(tx, found.row.owner_id, project_id)
    if email is not None and any(_is_same(row.email, email) for row in there):
        raise Conflict("This address has been invited already. Revoke that first.")
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    row = await sql.insert(
        tx,
        InvitationRow(
            owner_id=found.row.owner_id,
            id=uuid7(),
            project_id=project_id,
            rank=form.rank,
            email=email,
            uses=0,
            max_uses=1 if email is not None else form.max_uses,
            created_at=now,
            expires_at=now,
        ),
        _digest(token),
        form.expires_in_days * _DAY_S,
        MOST,
    )
    if row is None:
        raise Conflict(f"{MOST} invitations to this project are open. Revoke some first.")
    if email is not None:
        await _write_to(tx, mail, email, found.row, form, token)
    invalidate(tx, tag(project_id))
    url = f"{mail.base_url}/invitation#{token}" if email is None else None
    return NewInvitation(**msgspec.structs.asdict(_shown(row)), url=url)


async def revoke(tx: Write, actor: Actor, project_id: UUID, invitation_id: UUID) -> None:
    """Have an invitation let nobody in any more; who came by it stays.

    Raises:
        NotFound: there is no such invitation, or it is none of the actor's business.
        Forbidden: they are a member.
    """
    found = await access.project(tx, actor, project_id, least="owner")
    if not await sql.delete(tx, found.row.owner_id, invitation_id, project_id):
        raise NotFound("There is no such invitation, or no longer.")
    invalidate(tx, tag(project_id))


async def look(read: Read, actor: Actor, token: str) -> InvitationOffer:
    """What a token is an invitation to.

    Raises:
        NotFound: it doesn't count, or no longer.
    """
    row = await sql.by_token(read, _digest(token))
    project = await _project(read, row)
    if row is None or project is None:
        raise NotFound(_ENDED)
    names = await accounts.names(read, [project.owner_id])
    where = Container(project.owner_id, project.id, access.KIND)
    inside = await accounts.members_among(read, where, [actor.user_id])
    return InvitationOffer(
        project.id,
        project.name,
        names.get(project.owner_id, ""),
        row.rank,
        row.expires_at,
        actor.user_id in inside,
    )


async def accept(tx: Write, actor: Actor, token: str) -> Project:
    """Come into a project by a token; for whoever is in it already, it stays as it was.

    Raises:
        NotFound: the token doesn't count, or no longer.
        Conflict: the project is full, or the actor is a member of too many.
    """
    row = await sql.by_token(tx, _digest(token))
    project = await _project(tx, row)
    if row is None or project is None:
        raise NotFound(_ENDED)
    where = Container(project.owner_id, project.id, access.KIND)
    is_owner = actor.user_id == project.owner_id
    if not is_owner and await accounts.add_member(tx, where, actor.user_id, row.rank):
        # Only who wasn't in it uses it up; by then the last use may have been somebody else's.
        if await sql.use(tx, _digest(token)) is None:
            raise NotFound(_ENDED)
        await members.tell(tx, where)
        await notices.tell_joined(tx, actor.user_id, project, row.id)
        invalidate(tx, tag(project.id))
    rank: Rank = (await accounts.rank(tx, actor, project.id)).rank
    names = await accounts.names(tx, [project.owner_id])
    return projects.shown(project, rank, names.get(project.owner_id, ""))


def tag(project_id: UUID) -> str:
    """What depends on the invitations to a project."""
    return f"invitations:{project_id.hex}"


async def _write_to(
    tx: Write, mail: Mail, to: str, project: ProjectRow, form: InvitationForm, token: str
) -> None:
    """Send the link, unless the address has been written to too often; nobody is told of that."""
    if await recent(tx, to, letters.INVITATION, within_s=_HOUR_S) >= _PER_HOUR:
        return
    names = await accounts.names(tx, [project.owner_id])
    who = names.get(project.owner_id, "")
    invited = letters.Invited(who, project.name, form.rank, token, form.expires_in_days)
    await enqueue(tx, mail, letters.invitation(mail, to, invited))


async def _project(read: Read, row: InvitationRow | None) -> ProjectRow | None:
    """The project of an invitation, if it can be come into."""
    found = await projects_sql.project(read, row.owner_id, row.project_id) if row else None
    return found if found is not None and found.deleted_at is None else None


def _is_same(one: str | None, other: str) -> bool:
    return one is not None and one.casefold() == other.casefold()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _shown(row: InvitationRow) -> Invitation:
    return Invitation(
        row.id,
        row.project_id,
        row.rank,
        row.email,
        row.uses,
        row.max_uses,
        row.created_at,
        row.expires_at,
    )
