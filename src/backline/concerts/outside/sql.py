"""The queries of services outside: their pace, what was charged, what they answered."""

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from backline.platform.database import Read, Write

_KNOW: Final = "INSERT INTO outside_services (service) VALUES ($1) ON CONFLICT DO NOTHING"
_LOCK: Final = """
SELECT slots, rests_until, held_until, clock_timestamp() AS now
FROM outside_services WHERE service = $1 FOR UPDATE
"""
_TAKE: Final = """
UPDATE outside_services SET slots = $2, held_until = $3, held_by = $4 WHERE service = $1
"""
_REST: Final = """
UPDATE outside_services
SET rests_until = greatest(rests_until, clock_timestamp() + make_interval(secs => $2))
WHERE service = $1
"""
_LET_GO: Final = """
UPDATE outside_services SET held_until = NULL, held_by = NULL WHERE service = $1 AND held_by = $2
"""
_ASKED: Final = """
INSERT INTO outside_charges (service, day, owner_id, charged, asked_at)
VALUES ($1, (now() AT TIME ZONE 'UTC')::date, $2, 0, now())
ON CONFLICT (service, day, owner_id) DO UPDATE SET asked_at = excluded.asked_at
"""
_CHARGES: Final = """
SELECT owner_id, charged, asked_at > now() - interval '1 hour' AS is_asking
FROM outside_charges WHERE service = $1 AND day = (now() AT TIME ZONE 'UTC')::date
"""
_CHARGE: Final = """
UPDATE outside_charges SET charged = charged + $3
WHERE service = $1 AND day = (now() AT TIME ZONE 'UTC')::date AND owner_id = $2
"""
_ANSWER: Final = """
SELECT body, good_until > now() AS is_good FROM outside_answers WHERE kind = $1 AND key = $2
"""
_KEEP: Final = """
INSERT INTO outside_answers (kind, key, body, asked_at, good_until)
VALUES ($1, $2, $3, now(), now() + make_interval(secs => $4))
ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body, asked_at = excluded.asked_at,
  good_until = excluded.good_until
"""
_FORGET: Final = "DELETE FROM outside_answers WHERE kind = $1"
_PRUNE_ANSWERS: Final = "DELETE FROM outside_answers WHERE good_until < now() - interval '30 days'"
_PRUNE_CHARGES: Final = "DELETE FROM outside_charges WHERE day < current_date - 30"


class Pace(Struct, frozen=True):
    """When a service was or will be asked last, and what keeps others from asking it."""

    slots: list[datetime]
    rests_until: datetime | None
    held_until: datetime | None
    now: datetime


class Charged(Struct, frozen=True):
    """What somebody had of today's requests, and whether they asked within the last hour."""

    owner_id: UUID
    charged: int
    is_asking: bool


class Kept(Struct, frozen=True):
    """An answer, and whether it may be given still."""

    body: bytes
    is_good: bool


async def lock_pace(tx: Write, service: str) -> Pace:
    """A service's pace, which nobody else changes until the transaction ends."""
    await tx.execute(_KNOW, service)
    found = await tx.fetch_one(_LOCK, Pace, service)
    if found is None:
        raise LookupError(service)
    return found


async def take(
    tx: Write, service: str, slots: list[datetime], held_until: datetime | None, held_by: UUID
) -> None:
    """Keep the last slots, and whether others have to stay away."""
    await tx.execute(_TAKE, service, slots, held_until, held_by)


async def rest(tx: Write, service: str, rest_s: float) -> None:
    """Leave a service alone for a while."""
    await tx.execute(_REST, service, rest_s)


async def let_go(tx: Write, service: str, held_by: UUID) -> None:
    """Let others ask again."""
    await tx.execute(_LET_GO, service, held_by)


async def note_asking(tx: Write, service: str, owner_id: UUID) -> None:
    """Remember that somebody asks, whether they may or not."""
    await tx.execute(_ASKED, service, owner_id)


async def charges(read: Read, service: str) -> list[Charged]:
    """What everybody had today."""
    return await read.fetch(_CHARGES, Charged, service)


async def charge(tx: Write, service: str, owner_id: UUID, count: int) -> None:
    """Add to what somebody had today, after `note_asking`."""
    await tx.execute(_CHARGE, service, owner_id, count)


async def answer(read: Read, kind: str, key: str) -> Kept | None:
    """What was answered last, however old."""
    return await read.fetch_one(_ANSWER, Kept, kind, key)


async def keep(tx: Write, kind: str, key: str, body: bytes, good_s: float) -> None:
    """Keep an answer for everybody."""
    await tx.execute(_KEEP, kind, key, body, good_s)


async def forget(tx: Write, kind: str) -> int:
    """Empty a kind of answers; how many there were."""
    return await tx.execute(_FORGET, kind)


async def prune(tx: Write) -> None:
    """Drop answers and charges that nobody looks at any more."""
    await tx.execute(_PRUNE_ANSWERS)
    await tx.execute(_PRUNE_CHARGES)
