"""HTTP for the members of playlists, and for the links that let them in."""

from uuid import UUID

import msgspec
from litestar import Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.accounts import members_tag
from backline.audio import playlist_members
from backline.audio.playlist_members import (
    NewPlaylistInvitation,
    PlaylistInvitation,
    PlaylistInvitationForm,
    PlaylistMember,
    PlaylistOffer,
    PlaylistRank,
    PlaylistToken,
)
from backline.audio.playlists import Playlist
from backline.platform.actor import Actor
from backline.platform.cache import Depends
from backline.platform.database import Database

_TAGS = ["audio"]


class PlaylistMemberList(msgspec.Struct, frozen=True):
    """Everybody in a playlist."""

    items: list[PlaylistMember]
    next_cursor: str | None = None


class PlaylistInvitationList(msgspec.Struct, frozen=True):
    """The invitations to a playlist that count."""

    items: list[PlaylistInvitation]
    next_cursor: str | None = None


@get("/playlists/{playlist_id:uuid}/members", tags=_TAGS, summary="Who is in a playlist")
async def list_playlist_members(
    playlist_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    depends: NamedDependency[Depends],
) -> PlaylistMemberList:
    """For them alone: its owner, then the others by name."""
    depends.on(members_tag(playlist_id))
    async with database.read() as read:
        return PlaylistMemberList(await playlist_members.members(read, actor, playlist_id))


@patch(
    "/playlists/{playlist_id:uuid}/members/{user_id:uuid}",
    tags=_TAGS,
    summary="Give a member of a playlist another rank",
    idempotent=True,
)
async def change_playlist_member(
    playlist_id: FromPath[UUID],
    user_id: FromPath[UUID],
    data: JSONBody[PlaylistRank],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> None:
    """For its owner. It holds everywhere within a second."""
    async with database.write() as tx:
        await playlist_members.change(tx, actor, playlist_id, user_id, data.rank)


@delete(
    "/playlists/{playlist_id:uuid}/members/{user_id:uuid}",
    tags=_TAGS,
    summary="Put a member out of a playlist, or leave",
    idempotent=True,
)
async def remove_playlist_member(
    playlist_id: FromPath[UUID],
    user_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> None:
    """For its owner, and for oneself. What they have put in goes with them."""
    async with database.write() as tx:
        await playlist_members.remove(tx, actor, playlist_id, user_id)


@get("/playlists/{playlist_id:uuid}/invitations", tags=_TAGS, summary="Invitations to a playlist")
async def list_playlist_invitations(
    playlist_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> PlaylistInvitationList:
    """For its owner: those that still let somebody in, the newest first."""
    async with database.read() as read:
        return PlaylistInvitationList(await playlist_members.invitations(read, actor, playlist_id))


@post(
    "/playlists/{playlist_id:uuid}/invitations",
    tags=_TAGS,
    summary="Invite to a playlist",
    session_only=True,
)
async def create_playlist_invitation(
    playlist_id: FromPath[UUID],
    data: JSONBody[PlaylistInvitationForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> Response[NewPlaylistInvitation]:
    """For its owner. `/playlists/invitation#` and the `token`, told this once, is the link."""
    async with database.write() as tx:
        made = await playlist_members.invite(tx, actor, playlist_id, data)
    return Response(made, status_code=201, headers={"Cache-Control": "no-store"})


@delete(
    "/playlists/{playlist_id:uuid}/invitations/{invitation_id:uuid}",
    tags=_TAGS,
    summary="Revoke an invitation to a playlist",
    idempotent=True,
)
async def revoke_playlist_invitation(
    playlist_id: FromPath[UUID],
    invitation_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> None:
    """For its owner. It lets nobody in any more; who came by it stays."""
    async with database.write() as tx:
        await playlist_members.revoke(tx, actor, playlist_id, invitation_id)


@post(
    "/playlists/invitations/look",
    status_code=200,
    tags=_TAGS,
    summary="What an invitation is to",
    session_only=True,
)
async def look_at_playlist_invitation(
    data: JSONBody[PlaylistToken],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> PlaylistOffer:
    """For whoever has it."""
    async with database.read() as read:
        return await playlist_members.look(read, actor, data.token)


@post(
    "/playlists/invitations/accept",
    status_code=200,
    tags=_TAGS,
    summary="Accept an invitation to a playlist",
    session_only=True,
)
async def accept_playlist_invitation(
    data: JSONBody[PlaylistToken],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> Playlist:
    """I am a member of the playlist then; if I was, nothing changes."""
    async with database.write() as tx:
        return await playlist_members.accept(tx, actor, data.token)


ROUTES = [
    list_playlist_members,
    change_playlist_member,
    remove_playlist_member,
    list_playlist_invitations,
    create_playlist_invitation,
    revoke_playlist_invitation,
    look_at_playlist_invitation,
    accept_playlist_invitation,
]
