"""Groups of photos that look alike, as they are shown."""

from uuid import UUID

import msgspec

from backline.concerts import showing
from backline.concerts.models import PhotoItem
from backline.concerts.sql import lists
from backline.platform.actor import Actor
from backline.platform.database import Read
from backline.platform.media.signing import MediaSigner


class Group(msgspec.Struct, frozen=True):
    """Photos that look alike, the one that we would keep first."""

    id: UUID
    best_id: UUID
    photos: list[PhotoItem]


class GroupPage(msgspec.Struct, frozen=True):
    """A page of groups."""

    items: list[Group]
    next_cursor: str | None = None


async def page(
    read: Read, actor: Actor, before: UUID | None, limit: int, signer: MediaSigner
) -> list[Group]:
    """A page of groups among the actor's photos."""
    found = await lists.groups(read, actor.user_id, before, limit)
    if not found:
        return []
    ids = [one.group_id for one in found]
    members: dict[UUID, list[PhotoItem]] = {group_id: [] for group_id in ids}
    for row in await lists.of_groups(read, actor.user_id, ids):
        if row.group_id is not None:
            members[row.group_id].append(showing.item(row, signer))
    return [Group(one, members[one][0].id, members[one]) for one in ids if members[one]]
