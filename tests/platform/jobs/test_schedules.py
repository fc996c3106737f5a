"""Jobs by the clock."""

import asyncio
from datetime import UTC, datetime

import pytest

from backline.platform import jobs
from backline.platform.database import Database
from backline.platform.jobs import Job, JobContext, Nothing, Schedule
from backline.platform.jobs.schedules import enqueue_due, slot_of
from tests.platform.jobs.working import execute, value

NOON_S = datetime(2026, 3, 4, 12, 0, 30, tzinfo=UTC).timestamp()


async def handle(_context: JobContext, _payload: Nothing, _services: object) -> None:
    pass


@pytest.fixture
def registry(database: Database) -> jobs.Registry:
    # One slot is 31 years long: none turns while a test runs.
    made = jobs.assemble([Job("tick", handle)], [Schedule("tick", every_s=10**9)])
    database.declared = made
    return made


@pytest.mark.parametrize(
    ("schedule", "slot"),
    [
        (Schedule("a", every_s=60), datetime(2026, 3, 4, 12, 0, tzinfo=UTC)),
        (Schedule("a", every_s=7), datetime(2026, 3, 4, 12, 0, 24, tzinfo=UTC)),
        (Schedule("a", daily_at="12:00"), datetime(2026, 3, 4, 12, 0, tzinfo=UTC)),
        (Schedule("a", daily_at="12:01"), datetime(2026, 3, 3, 12, 1, tzinfo=UTC)),
        (Schedule("a", daily_at="00:00"), datetime(2026, 3, 4, tzinfo=UTC)),
    ],
)
def test_the_slot_is_the_latest_that_was_due(schedule: Schedule, slot: datetime) -> None:
    assert slot_of(schedule, NOON_S) == slot


async def ticks(database: Database) -> int:
    return int(await value(database, "SELECT count(*) FROM jobs WHERE kind = 'tick'"))


async def test_a_new_schedule_begins_with_its_next_slot(
    database: Database, registry: jobs.Registry
) -> None:
    await enqueue_due(database, registry, {})
    await enqueue_due(database, registry, {})

    assert await ticks(database) == 0


async def test_many_workers_make_one_job_of_many_missed_slots(
    database: Database, registry: jobs.Registry
) -> None:
    await enqueue_due(database, registry, {})
    await execute(database, "UPDATE job_schedules SET slot = slot - interval '10 days'")

    await asyncio.gather(*(enqueue_due(database, registry, {}) for _ in range(10)))
    await execute(database, "UPDATE jobs SET state = 'done', finished_at = now()")
    await enqueue_due(database, registry, {})

    assert await ticks(database) == 1


async def test_a_slot_that_comes_while_the_last_one_runs_makes_no_second_job(
    database: Database, registry: jobs.Registry
) -> None:
    for _ in range(3):
        await enqueue_due(database, registry, {})
        await execute(database, "UPDATE job_schedules SET slot = slot - interval '1 hour'")

    assert await ticks(database) == 1


async def test_a_known_slot_costs_no_write(database: Database, registry: jobs.Registry) -> None:
    seen: dict[str, datetime] = {}
    await enqueue_due(database, registry, seen)
    await execute(database, "UPDATE job_schedules SET slot = slot - interval '1 hour'")

    await enqueue_due(database, registry, dict(seen))

    assert set(seen) == {"tick", "jobs.prune"}
    assert await ticks(database) == 0
