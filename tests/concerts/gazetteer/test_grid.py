"""A circle's cells hold whatever lies in it, wherever on the globe it is."""

import math

from hypothesis import given
from hypothesis import strategies as st

from backline.concerts.gazetteer.grid import CITIES, VENUES
from backline.concerts.matching.geometry import distance_m

LATITUDES = st.floats(-90, 90, allow_nan=False)
LONGITUDES = st.floats(-180, 180, allow_nan=False)
EARTH_M = 6_371_008.8


def beside(latitude: float, longitude: float, away_m: float, bearing: float) -> tuple[float, float]:
    """Where one comes to who goes so far in a direction (radians from north)."""
    low, angle = math.radians(latitude), away_m / EARTH_M
    high = math.asin(
        math.sin(low) * math.cos(angle) + math.cos(low) * math.sin(angle) * math.cos(bearing)
    )
    turn = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(low),
        math.cos(angle) - math.sin(low) * math.sin(high),
    )
    return math.degrees(high), (longitude + math.degrees(turn) + 180) % 360 - 180


@given(LATITUDES, LONGITUDES, st.floats(0, 0.999), st.floats(0, math.tau), st.floats(10, 40_000))
def test_what_lies_in_a_circle_lies_in_its_cells(
    latitude: float, longitude: float, share: float, bearing: float, within_m: float
) -> None:
    place = beside(latitude, longitude, within_m * share, bearing)

    assert distance_m(latitude, longitude, *place) <= within_m
    for grid in (VENUES, CITIES):
        assert grid.cell(*place) in grid.around(latitude, longitude, within_m)


@given(LATITUDES, LONGITUDES)
def test_a_circle_is_few_cells_everywhere(latitude: float, longitude: float) -> None:
    small = VENUES.around(latitude, longitude, 1_500)
    large = CITIES.around(latitude, longitude, 400_000)

    assert len(small) == len(set(small)) <= 12
    assert len(large) == len(set(large)) <= 3_000


def test_the_meridian_of_180_divides_nothing() -> None:
    assert VENUES.cell(0, 180) == VENUES.cell(0, -180)
    assert VENUES.cell(-16.8, 179.999) in VENUES.around(-16.8, -179.999, 1_500)
