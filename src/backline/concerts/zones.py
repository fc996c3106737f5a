"""Time zones of places, offline: which zone, and how far it was from UTC at a wall time."""

from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from backline.concerts.engine.bounds import MAX_DIFFERENCE_MIN

if TYPE_CHECKING:
    from timezonefinder import TimezoneFinder

_QUARTER_MIN: Final = 15  # all zones of today are whole quarters of an hour from UTC


@cache
def _finder() -> "TimezoneFinder":
    # Loads slowly and keeps 30 MB, which no server needs: only the worker judges times.
    from timezonefinder import TimezoneFinder  # noqa: PLC0415  # as the comment says

    return TimezoneFinder()


def zone_at(latitude: float, longitude: float) -> str | None:
    """The name of the zone at a place; at sea that of the ship's clock. The first call is slow."""
    try:
        return _finder().timezone_at(lng=longitude, lat=latitude)
    except ValueError:
        return None


@lru_cache(maxsize=600)
def _known(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def offset_min(name: str, wall: datetime) -> int | None:
    """Minutes from UTC to the wall time of a zone; where a clock showed it twice, the first."""
    zone = _known(name)
    try:
        offset = wall.replace(tzinfo=zone).utcoffset() if zone is not None else None
    except OverflowError:
        return None
    return None if offset is None else round(offset.total_seconds() / 60)


def offset_between_min(instant: datetime, wall: datetime) -> int | None:
    """Minutes from an instant (UTC) to the wall time of that moment, rounded to a quarter hour.

    None where they are further apart than any zone: one of the two clocks was wrong, or late.
    """
    ahead = wall.replace(tzinfo=UTC) - instant.replace(tzinfo=UTC)
    minutes = round(ahead.total_seconds() / 60 / _QUARTER_MIN) * _QUARTER_MIN
    return minutes if abs(minutes) <= MAX_DIFFERENCE_MIN else None
