"""Where somebody stopped listening: what their players had lined up, and bookmarks in tracks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from backline.audio import resuming_sql, sql, tracks
from backline.audio.models import TrackRow
from backline.audio.resuming_sql import BookmarkRow
from backline.platform.actor import Actor
from backline.platform.database import Read, Write
from backline.platform.errors import Conflict, Invalid, NotFound

MOST_QUEUED: Final = 10_000
MOST_BOOKMARKS: Final = 1_000
_MOST_LETTERS: Final = 1_000
_NAME_LETTERS: Final = 100


class Queue(msgspec.Struct, frozen=True):
    """What is lined up, of what is still there; `place` is that of what plays, from 0."""

    tracks: list[TrackRow]
    place: int
    position_ms: int
    saved_by: str
    saved_at: datetime


async def queue(read: Read, actor: Actor) -> Queue | None:
    """What the actor's players had lined up; None where nothing is.

    Where what played is gone, what came after it is next, from its beginning.
    """
    row = await resuming_sql.queue(read, actor.user_id)
    if row is None:
        return None
    rows = {one.id: one for one in await sql.tracks_of(read, actor.user_id, row.track_ids)}
    left = [rows[one] for one in row.track_ids if one in rows]
    if not left:
        return Queue([], 0, 0, row.saved_by, row.saved_at)
    place = min(sum(one in rows for one in row.track_ids[: row.place]), len(left) - 1)
    position_ms = row.position_ms if left[place].id == row.track_ids[row.place] else 0
    return Queue(left, place, position_ms, row.saved_by, row.saved_at)


async def save_queue(
    tx: Write, actor: Actor, track_ids: Sequence[UUID], place: int, position_ms: int, saved_by: str
) -> None:
    """Keep what is lined up, instead of what was; nothing empties it.

    Raises:
        Invalid: it is too long, or what plays isn't in it.
    """
    if not track_ids:
        await resuming_sql.empty(tx, actor.user_id)
        return
    if len(track_ids) > MOST_QUEUED:
        raise Invalid(f"A queue has {MOST_QUEUED:,} tracks at the most.")
    if not 0 <= place < len(track_ids):
        raise Invalid("What plays isn't in the queue.")
    by = saved_by[:_NAME_LETTERS]
    await resuming_sql.save(tx, actor.user_id, track_ids, place, position_ms, by)


async def bookmarks(read: Read, actor: Actor) -> list[tuple[BookmarkRow, TrackRow]]:
    """The actor's bookmarks in what is still there, those changed last first."""
    found = await resuming_sql.bookmarks(read, actor.user_id, MOST_BOOKMARKS)
    of = await sql.tracks_of(read, actor.user_id, [one.track_id for one in found])
    rows = {one.id: one for one in of}
    return [(one, rows[one.track_id]) for one in found if one.track_id in rows]


async def mark(tx: Write, actor: Actor, track_id: UUID, position_ms: int, comment: str) -> None:
    """Put the bookmark of one of the actor's tracks here, wherever it was.

    Raises:
        NotFound: the track isn't there, or someone else's.
        Invalid: the comment is too long.
        Conflict: there are as many as may be.
    """
    if len(comment) > _MOST_LETTERS:
        raise Invalid(f"A comment has {_MOST_LETTERS:,} letters at the most.")
    await tracks.get(tx, actor, track_id)
    most = MOST_BOOKMARKS
    if not await resuming_sql.mark(tx, actor.user_id, track_id, position_ms, comment, most):
        raise Conflict(f"You have {most:,} bookmarks. Delete one before you make another.")


async def unmark(tx: Write, actor: Actor, track_id: UUID) -> None:
    """Take the bookmark of a track away.

    Raises:
        NotFound: it has none.
    """
    if not await resuming_sql.unmark(tx, actor.user_id, track_id):
        raise NotFound("This track has no bookmark.")
