"""Who is in a playlist: shown, ranked anew, put out; invited by a link, which lets them in.

Of a link's token only the hash is stored.
"""

import hashlib
import secrets
from datetime import UTC, datetime
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from backline import accounts
from backline.accounts import Rank
from backline.audio import entries, playlists, playlists_sql
from backline.audio import playlist_invitations_sql as sql
from backline.audio.playlist_invitations_sql import InvitationRow
from backline.audio.playlists import Found, Playlist
from backline.platform.actor import Actor
from backline.platform.database import Read, Write
from backline.platform.errors import Conflict, NotFound
from backline.platform.ids import uuid7

MOST_INVITATIONS: Final = 50
_DAY_S: Final = 86_400
_OWNER = "This person owns the playlist: their rank stays, and they can't leave, only delete it."
_ENDED = "This invitation has been used, revoked, or is too old. Ask for a new one."

MayDo = Literal["editor", "viewer"]
Token = Annotated[str, Meta(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$(?!\n)")]


class PlaylistMember(msgspec.Struct, frozen=True):
    """Somebody in a playlist. Whose account is gone has an empty `name`."""

    user_id: UUID
    name: str
    rank: Rank
    since: datetime


class PlaylistRank(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a member may do: an editor changes what is in it, a viewer listens."""

    rank: MayDo


class PlaylistInvitationForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A link that lets in `max_uses` people."""

    rank: MayDo
    expires_in_days: Annotated[int, Meta(ge=1, le=30)] = 7
    max_uses: Annotated[int, Meta(ge=1, le=100)] = 10


class PlaylistInvitation(msgspec.Struct, frozen=True):
    """An invitation that still lets somebody in."""

    id: UUID
    rank: MayDo
    uses: int
    max_uses: int
    created_at: datetime
    expires_at: datetime


class NewPlaylistInvitation(PlaylistInvitation, frozen=True):
    """An invitation that was just made: the only time that its `token` is told."""

    token: str


class PlaylistToken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands in an invitation's link behind the `#`."""

    token: Token


class PlaylistOffer(msgspec.Struct, frozen=True):
    """What an invitation is to; with `is_member`, whoever asks is in it already."""

    playlist_id: UUID
    name: str
    owner_name: str
    rank: MayDo
    expires_at: datetime
    is_member: bool


async def members(read: Read, actor: Actor, playlist_id: UUID) -> list[PlaylistMember]:
    """Everybody in a playlist: its owner, then the others by name; for its members.

    Raises:
        NotFound: it isn't there, or the actor is none of them.
    """
    found = await playlists.access(read, actor, playlist_id)
    owner_id = found.row.owner_id
    if actor.user_id not in await accounts.members_among(read, found.container, [actor.user_id]):
        raise NotFound(playlists.GONE)
    others = await accounts.members_of(read, found.container)
    names = await accounts.names(read, [owner_id, *(one.user_id for one in others)])
    owner = PlaylistMember(owner_id, names.get(owner_id, ""), "owner", found.row.created_at)
    rest = [
        PlaylistMember(one.user_id, names.get(one.user_id, ""), one.rank, one.since)
        for one in others
    ]
    return [owner, *sorted(rest, key=lambda one: (one.name.casefold(), one.user_id))]


async def change(tx: Write, actor: Actor, playlist_id: UUID, user_id: UUID, rank: MayDo) -> None:
    """Give a member another rank, as the owner.

    Raises:
        NotFound: there is no such playlist, or no such member.
        Forbidden: the actor doesn't own it.
        Conflict: it is about the owner.
    """
    found = await playlists.access(tx, actor, playlist_id, least="owner")
    _check_not_owner(found, user_id)
    await accounts.change_member(tx, found.container, user_id, rank)
    await playlists.tell(tx, found.row, "changed")


async def remove(tx: Write, actor: Actor, playlist_id: UUID, user_id: UUID) -> None:
    """Put a member out, as the owner, or leave; what they have put in goes with them.

    Raises:
        NotFound: there is no such playlist, or no such member.
        Forbidden: the actor doesn't own it, and it is about somebody else.
        Conflict: it is about the owner.
    """
    least: Rank = "viewer" if user_id == actor.user_id else "owner"
    found = await playlists.access(tx, actor, playlist_id, least=least)
    _check_not_owner(found, user_id)
    await accounts.remove_member(tx, found.container, user_id)
    await entries.leave(tx, found, user_id)
    await playlists.tell_person(tx, user_id, found.row)


async def invitations(read: Read, actor: Actor, playlist_id: UUID) -> list[PlaylistInvitation]:
    """The invitations to a playlist that count, the newest first, for its owner.

    Raises:
        NotFound: there is no such playlist, or nothing that the actor may see.
        Forbidden: they don't own it.
    """
    found = await playlists.access(read, actor, playlist_id, least="owner")
    rows = await sql.of_playlist(read, found.row.owner_id, playlist_id)
    return [_shown(row) for row in rows]


async def invite(
    tx: Write, actor: Actor, playlist_id: UUID, form: PlaylistInvitationForm
) -> NewPlaylistInvitation:
    """Make a link that lets people in, as the owner.

    Raises:
        NotFound: there is no such playlist, or nothing that the actor may see.
        Forbidden: they don't own it.
        Conflict: fifty invitations to it are open already.
    """
    found = await playlists.access(tx, actor, playlist_id, least="owner")
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    owner_id = found.row.owner_id
    row = InvitationRow(owner_id, uuid7(), playlist_id, form.rank, 0, form.max_uses, now, now)
    made = await sql.insert(
        tx, row, _digest(token), form.expires_in_days * _DAY_S, MOST_INVITATIONS
    )
    if made is None:
        raise Conflict(f"{MOST_INVITATIONS} invitations to this playlist are open. Revoke some.")
    return NewPlaylistInvitation(**msgspec.structs.asdict(_shown(made)), token=token)


async def revoke(tx: Write, actor: Actor, playlist_id: UUID, invitation_id: UUID) -> None:
    """Have an invitation let nobody in any more; who came by it stays.

    Raises:
        NotFound: there is no such invitation, or nothing that the actor may see.
        Forbidden: they don't own the playlist.
    """
    found = await playlists.access(tx, actor, playlist_id, least="owner")
    if not await sql.delete(tx, found.row.owner_id, invitation_id, playlist_id):
        raise NotFound("There is no such invitation, or no longer.")


async def look(read: Read, actor: Actor, token: str) -> PlaylistOffer:
    """What a token is an invitation to.

    Raises:
        NotFound: it doesn't count, or no longer.
    """
    row, found = await _invited(read, token)
    names = await accounts.names(read, [row.owner_id])
    inside = await accounts.members_among(read, found.container, [actor.user_id])
    return PlaylistOffer(
        found.row.id,
        found.row.name,
        names.get(row.owner_id, ""),
        row.rank,
        row.expires_at,
        actor.user_id in inside,
    )


async def accept(tx: Write, actor: Actor, token: str) -> Playlist:
    """Come into a playlist by a token; for whoever is in it already, it stays as it was.

    Raises:
        NotFound: the token doesn't count, or no longer.
        Conflict: the playlist is full, or the actor is a member of too many.
    """
    row, found = await _invited(tx, token)
    is_owner = actor.user_id == row.owner_id
    if not is_owner and await accounts.add_member(tx, found.container, actor.user_id, row.rank):
        # Only who wasn't in it uses it up; by then the last use may have been somebody else's.
        if not await sql.use(tx, _digest(token)):
            raise NotFound(_ENDED)
        await playlists.tell(tx, found.row, "changed")
        await playlists.tell_person(tx, actor.user_id, found.row)
    return await playlists.get(tx, actor, found.row.id)


async def _invited(read: Read, token: str) -> tuple[InvitationRow, Found]:
    row = await sql.by_token(read, _digest(token))
    playlist = await playlists_sql.playlist(read, row.owner_id, row.playlist_id) if row else None
    if row is None or playlist is None or playlist.deleted_at is not None:
        raise NotFound(_ENDED)
    return row, Found(playlist, row.rank)


def _check_not_owner(found: Found, user_id: UUID) -> None:
    if user_id == found.row.owner_id:
        raise Conflict(_OWNER)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _shown(row: InvitationRow) -> PlaylistInvitation:
    return PlaylistInvitation(
        row.id, row.rank, row.uses, row.max_uses, row.created_at, row.expires_at
    )
