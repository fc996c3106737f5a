"""What is refused at the start of the program."""

import msgspec
import pytest

from backline.platform.jobs import Job, JobContext, Schedule, Subscription, assemble


class Happened(msgspec.Struct, frozen=True):
    what: str


async def handle(_context: JobContext, _payload: object, _services: object) -> None:
    pass


def test_two_handlers_of_a_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="two handlers for jobs of kind 'a'"):
        assemble([Job("a", handle), Job("a", handle)])


def test_a_schedule_without_its_job_is_refused() -> None:
    with pytest.raises(ValueError, match="Nobody handles jobs of kind 'b'"):
        assemble([Job("a", handle)], [Schedule("b", every_s=60)])


def test_a_subscription_without_its_job_is_refused() -> None:
    with pytest.raises(ValueError, match="Nobody handles jobs of kind 'b'"):
        assemble([], subscriptions=[Subscription(Happened, "b")])


def test_a_subscription_to_another_event_than_its_job_takes_is_refused() -> None:
    with pytest.raises(ValueError, match="a doesn't take Happened"):
        assemble([Job("a", handle)], subscriptions=[Subscription(Happened, "a")])


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule("a"),
        Schedule("a", every_s=60, daily_at="03:30"),
        Schedule("a", daily_at="24:00"),
        Schedule("a", daily_at="3:30"),
        Schedule("a", every_s=-5),
        Schedule("a", every_s=0),
    ],
)
def test_a_schedule_needs_one_time_that_exists(schedule: Schedule) -> None:
    with pytest.raises(ValueError, match="either every_s or daily_at"):
        assemble([Job("a", handle)], [schedule])
