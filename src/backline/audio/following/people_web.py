"""HTTP for people as listeners: profiles, follows, lists of them, blocks."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import delete, get, patch, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.audio.following import people
from backline.audio.following.people import Listed, Listener, Profile, ProfilePatch
from backline.audio.playlists import Playlist
from backline.audio.playlists_web import PlaylistPage
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.http import cursors
from backline.platform.http.paging import Cursor, Limit

_TAGS = ["audio"]
_Key = tuple[datetime, UUID]


class PeoplePage(msgspec.Struct, frozen=True):
    """A page of people."""

    items: list[Listed]
    next_cursor: str | None = None


@get("/audio/profile", tags=_TAGS, summary="How I appear to others")
async def get_profile(
    actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Profile:
    """Whether I am found, and how many follow me and are followed by me."""
    async with database.read() as read:
        return await people.mine(read, actor)


@patch("/audio/profile", tags=_TAGS, summary="Be found, or not", idempotent=True)
async def change_profile(
    data: JSONBody[ProfilePatch],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> Profile:
    """Public: everybody who is signed in finds my name and my public playlists, and can follow me.

    What I made private again is out of sight at once, from feeds as well; who follows me stays.
    """
    async with database.write() as tx:
        return await people.change(tx, actor, data)


@get("/audio/people", tags=_TAGS, summary="People who want to be found")
async def list_people(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    limit: Limit = 20,
    cursor: Cursor = None,
) -> PeoplePage:
    """Those who came last first, without me and those who block me."""
    after = _after("people", cursor)
    async with database.read() as read:
        rows = await people.everybody(read, actor, after=after, limit=limit + 1)
    return _page("people", rows, limit)


@get("/users/{user_id:uuid}/profile", tags=_TAGS, summary="A person")
async def get_person(
    user_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> Listener:
    """Who wants to be found, and what is between them and me; also myself."""
    async with database.read() as read:
        return await people.person(read, actor, user_id)


@get("/users/{user_id:uuid}/playlists", tags=_TAGS, summary="A person's public playlists")
async def list_playlists_of(
    user_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    limit: Limit = 20,
    cursor: Cursor = None,
) -> PlaylistPage:
    """Those that were changed last first."""
    name = f"playlists-of:{user_id}"
    after = _after(name, cursor)
    async with database.read() as read:
        rows = await people.playlists_of(read, actor, user_id, after=after, limit=limit + 1)
    found, following = cursors.cut(name, rows, limit, _changed)
    return PlaylistPage(found, following)


@get("/users/{user_id:uuid}/followers", tags=_TAGS, summary="Who follows a person")
async def list_followers(
    user_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    limit: Limit = 20,
    cursor: Cursor = None,
) -> PeoplePage:
    """The latest first: all of mine, of another's those who want to be found."""
    name = f"followers:{user_id}"
    after = _after(name, cursor)
    async with database.read() as read:
        rows = await people.followers(read, actor, user_id, after=after, limit=limit + 1)
    return _page(name, rows, limit)


@get("/users/{user_id:uuid}/following", tags=_TAGS, summary="Whom a person follows")
async def list_following(
    user_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    limit: Limit = 20,
    cursor: Cursor = None,
) -> PeoplePage:
    """The latest first, those who want to be found."""
    name = f"following:{user_id}"
    after = _after(name, cursor)
    async with database.read() as read:
        rows = await people.following(read, actor, user_id, after=after, limit=limit + 1)
    return _page(name, rows, limit)


@put("/users/{user_id:uuid}/follow", status_code=204, tags=_TAGS, summary="Follow a person")
async def follow(
    user_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> None:
    """They are told, by my name. It gives no rights; what they did in public is in my feed."""
    async with database.write() as tx:
        await people.follow(tx, actor, user_id)


@delete("/users/{user_id:uuid}/follow", tags=_TAGS, summary="Follow a person no longer")
async def unfollow(
    user_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> None:
    """Nobody is told."""
    async with database.write() as tx:
        await people.unfollow(tx, actor, user_id)


@delete("/audio/followers/{user_id:uuid}", tags=_TAGS, summary="Remove a follower")
async def remove_follower(
    user_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> None:
    """Nobody is told. They can begin again, unless they are blocked or I am no longer found."""
    async with database.write() as tx:
        await people.remove_follower(tx, actor, user_id)


@get("/audio/blocked", tags=_TAGS, summary="People I have blocked")
async def list_blocked(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    limit: Limit = 20,
    cursor: Cursor = None,
) -> PeoplePage:
    """The latest first."""
    after = _after("blocked", cursor)
    async with database.read() as read:
        rows = await people.blocked(read, actor, after=after, limit=limit + 1)
    return _page("blocked", rows, limit)


@put("/audio/blocked/{user_id:uuid}", status_code=204, tags=_TAGS, summary="Block a person")
async def block(
    user_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> None:
    """Neither of us follows the other any more, and they don't find me. Nobody is told."""
    async with database.write() as tx:
        await people.block(tx, actor, user_id)


@delete("/audio/blocked/{user_id:uuid}", tags=_TAGS, summary="Block a person no longer")
async def unblock(
    user_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> None:
    """They may find and follow me again, if I am found at all."""
    async with database.write() as tx:
        await people.unblock(tx, actor, user_id)


def _after(name: str, cursor: str | None) -> _Key | None:
    return cursors.decode(name, cursor, _Key) if cursor else None


def _page(name: str, rows: list[Listed], limit: int) -> PeoplePage:
    found, following = cursors.cut(name, rows, limit, lambda row: (row.since, row.id))
    return PeoplePage(found, following)


def _changed(row: Playlist) -> _Key:
    return row.updated_at, row.id


ROUTES = [
    get_profile,
    change_profile,
    list_people,
    get_person,
    list_playlists_of,
    list_followers,
    list_following,
    follow,
    unfollow,
    remove_follower,
    list_blocked,
    block,
    unblock,
]
