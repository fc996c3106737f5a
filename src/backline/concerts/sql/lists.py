"""Lists of photos: filters put together from the fragments that stand here; days and places."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, LiteralString
from uuid import UUID

import msgspec

from backline.concerts.models import Day, PhotoItemRow, Place
from backline.concerts.sql.photos import ITEM_FIELDS
from backline.platform.database import Read

_WHEN: Final = "coalesce(p.taken_at, '-infinity')"
# What the driver takes for the infinities.
LATEST, EARLIEST = datetime.max, datetime.min  # noqa: DTZ901  # wall times have no zone


class Box(msgspec.Struct, frozen=True):
    """A part of the earth, in degrees; `west` may be larger than `east` (across 180°)."""

    south: float
    west: float
    north: float
    east: float


class Condition(msgspec.Struct, frozen=True):
    """What the photos of a list have in common; what isn't said lets all through.

    `since` and `before` are wall times; `undated` are those without one.
    """

    since: datetime | None = None
    before: datetime | None = None
    undated: bool = False
    box: Box | None = None
    starred: bool = False
    source_id: UUID | None = None
    group_id: UUID | None = None


async def page(
    read: Read,
    owner_id: UUID,
    condition: Condition,
    after: tuple[datetime | None, UUID] | None,
    limit: int,
) -> list[PhotoItemRow]:
    """A page of somebody's photos, the latest first; those without a time at the end."""
    box = condition.box or Box(0, 0, 0, 0)
    since = EARLIEST if condition.undated or condition.since is None else condition.since
    before = condition.before or LATEST
    last = (after[0] or EARLIEST, after[1]) if after is not None else (None, None)
    return await read.fetch(
        _select(condition, after),
        PhotoItemRow,
        owner_id,
        limit,
        *last,
        since,
        before,
        *(box.south, box.west, box.north, box.east),
        condition.source_id,
        condition.group_id,
    )


def _select(condition: Condition, after: object) -> LiteralString:
    where: LiteralString = "\n  ".join((*_conditions(condition), _after(after)))
    return f"""
SELECT {ITEM_FIELDS} FROM photos p
WHERE p.owner_id = $1 AND p.deleted_at IS NULL
  {where}
ORDER BY {_WHEN} DESC, p.id DESC LIMIT $2
"""  # noqa: S608  # literals alone


def _after(after: object) -> LiteralString:
    if after is None:
        return "AND ($3::timestamp IS NULL OR $4::uuid IS NULL)"
    return f"AND ({_WHEN}, p.id) < ($3::timestamp, $4::uuid)"


def _conditions(condition: Condition) -> Sequence[LiteralString]:
    """Each stands for its parameters, also where it lets all through: they need a type."""
    times: LiteralString = f"AND {_WHEN} >= $5::timestamp AND {_WHEN} < $6::timestamp"
    if condition.undated:
        times = f"AND {_WHEN} <= $5::timestamp AND $6::timestamp IS NOT NULL"
    elif condition.since is None and condition.before is None:
        times = "AND $5::timestamp IS NOT NULL AND $6::timestamp IS NOT NULL"
    return (
        times,
        _within(condition.box),
        "AND p.starred" if condition.starred else "",
        "AND p.source_id = $11::uuid" if condition.source_id else "AND $11::uuid IS NULL",
        "AND p.group_id = $12::uuid" if condition.group_id else "AND $12::uuid IS NULL",
    )


def _within(box: Box | None) -> LiteralString:
    if box is None:
        return "AND num_nonnulls($7::float8, $8::float8, $9::float8, $10::float8) = 4"
    latitude: LiteralString = "AND p.latitude BETWEEN $7::float8 AND $9::float8"
    if box.west > box.east:
        return f"{latitude} AND (p.longitude >= $8::float8 OR p.longitude <= $10::float8)"
    return f"{latitude} AND p.longitude BETWEEN $8::float8 AND $10::float8"


_DAYS: Final = """
SELECT to_char(taken_at::date, 'YYYY-MM-DD') AS day, count(*) AS count FROM photos
WHERE owner_id = $1 AND deleted_at IS NULL
GROUP BY taken_at::date ORDER BY taken_at::date DESC NULLS LAST LIMIT 20000
"""
# Cells of a hundredth of a degree.
_PLACES: Final = """
SELECT avg(latitude)::float8 AS latitude, avg(longitude)::float8 AS longitude, count(*) AS count,
  to_char(min(taken_at), 'YYYY-MM-DD') AS first_day,
  to_char(max(taken_at), 'YYYY-MM-DD') AS last_day
FROM photos WHERE owner_id = $1 AND deleted_at IS NULL AND latitude IS NOT NULL
GROUP BY round(latitude * 100), round(longitude * 100)
ORDER BY count(*) DESC, 1, 2 LIMIT 500
"""


async def days(read: Read, owner_id: UUID) -> list[Day]:
    """How many photos were taken on which day."""
    return await read.fetch(_DAYS, Day, owner_id)


async def places(read: Read, owner_id: UUID) -> list[Place]:
    """How many photos were taken where."""
    return await read.fetch(_PLACES, Place, owner_id)


class GroupRow(msgspec.Struct, frozen=True):
    """Photos that look alike."""

    group_id: UUID
    count: int


_GROUPS: Final = """
SELECT group_id, count(*) AS count FROM photos
WHERE owner_id = $1 AND deleted_at IS NULL AND group_id IS NOT NULL
  AND ($2::uuid IS NULL OR group_id < $2)
GROUP BY group_id HAVING count(*) > 1 ORDER BY group_id DESC LIMIT $3
"""
_OF_GROUPS: Final = f"""
SELECT {ITEM_FIELDS} FROM photos p
WHERE p.owner_id = $1 AND p.deleted_at IS NULL AND p.group_id = ANY($2::uuid[])
ORDER BY p.group_id DESC, p.is_best DESC, {_WHEN}, p.id
"""  # noqa: S608  # literals alone


_HAS_SOURCE: Final = "SELECT true FROM photo_sources WHERE owner_id = $1 AND id = $2"
_HAS_GROUP: Final = """
SELECT true FROM photos WHERE owner_id = $1 AND group_id = $2 AND deleted_at IS NULL LIMIT 1
"""


async def has_source(read: Read, owner_id: UUID, source_id: UUID) -> bool:
    """Whether somebody has such a source."""
    return bool(await read.fetch_value(_HAS_SOURCE, owner_id, source_id))


async def has_group(read: Read, owner_id: UUID, group_id: UUID) -> bool:
    """Whether any photo of somebody's is in such a group."""
    return bool(await read.fetch_value(_HAS_GROUP, owner_id, group_id))


async def groups(read: Read, owner_id: UUID, before: UUID | None, limit: int) -> list[GroupRow]:
    """Groups of photos that look alike, those of the photos that came last first."""
    return await read.fetch(_GROUPS, GroupRow, owner_id, before, limit)


async def of_groups(read: Read, owner_id: UUID, group_ids: Sequence[UUID]) -> list[PhotoItemRow]:
    """The photos of groups, the best of each first."""
    return await read.fetch(_OF_GROUPS, PhotoItemRow, owner_id, list(group_ids))


def day_of(day: date) -> tuple[datetime, datetime]:
    """From when to when a day lasts, as wall times."""
    start = datetime(day.year, day.month, day.day)  # noqa: DTZ001  # wall time
    try:
        return start, datetime.fromordinal(start.toordinal() + 1)
    except (ValueError, OverflowError):
        return start, LATEST
