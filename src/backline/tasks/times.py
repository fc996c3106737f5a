"""Times as people give them: in UTC, within the years that everything here can reckon with.

PostgreSQL knows years that Python doesn't: a time an hour before the year 1 could be written and
never be read again.
"""

from datetime import UTC, datetime, time, timedelta

from backline.platform import zones
from backline.platform.errors import FieldFault, Invalid
from backline.tasks.models import Filters

_DAYS_OF_WEEK = 7
_ZONE = "UTC"
# Cursors, too, carry these, and the last year is beyond reach in some zones.
_FIRST_YEAR, _LAST_YEAR = 1900, 9998


def in_utc(at: datetime, field: str) -> datetime:
    """A time as the database gives it back.

    Raises:
        Invalid: it lies before 1900, or after 9998.
    """
    try:
        found = at.astimezone(UTC)
    except OverflowError:
        raise _strange(field) from None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise _strange(field)
    return found


def before(at: datetime, by_s: int, field: str) -> datetime:
    """So many seconds before a time.

    Raises:
        Invalid: that lies before 1900, or after 9998.
    """
    try:
        return in_utc(at - timedelta(seconds=by_s), field)
    except OverflowError:
        raise _strange(field) from None


def check(filters: Filters) -> None:
    """See that the times of filters can be asked for.

    Raises:
        Invalid: one lies before 1900, or after 9998; or there is no such time zone.
    """
    zones.known(filters.time_zone or _ZONE)
    for field, at in (("due_before", filters.due_before), ("due_after", filters.due_after)):
        if at is not None:
            in_utc(at, field)


def window(filters: Filters, now: datetime) -> tuple[datetime | None, datetime | None]:
    """From when on, and before when, what filters let through is due; None where no matter.

    A day begins where its midnight would be, though the clocks may leave that out.
    """
    after, before = filters.due_after, filters.due_before
    if filters.due is None:
        return after, before
    if filters.due == "overdue":
        return after, min(before or now, now)
    zone = zones.known(filters.time_zone or _ZONE)
    today = now.astimezone(zone).date()
    first = datetime.combine(today, time(), zone).astimezone(UTC)
    days = 1 if filters.due == "today" else _DAYS_OF_WEEK
    last = datetime.combine(today + timedelta(days=days), time(), zone).astimezone(UTC)
    return max(after or first, first), min(before or last, last)


def _strange(field: str) -> Invalid:
    return Invalid(
        "A time lies between the years 1900 and 9998 in UTC.", FieldFault(field, "is out of reach")
    )
