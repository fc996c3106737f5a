"""What the times of a photo mean. Wall time is never shifted: only its offset is sought.

The offset is what the camera says; else the difference to the instant of the satellites, rounded
to a quarter of an hour; else that of the zone at the place; else that of a zone given for all.
Where two of them disagree, the photo's time is doubtful.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from backline.concerts import zones
from backline.concerts.engine.findings import Metadata
from backline.concerts.models import OffsetSource, TimeSource

_UNKNOWN: Final[tuple[OffsetSource | None, int | None]] = (None, None)
_OLDEST_YEAR: Final = 1990  # no camera with EXIF is older
_AHEAD: Final = timedelta(days=2)


class Settled(msgspec.Struct, frozen=True):
    """A photo's time: wall time without a zone, and its offset where it is known.

    `gps_at` is the instant that satellites told; `is_odd`: no camera can have taken it then.
    """

    taken_at: datetime | None = None
    time_source: TimeSource | None = None
    offset_min: int | None = None
    offset_source: OffsetSource | None = None
    is_doubtful: bool = False
    is_odd: bool = False
    gps_at: datetime | None = None


def settle(found: Metadata, default_zone: str | None, now: datetime) -> Settled:
    """What a photo's metadata mean. Looks up zones, so it blocks, the first time for long."""
    instant = datetime.fromisoformat(found.gps_utc) if found.gps_utc is not None else None
    zone = None
    if found.latitude is not None and found.longitude is not None:
        zone = zones.zone_at(found.latitude, found.longitude)
    if found.taken is None or found.time_source is None:
        return _by_instant(instant, zone, now)
    wall = datetime.fromisoformat(found.taken)
    by_gps = zones.offset_between_min(instant, wall) if instant is not None else None
    by_place = zones.offset_min(zone, wall) if zone is not None else None
    by_default = zones.offset_min(default_zone, wall) if default_zone is not None else None
    said: list[tuple[OffsetSource, int | None]] = [
        ("camera", found.offset_min),
        ("gps", by_gps),
        ("place", by_place),
        ("default", by_default),
    ]
    source, offset = next((pair for pair in said if pair[1] is not None), _UNKNOWN)
    known = {o for s, o in said if o is not None and s != "default"}
    odd = is_odd(wall, now)
    return Settled(wall, found.time_source, offset, source, odd or len(known) > 1, odd, instant)


def is_odd(wall: datetime, now: datetime) -> bool:
    """Whether no camera can have taken a photo at this wall time."""
    return wall.year < _OLDEST_YEAR or wall > now.replace(tzinfo=None) + _AHEAD


def _by_instant(instant: datetime | None, zone: str | None, now: datetime) -> Settled:
    """A camera without a clock but with satellites and a place: what a clock there showed."""
    if instant is None or zone is None:
        return Settled(gps_at=instant)
    offset = zones.offset_min(zone, instant.replace(tzinfo=None))
    if offset is None:
        return Settled(gps_at=instant)
    wall = instant.astimezone(UTC).replace(tzinfo=None) + timedelta(minutes=offset)
    odd = is_odd(wall, now)
    return Settled(wall, "gps", offset, "place", odd, odd)
