"""Tasks in figures: by status, priority and week, what is done of them, and what is overdue."""

from datetime import UTC, date, datetime, timedelta
from typing import get_args

import msgspec

from backline.platform.database import Read
from backline.tasks.changes import week_of
from backline.tasks.models import PRIORITIES, Status
from backline.tasks.sql import counts as sql
from backline.tasks.sql.lists import Scope

WEEKS = 12


class Week(msgspec.Struct, frozen=True):
    """A week from its Monday on: how many tasks were made and done in it (UTC)."""

    begins_on: date
    created: int
    completed: int


class StatusCounts(msgspec.Struct, frozen=True):
    """How many tasks there are in each status."""

    todo: int = 0
    doing: int = 0
    done: int = 0
    archived: int = 0


class PriorityCounts(msgspec.Struct, frozen=True):
    """How many tasks there are of each priority."""

    low: int = 0
    medium: int = 0
    high: int = 0
    urgent: int = 0


class TaskStats(msgspec.Struct, frozen=True):
    """What there is. `completion` is the share of all tasks that is done or archived, 0 to 1.

    `open_by_priority` counts what is to do or being done, `overdue` those of them whose time has
    passed. `weeks` are the last twelve, the present one last.
    """

    total: int
    by_status: StatusCounts
    open_by_priority: PriorityCounts
    weeks: list[Week]
    completion: float
    overdue: int


async def stats(read: Read, scope: Scope) -> TaskStats:
    """The tasks there in figures; where that is, `lists.scope_of` has found out."""
    now = datetime.now(UTC)
    monday = now.date() - timedelta(days=now.weekday())
    mondays = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    names = [week_of(datetime(day.year, day.month, day.day, tzinfo=UTC)) for day in mondays]
    found = {
        (count.measure, count.key): count.n for count in await sql.counts(read, scope, names[0])
    }
    by_status = StatusCounts(*(found.get(("status", one), 0) for one in get_args(Status)))
    total = by_status.todo + by_status.doing + by_status.done + by_status.archived
    return TaskStats(
        total=total,
        by_status=by_status,
        open_by_priority=PriorityCounts(*(found.get(("open", one), 0) for one in PRIORITIES)),
        weeks=[
            Week(day, found.get(("created", name), 0), found.get(("completed", name), 0))
            for day, name in zip(mondays, names, strict=True)
        ],
        completion=round((by_status.done + by_status.archived) / total, 4) if total else 0.0,
        overdue=found.get(("overdue", ""), 0),
    )
