"""The queries of which tracks are like which, each a typed function."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import LiteralString
from uuid import UUID

import msgspec

from backline.audio.engine.kin import RULES
from backline.audio.models import TrackRow
from backline.audio.sql import FIELDS, TRACKS
from backline.platform.database import Read, Write


class SimilarRow(TrackRow, frozen=True):
    """A track that is like another, and what was found of both."""

    score: float
    sound: float | None
    heard: int
    beside: int


_SIMILAR: LiteralString = f"""
WITH near AS MATERIALIZED (
  SELECT n.* FROM track_neighbors k
  CROSS JOIN unnest(k.other_ids, k.scores, k.sounds, k.heard, k.beside)
    WITH ORDINALITY AS n(other_id, score, sound, heard, beside, place)
  WHERE k.owner_id = $1 AND k.track_id = $2
)
SELECT {FIELDS}, n.score, n.sound, n.heard, n.beside
FROM near n JOIN {TRACKS} ON t.id = n.other_id
WHERE t.owner_id = $1 AND t.deleted_at IS NULL AND t.status = 'ready' ORDER BY n.place LIMIT $3
"""  # noqa: S608  # literals alone


async def similar(read: Read, owner_id: UUID, track_id: UUID, limit: int) -> list[SimilarRow]:
    """The neighbours of a track that can be played, the nearest first."""
    return await read.fetch(_SIMILAR, SimilarRow, owner_id, track_id, limit)


class Edges(msgspec.Struct, frozen=True):
    """The neighbours of a track, and how alike they sound."""

    track_id: UUID
    other_ids: list[UUID]
    sounds: list[float | None]


class Sounding(msgspec.Struct, frozen=True):
    """What a track is like by its sound."""

    track_id: UUID
    numbers: list[float]


_EDGES = """
SELECT track_id, other_ids, sounds FROM track_neighbors
WHERE owner_id = $1 AND track_id = ANY($2::uuid[]) ORDER BY track_id
"""
_SOUNDING = """
SELECT track_id, numbers FROM track_sounds
WHERE owner_id = $1 AND track_id = ANY($2::uuid[]) AND numbers <> '{}'
"""


async def edges(read: Read, owner_id: UUID, track_ids: Sequence[UUID]) -> list[Edges]:
    """The neighbours of tracks."""
    return await read.fetch(_EDGES, Edges, owner_id, list(track_ids))


async def sounding(
    read: Read, owner_id: UUID, track_ids: Sequence[UUID]
) -> dict[UUID, list[float]]:
    """What tracks are like by their sound, of those of which that is known."""
    rows = await read.fetch(_SOUNDING, Sounding, owner_id, list(track_ids))
    return {row.track_id: row.numbers for row in rows}


class Known(msgspec.Struct, frozen=True):
    """A track as it is compared; `sound` tells files of the very same sound."""

    id: UUID
    artist_ids: list[UUID]
    genre_ids: list[UUID]
    year: int | None
    sound: bytes
    numbers: list[float] | None
    is_fresh: bool


class Heard(msgspec.Struct, frozen=True):
    """A play."""

    track_id: UUID
    played_at: datetime


class Beside(msgspec.Struct, frozen=True):
    """Two tracks that stand beside each other in so many playlists."""

    one: UUID
    other: UUID
    times: int


class Round(msgspec.Struct, frozen=True):
    """When somebody's neighbours were all found, and among how many tracks."""

    began_at: datetime
    track_count: int


