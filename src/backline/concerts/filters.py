"""What a list of photos is asked to show, read from text."""

from datetime import date
from uuid import UUID

from backline.concerts.sql import lists
from backline.concerts.sql.lists import Box, Condition
from backline.platform.errors import FieldFault, Invalid

_POLE, _HALF_TURN = 90.0, 180.0


def condition_of(
    *,
    day: str = "",
    within: str = "",
    starred: bool = False,
    source_id: UUID | None = None,
    group_id: UUID | None = None,
) -> Condition:
    """`day` is a date or `none`; `within` a part of the earth: south,west,north,east.

    Raises:
        Invalid: one of them isn't.
    """
    found = Condition(
        undated=day == "none",
        box=_box(within) if within else None,
        starred=starred,
        source_id=source_id,
        group_id=group_id,
    )
    if day in {"", "none"}:
        return found
    try:
        since, before = lists.day_of(date.fromisoformat(day))
    except ValueError:
        raise Invalid(
            "A day is written as 2019-07-04, or `none` for photos without one.",
            FieldFault("day", "isn't a day"),
        ) from None
    return Condition(since, before, False, found.box, starred, source_id, group_id)


def _box(within: str) -> Box:
    try:
        south, west, north, east = (float(part) for part in within.split(","))
    except ValueError:
        raise _no_box() from None
    if not (-_POLE <= south <= north <= _POLE and max(abs(west), abs(east)) <= _HALF_TURN):
        raise _no_box()
    return Box(south, west, north, east)


def _no_box() -> Invalid:
    return Invalid(
        "A part of the earth is written as south,west,north,east, in degrees.",
        FieldFault("within", "isn't four numbers of degrees"),
    )
