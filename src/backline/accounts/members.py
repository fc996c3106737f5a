"""Who may do what in a container that several people share: ranks, and how they come and go.

Other domains ask `rank`; what they do with a container's members they check there before. Every
change here ends, in its own transaction, what the member was shown of any container
(`memberships:<user>`), and what shows the container's members (`members:<container>`).
"""

from collections.abc import Collection, Sequence
from typing import Final, cast
from uuid import UUID

from backline.accounts import members_sql
from backline.accounts.members_sql import MemberRow
from backline.accounts.models import (
    Container,
    Member,
    MemberRank,
    Membership,
    MembershipChanged,
    Rank,
)
from backline.platform import events
from backline.platform.actor import Actor
from backline.platform.cache import invalidate, memberships_tag
from backline.platform.database import Read, Write
from backline.platform.errors import Conflict, Forbidden, NotFound

MOST_MEMBERS: Final = 200
MOST_MEMBERSHIPS: Final = 200
TOPIC: Final = "memberships"
_HEIGHTS: Final[dict[Rank, int]] = {"viewer": 1, "commenter": 2, "editor": 3, "owner": 4}
_CALLED: Final[dict[Rank, str]] = {
    "viewer": "a viewer",
    "commenter": "a commenter",
    "editor": "an editor",
    "owner": "the owner",
}


async def rank(
    read: Read, actor: Actor, container_id: UUID, *, least: Rank = "viewer"
) -> Membership:
    """What the actor may do in a container: as a member of it, else as the owner of their own.

    Look up what is in it under the `owner_id` of the answer: what belongs to somebody else and
    isn't shared with the actor is then not found. Within a transaction the rank stays until its
    end, and an answer that is kept for an `Idempotency-Key` is given only while it is reached.

    Raises:
        Forbidden: the actor is a member, of less than the `least` rank.
    """
    if isinstance(read, Write):
        found = await members_sql.locked_membership(read, actor.user_id, container_id)
        if found is not None:
            read.ranks[container_id] = least
    else:
        found = await members_sql.membership(read, actor.user_id, container_id)
    if found is None:
        return Membership(actor.user_id, container_id, "owner")
    if not reaches(found.rank, least):
        raise Forbidden(
            f"You are {_CALLED[found.rank]} here, and only {_CALLED[least]} can do this. "
            "The owner can change what you may do."
        )
    return found


async def still_reaches(read: Read, actor: Actor, container_id: UUID, least: str) -> bool:
    """Whether the actor is a member of a container, with this rank or above."""
    found = await members_sql.membership(read, actor.user_id, container_id)
    return found is not None and _HEIGHTS[found.rank] >= _HEIGHTS[cast("Rank", least)]


def reaches(rank: Rank, least: Rank) -> bool:
    """Whether a rank is `least` or above."""
    return _HEIGHTS[rank] >= _HEIGHTS[least]


async def memberships(read: Read, actor: Actor, kind: str) -> list[Membership]:
    """All that others share with the actor, of one kind: whose partitions a list has to visit."""
    return await members_sql.memberships(read, actor.user_id, kind)


async def containers(read: Read, user_id: UUID) -> list[UUID]:
    """The ids of all that others share with somebody."""
    return await members_sql.containers(read, user_id)


async def members_of(read: Read, container: Container) -> list[Member]:
    """Everybody in a container but its owner."""
    return await members_sql.members(read, container)


async def members_among(read: Read, container: Container, user_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the people who own a container or are members of it.

    Within a transaction they stay that until its end.
    """
    others = [one for one in user_ids if one != container.owner_id]
    found = await members_sql.among(read, container, others) if others else set[UUID]()
    return found | ({container.owner_id} & set(user_ids))


async def belonging(read: Read, pairs: Collection[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    """Those pairs of a person and a container in which the person is a member, at this moment."""
    asked = sorted(set(pairs))
    if not asked:
        return set()
    found = await members_sql.belonging(read, [one for one, _ in asked], [one for _, one in asked])
    return {(one.user_id, one.container_id) for one in found}


async def add_member(tx: Write, container: Container, user_id: UUID, rank: MemberRank) -> bool:
    """Let somebody in; False where they are a member already, whose rank stays.

    Raises:
        NotFound: there is no such account, or the owner's is gone.
        Conflict: they own it; or it has 200 members, or they belong to as much.
    """
    if user_id == container.owner_id:
        raise Conflict("This person owns it already.")
    if not await members_sql.are_there(tx, user_id, container.owner_id):
        raise NotFound("There is no such account.")
    if not await members_sql.insert(tx, container, user_id, rank):
        return False
    if await members_sql.count_members(tx, container) > MOST_MEMBERS:
        raise Conflict(f"It has {MOST_MEMBERS:,} members, and takes no more. Remove some first.")
    if await members_sql.count_memberships(tx, user_id) > MOST_MEMBERSHIPS:
        raise Conflict(f"This person is a member of {MOST_MEMBERSHIPS:,} already, the most.")
    await _changed(tx, user_id, container.id, container.kind, rank)
    return True


async def change_member(tx: Write, container: Container, user_id: UUID, rank: MemberRank) -> None:
    """Give a member another rank.

    Raises:
        NotFound: they are no member.
    """
    if not await members_sql.set_rank(tx, container, user_id, rank):
        raise NotFound("There is no such member.")
    await _changed(tx, user_id, container.id, container.kind, rank)


async def remove_member(tx: Write, container: Container, user_id: UUID) -> None:
    """Put a member out, or let them leave.

    Raises:
        NotFound: they are no member.
    """
    if not await _end(tx, [user_id], [container.id]):
        raise NotFound("There is no such member.")


async def end_container(tx: Write, container: Container) -> None:
    """Put everybody out of what is being deleted."""
    user_ids = [one.user_id for one in await members_sql.members(tx, container)]
    await _end(tx, user_ids, [container.id] * len(user_ids))


async def end_memberships(tx: Write, user_id: UUID) -> None:
    """Take somebody out of everything that others share with them."""
    containers = await members_sql.containers(tx, user_id)
    await _end(tx, [user_id] * len(containers), containers)


async def end_some_members(tx: Write, owner_id: UUID, limit: int) -> int:
    """Put some of those out who are members of anything that somebody owns; how many it were."""
    rows = await members_sql.of_owner(tx, owner_id, limit)
    await _end(tx, [one.user_id for one in rows], [one.container_id for one in rows])
    return len(rows)


def members_tag(container_id: UUID) -> str:
    """What an answer depends on that shows a container's members."""
    return f"members:{container_id.hex}"


async def _end(
    tx: Write, user_ids: Sequence[UUID], container_ids: Sequence[UUID]
) -> list[MemberRow]:
    if not user_ids:
        return []
    gone = await members_sql.delete(tx, user_ids, container_ids)
    for one in gone:
        await _changed(tx, one.user_id, one.container_id, one.kind, None)
    return gone


async def _changed(
    tx: Write, user_id: UUID, container_id: UUID, kind: str, rank: MemberRank | None
) -> None:
    invalidate(tx, memberships_tag(user_id.hex), members_tag(container_id))
    await events.publish(
        tx, user_id, TOPIC, "membership", MembershipChanged(container_id, kind, rank)
    )
