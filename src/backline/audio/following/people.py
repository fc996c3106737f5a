"""People as listeners: who wants to be found, who follows whom, who is blocked.

Nobody is found until they choose so. A follow gives no rights: whoever follows sees what everybody
sees who is signed in.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from backline import accounts
from backline.audio import notices, playlists, playlists_sql
from backline.audio.following import people_sql as sql
from backline.audio.following.people_sql import After, Between, ListedRow
from backline.audio.playlists import Playlist
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Read, Write
from backline.platform.errors import Conflict, NotFound

MOST_FOLLOWED: Final = 1_000
MOST_BLOCKED: Final = 1_000
EVERYBODY_TAG: Final = "public-people"
_GONE: Final = "There is nobody here by this id who wants to be found."


class Profile(msgspec.Struct, frozen=True):
    """How I appear to others. Unless it `is_public` nobody finds me, or can begin to follow me."""

    is_public: bool
    follower_count: int
    following_count: int


class ProfilePatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A merge patch of my profile."""

    is_public: bool


class Listener(msgspec.Struct, frozen=True):
    """A person, and what is between them and me.

    The counts are of all, also of those who don't appear in the lists.
    """

    id: UUID
    name: str
    is_me: bool
    is_public: bool
    is_followed: bool
    follows_me: bool
    is_blocked: bool
    follower_count: int
    following_count: int


class Listed(msgspec.Struct, frozen=True):
    """Somebody in a list; `since` when they follow, are followed, blocked or found there.

    Who isn't public has no page: they are listed only for whom they follow, or who blocked them.
    """

    id: UUID
    name: str
    since: datetime
    is_public: bool
    is_followed: bool


async def mine(read: Read, actor: Actor) -> Profile:
    """The actor's own profile."""
    found = await sql.between(read, actor.user_id, actor.user_id)
    counts = await sql.counts(read, actor.user_id)
    return Profile(found.is_public, counts.follower_count, counts.following_count)


async def change(tx: Write, actor: Actor, patch: ProfilePatch) -> Profile:
    """Be found by others, or no longer; follows stay, and are out of sight meanwhile."""
    await sql.set_public(tx, actor.user_id, is_public=patch.is_public)
    invalidate(tx, EVERYBODY_TAG, tag(actor.user_id))
    return await mine(tx, actor)


async def person(read: Read, actor: Actor, person_id: UUID) -> Listener:
    """Somebody whom the actor may see.

    Raises:
        NotFound: they don't want to be found, block the actor, or there is nobody.
    """
    found = await _seen(read, actor, person_id)
    counts = await sql.counts(read, person_id)
    name = (await accounts.names(read, [person_id])).get(person_id, "")
    return Listener(
        person_id,
        name,
        person_id == actor.user_id,
        found.is_public,
        found.is_followed,
        found.follows_me,
        found.is_blocked,
        counts.follower_count,
        counts.following_count,
    )


async def playlists_of(
    read: Read, actor: Actor, person_id: UUID, *, after: After, limit: int
) -> list[Playlist]:
    """A page of somebody's public playlists, those that were changed last first.

    Raises:
        NotFound: they don't want to be found, block the actor, or there is nobody.
    """
    await _seen(read, actor, person_id)
    rows = await playlists_sql.public_of(read, person_id, after=after, limit=limit)
    name = (await accounts.names(read, [person_id])).get(person_id, "")
    rank = "owner" if person_id == actor.user_id else "viewer"
    return [playlists.shown(row, rank, name) for row in rows]


async def everybody(read: Read, actor: Actor, *, after: After, limit: int) -> list[Listed]:
    """Those who want to be found, the latest first, without the actor."""
    return await _named(read, await sql.everybody(read, actor.user_id, after, limit))


async def followers(
    read: Read, actor: Actor, person_id: UUID, *, after: After, limit: int
) -> list[Listed]:
    """Who follows somebody; of another's followers those who want to be found.

    Raises:
        NotFound: they don't want to be found, block the actor, or there is nobody.
    """
    await _seen(read, actor, person_id)
    return await _named(read, await sql.followers(read, actor.user_id, person_id, after, limit))


async def following(
    read: Read, actor: Actor, person_id: UUID, *, after: After, limit: int
) -> list[Listed]:
    """Whom somebody follows, as far as they want to be found.

    Raises:
        NotFound: they don't want to be found, block the actor, or there is nobody.
    """
    await _seen(read, actor, person_id)
    return await _named(read, await sql.following(read, actor.user_id, person_id, after, limit))


async def blocked(read: Read, actor: Actor, *, after: After, limit: int) -> list[Listed]:
    """Whom the actor has blocked, the latest first."""
    return await _named(read, await sql.blocked(read, actor.user_id, after, limit))


