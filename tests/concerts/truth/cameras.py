"""Cameras and phones: what each writes of time and place into its files, right or wrong."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from tests.concerts.truth.draws import Draw
from tests.concerts.truth.parameters import Errors
from tests.concerts.truth.truth import Trouble

_PHONES: Final = ("Apple iPhone 12", "Apple iPhone 15 Pro", "Google Pixel 6", "samsung SM-S911B",
                  "Fairphone FP4", "Xiaomi 2201116TG")  # fmt: skip
_CAMERAS: Final = ("SONY ILCE-6400", "Canon EOS 550D", "FUJIFILM X100V", "RICOH GR III")
_RIGHT_WITHIN: Final = timedelta(hours=2)


class Camera(Struct, frozen=True):
    """What a camera does each time. A phone follows the zone that it is in, others stay at home.

    `clock_off` is how wrong its clock is, in the years in which it is.
    """

    model: str
    is_phone: bool
    has_gps: bool
    writes_offset: bool
    writes_wrong_offset: bool
    writes_gps_time: bool
    writes_error: bool
    keeps_winter_time: bool
    clock_off: Mapping[int, timedelta]


class Written(Struct, frozen=True):
    """The times in a file, whether they can be made sense of, and what is wrong with them."""

    taken_at: datetime
    offset_min: int | None
    gps_at: datetime | None
    is_datable: bool
    troubles: frozenset[Trouble]


def phone(chance: Draw, errors: Errors, *, has_gps: bool) -> Camera:
    """A phone: its clock is right, what it says of its zone needn't be."""
    writes_offset = chance.happens(errors.offset_written)
    return Camera(
        model=chance.choice(_PHONES),
        is_phone=True,
        has_gps=has_gps,
        writes_offset=writes_offset,
        writes_wrong_offset=writes_offset and chance.happens(errors.wrong_offset),
        writes_gps_time=chance.happens(errors.gps_time_written),
        writes_error=chance.happens(errors.error_written),
        keeps_winter_time=False,
        clock_off={},
    )


def own_camera(chance: Draw, errors: Errors, years: range) -> Camera:
    """A camera without GPS, set at home once a year, and not always well."""
    return Camera(
        model=chance.choice(_CAMERAS),
        is_phone=False,
        has_gps=False,
        writes_offset=False,
        writes_wrong_offset=False,
        writes_gps_time=False,
        writes_error=False,
        keeps_winter_time=chance.happens(errors.ignores_summer),
        clock_off={
            year: _off(chance, errors) for year in years if chance.happens(errors.clock_wrong)
        },
    )


def _off(chance: Draw, errors: Errors) -> timedelta:
    hours = chance.uniform(*errors.clock_off_h) * chance.choice([-1, 1])
    return timedelta(minutes=round(60 * hours))


def written(camera: Camera, at: datetime, zone: str, home: str, *, has_fix: bool) -> Written:
    """What `camera` writes at an instant in `zone`; `home` is where its owner lives."""
    at = at.replace(microsecond=0)
    here = at.astimezone(ZoneInfo(zone))
    wall = here if camera.is_phone else at.astimezone(ZoneInfo(home))
    wall += camera.clock_off.get(here.year, timedelta())
    if camera.keeps_winter_time:
        wall -= wall.dst() or timedelta()
    offset = at.astimezone(ZoneInfo(home)) if camera.writes_wrong_offset else here
    found = Written(
        taken_at=wall.replace(tzinfo=None),
        offset_min=_minutes(offset) if camera.writes_offset else None,
        gps_at=at if has_fix and camera.writes_gps_time else None,
        is_datable=True,
        troubles=frozenset(),
    )
    says = _instant(found, zone if has_fix else home)
    near = (abs(says - at), abs(found.taken_at - here.replace(tzinfo=None)))
    return Written(
        found.taken_at,
        found.offset_min,
        found.gps_at,
        is_datable=min(near) <= _RIGHT_WITHIN,
        troubles=_troubles(camera, found, here, home),
    )


def _instant(found: Written, zone: str) -> datetime:
    """The instant that a careful reader takes it for."""
    if found.gps_at is not None:
        return found.gps_at
    if found.offset_min is not None:
        return (found.taken_at - timedelta(minutes=found.offset_min)).replace(tzinfo=UTC)
    return found.taken_at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _troubles(camera: Camera, found: Written, here: datetime, home: str) -> frozenset[Trouble]:
    at_home = here.astimezone(ZoneInfo(home))
    said: list[tuple[Trouble, bool]] = [
        ("no offset", found.offset_min is None),
        ("wrong offset", found.offset_min not in {None, _minutes(here)}),
        ("other zone", _minutes(at_home) != _minutes(here)),
        ("clock wrong", here.year in camera.clock_off),
        ("after midnight", here.hour < 6),
    ]
    return frozenset(name for name, is_so in said if is_so)


def _minutes(local: datetime) -> int:
    return round((local.utcoffset() or timedelta()).total_seconds() / 60)
