"""Time zones by their IANA names, as people give them."""

from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from backline.platform.errors import FieldFault, Invalid

MOST_LENGTH = 64
NAME = r"^[A-Za-z0-9_+\-/]+$(?!\n)"


def zone(name: str) -> tzinfo | None:
    """A zone; None where there is none of that name (any more)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def known(name: str) -> tzinfo:
    """A zone that somebody names.

    Raises:
        Invalid: there is none of that name.
    """
    found = zone(name)
    if found is None:
        raise Invalid(
            f"There is no time zone {name!r}. Write it as Europe/Berlin or UTC.",
            FieldFault("time_zone", "isn't known"),
        )
    return found
