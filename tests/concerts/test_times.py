"""What the times of a photo mean: wall time stays, and its offset comes from the best source."""

from datetime import UTC, datetime

import pytest

from backline.concerts.engine.findings import Metadata
from backline.concerts.times import settle

NOW = datetime(2026, 11, 28, tzinfo=UTC)
BERLIN, NEW_YORK = (52.52, 13.405), (40.7128, -74.006)
SUMMER, WINTER = "2019-07-04T21:30:00", "2019-01-04T21:30:00"


def said(
    taken: str | None = SUMMER,
    offset_min: int | None = None,
    gps_utc: str | None = None,
    place: tuple[float, float] | None = None,
) -> Metadata:
    latitude, longitude = place or (None, None)
    source = "original" if taken else None
    return Metadata(taken, source, offset_min, gps_utc, latitude, longitude)


@pytest.mark.parametrize(
    ("metadata", "default", "offset_min", "source", "doubtful"),
    [
        pytest.param(said(), None, None, None, False, id="nothing known"),
        pytest.param(said(offset_min=120), None, 120, "camera", False, id="camera"),
        pytest.param(
            said(gps_utc="2019-07-04T19:29:12+00:00"), None, 120, "gps", False, id="satellites"
        ),
        pytest.param(
            said(gps_utc="2019-07-04T15:45:00+00:00"),
            None,
            345,
            "gps",
            False,
            id="Nepal, by 15 min",
        ),
        pytest.param(said(place=BERLIN), None, 120, "place", False, id="zone in summer"),
        pytest.param(said(WINTER, place=BERLIN), None, 60, "place", False, id="zone in winter"),
        pytest.param(said(place=NEW_YORK), None, -240, "place", False, id="zone in New York"),
        pytest.param(said(), "Asia/Tokyo", 540, "default", False, id="default"),
        pytest.param(
            said(place=BERLIN), "Asia/Tokyo", 120, "place", False, id="place before default"
        ),
        pytest.param(
            said(offset_min=-240, place=BERLIN), None, -240, "camera", True, id="clock of home"
        ),
        pytest.param(
            said(offset_min=120, gps_utc="2019-07-04T19:30:00+00:00", place=BERLIN),
            None,
            120,
            "camera",
            False,
            id="all agree",
        ),
        pytest.param(
            said(gps_utc="2019-07-01T19:30:00+00:00", place=BERLIN),
            None,
            120,
            "place",
            False,
            id="an old fix",
        ),
        pytest.param(said(place=(0.0, -140.0)), None, -540, "place", False, id="at sea"),
    ],
)
def test_offsets(
    metadata: Metadata,
    default: str | None,
    offset_min: int | None,
    source: str | None,
    doubtful: bool,
) -> None:
    settled = settle(metadata, default, NOW)

    assert settled.taken_at == datetime.fromisoformat(metadata.taken or "")
    assert (settled.offset_min, settled.offset_source) == (offset_min, source)
    assert settled.is_doubtful == doubtful


def test_a_camera_without_a_clock_has_the_satellites() -> None:
    settled = settle(said(None, gps_utc="2019-07-04T19:30:00+00:00", place=BERLIN), None, NOW)

    assert settled.taken_at == datetime.fromisoformat(SUMMER)
    assert (settled.time_source, settled.offset_min) == ("gps", 120)


def test_nothing_is_made_up() -> None:
    assert settle(said(None), "Europe/Berlin", NOW).taken_at is None
    assert settle(said(None, gps_utc="2019-07-04T19:30:00+00:00"), None, NOW).taken_at is None


@pytest.mark.parametrize("taken", ["1904-01-01T00:00:00", "2150-06-01T12:00:00"])
def test_odd_times_stay_and_are_told(taken: str) -> None:
    settled = settle(said(taken, place=BERLIN), None, NOW)

    assert settled.taken_at == datetime.fromisoformat(taken)
    assert settled.is_odd
    assert settled.is_doubtful


@pytest.mark.parametrize("place", [(90.0, 0.0), (-90.0, 180.0), (0.0001, -180.0), (89.9, 179.9)])
def test_poles_and_edges_have_some_zone_or_none(place: tuple[float, float]) -> None:
    settled = settle(said(place=place), None, NOW)

    assert settled.offset_min is None or abs(settled.offset_min) <= 14 * 60
