"""Milestones: told once, when a person has lived them, and not while their past is written down.

Concerts are counted by their days, and only one of the last weeks is celebrated: a first scan or
an import of ten years tells nobody of the tenth concert in 2009. Nobody is told before the history
is quiet, since what comes in later might be an earlier night.
"""

import calendar
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from backline.concerts import notices
from backline.concerts.sql import milestones as sql
from backline.platform.database import Database

_NUMBERS: Final = (10, 50)  # and every hundredth
_TIMES: Final = (5, 10, 25, 50, 100)
_YEARS: Final = (1, 5, 10, 20)
_OF_LATE: Final = timedelta(days=30)
_MOST_ARTISTS: Final = 3
_BATCH: Final = 200
_OWNERS: Final = 500
_FEBRUARY, _LEAP_DAY = 2, 29


async def celebrate(database: Database) -> int:
    """Look for milestones of everybody whose history is quiet, a transaction each; of how many."""
    since, total = datetime.now(UTC).date() - _OF_LATE, 0
    while True:
        async with database.read() as read:
            found = await sql.due(read, _BATCH)
        for owner_id in found:
            await _look(database, owner_id, since)
        total += len(found)
        if len(found) < _BATCH:
            return total


async def _look(database: Database, owner_id: UUID, since: date) -> None:
    async with database.write() as tx:
        if not await sql.settle(tx, owner_id):
            return
        nth = await sql.concert(tx, owner_id, since, _NUMBERS)
        words = await sql.words(tx, owner_id, nth.id) if nth is not None else None
        if nth is not None and words is not None:
            await notices.tell_concert(tx, owner_id, nth, words)
        times = await sql.times(tx, owner_id, since, _TIMES, _MOST_ARTISTS)
        await notices.tell_times(tx, owner_id, times)


async def remember(database: Database, today: date) -> int:
    """Tell everybody what they saw on this day of former years, one concert each; how many."""
    days = _days_before(today)
    after, total = UUID(int=0), 0
    while True:
        async with database.read() as read:
            owners = await sql.owners(read, after, _OWNERS)
            found = await sql.past(read, owners, days) if owners else []
        for past in found:
            async with database.write() as tx:
                words = await sql.words(tx, past.owner_id, past.id)
                if words is not None:
                    years = today.year - past.held_on.year
                    await notices.tell_anniversary(tx, past, years, words)
        total += len(found)
        if len(owners) < _OWNERS:
            return total
        after = owners[-1]


def _days_before(today: date) -> list[date]:
    """This day of former years; a 29th of February is remembered on the 28th as well."""
    days: list[date] = []
    for years in _YEARS:
        year = today.year - years
        if calendar.isleap(year) or (today.month, today.day) != (_FEBRUARY, _LEAP_DAY):
            days.append(today.replace(year=year))
        is_last = (today + timedelta(days=1)).month != _FEBRUARY
        if calendar.isleap(year) and today.month == _FEBRUARY and is_last:
            days.append(date(year, _FEBRUARY, _LEAP_DAY))
    return sorted(set(days))


def is_of_late(day: date) -> bool:
    """Whether a concert of that day may be celebrated."""
    return day >= datetime.now(UTC).date() - _OF_LATE
