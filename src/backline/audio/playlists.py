"""Playlists: made, listed, changed, deleted, restored, and who may do what in one.

One belongs to its owner, and to its members by their rank; `unlisted` and `public` ones are seen by
everybody who is signed in, by their link, and the public ones are listed, too.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from backline import accounts
from backline.accounts import Container, Rank
from backline.audio import playlists_sql as sql
from backline.audio.following import feed_sql
from backline.audio.playlists_sql import PlaylistRow, Visibility
from backline.platform import events, text
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Database, Read, Write
from backline.platform.database.versions import ANY_VERSION, IfMatch
from backline.platform.errors import Conflict, Forbidden, NotFound
from backline.platform.ids import uuid7

KIND: Final = "playlist"
MOST: Final = 200
PUBLIC_TAG: Final = "public-playlists"
GONE: Final = "There is no such playlist."
_KEPT: Final = timedelta(days=1)  # what is deleted can be restored for so long
_LOT_ROWS: Final = 100
_FORBIDDEN: Final = "You can listen to this playlist, and not change it. Its owner can invite you."

Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=text.LINE)]
About = Annotated[str, Meta(max_length=2_000, pattern=r"^[^\x00-\x08\x0e-\x1f\x7f]*$(?!\n)")]


class Playlist(msgspec.Struct, frozen=True):
    """A playlist. `rank` is what I may do in it: an editor changes what is in it, a viewer listens.

    `entry_count` counts entries whose tracks are gone, too.
    """

    id: UUID
    owner_id: UUID
    owner_name: str
    name: str
    description: str
    visibility: Visibility
    rank: Rank
    entry_count: int
    created_at: datetime
    updated_at: datetime
    version: int


class PlaylistForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A playlist to be made."""

    name: Name
    description: About = ""
    visibility: Visibility = "private"


class PlaylistPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A merge patch of a playlist."""

    name: Name | UnsetType = UNSET
    description: About | UnsetType = UNSET
    visibility: Visibility | UnsetType = UNSET


class PlaylistChanged(msgspec.Struct, frozen=True):
    """What browsers are told of a playlist."""

    id: UUID
    action: Literal["changed", "entries", "deleted"]


class Found(msgspec.Struct, frozen=True):
    """A playlist, and what the actor may do in it."""

    row: PlaylistRow
    rank: Rank

    @property
    def container(self) -> Container:
        """As its members are known by."""
        return Container(self.row.owner_id, self.row.id, KIND)


async def playlists(read: Read, actor: Actor) -> tuple[list[Playlist], list[UUID]]:
    """The actor's own playlists and those shared with them, by name; and all shared with them."""
    rows = await sql.own(read, actor.user_id)
    shared = await accounts.memberships(read, actor, KIND)
    ranks: dict[UUID, Rank] = {one.container_id: one.rank for one in shared}
    if shared:
        rows += await sql.these(read, [(one.owner_id, one.container_id) for one in shared])
    rows = sorted(
        (row for row in rows if row.deleted_at is None), key=lambda row: (row.name_key, row.id)
    )
    names = await accounts.names(read, sorted({row.owner_id for row in rows}))
    found = [shown(row, ranks.get(row.id, "owner"), names.get(row.owner_id, "")) for row in rows]
    return found, list(ranks)


