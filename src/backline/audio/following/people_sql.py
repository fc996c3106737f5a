"""The queries of profiles, follows and blocks, each a typed function."""

from datetime import datetime
from typing import Final, LiteralString
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write

After = tuple[datetime, UUID] | None


class Between(msgspec.Struct, frozen=True):
    """What is between a viewer and a person."""

    is_public: bool
    is_followed: bool
    follows_me: bool
    is_blocked: bool
    blocks_me: bool


class Counts(msgspec.Struct, frozen=True):
    """How many follow a person, and how many they follow."""

    follower_count: int
    following_count: int


class ListedRow(msgspec.Struct, frozen=True):
    """Somebody in a list of people; `since` is what the list is sorted by."""

    id: UUID
    since: datetime
    is_public: bool
    is_followed: bool


_BETWEEN: Final = """
SELECT
  EXISTS (SELECT FROM profiles WHERE owner_id = $2 AND is_public AND NOT is_closed) AS is_public,
  EXISTS (SELECT FROM follows WHERE follower_id = $1 AND followed_id = $2) AS is_followed,
  EXISTS (SELECT FROM follows WHERE follower_id = $2 AND followed_id = $1) AS follows_me,
  EXISTS (SELECT FROM blocked_people WHERE owner_id = $1 AND blocked_id = $2) AS is_blocked,
  EXISTS (SELECT FROM blocked_people WHERE owner_id = $2 AND blocked_id = $1) AS blocks_me
"""
_COUNTS: Final = """
SELECT (SELECT count(*) FROM follows WHERE followed_id = $1) AS follower_count,
  (SELECT count(*) FROM follows WHERE follower_id = $1) AS following_count
"""
_FOUND: LiteralString = "(p.is_public AND NOT p.is_closed)"
_IS_FOLLOWED: LiteralString = (
    "EXISTS (SELECT FROM follows o WHERE o.follower_id = $1 AND o.followed_id = p.owner_id)"
)
_NOT_BLOCKED: LiteralString = """
NOT EXISTS (SELECT FROM blocked_people b WHERE b.owner_id = p.owner_id AND b.blocked_id = $1)
"""
_EVERYBODY: Final = f"""
SELECT p.owner_id AS id, p.public_since AS since, true AS is_public, {_IS_FOLLOWED} AS is_followed
FROM profiles p
WHERE {_FOUND} AND p.owner_id <> $1 AND {_NOT_BLOCKED}
  AND ($2::timestamptz IS NULL OR (p.public_since, p.owner_id) < ($2::timestamptz, $3::uuid))
ORDER BY p.public_since DESC, p.owner_id DESC LIMIT $4
"""  # noqa: S608  # literals alone
_FOLLOWERS: Final = f"""
SELECT f.follower_id AS id, f.since, coalesce({_FOUND}, false) AS is_public,
  {_IS_FOLLOWED} AS is_followed
FROM follows f LEFT JOIN profiles p ON p.owner_id = f.follower_id
WHERE f.followed_id = $5 AND ($1 = $5 OR f.follower_id = $1 OR {_FOUND} AND {_NOT_BLOCKED})
  AND ($2::timestamptz IS NULL OR (f.since, f.follower_id) < ($2::timestamptz, $3::uuid))
ORDER BY f.since DESC, f.follower_id DESC LIMIT $4
"""  # noqa: S608  # literals alone
_FOLLOWING: Final = f"""
SELECT f.followed_id AS id, f.since, p.is_public, {_IS_FOLLOWED} AS is_followed
FROM follows f JOIN profiles p ON p.owner_id = f.followed_id AND {_FOUND}
WHERE f.follower_id = $5 AND {_NOT_BLOCKED}
  AND ($2::timestamptz IS NULL OR (f.since, f.followed_id) < ($2::timestamptz, $3::uuid))
ORDER BY f.since DESC, f.followed_id DESC LIMIT $4
"""  # noqa: S608  # literals alone
_BLOCKED: Final = f"""
SELECT b.blocked_id AS id, b.since, coalesce({_FOUND}, false) AS is_public, false AS is_followed
FROM blocked_people b LEFT JOIN profiles p ON p.owner_id = b.blocked_id
WHERE b.owner_id = $1
  AND ($2::timestamptz IS NULL OR (b.since, b.blocked_id) < ($2::timestamptz, $3::uuid))
ORDER BY b.since DESC, b.blocked_id DESC LIMIT $4
"""  # noqa: S608  # literals alone
_SET_PUBLIC: Final = """
INSERT INTO profiles AS p (owner_id, is_public) VALUES ($1, $2)
ON CONFLICT (owner_id) DO UPDATE SET is_public = $2,
  public_since = CASE WHEN p.is_public THEN p.public_since ELSE now() END
"""
_SET_CLOSED: Final = """
INSERT INTO profiles (owner_id, is_public, is_closed) VALUES ($1, false, $2)
ON CONFLICT (owner_id) DO UPDATE SET is_closed = $2
"""
# Also of somebody who has never chosen, and may be found while this goes on.
_LOCK: Final = """
INSERT INTO profiles AS p (owner_id, is_public) VALUES ($1, false)
ON CONFLICT (owner_id) DO UPDATE SET is_public = p.is_public
"""
_HOLD: Final = "SELECT is_public AND NOT is_closed FROM profiles WHERE owner_id = $1 FOR SHARE"
_FOLLOW: Final = """
INSERT INTO follows (follower_id, followed_id)
SELECT $1, $2 WHERE (SELECT count(*) FROM follows WHERE follower_id = $1) < $3
ON CONFLICT DO NOTHING
"""
_UNFOLLOW: Final = "DELETE FROM follows WHERE follower_id = $1 AND followed_id = $2"
_BLOCK: Final = """
INSERT INTO blocked_people (owner_id, blocked_id)
SELECT $1, $2 WHERE (SELECT count(*) FROM blocked_people WHERE owner_id = $1) < $3
ON CONFLICT DO NOTHING
"""
_UNBLOCK: Final = "DELETE FROM blocked_people WHERE owner_id = $1 AND blocked_id = $2"
# First and by itself: who begins to follow at this moment is waited for, and seen by the next.
_FORGET_PROFILE: Final = "DELETE FROM profiles WHERE owner_id = $1"
_FORGET: Final = """
WITH blocks AS (DELETE FROM blocked_people WHERE owner_id = $1 OR blocked_id = $1)
DELETE FROM follows WHERE follower_id = $1 OR followed_id = $1
"""


