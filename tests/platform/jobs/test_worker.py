"""What a worker does with jobs that go well and with those that don't."""

import asyncio
from uuid import UUID

import msgspec
import pytest

from backline.platform import jobs
from backline.platform.database import Database, Write
from backline.platform.database.signals import Signals
from backline.platform.errors import Unavailable
from backline.platform.ids import uuid7
from backline.platform.jobs import GiveUp, Job, JobContext, JobRow, Nothing
from tests.platform.jobs.working import ended, eventually, execute, job_of, value, working
from tests.support.waiting import until

pytestmark = pytest.mark.slow


class Named(msgspec.Struct, frozen=True):
    name: str


def register(database: Database, *declared: Job) -> None:
    database.declared = jobs.assemble(declared)


async def enqueue(database: Database, kind: str, name: str = "", **options: object) -> UUID:
    async with database.write() as tx:
        return await jobs.enqueue(tx, kind, Named(name), **options)  # type: ignore[arg-type]


async def test_a_job_is_handed_its_payload_and_is_done(database: Database) -> None:
    heard: list[tuple[UUID, int, str]] = []

    async def handle(context: JobContext, payload: Named, _services: object) -> None:
        heard.append((context.id, context.attempt, payload.name))

    register(database, Job("greet", handle, Named))
    job_id = await enqueue(database, "greet", "Ada")
    async with working(database):
        job = await ended(database, job_id)

    assert heard == [(job_id, 1, "Ada")]
    assert (job.state, job.attempts, job.error) == ("done", 1, None)
    assert job.started_at is not None


async def test_the_most_urgent_goes_first_then_the_oldest(database: Database) -> None:
    heard: list[str] = []

    async def handle(_context: JobContext, payload: Named, _services: object) -> None:
        heard.append(payload.name)

    register(database, Job("a", handle, Named), Job("b", handle, Named))
    await enqueue(database, "a", "third", priority=5)
    await enqueue(database, "a", "second")
    await enqueue(database, "b", "first", priority=-1)
    await enqueue(database, "b", "fourth", priority=5)
    async with working(database, concurrency=1):
        await until(lambda: len(heard) == 4)

    assert heard == ["first", "second", "third", "fourth"]


async def test_a_job_waits_for_its_time(database: Database) -> None:
    async def handle(_context: JobContext, _payload: Named, _services: object) -> None:
        pass

    register(database, Job("a", handle, Named))
    later = await enqueue(
        database, "a", run_at=await value(database, "SELECT now() + interval '1 day'")
    )
    soon = await enqueue(
        database, "a", run_at=await value(database, "SELECT now() + interval '300 ms'")
    )
    async with working(database):
        job = await ended(database, soon)

    assert job.started_at is not None
    assert job.started_at >= job.run_at
    assert (await job_of(database, later)).state == "queued"


async def test_a_failure_is_tried_again_until_the_attempts_are_used_up(database: Database) -> None:
    buried: list[JobRow] = []

    async def handle(_context: JobContext, _payload: Named, _services: object) -> None:
        raise Unavailable("The mixer is\0 off.")

    async def bury(tx: Write, job: JobRow) -> None:
        buried.append(job)
        await tx.execute("INSERT INTO schema_migrations VALUES ('t', $1, '')", str(job.id))

    register(database, Job("a", handle, Named, max_attempts=3, backoff_s=0.01, on_dead=bury))
    job_id = await enqueue(database, "a")
    async with working(database):
        job = await ended(database, job_id)

    assert (job.state, job.attempts, job.error) == ("dead", 3, "The mixer is off.")
    assert [row.state for row in buried] == ["dead"]
    assert await value(database, "SELECT name FROM schema_migrations WHERE package = 't'") == str(
        job_id
    )