async def public(
    read: Read, actor: Actor, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[Playlist]:
    """A page of everybody's public playlists, those that were changed last first."""
    rows = await sql.public(read, after=after, limit=limit)
    names = await accounts.names(read, sorted({row.owner_id for row in rows}))
    return [
        shown(
            row,
            "owner" if row.owner_id == actor.user_id else "viewer",
            names.get(row.owner_id, ""),
        )
        for row in rows
    ]


async def access(read: Read, actor: Actor, playlist_id: UUID, *, least: Rank = "viewer") -> Found:
    """A playlist that the actor has at least this rank in; in a transaction, to change it.

    Raises:
        NotFound: it isn't there, is deleted, or nothing that the actor may see.
        Forbidden: they may see it, and are less.
    """
    member = await accounts.rank(read, actor, playlist_id, least=least)
    if isinstance(read, Write):
        row = await sql.lock(read, member.owner_id, playlist_id)
    else:
        row = await sql.playlist(read, member.owner_id, playlist_id)
    if row is None:
        row = await sql.opened(read, playlist_id)
        if row is not None and least != "viewer":
            raise Forbidden(_FORBIDDEN)
        member = msgspec.structs.replace(member, rank="viewer")
    if row is None or row.deleted_at is not None:
        raise NotFound(GONE)
    return Found(row, member.rank)


async def get(read: Read, actor: Actor, playlist_id: UUID) -> Playlist:
    """One playlist that the actor may see.

    Raises:
        NotFound: it isn't there, is deleted, or nothing that they may see.
    """
    found = await access(read, actor, playlist_id)
    return await named(read, found.row, found.rank)


async def create(tx: Write, actor: Actor, form: PlaylistForm) -> PlaylistRow:
    """A new playlist of the actor's.

    Raises:
        Conflict: they have two hundred already.
    """
    name, now = form.name.strip(), datetime.now(UTC)
    row = PlaylistRow(
        actor.user_id,
        uuid7(),
        name,
        text.shelf_key(name),
        form.description,
        form.visibility,
        0,
        now,
        now,
        None,
        1,
    )
    made = await sql.insert(tx, row, MOST)
    if made is None:
        raise Conflict(f"You have {MOST} playlists already. Delete one that you no longer need.")
    if made.visibility == "public":
        await feed_sql.made_public(tx, made.owner_id, uuid7(), made.id)
    await tell(tx, made, "changed")
    return made


async def change(
    tx: Write,
    actor: Actor,
    playlist_id: UUID,
    patch: PlaylistPatch,
    if_match: IfMatch = ANY_VERSION,
) -> Playlist:
    """Change what a playlist is called and who sees it, as its owner.

    Raises:
        NotFound: it isn't there, or nothing that the actor may see.
        Forbidden: they don't own it.
        PreconditionFailed: `if_match` is about another version.
    """
    found = await access(tx, actor, playlist_id, least="owner")
    row = found.row
    if_match.check(row.version)
    name = row.name if patch.name is UNSET else patch.name.strip()
    changed = msgspec.structs.replace(
        row,
        name=name,
        name_key=text.shelf_key(name),
        description=row.description if patch.description is UNSET else patch.description,
        visibility=row.visibility if patch.visibility is UNSET else patch.visibility,
    )
    if changed.visibility == "public" != row.visibility:
        await feed_sql.made_public(tx, row.owner_id, uuid7(), row.id)
    return await named(tx, await write(tx, changed, "changed"), "owner")


async def delete(
    tx: Write, actor: Actor, playlist_id: UUID, if_match: IfMatch = ANY_VERSION
) -> None:
    """Hide a playlist, as its owner; for a day it can be restored with all in it and its members.

    Raises:
        NotFound: it isn't there, or nothing that the actor may see.
        Forbidden: they don't own it.
        PreconditionFailed: `if_match` is about another version.
    """
    found = await access(tx, actor, playlist_id, least="owner")
    if_match.check(found.row.version)
    hidden = msgspec.structs.replace(found.row, deleted_at=datetime.now(UTC))
    await write(tx, hidden, "deleted")


async def restore(tx: Write, actor: Actor, playlist_id: UUID) -> Playlist:
    """Undo a deletion.

    Raises:
        NotFound: it was removed for good, or never was the actor's.
    """
    row = await sql.lock(tx, actor.user_id, playlist_id)
    if row is None:
        raise NotFound(GONE)
    if row.deleted_at is not None:
        row = await write(tx, msgspec.structs.replace(row, deleted_at=None), "changed")
    return await named(tx, row, "owner")


async def purge(database: Database) -> None:
    """Remove for good what was deleted a day ago; in a transaction for each."""
    before = datetime.now(UTC) - _KEPT
    while True:
        async with database.read() as read:
            lot = await sql.deleted_before(read, before, _LOT_ROWS)
        for one in lot:
            async with database.write() as tx:
                if await sql.delete(tx, one.owner_id, one.id):
                    await accounts.end_container(tx, Container(one.owner_id, one.id, KIND))
        if len(lot) < _LOT_ROWS:
            return


async def write(
    tx: Write, row: PlaylistRow, action: Literal["changed", "entries", "deleted"]
) -> PlaylistRow:
    """Write a playlist that is locked, and have caches forget and pages hear of it."""
    changed = await sql.update(tx, row)
    await tell(tx, changed, action)
    return changed


async def tell(
    tx: Write, row: PlaylistRow, action: Literal["changed", "entries", "deleted"]
) -> None:
    """Have caches forget, and pages hear of it: the owner's, and its members'."""
    invalidate(tx, tag(row.id), f"playlists:{row.owner_id.hex}", PUBLIC_TAG)
    said = PlaylistChanged(row.id, action)
    await events.publish(tx, row.owner_id, "playlists", "playlist", said, container_id=row.id)


async def tell_person(tx: Write, user_id: UUID, row: PlaylistRow) -> None:
    """Have somebody's pages hear that they came into a playlist, or out."""
    invalidate(tx, f"playlists:{user_id.hex}")
    said = PlaylistChanged(row.id, "changed")
    await events.publish(tx, user_id, "playlists", "playlist", said)


def tag(playlist_id: UUID) -> str:
    """What depends on a playlist and on what is in it."""
    return f"playlist:{playlist_id.hex}"


async def named(read: Read, row: PlaylistRow, rank: Rank) -> Playlist:
    """A row as it is answered."""
    names = await accounts.names(read, [row.owner_id])
    return shown(row, rank, names.get(row.owner_id, ""))


def shown(row: PlaylistRow, rank: Rank, owner_name: str) -> Playlist:
    """A row as it is answered, with its owner's name."""
    return Playlist(
        row.id,
        row.owner_id,
        owner_name,
        row.name,
        row.description,
        row.visibility,
        rank,
        row.entry_count,
        row.created_at,
        row.updated_at,
        row.version,
    )
