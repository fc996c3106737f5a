"""When a photo was taken: the instant, and the local time by which a concert's day is told.

Wall time is never shifted for what people see; here it is read beside the other clocks.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from backline.concerts import zones
from backline.concerts.engine.bounds import MAX_DIFFERENCE_MIN
from backline.concerts.matching.evidence import Sighting

# From midnight until now a photo may belong to the evening before as well as to the new day.
_SMALL_HOURS = 6
_EVENING_BEFORE = 0.96  # concerts rarely begin after midnight
_DAY_BEGINS = timedelta(hours=5)
_WIDEST = timedelta(minutes=MAX_DIFFERENCE_MIN)


class Moment(Struct, frozen=True):
    """An instant (UTC), the local time where it was, and another reading where clocks disagree."""

    at: datetime
    local: datetime
    other: datetime | None = None


def moment(sighting: Sighting, home: ZoneInfo | None) -> Moment:
    """Read a photo's clocks; `home` is the zone of a camera that says nothing of its own.

    The order: the satellites' time, the camera's own offset, the zone at the place, `home`, UTC.
    Where nobody knows a home, there is none whose time the camera could have kept on a journey.
    """
    there = ZoneInfo(sighting.zone) if sighting.zone else None
    wall = sighting.wall
    if sighting.gps_at is not None:
        at = _by_satellite(sighting.gps_at, wall)
        local = _local(at, there) if there else _shown(at, wall)
        return Moment(at, local, None if _same_day(local, wall) else wall)
    if sighting.offset_s is not None:
        at = (wall - timedelta(seconds=sighting.offset_s)).replace(tzinfo=UTC)
        local = _local(at, there) if there else wall
        # The camera may have been set by hand to the time of the place, its zone left as it was.
        return Moment(at, local, None if local == wall else wall)
    at = wall.replace(tzinfo=there or home or UTC).astimezone(UTC)
    if there is None or home is None:
        return Moment(at, wall)
    at_home = _local(wall.replace(tzinfo=home).astimezone(UTC), there)
    return Moment(at, wall, None if at_home == wall else at_home)


def days_of(moment: Moment) -> dict[date, float]:
    """The concert days that a photo speaks for, with a weight each; in all 1.

    A day ends at five in the morning; in the small hours the calendar's own day counts a little.
    """
    days: dict[date, float] = {}
    readings = [(moment.local, 1.0 if moment.other is None else 0.7)]
    if moment.other is not None:
        readings.append((moment.other, 0.3))
    for local, weight in readings:
        day = (local - _DAY_BEGINS).date()
        calendar = local.date() if local.hour < _SMALL_HOURS else day
        share = 1.0 if calendar == day else _EVENING_BEFORE
        days[day] = days.get(day, 0.0) + weight * share
        if calendar != day:
            days[calendar] = days.get(calendar, 0.0) + weight * (1 - share)
    return days


def _by_satellite(gps_at: datetime, wall: datetime) -> datetime:
    """The satellites' time; the camera's minutes, where those are finer than an old fix."""
    offset_min = zones.offset_between_min(gps_at, wall)
    if offset_min is None:
        return gps_at.replace(tzinfo=UTC)
    return wall.replace(tzinfo=UTC) - timedelta(minutes=offset_min)


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def _shown(at: datetime, wall: datetime) -> datetime:
    """Local time without a known zone: what the camera showed, if that can be a zone at all."""
    return wall if abs(wall.replace(tzinfo=UTC) - at) <= _WIDEST else _naive(at)


def _naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None)


def _same_day(one: datetime, other: datetime) -> bool:
    return (one - _DAY_BEGINS).date() == (other - _DAY_BEGINS).date()
