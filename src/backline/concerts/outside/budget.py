"""Charging a request before it is made: pace, day and fair share, in one row lock over all servers.

What is charged and never asked (a server was killed in between) is lost: a service is never asked
more often than was charged.
"""

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from backline.concerts.outside import sql
from backline.concerts.outside.terms import Terms, may_have_one
from backline.platform.database import Write
from backline.platform.ids import uuid7

# Requests come a little closer together than they were sent.
_MARGIN: Final = 1.1
_PATIENCE_S: Final = 10.0
_SHARED_AGAIN_S: Final = 900.0


class Slot(Struct, frozen=True):
    """A request that was charged, to be made in `wait_s`; `id` ends its hold on the service."""

    id: UUID
    wait_s: float


class Refusal(Struct, frozen=True):
    """Why nothing was charged, for people, and when to ask again."""

    reason: str
    after_s: float


async def charge(tx: Write, terms: Terms, owner_id: UUID) -> Slot | Refusal:
    """Charge one request to somebody, if service, pace, day and fairness allow it."""
    pace = await sql.lock_pace(tx, terms.service)
    await sql.note_asking(tx, terms.service, owner_id)
    refused = _busy(terms, pace) or await _spent(tx, terms, owner_id, pace.now)
    if refused is not None:
        return refused
    at = _next(terms, pace)
    wait_s = (at - pace.now).total_seconds()
    if wait_s > _PATIENCE_S:
        return Refusal(f"Many wait for {terms.service}.", wait_s)
    held_by = uuid7()
    held_until = at + timedelta(seconds=terms.alone_s) if terms.alone_s else None
    await sql.take(tx, terms.service, [*pace.slots, at][-terms.count :], held_until, held_by)
    await sql.charge(tx, terms.service, owner_id, 1)
    return Slot(held_by, wait_s)


def _busy(terms: Terms, pace: sql.Pace) -> Refusal | None:
    if pace.rests_until is not None and pace.rests_until > pace.now:
        after_s = (pace.rests_until - pace.now).total_seconds()
        return Refusal(f"{terms.service} wants to be left alone for a while.", after_s)
    if pace.held_until is not None and pace.held_until > pace.now:
        after_s = (pace.held_until - pace.now).total_seconds()
        return Refusal(f"{terms.service} answers somebody else just now.", min(after_s, 5.0))
    return None


async def _spent(tx: Write, terms: Terms, owner_id: UUID, now: datetime) -> Refusal | None:
    if terms.per_day is None:
        return None
    today = await sql.charges(tx, terms.service)
    spent = sum(one.charged for one in today)
    mine = sum(one.charged for one in today if one.owner_id == owner_id)
    others = [one.charged for one in today if one.is_asking and one.owner_id != owner_id]
    if may_have_one(terms.per_day, spent, mine, others):
        return None
    until_tomorrow_s = _until_tomorrow_s(now)
    if spent >= terms.per_day:
        return Refusal(f"{terms.service} has been asked all it may be today.", until_tomorrow_s)
    reason = f"What is left for today at {terms.service} is for others."
    return Refusal(reason, min(until_tomorrow_s, _SHARED_AGAIN_S))


def _until_tomorrow_s(now: datetime) -> float:
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    return (tomorrow - now).total_seconds()


def _next(terms: Terms, pace: sql.Pace) -> datetime:
    """When the next request may go out: `count` of them lie in no window shorter than `span_s`."""
    if len(pace.slots) < terms.count:
        return max([pace.now, *pace.slots])
    first = pace.slots[-terms.count]
    return max(pace.now, pace.slots[-1], first + timedelta(seconds=terms.span_s * _MARGIN))
