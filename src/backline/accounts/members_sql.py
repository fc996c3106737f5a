"""The queries of memberships; each is written to its member's partition and to its owner's."""

from collections.abc import Sequence
from typing import LiteralString
from uuid import UUID

import msgspec

from backline.accounts.models import Container, Member, MemberRank, Membership
from backline.platform.database import Read, Write


class Belonging(msgspec.Struct, frozen=True):
    """Somebody, and a container that they are a member of."""

    user_id: UUID
    container_id: UUID


class MemberRow(msgspec.Struct, frozen=True):
    """A membership with both its ends."""

    user_id: UUID
    owner_id: UUID
    container_id: UUID
    kind: str


_MEMBERSHIP = """
SELECT owner_id, container_id, rank FROM memberships WHERE user_id = $1 AND container_id = $2
"""
_LOCKED_MEMBERSHIP = """
SELECT owner_id, container_id, rank FROM memberships WHERE user_id = $1 AND container_id = $2
FOR SHARE
"""
_MEMBERSHIPS = """
SELECT owner_id, container_id, rank FROM memberships WHERE user_id = $1 AND kind = $2
ORDER BY container_id
"""
# Person by person (OFFSET 0), so that only their partitions are visited.
_BELONGING = """
SELECT m.user_id, m.container_id
FROM unnest($1::uuid[], $2::uuid[]) AS asked (user_id, container_id)
CROSS JOIN LATERAL (SELECT user_id, container_id FROM memberships
  WHERE user_id = asked.user_id AND container_id = asked.container_id OFFSET 0) m
"""
_CONTAINERS = "SELECT container_id FROM memberships WHERE user_id = $1"
_COUNT_MEMBERSHIPS = "SELECT count(*) FROM memberships WHERE user_id = $1"


def member_of_nothing(kind: LiteralString) -> LiteralString:
    """A condition: nobody shares anything of this kind with the one who is `$1`."""
    return f"NOT EXISTS (SELECT FROM memberships WHERE user_id = $1 AND kind = '{kind}')"


async def membership(read: Read, user_id: UUID, container_id: UUID) -> Membership | None:
    """Somebody's part in a container of somebody else's."""
    return await read.fetch_one(_MEMBERSHIP, Membership, user_id, container_id)


async def locked_membership(tx: Write, user_id: UUID, container_id: UUID) -> Membership | None:
    """As `membership`; nobody changes it before `tx` ends."""
    return await tx.fetch_one(_LOCKED_MEMBERSHIP, Membership, user_id, container_id)


async def memberships(read: Read, user_id: UUID, kind: str) -> list[Membership]:
    """All that somebody is a member of, of one kind."""
    return await read.fetch(_MEMBERSHIPS, Membership, user_id, kind)


async def belonging(
    read: Read, user_ids: Sequence[UUID], container_ids: Sequence[UUID]
) -> list[Belonging]:
    """Those of the people who are members of the containers, pair by pair."""
    return await read.fetch(_BELONGING, Belonging, user_ids, container_ids)


async def containers(read: Read, user_id: UUID) -> list[UUID]:
    """The ids of all that somebody is a member of."""
    return await read.fetch_values(_CONTAINERS, user_id)


async def count_memberships(read: Read, user_id: UUID) -> int:
    """Of how much somebody is a member."""
    return int(await read.fetch_value(_COUNT_MEMBERSHIPS, user_id))


_MEMBERS = """
SELECT user_id, rank, created_at AS since FROM members
WHERE owner_id = $1 AND container_id = $2 ORDER BY user_id
"""
_AMONG = """
SELECT user_id FROM members
WHERE owner_id = $1 AND container_id = $2 AND user_id = ANY($3::uuid[]) ORDER BY user_id
"""
_LOCKED_AMONG = f"{_AMONG} FOR SHARE"
_COUNT_MEMBERS = "SELECT count(*) FROM members WHERE owner_id = $1 AND container_id = $2"
_LIVING = """
SELECT id FROM users WHERE id IN ($1, $2) AND deleted_at IS NULL ORDER BY id FOR KEY SHARE
"""


async def members(read: Read, container: Container) -> list[Member]:
    """Everybody in a container but its owner."""
    return await read.fetch(_MEMBERS, Member, container.owner_id, container.id)


async def among(read: Read, container: Container, user_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the people who are members; in a transaction they stay that until its end."""
    sql = _LOCKED_AMONG if isinstance(read, Write) else _AMONG
    asked = (container.owner_id, container.id, list(user_ids))
    return set(await read.fetch_values(sql, *asked))


async def count_members(read: Read, container: Container) -> int:
    """How many that are."""
    return int(await read.fetch_value(_COUNT_MEMBERS, container.owner_id, container.id))


async def are_there(tx: Write, one: UUID, other: UUID) -> bool:
    """Whether two people have accounts; those aren't deleted before `tx` ends."""
    return len(await tx.fetch_values(_LIVING, one, other)) == len({one, other})


_INSERT_MEMBERSHIP = """
INSERT INTO memberships (user_id, container_id, owner_id, kind, rank) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING
"""
_INSERT_MEMBER = """
INSERT INTO members (user_id, container_id, owner_id, kind, rank) VALUES ($1, $2, $3, $4, $5)
"""
_SET_MEMBERSHIP = """
UPDATE memberships SET rank = $4 WHERE user_id = $1 AND container_id = $2 AND owner_id = $3
"""
_SET_MEMBER = (
    "UPDATE members SET rank = $4 WHERE user_id = $1 AND container_id = $2 AND owner_id = $3"
)


async def insert(tx: Write, container: Container, user_id: UUID, rank: MemberRank) -> bool:
    """Add a member; False where they are one already."""
    row = (user_id, container.id, container.owner_id, container.kind, rank)
    if not await tx.execute(_INSERT_MEMBERSHIP, *row):
        return False
    await tx.execute(_INSERT_MEMBER, *row)
    return True


async def set_rank(tx: Write, container: Container, user_id: UUID, rank: MemberRank) -> bool:
    """Change a member's rank; False where they are none."""
    row = (user_id, container.id, container.owner_id, rank)
    if not await tx.execute(_SET_MEMBERSHIP, *row):
        return False
    await tx.execute(_SET_MEMBER, *row)
    return True


_DELETE_MEMBERSHIPS = """
DELETE FROM memberships m USING unnest($1::uuid[], $2::uuid[]) AS gone (user_id, container_id)
WHERE m.user_id = gone.user_id AND m.container_id = gone.container_id
RETURNING m.user_id, m.owner_id, m.container_id, m.kind
"""
_DELETE_MEMBERS = """
DELETE FROM members m
USING unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS gone (user_id, owner_id, container_id)
WHERE m.owner_id = gone.owner_id AND m.container_id = gone.container_id
  AND m.user_id = gone.user_id
"""
_OF_OWNER = """
SELECT user_id, owner_id, container_id, kind FROM members WHERE owner_id = $1 LIMIT $2
"""


async def delete(
    tx: Write, user_ids: Sequence[UUID], container_ids: Sequence[UUID]
) -> list[MemberRow]:
    """Take these away, pair by pair; those that there were."""
    gone = await tx.fetch(_DELETE_MEMBERSHIPS, MemberRow, user_ids, container_ids)
    await tx.execute(
        _DELETE_MEMBERS,
        [one.user_id for one in gone],
        [one.owner_id for one in gone],
        [one.container_id for one in gone],
    )
    return gone


async def of_owner(read: Read, owner_id: UUID, limit: int) -> list[MemberRow]:
    """Some members of what somebody owns."""
    return await read.fetch(_OF_OWNER, MemberRow, owner_id, limit)
