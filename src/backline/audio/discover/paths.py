"""A way from one track to another, each like the one before it."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from backline.audio import sql, tracks
from backline.audio.discover import neighbors_sql
from backline.audio.engine.kin import likeness
from backline.audio.models import TrackRow
from backline.platform.actor import Actor
from backline.platform.database import Read

_MOST_STEPS: Final = 12
_MOST_KNOWN: Final = 4_000


async def between(
    read: Read, actor: Actor, start_id: UUID, end_id: UUID, limit: int
) -> list[tuple[TrackRow, float | None]]:
    """A shortest way over neighbours, both ends with it, and how alike each is to the start.

    Where there is none within twelve steps it is the two alone. None where a sound isn't known.

    Raises:
        NotFound: one of them isn't there, or someone else's.
    """
    for track_id in (start_id, end_id):
        await tracks.get(read, actor, track_id)
    way = _thinned(await _way(read, actor.user_id, start_id, end_id), limit)
    rows = {row.id: row for row in await sql.tracks_of(read, actor.user_id, way)}
    sounds = await neighbors_sql.sounding(read, actor.user_id, way)
    mine = sounds.get(start_id)
    return [
        (rows[one], likeness(mine, sounds[one]) if mine and one in sounds else None)
        for one in way
        if one in rows and rows[one].status == "ready"
    ]


async def _way(read: Read, owner_id: UUID, start_id: UUID, end_id: UUID) -> list[UUID]:
    """Step by step all that is reached from the start, until the end is."""
    came_from: dict[UUID, UUID] = {}
    seen, edge = {start_id}, [start_id]
    for _ in range(_MOST_STEPS):
        following: list[UUID] = []
        for one in await neighbors_sql.edges(read, owner_id, edge):
            for other in one.other_ids:
                if other not in seen:
                    seen.add(other)
                    came_from[other] = one.track_id
                    following.append(other)
        if end_id in came_from or not following or len(seen) > _MOST_KNOWN:
            break
        edge = following
    way = [end_id]
    while way[-1] in came_from:
        way.append(came_from[way[-1]])
    found = way[::-1]
    return found if found[0] == start_id else [start_id, end_id]


def _thinned(way: Sequence[UUID], limit: int) -> list[UUID]:
    """So many of a way at the most, evenly, its ends with them."""
    if len(way) <= limit:
        return list(way)
    if limit == 1:
        return [way[0]]
    return [way[at * (len(way) - 1) // (limit - 1)] for at in range(limit)]
