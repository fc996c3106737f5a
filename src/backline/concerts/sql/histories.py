"""Whose history it is, and how many concerts of which kind are in it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write


class HistoryRow(msgspec.Struct, frozen=True):
    """A row of `histories`, as whoever writes it needs it."""

    owner_id: UUID
    concerts: int
    is_full: bool


class StandingRow(msgspec.Struct, frozen=True):
    """How far matching is with somebody's photos."""

    concerts: int
    waiting: int
    matched_at: datetime | None
    waits_until: datetime | None
    waits_for: str | None
    is_full: bool
    reviews: int


class Count(msgspec.Struct, frozen=True):
    """How many there are of a kind."""

    key: str
    n: int


# Without a wait for whoever holds or changes the row, so that it may stand in any transaction.
_KNOW: Final = """
INSERT INTO histories (owner_id)
SELECT $1 WHERE NOT EXISTS (SELECT FROM histories WHERE owner_id = $1) ON CONFLICT DO NOTHING
"""
_LOCK: Final = """
SELECT owner_id, concerts, is_full FROM histories WHERE owner_id = $1 FOR NO KEY UPDATE
"""
_COUNT: Final = """
UPDATE histories SET concerts = concerts + $2, is_full = is_full AND $2 >= 0,
  celebrate_at = CASE WHEN $3 THEN now() + interval '15 minutes' ELSE celebrate_at END
WHERE owner_id = $1
"""
_TALLY: Final = """
INSERT INTO concert_counts AS c (owner_id, measure, key, n)
SELECT $1, measure, key, n FROM unnest($2::text[], $3::text[], $4::int[]) AS d (measure, key, n)
ORDER BY measure, key
ON CONFLICT (owner_id, measure, key) DO UPDATE SET n = c.n + excluded.n
"""
_COUNTS: Final = """
SELECT key, n FROM concert_counts WHERE owner_id = $1 AND measure = $2 AND n > 0
ORDER BY key DESC LIMIT 400
"""
_WAIT: Final = """
UPDATE histories SET waits_for = $2, waits_until = now() + make_interval(secs => $3)
WHERE owner_id = $1
"""
_SETTLE: Final = """
UPDATE histories SET waits_for = NULL, waits_until = NULL, matched_at = now() WHERE owner_id = $1
"""
_FILL: Final = "UPDATE histories SET is_full = true WHERE owner_id = $1"
_STANDING: Final = """
SELECT concerts, waiting, matched_at, waits_until, waits_for, is_full,
  (SELECT count(*) FROM photo_sessions
    WHERE owner_id = $1 AND state = 'review') AS reviews
FROM histories WHERE owner_id = $1
"""
_OTHERS: Final = """
SELECT waiting FROM histories WHERE waiting > 0 AND owner_id <> $1 ORDER BY owner_id LIMIT 2000
"""
_FORGET: Final = "DELETE FROM histories WHERE owner_id = $1"


async def know(tx: Write, owner_id: UUID) -> None:
    """Begin somebody's history, if it hasn't begun."""
    await tx.execute(_KNOW, owner_id)


async def lock(tx: Write, owner_id: UUID) -> HistoryRow | None:
    """Somebody's history, for `tx` alone; None where there is none, or none any more."""
    return await tx.fetch_one(_LOCK, HistoryRow, owner_id)


async def count(tx: Write, owner_id: UUID, more: int, *, celebrates: bool = False) -> None:
    """Count concerts that came, or went; where one `celebrates`, milestones are looked for."""
    await tx.execute(_COUNT, owner_id, more, celebrates)


async def tally(tx: Write, owner_id: UUID, changes: Mapping[tuple[str, str], int]) -> None:
    """Count what came or went of each kind, by measure and key."""
    measures, keys = [one[0] for one in changes], [one[1] for one in changes]
    await tx.execute(_TALLY, owner_id, measures, keys, list(changes.values()))


async def counts(read: Read, owner_id: UUID, measure: str) -> list[Count]:
    """What there is of a measure, by key, the last first."""
    return await read.fetch(_COUNTS, Count, owner_id, measure)


async def wait(tx: Write, owner_id: UUID, reason: str, after_s: float) -> None:
    """Say what matching waits for, and how long."""
    await tx.execute(_WAIT, owner_id, reason, after_s)


async def settle(tx: Write, owner_id: UUID) -> None:
    """Say that all that could be judged was."""
    await tx.execute(_SETTLE, owner_id)


async def fill(tx: Write, owner_id: UUID) -> None:
    """Say that a concert found no room."""
    await tx.execute(_FILL, owner_id)


async def standing(read: Read, owner_id: UUID) -> StandingRow | None:
    """How far matching is; None where it hasn't begun."""
    return await read.fetch_one(_STANDING, StandingRow, owner_id)


async def waiting_of_others(read: Read, owner_id: UUID) -> list[int]:
    """How many sessions of each of the others wait."""
    return await read.fetch_values(_OTHERS, owner_id)


async def forget(tx: Write, owner_id: UUID) -> None:
    """Have whoever works on it stop: there is no history of theirs any more."""
    await tx.execute(_FORGET, owner_id)