async def test_a_failure_waits_before_the_next_attempt(database: Database) -> None:
    async def handle(_context: JobContext, _payload: Named, _services: object) -> None:
        raise KeyError("stage")

    register(database, Job("a", handle, Named, backoff_s=1e9, backoff_cap_s=1e6))
    job_id = await enqueue(database, "a")
    async with working(database):

        async def failed() -> bool:
            return (await job_of(database, job_id)).error is not None

        await eventually(failed)

    job = await job_of(database, job_id)
    assert (job.state, job.attempts) == ("queued", 1)
    assert job.error == (
        f"Something went wrong that nobody foresaw. The server's log has it under {job_id}."
    )
    assert job.started_at is not None
    assert 0 <= (job.run_at - job.started_at).total_seconds() <= 1e6 + 60


async def test_giving_up_spares_the_other_attempts(database: Database) -> None:
    async def handle(_context: JobContext, _payload: Named, _services: object) -> None:
        raise GiveUp("This isn't music.")

    register(database, Job("a", handle, Named))
    job_id = await enqueue(database, "a")
    async with working(database):
        job = await ended(database, job_id)

    assert (job.state, job.attempts, job.error) == ("dead", 1, "This isn't music.")


async def test_a_job_that_takes_too_long_is_stopped(database: Database) -> None:
    async def handle(_context: JobContext, _payload: Named, _services: object) -> None:
        await asyncio.sleep(3600)

    register(database, Job("a", handle, Named, timeout_s=0.1, max_attempts=1))
    job_id = await enqueue(database, "a")
    async with working(database):
        job = await ended(database, job_id)

    assert (job.state, job.error) == ("dead", "It took longer than 0.1 seconds.")


async def test_a_payload_of_another_shape_is_a_failure_of_its_own_job(database: Database) -> None:
    async def handle(_context: JobContext, _payload: Named, _services: object) -> None:
        pass

    register(database, Job("a", handle, Named, max_attempts=1))
    broken, sound = await enqueue(database, "a"), await enqueue(database, "a")
    await execute(database, "UPDATE jobs SET payload = '{\"x\": 1}' WHERE id = $1", broken)
    async with working(database):
        assert (await ended(database, broken)).state == "dead"
        assert (await ended(database, sound)).state == "done"


async def test_a_faulty_on_dead_is_undone_and_the_job_dead_all_the_same(
    database: Database,
) -> None:
    async def handle(_context: JobContext, _payload: Named, _services: object) -> None:
        raise GiveUp("No.")

    async def bury(tx: Write, _job: JobRow) -> None:
        await tx.execute("INSERT INTO schema_migrations VALUES ('t', 'x', '')")
        await tx.execute("SELECT 1 / 0")

    register(database, Job("a", handle, Named, on_dead=bury))
    job_id = await enqueue(database, "a")
    async with working(database):
        job = await ended(database, job_id)

    assert job.state == "dead"
    assert await value(database, "SELECT count(*) FROM schema_migrations WHERE package = 't'") == 0


async def test_owners_are_told_of_progress_and_of_the_end(database: Database) -> None:
    told: list[tuple[str, int, int, str]] = []

    async def tell(_tx: Write, job: JobRow) -> None:
        told.append((job.state, job.progress_done, job.progress_total, job.progress_message))

    async def handle(context: JobContext, _payload: Named, _services: object) -> None:
        for n in range(1_000):
            await context.progress(n, 1_000, "Tuning\0")
        await until(lambda: told)
        context.note(1_000, 1_000, "x" * 2_000)
        await until(lambda: len(told) > 1)

    database.declared = jobs.assemble([Job("a", handle, Named)], on_change=tell)
    job_id = await enqueue(database, "a", owner_id=uuid7())
    async with working(database):
        job = await ended(database, job_id)

    assert told == [
        ("running", 999, 1_000, "Tuning"),
        ("running", 1_000, 1_000, "x" * 500),
        ("done", 1_000, 1_000, "x" * 500),
    ]
    assert job.progress_done == 1_000


async def test_the_last_writes_and_the_completion_are_one(database: Database) -> None:
    attempts: list[int] = []

    async def handle(context: JobContext, _payload: Named, _services: object) -> None:
        attempts.append(context.attempt)
        async with context.finish() as tx:
            await tx.execute("INSERT INTO schema_migrations VALUES ('t', $1, '')", str(attempts))
            if context.attempt == 1:
                raise OSError("after the write")

    register(database, Job("a", handle, Named, backoff_s=0.01))
    job_id = await enqueue(database, "a")
    async with working(database):
        job = await ended(database, job_id)

    assert (job.state, job.attempts) == ("done", 2)
    async with database.read() as read:
        names = await read.fetch_values("SELECT name FROM schema_migrations WHERE package = 't'")
    assert names == ["[1, 2]"]


