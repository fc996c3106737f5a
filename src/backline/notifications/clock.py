"""The hours of people: which moment a day's digest is for, in a zone and over its changes."""

from datetime import UTC, date, datetime, time, timedelta

from backline.platform import zones


def day_of(at: datetime, zone: str) -> date:
    """The day that it is in a zone; of one that is no more, in UTC."""
    return at.astimezone(zones.zone(zone) or UTC).date()


def next_time(now: datetime, zone: str, hour: int, last_on: date | None) -> datetime:
    """When the next digest is due: at the hour of a day after `last_on`, and after `now`.

    An hour that a day doesn't have, since the clocks went forward, is the one after it; of one
    that a day has twice it is the first (PEP 495).
    """
    tz = zones.zone(zone) or UTC
    day = now.astimezone(tz).date()
    if last_on is not None and day <= last_on:
        day = last_on + timedelta(days=1)
    while (at := datetime.combine(day, time(hour), tz).astimezone(UTC)) <= now:
        day += timedelta(days=1)
    return at
