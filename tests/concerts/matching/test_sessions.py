"""How photos are cut into sessions, and which day those belong to."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from backline.concerts.matching import Venue, sessions
from backline.concerts.matching.clock import days_of, moment
from tests.concerts.matching.evenings import CLUB, DAY, HOME, PARK, at, evening, photos

ZONE = ZoneInfo(HOME)


def test_three_hours_without_a_photo_end_a_session() -> None:
    found = sessions(photos(CLUB, at("12:00"), at("15:00"), at("18:01")), ZONE)
    assert [len(one.sightings) for one in found] == [2, 1]


def test_half_a_kilometre_ends_a_session() -> None:
    found = sessions([*photos(CLUB, at("20:00")), *photos(PARK, at("20:30"))], ZONE)
    assert len(found) == 2


def test_photos_without_a_place_stay_with_those_around_them() -> None:
    [found] = sessions([*photos(None, at("20:10")), *photos(CLUB, at("20:00"), at("21:00"))], ZONE)
    assert len(found.sightings) == 3
    assert found.place is not None


def test_a_fix_that_went_astray_ends_no_session() -> None:
    stray = Venue("", (), CLUB.latitude + 0.02, CLUB.longitude)
    mixed = [*photos(CLUB, *(at(f"21:{m:02}") for m in range(9))), *photos(stray, at("21:04"))]
    [found] = sessions(mixed[:4] + mixed[5:], ZONE)
    assert found.place is not None
    assert abs(found.place.latitude - CLUB.latitude) < 1e-6


def test_nobody_goes_two_kilometres_in_a_minute() -> None:
    far = Venue("", (), CLUB.latitude + 0.02, CLUB.longitude)
    [found] = sessions([*photos(far, at("21:00")), *photos(CLUB, at("21:01"), at("21:02"))], ZONE)
    assert [round(share, 2) for _, share in found.places] == [0.67, 0.33]


def test_the_order_of_the_photos_is_of_no_account() -> None:
    some = [*evening(CLUB), *evening(PARK, DAY + timedelta(days=1))]
    assert sessions(reversed(some), ZONE) == sessions(some, ZONE)


def test_nobody_has_no_sessions() -> None:
    assert sessions([], ZONE) == []


def test_wall_time_with_the_places_offset_is_read_as_it_stands() -> None:
    [photo] = photos(CLUB, at("21:00"), offset_s=7200)
    assert moment(photo, ZONE).local == at("21:00")
    assert moment(photo, ZONE).other is None


def test_a_phone_that_kept_the_home_zone_is_brought_to_the_places_time() -> None:
    # 03:00 in Berlin is 21:00 of the day before in New York.
    [photo] = photos(CLUB, at("27:00"), offset_s=7200, zone="America/New_York")
    assert moment(photo, ZONE).local == at("21:00")


def test_a_camera_on_a_journey_may_have_kept_the_time_of_its_home() -> None:
    [photo] = photos(CLUB, at("21:00"), zone="America/New_York")
    assert moment(photo, ZONE).local == at("21:00")
    assert moment(photo, ZONE).other == at("15:00")


def test_where_nobody_knows_a_home_the_place_tells_the_time() -> None:
    [photo] = photos(CLUB, at("21:00"), zone="Asia/Tokyo")
    assert moment(photo, None).local == at("21:00")
    assert moment(photo, None).other is None


def test_satellites_are_believed_before_the_cameras_offset() -> None:
    [photo] = photos(CLUB, at("12:00"), offset_s=0)
    photo = replace(photo, gps_at=datetime(2024, 4, 27, 19, 1))  # noqa: DTZ001  # UTC by contract
    assert moment(photo, ZONE).local == at("21:00")


def test_in_the_small_hours_both_days_are_possible() -> None:
    [photo] = photos(CLUB, at("25:30"))
    days = days_of(moment(photo, ZONE))
    assert days == {DAY: 0.96, DAY + timedelta(days=1): pytest.approx(0.04)}


def test_from_five_in_the_morning_a_new_day_counts() -> None:
    [photo] = photos(CLUB, at("29:00"))
    assert days_of(moment(photo, ZONE)) == {DAY + timedelta(days=1): 1.0}


def test_the_night_in_which_the_clock_jumps_keeps_its_order() -> None:
    night = date(2024, 3, 31)
    walls = [at("1:50", night), at("3:10", night), at("3:20", night)]  # 2:00 became 3:00
    [found] = sessions(photos(CLUB, *walls), ZONE)
    assert [one.wall for one in found.sightings] == walls
