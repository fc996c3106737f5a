"""The queries of favourites, ratings and plays, each a typed function."""

from datetime import datetime
from typing import LiteralString
from uuid import UUID

from backline.audio.models import TrackRow
from backline.audio.sql import FIELDS, TRACKS
from backline.platform.database import Read, Write

_FAVOR = """
INSERT INTO track_listening (user_id, track_id, favorite_at) VALUES ($1, $2, now())
ON CONFLICT (user_id, track_id) DO UPDATE SET favorite_at = now()
WHERE track_listening.favorite_at IS NULL
"""
_DISFAVOR = """
UPDATE track_listening SET favorite_at = NULL
WHERE user_id = $1 AND track_id = $2 AND favorite_at IS NOT NULL
"""
_RATE = """
INSERT INTO track_listening (user_id, track_id, rating) VALUES ($1, $2, $3)
ON CONFLICT (user_id, track_id) DO UPDATE SET rating = excluded.rating
WHERE track_listening.rating IS DISTINCT FROM excluded.rating
"""
_FAVOR_ALBUM = """
UPDATE albums SET favorite_at = CASE WHEN $3 THEN coalesce(favorite_at, now()) END
WHERE owner_id = $1 AND id = $2 AND track_count > 0
"""
_FAVOR_ARTIST = """
UPDATE artists SET favorite_at = CASE WHEN $3 THEN coalesce(favorite_at, now()) END
WHERE owner_id = $1 AND id = $2 AND track_count + album_count > 0
"""


async def favor(tx: Write, user_id: UUID, track_id: UUID, *, is_favorite: bool) -> bool:
    """Make a track a favourite, or no longer; False where it is so already."""
    sql: LiteralString = _FAVOR if is_favorite else _DISFAVOR
    return await tx.execute(sql, user_id, track_id) > 0


async def rate(tx: Write, user_id: UUID, track_id: UUID, rating: int | None) -> bool:
    """Give a track its stars; False where it has as many already."""
    return await tx.execute(_RATE, user_id, track_id, rating) > 0


async def favor_album(tx: Write, owner_id: UUID, album_id: UUID, *, is_favorite: bool) -> bool:
    """Make an album a favourite, or no longer; False where there is none."""
    return await tx.execute(_FAVOR_ALBUM, owner_id, album_id, is_favorite) > 0


async def favor_artist(tx: Write, owner_id: UUID, artist_id: UUID, *, is_favorite: bool) -> bool:
    """Make an artist a favourite, or no longer; False where there is none."""
    return await tx.execute(_FAVOR_ARTIST, owner_id, artist_id, is_favorite) > 0


class PlayRow(TrackRow, frozen=True):
    """A play with its track."""

    key: str
    played_at: datetime


_PLAY = """
WITH told AS (
  INSERT INTO plays (user_id, key, track_id, played_at) VALUES ($1, $2, $3, least($4, now()))
  ON CONFLICT DO NOTHING RETURNING track_id, played_at
)
INSERT INTO track_listening (user_id, track_id, play_count, last_played_at)
SELECT $1, track_id, 1, played_at FROM told
ON CONFLICT (user_id, track_id) DO UPDATE SET play_count = track_listening.play_count + 1,
  last_played_at = greatest(track_listening.last_played_at, excluded.last_played_at)
"""
_HISTORY: LiteralString = f"""
SELECT {FIELDS}, p.key, p.played_at FROM plays p JOIN {TRACKS} ON t.id = p.track_id
WHERE p.user_id = $1 AND t.owner_id = $1 AND t.deleted_at IS NULL
"""  # noqa: S608  # literals alone
_BEFORE = "AND (p.played_at, p.key) < ($2::timestamptz, $3::text)"
_NEWEST = "AND $2::timestamptz IS NULL AND $3::text IS NULL"
_BY_TIME = "ORDER BY p.played_at DESC, p.key DESC LIMIT $4"


async def play(tx: Write, user_id: UUID, key: str, track_id: UUID, played_at: datetime) -> bool:
    """Count a play, now at the latest; False where that of this key is counted already."""
    return await tx.execute(_PLAY, user_id, key, track_id, played_at) > 0


async def history(
    read: Read, user_id: UUID, *, after: tuple[datetime, str] | None, limit: int
) -> list[PlayRow]:
    """A page of what somebody has played, the latest first; `after` is a time and a key."""
    sql = "\n".join((_HISTORY, _BEFORE if after else _NEWEST, _BY_TIME))
    played_at, key = after or (None, None)
    return await read.fetch(sql, PlayRow, user_id, played_at, key, limit)


_CLEAR: tuple[LiteralString, ...] = (
    "DELETE FROM plays WHERE user_id = $1",
    """DELETE FROM track_listening
    WHERE user_id = $1 AND favorite_at IS NULL AND rating IS NULL""",
    """UPDATE track_listening SET play_count = 0, last_played_at = NULL
    WHERE user_id = $1 AND play_count > 0""",
)
_FORGET: tuple[LiteralString, ...] = (
    "DELETE FROM plays WHERE user_id = $1",
    "DELETE FROM track_listening WHERE user_id = $1",
)
_GREAT = """
SELECT user_id FROM track_listening GROUP BY user_id HAVING sum(play_count) > $1 ORDER BY user_id
"""
_TRIM = """
DELETE FROM plays WHERE user_id = $1 AND (played_at, key) <= (
  SELECT played_at, key FROM plays WHERE user_id = $1
  ORDER BY played_at DESC, key DESC OFFSET $2 LIMIT 1)
"""


async def clear(tx: Write, user_id: UUID) -> None:
    """Forget all that somebody has played; favourites and ratings stay."""
    for statement in _CLEAR:
        await tx.execute(statement, user_id)


async def forget(tx: Write, user_id: UUID) -> None:
    """Remove all of somebody who is gone."""
    for statement in _FORGET:
        await tx.execute(statement, user_id)


async def with_long_history(read: Read, most: int) -> list[UUID]:
    """Those who have played more than so much."""
    return await read.fetch_values(_GREAT, most)


async def trim(tx: Write, user_id: UUID, most: int) -> int:
    """Keep somebody's latest plays alone; how many went. What was counted stays counted."""
    return await tx.execute(_TRIM, user_id, most)