async def between(read: Read, viewer_id: UUID, person_id: UUID) -> Between:
    """What is between two, also if there is no such person."""
    found = await read.fetch_one(_BETWEEN, Between, viewer_id, person_id)
    assert found is not None  # noqa: S101  # a query without FROM always gives one
    return found


async def counts(read: Read, person_id: UUID) -> Counts:
    """How many follow somebody, and how many they follow."""
    found = await read.fetch_one(_COUNTS, Counts, person_id)
    assert found is not None  # noqa: S101  # a query without FROM always gives one
    return found


async def everybody(read: Read, viewer_id: UUID, after: After, limit: int) -> list[ListedRow]:
    """Those who want to be found, the latest first."""
    return await read.fetch(_EVERYBODY, ListedRow, viewer_id, *(after or (None, None)), limit)


async def followers(
    read: Read, viewer_id: UUID, person_id: UUID, after: After, limit: int
) -> list[ListedRow]:
    """Who follows somebody, as far as the viewer may see them: the person themselves sees all."""
    where = after or (None, None)
    return await read.fetch(_FOLLOWERS, ListedRow, viewer_id, *where, limit, person_id)


async def following(
    read: Read, viewer_id: UUID, person_id: UUID, after: After, limit: int
) -> list[ListedRow]:
    """Whom somebody follows, as far as they want to be found."""
    where = after or (None, None)
    return await read.fetch(_FOLLOWING, ListedRow, viewer_id, *where, limit, person_id)


async def blocked(read: Read, owner_id: UUID, after: After, limit: int) -> list[ListedRow]:
    """Whom somebody has blocked, the latest first."""
    return await read.fetch(_BLOCKED, ListedRow, owner_id, *(after or (None, None)), limit)


async def set_public(tx: Write, owner_id: UUID, *, is_public: bool) -> None:
    """Say whether somebody wants to be found."""
    await tx.execute(_SET_PUBLIC, owner_id, is_public)


async def set_closed(tx: Write, owner_id: UUID, *, is_closed: bool) -> None:
    """Say whether somebody's account is closed; nobody else says so until `tx` ends."""
    await tx.execute(_SET_CLOSED, owner_id, is_closed)


async def lock(tx: Write, owner_id: UUID) -> None:
    """Let nobody begin to follow somebody until `tx` ends."""
    await tx.execute(_LOCK, owner_id)


async def hold(tx: Write, owner_id: UUID) -> bool:
    """Whether somebody wants to be found; that, and whom they block, stays until `tx` ends."""
    return bool(await tx.fetch_value(_HOLD, owner_id))


async def follow(tx: Write, follower_id: UUID, followed_id: UUID, most: int) -> bool:
    """Begin to follow; False where that is so already, or they follow `most`."""
    return await tx.execute(_FOLLOW, follower_id, followed_id, most) > 0


async def unfollow(tx: Write, follower_id: UUID, followed_id: UUID) -> bool:
    """Follow no longer; whether it was so."""
    return await tx.execute(_UNFOLLOW, follower_id, followed_id) > 0


async def block(tx: Write, owner_id: UUID, blocked_id: UUID, most: int) -> bool:
    """Block somebody; False where that is so already, or there are `most`."""
    return await tx.execute(_BLOCK, owner_id, blocked_id, most) > 0


async def unblock(tx: Write, owner_id: UUID, blocked_id: UUID) -> bool:
    """Block somebody no longer; whether it was so."""
    return await tx.execute(_UNBLOCK, owner_id, blocked_id) > 0


async def forget(tx: Write, person_id: UUID) -> None:
    """Remove all of somebody who is gone."""
    await tx.execute(_FORGET_PROFILE, person_id)
    await tx.execute(_FORGET, person_id)
