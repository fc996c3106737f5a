"""Concerts that nothing speaks for any more: made of photos that are elsewhere now."""

from uuid import UUID

from backline.concerts.history import concerts, making
from backline.concerts.sql import bills, histories, sessions
from backline.concerts.sql import concerts as sql
from backline.platform.database import Write


async def if_forsaken(
    tx: Write, owner_id: UUID, concert_id: UUID, *, by_person: bool = False
) -> bool:
    """Remove a concert without photos and sessions that nobody edited; whether it was one.

    Only what was made automatically, unless it is a person who undoes what they made. The history
    has to be held.
    """
    row = await sql.concert(tx, owner_id, concert_id)
    if row is None or row.is_edited or row.photo_count:
        return False
    if row.source != "automatic" and not by_person:
        return False
    if await sessions.count_of(tx, owner_id, concert_id):
        return False
    await making.count(tx, owner_id, await making.counted_of(tx, row), None)
    await histories.count(tx, owner_id, -1)
    await bills.clear(tx, owner_id, concert_id)
    await sql.remove(tx, owner_id, concert_id)
    await concerts.tell(tx, owner_id, [concert_id], "deleted")
    return True
