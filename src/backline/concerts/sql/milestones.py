"""Milestones of histories: which concert was the how manieth, and what was on a day of the past."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write


class NthConcert(msgspec.Struct, frozen=True):
    """A concert, and the how manieth of its owner's it is, by day."""

    id: UUID
    n: int


class NthTime(msgspec.Struct, frozen=True):
    """An artist, and the how manieth time a concert is."""

    artist_id: UUID
    name: str
    n: int


class PastConcert(msgspec.Struct, frozen=True):
    """A concert on one of the days that are asked for."""

    owner_id: UUID
    id: UUID
    held_on: date


class Words(msgspec.Struct, frozen=True):
    """What a concert is called by."""

    title: str
    venue: str
    artists: list[str]


# Whose matching waits for long isn't waited for for ever.
_DUE: Final = """
SELECT owner_id FROM histories
WHERE celebrate_at <= now() AND (waiting = 0 OR celebrate_at <= now() - interval '2 days')
ORDER BY celebrate_at LIMIT $1
"""
_SETTLE: Final = """
UPDATE histories SET celebrate_at = NULL WHERE owner_id = $1 AND celebrate_at <= now()
"""
_CONCERTS: Final = """
SELECT id, n::int FROM (
  SELECT id, held_on, row_number() OVER (ORDER BY held_on, id) AS n FROM concerts
  WHERE owner_id = $1 AND deleted_at IS NULL) c
WHERE held_on >= $2 AND (n = ANY($3::int[]) OR n % 100 = 0)
ORDER BY n DESC LIMIT 1
"""
# Only of those who played of late: their concerts by day.
_TIMES: Final = """
SELECT a.id AS artist_id, a.name, t.n::int FROM (
  SELECT b.artist_id, c.held_on,
    row_number() OVER (PARTITION BY b.artist_id ORDER BY c.held_on, c.id) AS n
  FROM concert_bill b JOIN concerts c ON c.owner_id = $1 AND c.id = b.concert_id
  WHERE b.owner_id = $1 AND c.deleted_at IS NULL AND b.artist_id IN (
    SELECT r.artist_id FROM concerts l JOIN concert_bill r
      ON r.owner_id = $1 AND r.concert_id = l.id
    WHERE l.owner_id = $1 AND l.deleted_at IS NULL AND l.held_on >= $2)) t
JOIN concert_artists a ON a.owner_id = $1 AND a.id = t.artist_id
WHERE t.held_on >= $2 AND t.n = ANY($3::int[])
ORDER BY t.n DESC, a.id LIMIT $4
"""
_OWNERS: Final = """
SELECT owner_id FROM histories WHERE owner_id > $1 AND concerts > 0 ORDER BY owner_id LIMIT $2
"""
# One of each person's, the youngest: a look into an index for each of them.
_PAST: Final = """
SELECT c.owner_id, c.id, c.held_on FROM unnest($1::uuid[]) AS o (owner_id)
CROSS JOIN LATERAL (
  SELECT owner_id, id, held_on FROM concerts
  WHERE owner_id = o.owner_id AND held_on = ANY($2::date[]) AND deleted_at IS NULL
  ORDER BY held_on DESC, id LIMIT 1) c
"""
_WORDS: Final = """
SELECT c.title, coalesce(v.name, '') AS venue, ARRAY(
  SELECT a.name FROM concert_bill b
  JOIN concert_artists a ON a.owner_id = $1 AND a.id = b.artist_id
  WHERE b.owner_id = $1 AND b.concert_id = $2
  ORDER BY b.is_headliner DESC, b.position LIMIT 3) AS artists
FROM concerts c LEFT JOIN concert_venues v ON v.owner_id = $1 AND v.id = c.venue_id
WHERE c.owner_id = $1 AND c.id = $2
"""


async def due(read: Read, limit: int) -> list[UUID]:
    """Whose milestones are to be looked for."""
    return await read.fetch_values(_DUE, limit)


async def settle(tx: Write, owner_id: UUID) -> bool:
    """Say that they were looked for; False where others did, or more came."""
    return await tx.execute(_SETTLE, owner_id) > 0


async def concert(
    read: Read, owner_id: UUID, since: date, numbers: Sequence[int]
) -> NthConcert | None:
    """The latest concert of these days that is one of those numbers, or a full hundred."""
    return await read.fetch_one(_CONCERTS, NthConcert, owner_id, since, list(numbers))


async def times(
    read: Read, owner_id: UUID, since: date, numbers: Sequence[int], limit: int
) -> list[NthTime]:
    """Artists who were seen for one of those numbers of times in these days."""
    return await read.fetch(_TIMES, NthTime, owner_id, since, list(numbers), limit)


async def owners(read: Read, after: UUID, limit: int) -> list[UUID]:
    """People with concerts, in the order of their ids."""
    return await read.fetch_values(_OWNERS, after, limit)


async def past(read: Read, owner_ids: Sequence[UUID], days: Sequence[date]) -> list[PastConcert]:
    """What each of these people saw on those days, one concert of each."""
    return await read.fetch(_PAST, PastConcert, list(owner_ids), list(days))


async def words(read: Read, owner_id: UUID, concert_id: UUID) -> Words | None:
    """What a concert is called by."""
    return await read.fetch_one(_WORDS, Words, owner_id, concert_id)