_LIBRARY = """
SELECT t.id, t.artist_ids, t.genre_ids, t.year, t.sound_key AS sound, s.numbers,
  s.rules = $4 AND (k.found_at IS NULL OR s.described_at > k.found_at) AS is_fresh
FROM tracks t
LEFT JOIN track_sounds s ON s.owner_id = t.owner_id AND s.track_id = t.id
LEFT JOIN track_neighbors k ON k.owner_id = t.owner_id AND k.track_id = t.id
WHERE t.owner_id = $1 AND t.deleted_at IS NULL AND t.status = 'ready' AND t.id > $2
ORDER BY t.id LIMIT $3
"""
_PLAYS = "SELECT track_id, played_at FROM plays WHERE user_id = $1 ORDER BY played_at, key"
# Of what others have put between two, nothing is known: those two don't stand beside each other.
_BESIDE = """
SELECT least(one, other) AS one, greatest(one, other) AS other,
  count(DISTINCT (owner_id, playlist_id)) AS times
FROM (
  SELECT e.owner_id, e.playlist_id, e.track_id AS one, e.track_owner_id AS whose,
    lead(e.track_id) OVER w AS other, lead(e.track_owner_id) OVER w AS others
  FROM playlist_entries e
  JOIN playlists p ON p.owner_id = e.owner_id AND p.id = e.playlist_id AND p.deleted_at IS NULL
  WHERE e.removed_at IS NULL AND (e.owner_id, e.playlist_id) IN (
    SELECT mine.owner_id, mine.playlist_id FROM playlist_entries mine
    WHERE mine.track_owner_id = $1 AND mine.removed_at IS NULL)
  WINDOW w AS (PARTITION BY e.owner_id, e.playlist_id ORDER BY e.position, e.id)
) pairs
WHERE whose = $1 AND others = $1 AND one <> other
GROUP BY 1, 2 ORDER BY times DESC, one, other LIMIT $2
"""
_KEEP = """
INSERT INTO track_neighbors (owner_id, track_id, other_ids, scores, sounds, heard, beside, found_at)
SELECT $1, t.id, $3, $4, $5, $6, $7, $8 FROM tracks t WHERE t.id = $2 AND t.owner_id = $1
ON CONFLICT (owner_id, track_id) DO UPDATE SET other_ids = excluded.other_ids,
  scores = excluded.scores, sounds = excluded.sounds, heard = excluded.heard,
  beside = excluded.beside, found_at = excluded.found_at
"""
_KEEP_ROUND = """
INSERT INTO neighbor_rounds (owner_id, began_at, track_count) VALUES ($1, $2, $3)
ON CONFLICT (owner_id) DO UPDATE SET began_at = excluded.began_at,
  track_count = excluded.track_count
"""
_NOW = "SELECT now()"
# Whatever neighbours depend on has changed since: tracks, what was heard of them, playlists.
_CHANGED: LiteralString = """
WITH libraries AS (
  SELECT owner_id, count(*) FILTER (WHERE deleted_at IS NULL AND status = 'ready') AS track_count,
    max(greatest(updated_at, deleted_at)) AS changed_at
  FROM tracks GROUP BY owner_id
)
SELECT l.owner_id FROM libraries l LEFT JOIN neighbor_rounds r ON r.owner_id = l.owner_id
WHERE l.track_count > 0 AND (r.owner_id IS NULL OR l.changed_at > r.began_at
  OR l.track_count <> r.track_count
  OR EXISTS (SELECT FROM plays p WHERE p.user_id = l.owner_id AND p.played_at > r.began_at)
  OR EXISTS (SELECT FROM playlist_entries e WHERE e.track_owner_id = l.owner_id
    AND greatest(e.added_at, e.removed_at) > r.began_at)
  OR EXISTS (SELECT FROM track_sounds s WHERE s.owner_id = l.owner_id
    AND s.described_at > r.began_at))
ORDER BY l.owner_id
"""
_FORGET: tuple[LiteralString, ...] = (
    "DELETE FROM track_neighbors WHERE owner_id = $1",
    "DELETE FROM neighbor_rounds WHERE owner_id = $1",
)


async def now(read: Read) -> datetime:
    """The time by the database."""
    return await read.fetch_value(_NOW)


async def library(read: Read, owner_id: UUID, after: UUID, limit: int) -> list[Known]:
    """Some of somebody's tracks that can be played, in the order of their ids."""
    return await read.fetch(_LIBRARY, Known, owner_id, after, limit, RULES)


async def plays(read: Read, owner_id: UUID) -> list[Heard]:
    """All that is kept of what somebody has played, in its order: 50,000 plays or a few more."""
    return await read.fetch(_PLAYS, Heard, owner_id)


async def beside(read: Read, owner_id: UUID, limit: int) -> list[Beside]:
    """Somebody's tracks that stand beside each other in playlists, their own and shared ones."""
    return await read.fetch(_BESIDE, Beside, owner_id, limit)


class Found(msgspec.Struct, frozen=True):
    """The neighbours of a track, as columns."""

    track_id: UUID
    other_ids: list[UUID]
    scores: list[float]
    sounds: list[float | None]
    heard: list[int]
    beside: list[int]


async def keep(tx: Write, owner_id: UUID, found: Iterable[Found], found_at: datetime) -> None:
    """Keep neighbours of tracks that are there still, in place of earlier ones."""
    await tx.execute_many(
        _KEEP,
        [
            (owner_id, one.track_id, one.other_ids, one.scores, one.sounds, one.heard, one.beside,
             found_at)
            for one in found
        ],
    )  # fmt: skip


async def keep_round(tx: Write, owner_id: UUID, began_at: datetime, track_count: int) -> None:
    """Remember that all neighbours were found."""
    await tx.execute(_KEEP_ROUND, owner_id, began_at, track_count)


async def changed(read: Read) -> Sequence[UUID]:
    """Those whose neighbours have all to be found again."""
    return await read.fetch_values(_CHANGED)


async def forget(tx: Write, owner_id: UUID) -> None:
    """Remove all of somebody who is gone."""
    for statement in _FORGET:
        await tx.execute(statement, owner_id)
