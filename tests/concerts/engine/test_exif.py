"""EXIF in every way that cameras, phones and attackers write it."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL.TiffImagePlugin import IFDRational

from backline.concerts.engine import exif
from backline.concerts.engine.findings import Metadata
from tests.support import photos
from tests.support.photos import BERLIN, EXIF_IFD

RAW = photos.exif(
    offset="+02:00",
    place=BERLIN,
    gps_utc=("2019:07:04", (19, 30, 0)),
    orientation=6,
).tobytes()


def test_a_phone_says_everything() -> None:
    found = exif.read(RAW)

    assert found.taken == "2019-07-04T21:30:00"
    assert (found.time_source, found.offset_min) == ("original", 120)
    assert found.gps_utc == "2019-07-04T19:30:00+00:00"
    assert found.camera == "Lumen L7"
    assert found.latitude == pytest.approx(BERLIN[0], abs=1e-5)
    assert found.longitude == pytest.approx(BERLIN[1], abs=1e-5)
    assert found.notes == ()


@pytest.mark.parametrize(
    ("text", "wall"),
    [
        ("2019:07:04 21:30:00", "2019-07-04T21:30:00"),
        ("2019-07-04T21:30:00", "2019-07-04T21:30:00"),
        ("2019/07/04 21:30:00.5", "2019-07-04T21:30:00"),
        ("1904:01:01 00:00:00", "1904-01-01T00:00:00"),
        ("2150:12:31 23:59:59", "2150-12-31T23:59:59"),
        ("9998:12:31 23:59:59", "9998-12-31T23:59:59"),
        ("9999:12:31 23:59:59", None),
        ("1800:01:01 00:00:00", "1800-01-01T00:00:00"),
        ("1799:12:31 23:59:59", None),
        ("0000:00:00 00:00:00", None),
        ("0001:01:01 00:00:00", None),
        ("2019:13:04 21:30:00", None),
        ("2019:02:30 21:30:00", None),
        ("2019:07:04 24:00:00", None),
        ("    :  :     :  :  ", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_times(text: str, wall: str | None) -> None:
    assert exif.read(photos.exif(text).tobytes()).taken == wall


@pytest.mark.parametrize(
    ("day", "clock", "instant"),
    [
        ("2019:07:04", (19, 30, 0), "2019-07-04T19:30:00+00:00"),
        ("2019:07:04", (24, 0, 0), "2019-07-05T00:00:00+00:00"),
        ("9998:12:31", (23, 59, 59), "9998-12-31T23:59:59+00:00"),
        ("9999:12:31", (23, 59, 59), None),
        ("9998:12:31", (24, 0, 0), None),
        ("0001:01:01", (0, 0, 0), None),
        ("1799:12:31", (0, 0, 0), None),
        ("2019:07:04", (60_000_000, 0, 0), None),
        ("2019:07:04", (900, 0, 0), None),
    ],
)
def test_times_of_satellites(day: str, clock: tuple[int, int, int], instant: str | None) -> None:
    assert exif.read(photos.exif(gps_utc=(day, clock)).tobytes()).gps_utc == instant


def test_the_most_trusted_time_wins() -> None:
    made = photos.exif(None)
    made[0x0132] = "2024:01:01 00:00:00"
    assert exif.read(made.tobytes()).time_source == "modified"
    made.get_ifd(EXIF_IFD)[0x9004] = "2023:01:01 00:00:00"
    assert exif.read(made.tobytes()).taken == "2023-01-01T00:00:00"
    made.get_ifd(EXIF_IFD)[0x9003] = "2022:01:01 00:00:00"
    made.get_ifd(EXIF_IFD)[0x9291] = "25"
    assert exif.read(made.tobytes()).taken == "2022-01-01T00:00:00.250000"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("+02:00", 120),
        ("-03:30", -210),
        ("Z", 0),
        ("+0545", 345),
        ("+25:00", None),
        ("+01:75", None),
    ],
)
def test_offsets(text: str, minutes: int | None) -> None:
    assert exif.read(photos.exif(offset=text).tobytes()).offset_min == minutes


@pytest.mark.parametrize(
    ("gps", "place", "notes"),
    [
        ({"place": (90.0, 0.5)}, (90.0, 0.5), ()),
        ({"place": (-90.0, -180.0)}, (-90.0, -180.0), ()),
        ({"place": (0.0, 10.0)}, (0.0, 10.0), ()),
        ({"place": (0.0, 0.0)}, None, ("odd-place",)),
        ({"place": (10.0, 10.0), "gps_2": (91.0, 0.0, 0.0)}, None, ("odd-place",)),
        ({"place": (10.0, 10.0), "gps_1": ""}, None, ("odd-place",)),
        ({"place": (10.0, 10.0), "gps_1": "X"}, None, ("odd-place",)),
        ({"place": (10.0, 10.0), "gps_2": (IFDRational(1, 0), 0.0, 0.0)}, None, ("odd-place",)),
        ({"place": (10.0, 10.0), "gps_2": (10.0, 99.0, 0.0)}, None, ("odd-place",)),
        ({}, None, ()),
    ],
)
def test_places(gps: dict[str, Any], place: tuple[float, float] | None, notes: tuple[str]) -> None:
    found = exif.read(photos.exif(**gps).tobytes())

    assert (None if found.latitude is None else (found.latitude, found.longitude)) == place
    assert found.notes == notes


def test_text_is_text() -> None:
    made = photos.exif(camera=None)
    made[0x010F] = b"Caf\xe9\x00\x01\x02rubbish"
    made[0x0110] = "X" * 5_000

    camera = exif.read(made.tobytes()).camera

    assert camera.startswith("Café X")
    assert camera.isprintable()
    assert len(camera) <= 200


@settings(max_examples=300)
@given(
    st.lists(st.tuples(st.integers(6, len(RAW) - 1), st.integers(0, 255)), max_size=60),
    st.integers(0, len(RAW)),
)
def test_broken_exif_says_nothing_or_something_plausible(
    changes: list[tuple[int, int]], length: int
) -> None:
    broken = bytearray(RAW)
    for place, value in changes:
        broken[place] = value
    found = exif.read(bytes(broken[:length] if length % 3 == 0 else broken))

    check(found)


@settings(max_examples=200)
@given(st.binary(max_size=400))
def test_bytes_that_are_no_exif(data: bytes) -> None:
    check(exif.read(b"Exif\0\0" + data))
    check(exif.read(b"Exif\0\0MM\0*\0\0\0\x08" + data))


def check(found: Metadata) -> None:
    assert found.latitude is None or -90 <= found.latitude <= 90
    assert found.longitude is None or -180 <= found.longitude <= 180
    assert found.offset_min is None or abs(found.offset_min) <= 14 * 60
    assert found.camera.isprintable()
    assert len(found.camera) <= 200
    for said in (found.taken, found.gps_utc):
        assert said is None or 1800 <= datetime.fromisoformat(said).year <= 9998
