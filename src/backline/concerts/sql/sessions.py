"""Sessions of photos and the concerts that they belong to, as far as people have a hand in it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write

State = Literal["waiting", "matched", "review", "none", "dismissed"]


class SessionRow(msgspec.Struct, frozen=True):
    """A row of `photo_sessions`; `candidates` is JSON."""

    id: UUID
    owner_id: UUID
    state: State
    began_at: datetime
    ended_at: datetime
    days: list[date]
    latitude: float | None
    longitude: float | None
    zone: str | None
    photo_count: int
    candidates: str
    concert_id: UUID | None
    made_concert: bool
    is_decided: bool
    version: int


class ShownRow(msgspec.Struct, frozen=True):
    """One of the photos that are shown for a session."""

    session_id: UUID
    id: UUID
    thumbnail_generation: str | None
    placeholder: bytes | None


FIELDS: Final = """s.id, s.owner_id, s.state, s.began_at, s.ended_at, s.days, s.latitude,
  s.longitude, s.zone, s.photo_count, s.candidates::text AS candidates, s.concert_id,
  s.made_concert, s.is_decided, s.version"""
_SESSION: Final = f"""
SELECT {FIELDS} FROM photo_sessions s WHERE s.owner_id = $1 AND s.id = $2
"""  # noqa: S608  # literals alone
_LOCK: Final = _SESSION + "FOR NO KEY UPDATE"
_PAGE: Final = f"""
SELECT {FIELDS} FROM photo_sessions s
WHERE s.owner_id = $1 AND s.state = 'review'
  AND ($2::timestamp IS NULL OR (s.began_at, s.id) < ($2, $3::uuid))
ORDER BY s.began_at DESC, s.id DESC LIMIT $4
"""  # noqa: S608  # literals alone
_SHOWN: Final = """
SELECT s.id AS session_id, p.id, p.thumbnail_generation, p.placeholder
FROM unnest($2::uuid[]) AS s (id)
CROSS JOIN LATERAL (SELECT p.id, p.thumbnail_generation, p.placeholder, p.taken_at FROM photos p
  WHERE p.owner_id = $1 AND p.session_id = s.id AND p.deleted_at IS NULL
  ORDER BY p.starred DESC, p.taken_at, p.id LIMIT $3) p
ORDER BY p.taken_at, p.id
"""
_DECIDE: Final = """
UPDATE photo_sessions SET state = $3, concert_id = $4, made_concert = $5, is_decided = $6,
  updated_at = now(), version = version + 1
WHERE owner_id = $1 AND id = $2
"""
# Photos are locked by their ids, in the order in which all others take many of them.
_SET_PHOTOS: Final = """
WITH held AS (
  SELECT id FROM photos
  WHERE owner_id = $1 AND session_id = $2 AND NOT edited_concert
    AND concert_id IS DISTINCT FROM $3::uuid
  ORDER BY id FOR NO KEY UPDATE)
UPDATE photos p SET concert_id = $3, version = version + 1
FROM held WHERE p.owner_id = $1 AND p.id = held.id
"""
_COUNT_OF: Final = "SELECT count(*) FROM photo_sessions WHERE owner_id = $1 AND concert_id = $2"

# A concert that is deleted takes its sessions with it, and brings them back.
_DISMISS: Final = """
UPDATE photo_sessions SET state = 'dismissed', is_decided = true, updated_at = now(),
  version = version + 1
WHERE owner_id = $1 AND concert_id = $2
"""
_BRING_BACK: Final = """
UPDATE photo_sessions SET state = 'matched', is_decided = true, updated_at = now(),
  version = version + 1
WHERE owner_id = $1 AND concert_id = $2
"""
_LET_GO: Final = """
UPDATE photo_sessions SET concert_id = NULL WHERE owner_id = $1 AND concert_id = $2
"""
_LET_PHOTOS_GO: Final = """
WITH held AS (
  SELECT id FROM photos WHERE owner_id = $1 AND concert_id = $2
  ORDER BY id FOR NO KEY UPDATE)
UPDATE photos p SET concert_id = NULL, version = version + 1
FROM held WHERE p.owner_id = $1 AND p.id = held.id
"""


async def dismiss_of(tx: Write, owner_id: UUID, concert_id: UUID) -> None:
    """Say that what belongs to a concert belongs to none."""
    await tx.execute(_DISMISS, owner_id, concert_id)


async def bring_back(tx: Write, owner_id: UUID, concert_id: UUID) -> None:
    """Say that it belongs to the concert after all."""
    await tx.execute(_BRING_BACK, owner_id, concert_id)


async def let_go(tx: Write, owner_id: UUID, concert_id: UUID) -> None:
    """Have nothing point to a concert that is gone."""
    await tx.execute(_LET_GO, owner_id, concert_id)
    await tx.execute(_LET_PHOTOS_GO, owner_id, concert_id)


async def session(read: Read, owner_id: UUID, session_id: UUID) -> SessionRow | None:
    """One session."""
    return await read.fetch_one(_SESSION, SessionRow, owner_id, session_id)


async def lock(tx: Write, owner_id: UUID, session_id: UUID) -> SessionRow | None:
    """One session, for `tx` alone."""
    return await tx.fetch_one(_LOCK, SessionRow, owner_id, session_id)


async def for_review(
    read: Read, owner_id: UUID, after: tuple[datetime, UUID] | None, limit: int
) -> list[SessionRow]:
    """A page of the sessions that a person has to decide on, the latest first."""
    return await read.fetch(_PAGE, SessionRow, owner_id, *(after or (None, None)), limit)


async def shown(
    read: Read, owner_id: UUID, session_ids: Sequence[UUID], limit: int
) -> dict[UUID, list[ShownRow]]:
    """A few photos of sessions, by session."""
    found: dict[UUID, list[ShownRow]] = {}
    for row in await read.fetch(_SHOWN, ShownRow, owner_id, list(session_ids), limit):
        found.setdefault(row.session_id, []).append(row)
    return found


async def decide(
    tx: Write,
    owner_id: UUID,
    session_id: UUID,
    state: State,
    concert_id: UUID | None,
    *,
    made_concert: bool,
    by_person: bool,
) -> None:
    """Say what becomes of a session and of its photos, but for those that were moved by hand."""
    args = (owner_id, session_id, state, concert_id, made_concert, by_person)
    await tx.execute(_DECIDE, *args)
    await set_photos(tx, owner_id, session_id, concert_id)


async def set_photos(tx: Write, owner_id: UUID, session_id: UUID, concert_id: UUID | None) -> None:
    """Have a session's photos be of a concert or of none, but for those moved by hand."""
    await tx.execute(_SET_PHOTOS, owner_id, session_id, concert_id)


async def count_of(read: Read, owner_id: UUID, concert_id: UUID) -> int:
    """How many sessions belong to a concert."""
    return int(await read.fetch_value(_COUNT_OF, owner_id, concert_id))
