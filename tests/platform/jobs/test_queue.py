"""Jobs as domains and people handle them."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from backline.platform import jobs
from backline.platform.database import Database, Write
from backline.platform.errors import Conflict, NotFound
from backline.platform.ids import uuid7
from backline.platform.jobs import Job, JobContext, JobRow, Subscription
from tests.platform.jobs.working import execute, job_of, value


class Tone(msgspec.Struct, frozen=True):
    pitch_hz: int
    name: str = ""


class Played(msgspec.Struct, frozen=True):
    track: str


async def handle(_context: JobContext, _payload: object, _services: object) -> None:
    pass


@pytest.fixture(autouse=True)
def declared(database: Database) -> None:
    kinds = [Job("tone", handle, Tone, max_attempts=3), Job("other", handle)]
    hearing = [Job("count", handle, Played), Job("scrobble", handle, Played)]
    subscriptions = [Subscription(Played, "count"), Subscription(Played, "scrobble")]
    database.declared = jobs.assemble([*kinds, *hearing], subscriptions=subscriptions)


async def enqueue(database: Database, **options: object) -> UUID:
    async with database.write() as tx:
        return await jobs.enqueue(tx, "tone", Tone(440), **options)  # type: ignore[arg-type]


async def test_a_job_is_queued_with_what_it_was_given(database: Database) -> None:
    owner_id, track_id = uuid7(), uuid7()
    at = datetime(2030, 1, 2, tzinfo=UTC)

    job_id = await enqueue(
        database, owner_id=owner_id, subject=("track", track_id), run_at=at, priority=-3
    )

    job = await job_of(database, job_id)
    assert (job.kind, job.state, job.payload) == ("tone", "queued", '{"pitch_hz":440,"name":""}')
    assert (job.owner_id, job.subject_kind, job.subject_id) == (owner_id, "track", track_id)
    assert (job.run_at, job.priority, job.attempts, job.max_attempts) == (at, -3, 0, 3)


async def test_a_job_goes_with_its_transaction(database: Database) -> None:
    async def fail_after_enqueueing() -> None:
        async with database.write() as tx:
            await jobs.enqueue(tx, "tone", Tone(440))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_after_enqueueing()

    assert await value(database, "SELECT count(*) FROM jobs") == 0


async def test_a_payload_may_hold_any_text(database: Database) -> None:
    async with database.write() as tx:
        job_id = await jobs.enqueue(tx, "tone", Tone(1, "\0 é \U0001f3b8 '\""))

    job = await job_of(database, job_id)
    assert msgspec.json.decode(job.payload, type=Tone).name == "\0 é \U0001f3b8 '\""


async def test_what_nobody_can_handle_is_refused(database: Database) -> None:
    async with database.write() as tx:
        with pytest.raises(ValueError, match="Nobody handles jobs of kind 'tune'"):
            await jobs.enqueue(tx, "tune", Tone(440))
        with pytest.raises(ValueError, match="takes Tone, not Played"):
            await jobs.enqueue(tx, "tone", Played("x"))
        with pytest.raises(ValueError, match="over 64 KiB"):
            await jobs.enqueue(tx, "tone", Tone(440, "x" * 70_000))


async def test_one_job_lives_per_unique_key(database: Database) -> None:
    first = await enqueue(database, unique_key="a")
    second = await enqueue(database, unique_key="a")
    other = await enqueue(database, unique_key="b")
    await execute(database, "UPDATE jobs SET state = 'done' WHERE id = $1", first)
    third = await enqueue(database, unique_key="a")

    assert second == first
    assert len({first, other, third}) == 3


async def test_many_at_once_with_one_key_get_one_job(database: Database) -> None:
    ids = await asyncio.gather(*(enqueue(database, unique_key="a") for _ in range(15)))

    assert len(set(ids)) == 1
    assert await value(database, "SELECT count(*) FROM jobs") == 1


async def test_many_are_queued_in_order(database: Database) -> None:
    async with database.write() as tx:
        ids = await jobs.enqueue_many(tx, "tone", [Tone(n) for n in range(1_000)])

    async with database.read() as read:
        found = await read.fetch_values("SELECT payload->>'pitch_hz' FROM jobs ORDER BY id")
    assert found == [str(n) for n in range(1_000)]
    assert len(set(ids)) == 1_000


async def test_an_event_is_one_job_per_subscriber(database: Database) -> None:
    async with database.write() as tx:
        ids = await jobs.emit(tx, Played("x"))
        unheard = await jobs.emit(tx, Tone(440))

    rows = [await job_of(database, job_id) for job_id in ids]
    assert sorted(row.kind for row in rows) == ["count", "scrobble"]
    assert {row.payload for row in rows} == {'{"track":"x"}'}
    assert unheard == []


async def test_nothing_is_queued_that_nobody_would_do(database: Database) -> None:
    database.declared = None

    async with database.write() as tx:
        with pytest.raises(RuntimeError, match="the program's jobs"):
            await jobs.emit(tx, Played("x"))
        with pytest.raises(RuntimeError, match="the program's jobs"):
            await jobs.enqueue(tx, "tone", Tone(440))


async def test_jobs_of_others_are_not_there(database: Database) -> None:
    owner_id, stranger_id = uuid7(), uuid7()
    job_id = await enqueue(database, owner_id=owner_id)
    systems_id = await enqueue(database)

    async with database.write() as tx:
        assert (await jobs.get(tx, job_id, owner_id=owner_id)).id == job_id
        for wanted in (job_id, systems_id, uuid7()):
            with pytest.raises(NotFound):
                await jobs.get(tx, wanted, owner_id=stranger_id)
            with pytest.raises(NotFound):
                await jobs.cancel(tx, wanted, owner_id=stranger_id)
            with pytest.raises(NotFound):
                await jobs.requeue(tx, wanted, owner_id=stranger_id)
    assert (await job_of(database, job_id)).state == "queued"


async def test_a_queued_job_is_cancelled_at_once(database: Database) -> None:
    ended: list[JobRow] = []

    async def note(_tx: Write, job: JobRow) -> None:
        ended.append(job)

    database.declared = jobs.assemble([Job("tone", handle, Tone, on_dead=note)])
    job_id = await enqueue(database)

    async with database.write() as tx:
        cancelled = await jobs.cancel(tx, job_id, owner_id=None)

    assert cancelled.state == "cancelled"
    assert cancelled.finished_at is not None
    assert [job.id for job in ended] == [job_id]
    async with database.write() as tx:
        with pytest.raises(Conflict, match="ended already"):
            await jobs.cancel(tx, job_id, owner_id=None)


async def test_a_dead_job_is_given_all_its_attempts_again(database: Database) -> None:
    job_id = await enqueue(database)
    await execute(
        database, "UPDATE jobs SET state = 'dead', attempts = 3, finished_at = now(), error = 'x'"
    )

    async with database.write() as tx:
        job = await jobs.requeue(tx, job_id, owner_id=None)

    # Attempts count on: a worker from before must not find its own number again.
    assert (job.state, job.attempts, job.max_attempts) == ("queued", 3, 6)
    assert (job.error, job.finished_at) == (None, None)
    async with database.write() as tx:
        with pytest.raises(Conflict, match="Only dead and cancelled"):
            await jobs.requeue(tx, job_id, owner_id=None)


async def test_a_dead_job_stays_dead_while_its_key_lives_anew(database: Database) -> None:
    job_id = await enqueue(database, unique_key="a")
    await execute(database, "UPDATE jobs SET state = 'dead', finished_at = now()")
    await enqueue(database, unique_key="a")

    async with database.write() as tx:
        with pytest.raises(Conflict, match="queued anew"):
            await jobs.requeue(tx, job_id, owner_id=None)

    assert (await job_of(database, job_id)).state == "dead"


async def test_a_dead_job_of_a_kind_that_is_no_more_stays_dead(database: Database) -> None:
    job_id = await enqueue(database)
    await execute(database, "UPDATE jobs SET state = 'dead', kind = 'old', finished_at = now()")

    async with database.write() as tx:
        with pytest.raises(Conflict, match="no use"):
            await jobs.requeue(tx, job_id, owner_id=None)


async def test_pages_are_newest_first_and_by_state_and_kind(database: Database) -> None:
    ids = [await enqueue(database) for _ in range(5)]
    async with database.write() as tx:
        other = await jobs.enqueue(tx, "other", jobs.Nothing())
    await execute(database, "UPDATE jobs SET state = 'dead' WHERE id = $1", ids[0])

    async def page(state: jobs.State | None, kind: str | None, before: UUID | None) -> list[UUID]:
        async with database.read() as read:
            rows = await jobs.page(read, state=state, kind=kind, before=before, limit=3)
        return [row.id for row in rows]

    assert await page(None, None, None) == [other, ids[4], ids[3]]
    assert await page(None, None, ids[3]) == [ids[2], ids[1], ids[0]]
    assert await page("dead", None, None) == [ids[0]]
    assert await page("queued", "other", None) == [other]


async def test_what_people_see_of_a_job(database: Database) -> None:
    track_id = uuid7()
    job_id = await enqueue(database, subject=("track", track_id))

    status = jobs.status_of(await job_of(database, job_id))

    assert (status.status, status.attempts, status.max_attempts) == ("queued", 0, 3)
    assert status.subject == jobs.Subject("track", track_id)
    assert status.progress == jobs.Progress(0, 0, "")
    assert datetime.now(UTC) - status.created_at < timedelta(minutes=1)
