"""EXIF read with suspicion: each value may be missing, of another type, or nonsense.

Times stay what the camera's clock showed; what they mean is judged elsewhere (`times`).
"""

import math
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any, Final, TypeVar, cast

from PIL import Image

from backline.concerts.engine import bounds, claims
from backline.concerts.engine.findings import CameraTime, Metadata

T = TypeVar("T")
_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_MAKE, _MODEL, _MODIFIED = 0x010F, 0x0110, 0x0132
# The most trusted time first: its tag, its parts of a second, its offset (EXIF 2.32 §4.6.6).
_TIMES: Final[tuple[tuple[CameraTime, int, int, int], ...]] = (
    ("original", 0x9003, 0x9291, 0x9011),
    ("digitized", 0x9004, 0x9292, 0x9012),
    ("modified", _MODIFIED, 0x9290, 0x9010),
)
_LATITUDE, _LONGITUDE, _GPS_TIME, _GPS_DATE, _GPS_ERROR = (1, 2), (3, 4), 7, 29, 31
_DATE = re.compile(r"(\d{4})[:\-/.](\d{1,2})[:\-/.](\d{1,2})")
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})|Z")
_MOST_ERROR_M: Final = 1_000_000.0
_HOURS_A_DAY: Final = 24
_SIXTY: Final = 60


def read(blob: bytes) -> Metadata:
    """What an EXIF block says; one that can't be read says nothing but that."""
    if len(blob) > bounds.MAX_EXIF_BYTES:
        return Metadata(notes=("unreadable",))
    exif = Image.Exif()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exif.load(blob)
            main: Mapping[int, Any] = dict(exif)
        except Exception:  # noqa: BLE001  # a stranger's bytes may break a parser in any way
            return Metadata(notes=("unreadable",))
        details, gps = _ifd(exif, _EXIF_IFD), _ifd(exif, _GPS_IFD)
    taken, source, offset_min = _taken({**main, **details})
    place, notes = _place(gps)
    return Metadata(
        taken=taken,
        time_source=source,
        offset_min=offset_min,
        gps_utc=_or_none(lambda: _gps_utc(gps)),
        latitude=place[0] if place else None,
        longitude=place[1] if place else None,
        place_error_m=_or_none(lambda: _error_m(gps)) if place else None,
        camera=_camera(main),
        notes=notes,
    )


def _ifd(exif: Image.Exif, tag: int) -> Mapping[int, Any]:
    try:
        return dict(exif.get_ifd(tag))
    except Exception:  # noqa: BLE001  # as above
        return {}


def _or_none(look: Callable[[], T | None]) -> T | None:
    try:
        return look()
    except (ArithmeticError, ValueError, TypeError, KeyError, IndexError):
        return None


def _camera(tags: Mapping[int, Any]) -> str:
    return claims.camera(tags.get(_MAKE), tags.get(_MODEL))


def _taken(tags: Mapping[int, Any]) -> tuple[str | None, CameraTime | None, int | None]:
    for source, tag, subsecond_tag, offset_tag in _TIMES:
        wall = _or_none(lambda tag=tag: claims.wall(claims.text(tags.get(tag))))
        if wall is not None:
            digits = re.match(r"\d{1,6}", claims.text(tags.get(subsecond_tag)))
            if digits is not None:
                wall = wall.replace(microsecond=int(digits[0].ljust(6, "0")))
            return wall.isoformat(), source, _offset_min(claims.text(tags.get(offset_tag)))
    return None, None, None


def _offset_min(text: str) -> int | None:
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    if found[0] == "Z":
        return 0
    minutes = int(found[2]) * _SIXTY + int(found[3])
    if int(found[3]) >= _SIXTY or minutes > bounds.MAX_DIFFERENCE_MIN:
        return None
    return -minutes if found[1] == "-" else minutes


def _number(value: Any) -> float:
    """A rational, an integer, or a pair of them; what divides by nothing is no number."""
    if isinstance(value, tuple | list):
        pair = cast("Sequence[Any]", value)
        return float(Fraction(int(pair[0]), int(pair[1])))
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("not a number")
    return number


def _sixtieths(values: Any) -> float:
    """Degrees (or hours), minutes, seconds as one number."""
    parts = cast("Sequence[Any]", values if isinstance(values, tuple | list) else (values,))
    numbers = [_number(part) for part in parts[:3]]
    if not numbers or min(numbers) < 0 or any(part > _SIXTY for part in numbers[1:]):
        raise ValueError("not a place")
    return sum(number / _SIXTY**place for place, number in enumerate(numbers))


def _place(gps: Mapping[int, Any]) -> tuple[tuple[float, float] | None, tuple[str, ...]]:
    latitude = _or_none(lambda: _degrees(gps, _LATITUDE, "NS", 90.0))
    longitude = _or_none(lambda: _degrees(gps, _LONGITUDE, "EW", 180.0))
    was_said = _LATITUDE[1] in gps or _LONGITUDE[1] in gps
    return claims.place(latitude, longitude, was_said=was_said)


def _degrees(
    gps: Mapping[int, Any], tags: tuple[int, int], directions: str, limit: float
) -> float | None:
    """Degrees with their sign; without its direction a place may be anywhere, so it is none."""
    direction = claims.text(gps.get(tags[0])).upper()[:1]
    if tags[1] not in gps or not direction or direction not in directions:
        return None
    degrees = _sixtieths(gps[tags[1]])
    if degrees > limit:
        return None
    return -degrees if direction == directions[1] else degrees


def _gps_utc(gps: Mapping[int, Any]) -> str | None:
    found = _DATE.match(claims.text(gps.get(_GPS_DATE)))
    if found is None or _GPS_TIME not in gps:
        return None
    hours = _sixtieths(gps[_GPS_TIME])
    year, month, day = map(int, found.groups())
    at = claims.bounded(datetime(year, month, day, tzinfo=UTC) + timedelta(hours=hours))
    return at.isoformat() if at is not None and hours <= _HOURS_A_DAY else None


def _error_m(gps: Mapping[int, Any]) -> float | None:
    error_m = _number(gps[_GPS_ERROR])
    return error_m if 0 <= error_m <= _MOST_ERROR_M else None
