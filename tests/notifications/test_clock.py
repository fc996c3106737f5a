"""When a digest is due: in several zones, once a day, and over the changes of the clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backline.notifications.clock import day_of, next_time

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "zone", "hour", "due"),
    [
        ("2026-06-01T05:59", "Europe/Berlin", 8, "2026-06-01T06:00"),
        ("2026-06-01T06:00", "Europe/Berlin", 8, "2026-06-02T06:00"),
        ("2026-12-01T06:30", "Europe/Berlin", 8, "2026-12-01T07:00"),
        ("2026-06-01T06:00", "America/New_York", 8, "2026-06-01T12:00"),
        ("2026-06-01T06:00", "Asia/Kathmandu", 8, "2026-06-02T02:15"),
        ("2026-06-01T06:00", "Pacific/Kiritimati", 8, "2026-06-01T18:00"),
        # Clocks go from 2 to 3: that day has no half past two, and eight comes an hour sooner.
        ("2026-03-28T12:00", "Europe/Berlin", 2, "2026-03-29T01:00"),
        ("2026-03-28T12:00", "Europe/Berlin", 8, "2026-03-29T06:00"),
        ("2026-03-29T01:00", "Europe/Berlin", 2, "2026-03-30T00:00"),
        # From 3 to 2: of the two it is the first, and no second one that day.
        ("2026-10-24T12:00", "Europe/Berlin", 2, "2026-10-25T00:00"),
        ("2026-10-25T00:00", "Europe/Berlin", 2, "2026-10-26T01:00"),
        ("2026-10-25T00:30", "Europe/Berlin", 8, "2026-10-25T07:00"),
    ],
)
def test_a_digest_is_due_at_the_hour_of_the_persons_day(
    now: str, zone: str, hour: int, due: str
) -> None:
    assert next_time(at(now), zone, hour, None) == at(due)


def test_whoever_has_had_todays_has_the_next_tomorrow_whatever_the_hour() -> None:
    now = at("2026-06-01T12:00")

    assert next_time(now, "Europe/Berlin", 20, None) == at("2026-06-01T18:00")
    assert next_time(now, "Europe/Berlin", 20, date(2026, 6, 1)) == at("2026-06-02T18:00")


def test_a_late_one_is_of_the_day_that_it_was_due_on() -> None:
    due, now = at("2026-06-01T06:00"), at("2026-06-01T23:30")

    day = day_of(due, "Europe/Berlin")

    assert next_time(now, "Europe/Berlin", 8, day) == at("2026-06-02T06:00")


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001  # made UTC below
    st.sampled_from(ZONES),
    st.integers(0, 23),
)
def test_over_a_year_each_day_has_one(begin: datetime, zone: str, hour: int) -> None:
    now, days = begin.replace(tzinfo=UTC), list[date]()
    last: date | None = None
    for _ in range(370):
        due = next_time(now, zone, hour, last)
        last = day_of(due, zone)
        assert now < due <= now + timedelta(hours=26)
        assert due.astimezone(ZoneInfo(zone)).hour in {hour, (hour + 1) % 24}
        days.append(last)
        now = due

    assert days == [days[0] + timedelta(days=number) for number in range(370)]