async def follow(tx: Write, actor: Actor, person_id: UUID) -> None:
    """Begin to follow somebody, who is told; doing it twice is no error.

    Raises:
        NotFound: they don't want to be found, block the actor, or there is nobody.
        Conflict: it is the actor, who follows a thousand already, or has blocked them.
    """
    _check_other(actor, person_id)
    is_public = await sql.hold(tx, person_id)
    found = await sql.between(tx, actor.user_id, person_id)
    if not is_public or found.blocks_me:
        raise NotFound(_GONE)
    if found.is_followed:
        return
    if found.is_blocked:
        raise Conflict("You have blocked this person. Unblock them first.")
    if not await sql.follow(tx, actor.user_id, person_id, MOST_FOLLOWED):
        raise Conflict(f"You follow {MOST_FOLLOWED:,} people, the most. Unfollow somebody first.")
    invalidate(tx, tag(actor.user_id), tag(person_id))
    await notices.tell_followed(tx, actor, person_id)


async def unfollow(tx: Write, actor: Actor, person_id: UUID) -> None:
    """Follow somebody no longer.

    Raises:
        NotFound: the actor doesn't follow them.
        Conflict: it is the actor.
    """
    _check_other(actor, person_id)
    if not await sql.unfollow(tx, actor.user_id, person_id):
        raise NotFound("You don't follow this person.")
    invalidate(tx, tag(actor.user_id), tag(person_id))


async def remove_follower(tx: Write, actor: Actor, person_id: UUID) -> None:
    """End that somebody follows the actor; they may begin again.

    Raises:
        NotFound: they don't follow the actor.
        Conflict: it is the actor.
    """
    _check_other(actor, person_id)
    if not await sql.unfollow(tx, person_id, actor.user_id):
        raise NotFound("This person doesn't follow you.")
    invalidate(tx, tag(actor.user_id), tag(person_id))


async def block(tx: Write, actor: Actor, person_id: UUID) -> None:
    """End that two follow each other, and let one not find or follow the actor any more.

    Raises:
        NotFound: they neither follow the actor nor want to be found, or there is nobody.
        Conflict: it is the actor, who has blocked a thousand already.
    """
    _check_other(actor, person_id)
    await sql.lock(tx, actor.user_id)
    found = await sql.between(tx, actor.user_id, person_id)
    if found.is_blocked:
        return
    if not (found.follows_me or (found.is_public and not found.blocks_me)):
        raise NotFound(_GONE)
    if not await sql.block(tx, actor.user_id, person_id, MOST_BLOCKED):
        raise Conflict(f"You have blocked {MOST_BLOCKED:,} people, the most. Unblock somebody.")
    await sql.unfollow(tx, person_id, actor.user_id)
    await sql.unfollow(tx, actor.user_id, person_id)
    invalidate(tx, EVERYBODY_TAG, tag(actor.user_id), tag(person_id))


async def unblock(tx: Write, actor: Actor, person_id: UUID) -> None:
    """Block somebody no longer; who followed whom doesn't come back.

    Raises:
        NotFound: they aren't blocked.
        Conflict: it is the actor.
    """
    _check_other(actor, person_id)
    if not await sql.unblock(tx, actor.user_id, person_id):
        raise NotFound("This person isn't blocked.")
    invalidate(tx, EVERYBODY_TAG, tag(actor.user_id), tag(person_id))


async def close_or_open(tx: Write, person_id: UUID) -> None:
    """Have somebody not be found while their account is closed."""
    if not await accounts.living(tx, [person_id]):
        return
    await sql.set_closed(tx, person_id, is_closed=True)  # locks: who comes later asks later
    if await accounts.active(tx, [person_id]):
        await sql.set_closed(tx, person_id, is_closed=False)
    invalidate(tx, EVERYBODY_TAG, tag(person_id))


async def forget(tx: Write, person_id: UUID) -> None:
    """Remove all of somebody whose account is gone."""
    await sql.forget(tx, person_id)
    invalidate(tx, EVERYBODY_TAG, tag(person_id))


def tag(person_id: UUID) -> str:
    """What depends on somebody's profile, and on who follows and blocks whom of them and others."""
    return f"people:{person_id.hex}"


async def _seen(read: Read, actor: Actor, person_id: UUID) -> Between:
    found = await sql.between(read, actor.user_id, person_id)
    if person_id != actor.user_id and (found.blocks_me or not found.is_public):
        raise NotFound(_GONE)
    return found


async def _named(read: Read, rows: Sequence[ListedRow]) -> list[Listed]:
    names = await accounts.names(read, sorted(row.id for row in rows))
    return [
        Listed(row.id, names.get(row.id, ""), row.since, row.is_public, row.is_followed)
        for row in rows
    ]


def _check_other(actor: Actor, person_id: UUID) -> None:
    if person_id == actor.user_id:
        raise Conflict("That is you.")
