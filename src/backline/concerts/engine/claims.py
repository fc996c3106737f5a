"""What a picture is said to be: wall times, places, texts. EXIF and Drive write them alike.

Everything here is suspect: of another type, out of bounds, nonsense. What can't be is left out.
"""

import math
import re
from datetime import datetime
from typing import Final

from backline.concerts.engine import bounds

ODD_PLACE: Final = ("odd-place",)
_WALL: Final = re.compile(
    r"(\d{4})[:\-/.](\d{1,2})[:\-/.](\d{1,2})[ T](\d{1,2}):(\d{1,2}):(\d{1,2})"
)
# Before that, no clock was wrong: there was none. After it, no zone's offset can be added.
_OLDEST_YEAR, _LAST_YEAR = 1800, 9998
_MOST_LATITUDE: Final = 90.0
_MOST_LONGITUDE: Final = 180.0


def text(value: object) -> str:
    """Text as people can read it, whatever was written in its place."""
    if isinstance(value, bytes):
        try:
            value = value.decode()
        except UnicodeDecodeError:
            value = value.decode("latin-1")
    if not isinstance(value, str):
        return ""
    kept = "".join(c if c.isprintable() else " " for c in value.partition("\0")[0])
    return " ".join(kept.split())[: bounds.MAX_TEXT_CHARS]


def camera(make: object, model: object) -> str:
    """A camera's name; many models begin with their maker's."""
    maker, name = text(make), text(model)
    named = name.casefold().startswith(maker.casefold().partition(" ")[0])
    return (name if named else f"{maker} {name}").strip()[: bounds.MAX_TEXT_CHARS]


def wall(said: str) -> datetime | None:
    """A wall time, such as `2019:07:04 21:30:00`; None where it isn't written as one.

    Raises:
        ValueError: there is no such time.
    """
    found = _WALL.match(said)
    if found is None:
        return None
    year, month, day, hour, minute, second = map(int, found.groups())
    return bounded(datetime(year, month, day, hour, minute, second))  # noqa: DTZ001  # wall time


def bounded(at: datetime) -> datetime | None:
    """A time that can be reckoned with, whatever zone it is brought to."""
    return at if _OLDEST_YEAR <= at.year <= _LAST_YEAR else None


def place(
    latitude: float | None, longitude: float | None, *, was_said: bool
) -> tuple[tuple[float, float] | None, tuple[str, ...]]:
    """A place in degrees, and the kinds of warnings about it: `was_said`, however badly."""
    if latitude is None or longitude is None:
        return None, ODD_PLACE if was_said else ()
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        return None, ODD_PLACE
    if abs(latitude) > _MOST_LATITUDE or abs(longitude) > _MOST_LONGITUDE:
        return None, ODD_PLACE
    if latitude == 0 and longitude == 0:  # what receivers write that have found nothing yet
        return None, ODD_PLACE
    return (round(latitude, 7), round(longitude, 7)), ()
