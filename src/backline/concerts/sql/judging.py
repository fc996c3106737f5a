"""Sessions to be judged: which are due, what one's own history says, and what became of them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

from backline.concerts.sql import sessions
from backline.concerts.sql.sessions import State
from backline.platform.database import Read, Write


class DueRow(msgspec.Struct, frozen=True):
    """A session that is to be judged."""

    id: UUID
    owner_id: UUID
    began_at: datetime
    zone: str | None
    concert_id: UUID | None
    looks: int
    version: int


class OwnRow(msgspec.Struct, frozen=True):
    """A concert that a person noted by hand, on one of a session's days."""

    id: UUID
    held_on: date
    venue: str
    city: str
    city_key: str
    country_code: str
    latitude: float | None
    longitude: float | None
    artists: list[str]


class FestivalRow(msgspec.Struct, frozen=True):
    """A festival that may go on."""

    id: UUID
    is_edited: bool


class Outcome(msgspec.Struct, frozen=True):
    """What becomes of a session; `candidates` is JSON. It is looked at again in `after_s`."""

    state: State
    candidates: str
    concert_id: UUID | None
    made_concert: bool
    looks: int
    after_s: float


_DUE: Final = """
SELECT id, owner_id, began_at, zone, concert_id, looks, version FROM photo_sessions
WHERE owner_id = $1 AND state IN ('waiting', 'none') AND NOT is_decided AND look_at <= now()
  AND id <> ALL ($2::uuid[])
ORDER BY look_at LIMIT $3
"""
_LOCK: Final = """
SELECT id, owner_id, began_at, zone, concert_id, looks, version FROM photo_sessions
WHERE owner_id = $1 AND id = $2 AND state IN ('waiting', 'none') AND NOT is_decided
FOR NO KEY UPDATE
"""
_HAS_DUE: Final = """
SELECT true FROM photo_sessions
WHERE owner_id = $1 AND state IN ('waiting', 'none') AND NOT is_decided AND look_at <= now()
LIMIT 1
"""
_OWNERS_DUE: Final = """
SELECT DISTINCT owner_id FROM photo_sessions
WHERE state IN ('waiting', 'none') AND NOT is_decided AND look_at <= now() AND owner_id > $1
ORDER BY owner_id LIMIT $2
"""
_HURRY: Final = """
UPDATE photo_sessions SET look_at = now()
WHERE owner_id = $1 AND state IN ('waiting', 'none') AND NOT is_decided AND look_at > now()
"""
_OWN: Final = """
SELECT c.id, c.held_on, coalesce(v.name, '') AS venue, coalesce(v.city, '') AS city, c.city_key,
  c.country_code, v.latitude, v.longitude,
  ARRAY(SELECT a.name FROM concert_bill b
    JOIN concert_artists a ON a.owner_id = b.owner_id AND a.id = b.artist_id
    WHERE b.owner_id = $1 AND b.concert_id = c.id ORDER BY b.position) AS artists
FROM concerts c LEFT JOIN concert_venues v ON v.owner_id = c.owner_id AND v.id = c.venue_id
WHERE c.owner_id = $1 AND c.source = 'person' AND c.deleted_at IS NULL
  AND c.held_on = ANY($2::date[])
ORDER BY c.id LIMIT 50
"""
# A person said that it was none, or deleted it a moment ago.
_IS_DISMISSED: Final = """
SELECT EXISTS (SELECT FROM photo_sessions
    WHERE owner_id = $1 AND state = 'dismissed' AND candidates -> 0 ->> 'key' = $2)
  OR EXISTS (SELECT FROM concerts
    WHERE owner_id = $1 AND source_key = $2 AND deleted_at IS NOT NULL)
"""
_FESTIVAL: Final = """
SELECT c.id, c.is_edited FROM concerts c
JOIN concert_venues v ON v.owner_id = c.owner_id AND v.id = c.venue_id
WHERE c.owner_id = $1 AND c.is_festival AND c.deleted_at IS NULL AND v.setlistfm_id = $2
  AND $3::date BETWEEN c.held_on - 1 AND coalesce(c.ends_on, c.held_on) + 1
ORDER BY c.id LIMIT 1
"""
_SETTLE: Final = """
UPDATE photo_sessions SET state = $3, candidates = $4::text::jsonb, concert_id = $5,
  made_concert = $6, looks = $7, look_at = now() + make_interval(secs => $8),
  updated_at = now(), version = version + 1
WHERE owner_id = $1 AND id = $2
"""
# Reviews whose likeliest evening is one that another session is matched with.
_AGREEING: Final = """
SELECT s.id AS session_id, c.id AS concert_id FROM photo_sessions s
JOIN concerts c ON c.owner_id = s.owner_id AND c.deleted_at IS NULL
  AND c.source_key = s.candidates -> 0 ->> 'key'
WHERE s.owner_id = $1 AND s.state = 'review' AND NOT s.is_decided
  AND EXISTS (SELECT FROM photo_sessions o
    WHERE o.owner_id = $1 AND o.concert_id = c.id AND o.state = 'matched')
ORDER BY s.id LIMIT 500
"""


class Agreeing(msgspec.Struct, frozen=True):
    """A session that was for review, and the concert that another one bears out."""

    session_id: UUID
    concert_id: UUID


async def due(read: Read, owner_id: UUID, beside: Sequence[UUID], limit: int) -> list[DueRow]:
    """Sessions to be judged now, but for some that were tried."""
    return await read.fetch(_DUE, DueRow, owner_id, list(beside), limit)


async def lock(tx: Write, owner_id: UUID, session_id: UUID) -> DueRow | None:
    """A session that is to be judged, for `tx` alone; None where it isn't any more."""
    return await tx.fetch_one(_LOCK, DueRow, owner_id, session_id)


async def has_due(read: Read, owner_id: UUID) -> bool:
    """Whether anything of somebody's is to be judged now."""
    return bool(await read.fetch_value(_HAS_DUE, owner_id))


async def owners_due(read: Read, after: UUID, limit: int) -> list[UUID]:
    """Of whom anything is to be judged now."""
    return await read.fetch_values(_OWNERS_DUE, after, limit)


async def hurry(tx: Write, owner_id: UUID) -> None:
    """Have judged now what was put off."""
    await tx.execute(_HURRY, owner_id)


async def own(read: Read, owner_id: UUID, days: Sequence[date]) -> list[OwnRow]:
    """The concerts that somebody noted by hand for these days."""
    return await read.fetch(_OWN, OwnRow, owner_id, list(days))


async def is_dismissed(read: Read, owner_id: UUID, key: str) -> bool:
    """Whether somebody said that an evening was none of theirs."""
    return bool(await read.fetch_value(_IS_DISMISSED, owner_id, key))


async def festival(read: Read, owner_id: UUID, setlistfm_id: str, day: date) -> FestivalRow | None:
    """The festival of the history that a day at a venue belongs to, or goes on."""
    return await read.fetch_one(_FESTIVAL, FestivalRow, owner_id, setlistfm_id, day)


async def settle(tx: Write, owner_id: UUID, session_id: UUID, outcome: Outcome) -> None:
    """Write what becomes of a session and of its photos, but for those moved by hand."""
    await tx.execute(_SETTLE, owner_id, session_id, *msgspec.structs.astuple(outcome))
    await sessions.set_photos(tx, owner_id, session_id, outcome.concert_id)


async def agreeing(read: Read, owner_id: UUID) -> list[Agreeing]:
    """Sessions for review that others bear out."""
    return await read.fetch(_AGREEING, Agreeing, owner_id)