async def test_what_fails_after_the_finish_stays_done(database: Database) -> None:
    async def handle(context: JobContext, _payload: Named, _services: object) -> None:
        async with context.finish():
            pass
        raise OSError("too late to matter")

    register(database, Job("a", handle, Named))
    job_id = await enqueue(database, "a")
    async with working(database):
        job = await ended(database, job_id)

    assert (job.state, job.attempts) == ("done", 1)


async def test_jobs_done_while_others_are_being_recorded_are_recorded_too(
    database: Database,
) -> None:
    release, heard = asyncio.Event(), list[str]()

    async def handle(_context: JobContext, payload: Named, _services: object) -> None:
        heard.append(payload.name)
        if payload.name == "first":
            await release.wait()

    register(database, Job("a", handle, Named))
    first = await enqueue(database, "a", "first")
    async with working(database):
        await until(lambda: heard)
        async with database.write() as tx:
            await tx.execute("SELECT FROM jobs WHERE id = $1 FOR UPDATE", first)
            release.set()  # from now on the recording of the first waits for this transaction
            await eventually(lambda: _waits_for_a_lock(database))
            second = await enqueue(database, "a", "second")
            await until(lambda: heard == ["first", "second"])
        jobs_ = [await ended(database, job_id) for job_id in (first, second)]

    assert [(job.state, job.attempts) for job in jobs_] == [("done", 1), ("done", 1)]


async def _waits_for_a_lock(database: Database) -> bool:
    waiting = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    return await value(database, waiting) > 0


async def test_each_kind_has_its_limit_and_heavy_ones_share_theirs(database: Database) -> None:
    running: dict[str, int] = {"heavy": 0, "narrow": 0, "wide": 0}
    most = dict(running)

    async def handle(_context: JobContext, payload: Named, _services: object) -> None:
        running[payload.name] += 1
        most[payload.name] = max(most[payload.name], running[payload.name])
        await asyncio.sleep(0.02)
        running[payload.name] -= 1

    register(
        database,
        Job("h1", handle, Named, heavy=True),
        Job("h2", handle, Named, heavy=True),
        Job("n", handle, Named, concurrency=3),
        Job("w", handle, Named),
    )
    async with database.write() as tx:
        for kind, name in (("h1", "heavy"), ("h2", "heavy"), ("n", "narrow"), ("w", "wide")):
            await jobs.enqueue_many(tx, kind, [Named(name)] * 20)
    async with working(database, concurrency=12, heavy_concurrency=2):

        async def all_done() -> bool:
            return await value(database, "SELECT count(*) FROM jobs WHERE state = 'done'") == 80

        await eventually(all_done)

    assert (most["heavy"], most["narrow"]) == (2, 3)
    assert 3 < most["wide"] <= 12


async def test_a_signal_wakes_a_worker_that_has_nothing_to_do(database: Database) -> None:
    async def handle(_context: JobContext, _payload: Named, _services: object) -> None:
        pass

    register(database, Job("a", handle, Named))
    signals = Signals(database.dsn)
    await signals.start()
    try:
        async with working(database, signals, poll_s=3_600.0):
            await until(lambda: signals.connected)
            for _ in range(12):  # past the quick polls at the start
                assert (await ended(database, await enqueue(database, "a"))).state == "done"
                await asyncio.sleep(0.1)
    finally:
        await signals.close()


async def test_a_handler_is_given_the_services_of_its_kind(database: Database) -> None:
    found: list[Named] = []

    async def handle(_context: JobContext, _payload: Nothing, services: Named) -> None:
        found.append(services)

    register(database, Job("a", handle))
    async with database.write() as tx:
        await jobs.enqueue(tx, "a", Nothing())
    async with working(database, services={"a": Named("mixer"), "b": 5}):
        await until(lambda: found)

    assert found == [Named("mixer")]
