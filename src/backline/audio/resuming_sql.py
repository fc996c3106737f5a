"""The queries of play queues and bookmarks, each a typed function."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write


class QueueRow(msgspec.Struct, frozen=True):
    """What somebody had lined up; `place` is that of what plays, from 0."""

    track_ids: list[UUID]
    place: int
    position_ms: int
    saved_by: str
    saved_at: datetime


class BookmarkRow(msgspec.Struct, frozen=True):
    """A place in a track."""

    track_id: UUID
    position_ms: int
    comment: str
    created_at: datetime
    changed_at: datetime


_QUEUE: Final = """
SELECT track_ids, place, position_ms, saved_by, saved_at FROM play_queues WHERE user_id = $1
"""
_SAVE: Final = """
INSERT INTO play_queues (user_id, track_ids, place, position_ms, saved_by)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (user_id) DO UPDATE SET track_ids = excluded.track_ids, place = excluded.place,
  position_ms = excluded.position_ms, saved_by = excluded.saved_by, saved_at = now()
"""
_EMPTY: Final = "DELETE FROM play_queues WHERE user_id = $1"
_BOOKMARKS: Final = """
SELECT track_id, position_ms, comment, created_at, changed_at FROM bookmarks
WHERE user_id = $1 ORDER BY changed_at DESC, track_id LIMIT $2
"""
# One after another: else two made at once would each be the last one that is allowed.
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext('backline.audio.bookmarks'), hashtext($1))"
_MARK: Final = """
INSERT INTO bookmarks (user_id, track_id, position_ms, comment)
SELECT $1, $2, $3, $4
WHERE (SELECT count(*) FROM bookmarks WHERE user_id = $1 AND track_id <> $2) < $5
ON CONFLICT (user_id, track_id) DO UPDATE SET position_ms = excluded.position_ms,
  comment = excluded.comment, changed_at = now()
"""
_UNMARK: Final = "DELETE FROM bookmarks WHERE user_id = $1 AND track_id = $2"
_FORGET: Final = "DELETE FROM bookmarks WHERE user_id = $1"


async def queue(read: Read, user_id: UUID) -> QueueRow | None:
    """What somebody had lined up; None where nothing was saved."""
    return await read.fetch_one(_QUEUE, QueueRow, user_id)


async def save(
    tx: Write, user_id: UUID, track_ids: Sequence[UUID], place: int, position_ms: int, by: str
) -> None:
    """Keep this instead of what was lined up before."""
    await tx.execute(_SAVE, user_id, list(track_ids), place, position_ms, by)


async def empty(tx: Write, user_id: UUID) -> None:
    """Keep nothing lined up."""
    await tx.execute(_EMPTY, user_id)


async def bookmarks(read: Read, user_id: UUID, most: int) -> list[BookmarkRow]:
    """Somebody's bookmarks, those changed last first."""
    return await read.fetch(_BOOKMARKS, BookmarkRow, user_id, most)


async def mark(
    tx: Write, user_id: UUID, track_id: UUID, position_ms: int, comment: str, most: int
) -> bool:
    """Put a track's bookmark here; False where somebody has as many as they may."""
    await tx.fetch_value(_LOCK, str(user_id))
    return await tx.execute(_MARK, user_id, track_id, position_ms, comment, most) > 0


async def unmark(tx: Write, user_id: UUID, track_id: UUID) -> bool:
    """Take a track's bookmark away; False where it had none."""
    return await tx.execute(_UNMARK, user_id, track_id) > 0


async def forget(tx: Write, user_id: UUID) -> None:
    """Remove all of somebody who is gone."""
    await tx.execute(_EMPTY, user_id)
    await tx.execute(_FORGET, user_id)
