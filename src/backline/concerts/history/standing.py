"""How far matching is: what waits, for what, and until when; and having it go on now."""

from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

import msgspec
from prometheus_client import Gauge

from backline.concerts.history import queueing
from backline.concerts.options import ConcertOptions
from backline.concerts.outside import sql as outside_sql
from backline.concerts.outside.setlistfm import SERVICE
from backline.concerts.outside.terms import expected_on
from backline.concerts.sql import histories
from backline.concerts.sql import judging as sql
from backline.platform import events
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Database, Read, Write

_CALLS: Final = 3  # that a session takes, as a rule
_WAITING = Gauge("backline_concert_match_waiting", "Sessions of photos that wait to be judged")
_LEFT = Gauge("backline_concert_match_budget", "Requests of today's that are left at setlist.fm")


class Budget(msgspec.Struct, frozen=True):
    """The requests of a day at setlist.fm, for everybody here, and how many are left today."""

    per_day: int
    left: int


class Standing(msgspec.Struct, frozen=True):
    """How far matching is with one's photos.

    `waiting` sessions are to be judged, probably until `expected_on`. `waits_for` says why they
    wait, and `waits_until` when it goes on by itself. `full`: a concert found no room. `reviews`
    are for oneself to decide. Without a `budget` nobody tells what was on.
    """

    concerts: int
    waiting: int
    reviews: int
    full: bool
    waits_for: str | None
    waits_until: datetime | None
    expected_on: date | None
    matched_at: datetime | None
    budget: Budget | None


class MatchingChanged(msgspec.Struct, frozen=True):
    """What browsers are told of matching: how much waits."""

    waiting: int
    reviews: int
    concerts: int


async def get(read: Read, actor: Actor, options: ConcertOptions) -> Standing:
    """How far matching is with the actor's photos."""
    row = await histories.standing(read, actor.user_id) or histories.StandingRow(
        0, 0, None, None, None, False, 0
    )
    budget, expected = None, None
    if options.setlistfm_key is not None:
        budget = Budget(options.setlistfm_per_day, await _left(read, options.setlistfm_per_day))
        if row.waiting:
            others = await histories.waiting_of_others(read, actor.user_id)
            expected = expected_on(
                datetime.now(UTC).date(),
                budget.per_day,
                budget.left,
                row.waiting * _CALLS,
                [one * _CALLS for one in others],
            )
    return Standing(
        row.concerts,
        row.waiting,
        row.reviews,
        row.is_full,
        row.waits_for,
        row.waits_until,
        expected,
        row.matched_at,
        budget,
    )


async def go_on(tx: Write, actor: Actor, options: ConcertOptions) -> Standing:
    """Have the actor's photos looked through now, also what was put off."""
    await queueing.cut_soon(tx, actor.user_id)
    await histories.lock(tx, actor.user_id)
    await sql.hurry(tx, actor.user_id)
    await queueing.match_now(tx, actor.user_id)
    await tell(tx, actor.user_id)
    return await get(tx, actor, options)


async def tell(tx: Write, owner_id: UUID) -> None:
    """Have caches forget, and pages hear of how it stands."""
    row = await histories.standing(tx, owner_id)
    if row is not None:
        invalidate(tx, f"concerts:{owner_id.hex}")
        changed = MatchingChanged(row.waiting, row.reviews, row.concerts)
        await events.publish(tx, owner_id, "concerts", "matching", changed)


async def measure(database: Database, per_day: int | None) -> None:
    """Set the figures of what waits and what is left."""
    async with database.read() as read:
        waiting = sum(await histories.waiting_of_others(read, UUID(int=0)))
        left = await _left(read, per_day) if per_day is not None else 0
    _WAITING.set(waiting)
    _LEFT.set(left)


async def _left(read: Read, per_day: int) -> int:
    charged = sum(one.charged for one in await outside_sql.charges(read, SERVICE))
    return max(per_day - charged, 0)
