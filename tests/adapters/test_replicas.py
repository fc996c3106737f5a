"""Streaming replicas: which is read from when, and that nobody sees less than they may."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import asyncpg
import pytest

from backline.platform.cache import invalidate
from backline.platform.errors import Unavailable
from backline.platform.secrets import Secrets, load_or_make_secrets
from tests.support.chance import SEED, chance
from tests.support.postgres import REPLICATED, replicating, running
from tests.support.replicas import Cluster, Process, clustered, reading, scope_of
from tests.support.waiting import until

pytestmark = pytest.mark.slow

WRITE = "INSERT INTO instance (key, value) VALUES ($1, '')"
CHANGE = "UPDATE instance SET value = $1 WHERE key = 'a'"
VALUE = "SELECT value FROM instance WHERE key = 'a'"
PAUSE, RESUME = "SELECT pg_wal_replay_pause()", "SELECT pg_wal_replay_resume()"
WHERE = "SELECT pg_is_in_recovery()"
FOLDER = "SELECT current_setting('unix_socket_directories')"
# Takes forever at a replica, and no time at the primary.
HANG = """
SELECT CASE WHEN pg_is_in_recovery() THEN pg_sleep(600)::text ELSE 'primary' END
FROM (SELECT count(*) FROM instance) AS counted
"""
HANGING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
END_HANGING = "SELECT %s(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with clustered() as made:
        yield made


@pytest.fixture
def name(cluster: Cluster) -> str:
    """A database of this test's own, on all servers."""
    return cluster.primary.create(cluster.template)


@pytest.fixture
def secrets(tmp_path: Path) -> Secrets:
    return load_or_make_secrets(tmp_path / "secrets.json")


@pytest.fixture
async def process(cluster: Cluster, name: str, secrets: Secrets) -> AsyncIterator[Process]:
    """A process that reads from both replicas."""
    async with reading(cluster.primary.dsn(name), cluster.urls(name), secrets) as made:
        yield made
        await tell(cluster, RESUME)


async def tell(cluster: Cluster, statement: str) -> list[int]:
    """Run a statement at every replica."""
    return [await ask(replica.dsn(), statement) for replica in cluster.replicas]


async def ask(dsn: str, statement: str) -> int:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def write(process: Process, key: str = "a") -> None:
    async with process.database.write() as tx:
        await tx.execute(WRITE, key)


async def test_requests_that_change_nothing_are_answered_by_both_in_turn(process: Process) -> None:
    folders: set[str] = set()
    for _ in range(4):
        async with process.view().read() as read:
            assert await read.fetch_value(WHERE)
            folders.add(await read.fetch_value(FOLDER))

    assert len(folders) == 2


async def test_a_request_stays_with_one_and_after_a_write_with_the_primary(
    process: Process,
) -> None:
    view = process.view()
    folders: set[str] = set()
    for _ in range(4):
        async with view.read() as read:
            folders.add(await read.fetch_value(FOLDER))
    async with view.write() as tx:
        await tx.execute(WRITE, "a")
    async with view.read() as read:
        after = await read.fetch_value(WHERE)

    assert len(folders) == 1
    assert after is False


async def test_whoever_wrote_is_answered_by_a_replica_only_once_it_has_that(
    cluster: Cluster, process: Process
) -> None:
    await tell(cluster, PAUSE)
    await write(process)
    mark = await process.mark()

    assert not await process.is_near(mark)
    await tell(cluster, RESUME)
    await until(lambda: process.replicas.pick(mark.position))
    assert await process.is_near(mark)


async def test_a_program_that_carries_no_watermark_is_known_where_it_wrote(
    cluster: Cluster, process: Process
) -> None:
    await tell(cluster, PAUSE)
    await write(process)

    process.nearby.wrote(scope_of("theirs"), await process.mark())

    async with process.view(caller="theirs").read() as read:
        assert not await read.fetch_value(WHERE)
    async with process.view(caller="another's").read() as read:
        assert await read.fetch_value(WHERE)


async def test_one_that_stands_still_is_left_and_found_again(
    cluster: Cluster, process: Process
) -> None:
    one, other = process.replicas.all
    await ask(cluster.replicas[0].dsn(), PAUSE)
    await write(process)

    await until(lambda: one.reason is not None and "behind" in one.reason)
    assert {process.replicas.pick(0) for _ in range(4)} == {other}
    with pytest.raises(Unavailable, match="behind"):
        await one.check()
    await ask(cluster.replicas[0].dsn(), RESUME)
    await process.until_fresh(one)
    await one.check()


async def test_one_stays_fresh_while_nothing_is_written(process: Process) -> None:
    until_s = process.watch.trusted_until_s + 2

    await until(lambda: process.watch.trusted_until_s > until_s)

    assert all(process.is_fresh(replica) for replica in process.replicas.all)


async def test_one_that_is_a_minute_behind_is_not_read_from(
    cluster: Cluster, name: str, secrets: Secrets
) -> None:
    with replicating(cluster.primary, {"recovery_min_apply_delay": "60s"}) as late:
        urls = [*cluster.urls(name)[:1], late.dsn(name)]
        opening = reading(cluster.primary.dsn(name), urls, secrets, waits_for=1)
        async with opening as process:
            fresh, behind = process.replicas.all
            await write(process)
            await until(lambda: behind.lag_s > 1)

            assert not process.is_fresh(behind)
            assert {process.replicas.pick(0) for _ in range(4)} == {fresh}


async def test_what_is_kept_is_made_of_what_the_process_knows_to_have_changed(
    cluster: Cluster, process: Process
) -> None:
    slots = process.tags.slots(["tracks:1"])
    await tell(cluster, PAUSE)
    async with process.database.write() as tx:
        invalidate(tx, "tracks:1")

    near = [await process.is_near(None, tag) for tag in ("tracks:1", "tracks:2")]

    assert near == [False, True]
    await until(lambda: process.positions.need(slots) < 1 << 63)
    assert not await process.is_near(None, "tracks:1")
    await tell(cluster, RESUME)
    await until(lambda: process.replicas.pick(process.positions.need(slots)))
    assert await process.is_near(None, "tracks:1")


@pytest.mark.draws
@pytest.mark.alone
async def test_own_writes_are_seen_at_once_and_others_in_a_second_while_replicas_lag(
    cluster: Cluster, process: Process
) -> None:
    luck = chance("replicas")
    await write(process)
    mark, value, near = await process.mark(), 0, 0
    acknowledged = [(time.monotonic(), 0)]
    until_s = time.monotonic() + 6
    while time.monotonic() < until_s:
        if luck.random() < 0.02:
            await ask(luck.choice(cluster.replicas).dsn(), luck.choice([PAUSE, PAUSE, RESUME]))
        if luck.random() < 0.1:
            value += 1
            async with process.database.write() as tx:
                await tx.execute(CHANGE, str(value))
            mark = await process.mark()
            acknowledged.append((time.monotonic(), value))
        asked_s = time.monotonic()
        due = max((v for at_s, v in acknowledged if at_s <= asked_s - 1), default=0)
        for least, own in ((value, mark), (due, None)):
            async with process.view(own).read() as read:
                near += await read.fetch_value(WHERE)
                seen = int(await read.fetch_value(VALUE) or 0)

            assert seen >= least, f"seed {SEED}"
        await asyncio.sleep(0.005)
    assert near > 0, f"seed {SEED}"
    await tell(cluster, RESUME)
    await until(lambda: process.replicas.pick(mark.position))
    assert await process.is_near(mark)


@pytest.mark.parametrize("how", ["pg_cancel_backend", "pg_terminate_backend"])
async def test_what_a_replica_breaks_off_goes_on_at_the_primary(
    cluster: Cluster, process: Process, how: str
) -> None:
    hanging = asyncio.create_task(hang(process))
    await until_hanging(cluster)

    await tell(cluster, END_HANGING % how)

    assert await hanging == "primary"
    assert await process.is_near()


async def test_what_replication_has_to_break_off_does_too(
    cluster: Cluster, process: Process
) -> None:
    hanging = asyncio.create_task(hang(process))
    await until_hanging(cluster)

    async with process.database.write() as tx:  # the replicas are set to wait for nobody
        await tx.execute("ALTER TABLE instance ADD COLUMN more text")

    assert await hanging == "primary"


async def hang(process: Process) -> str:
    async with process.view().read() as read:
        assert await read.fetch_value(WHERE)
        return await read.fetch_value(HANG)


async def until_hanging(cluster: Cluster) -> None:
    async with asyncio.timeout(60):
        while not any(await tell(cluster, HANGING)):  # noqa: ASYNC110  # it is elsewhere
            await asyncio.sleep(0.01)


@pytest.mark.chaos
async def test_one_that_dies_and_comes_back_is_missed_by_nobody(
    cluster: Cluster, name: str, secrets: Secrets
) -> None:
    with replicating(cluster.primary) as mortal:
        async with reading(cluster.primary.dsn(name), [mortal.dsn(name)], secrets) as process:
            (replica,) = process.replicas.all
            ended = asyncio.Event()
            readers = [asyncio.create_task(keep_reading(process, ended)) for _ in range(4)]
            await asyncio.to_thread(mortal.kill)
            await until(lambda: not process.is_fresh(replica))
            assert not await process.is_near()
            mortal.launch()
            await asyncio.to_thread(mortal.wait_until_ready)
            await process.until_fresh(replica)
            await until_near(process)
            ended.set()

            assert all(await asyncio.gather(*readers))


async def keep_reading(process: Process, ended: asyncio.Event) -> int:
    count = 0
    while not ended.is_set():
        async with process.view().read() as read:
            count += await read.fetch_value("SELECT 1")
        await asyncio.sleep(0)
    return count


async def until_near(process: Process) -> None:
    async with asyncio.timeout(60):  # the breaker has a trial every 5 s
        while not await process.is_near():  # noqa: ASYNC110  # it is elsewhere
            await asyncio.sleep(0.05)


async def test_one_that_was_promoted_is_left(cluster: Cluster, name: str, secrets: Secrets) -> None:
    with replicating(cluster.primary) as promoted:
        async with reading(cluster.primary.dsn(name), [promoted.dsn(name)], secrets) as process:
            (replica,) = process.replicas.all

            await ask(promoted.dsn(), "SELECT pg_promote()")

            await until(lambda: replica.reason is not None)
            assert replica.reason == "It isn't read from: it is no replica."
            assert not await process.is_near()


async def test_a_server_with_another_history_is_never_read_from(
    cluster: Cluster, name: str, secrets: Secrets
) -> None:
    with running(18, REPLICATED) as other, replicating(other) as stranger:
        dsns = [stranger.dsn()]
        opening: AbstractAsyncContextManager[Process] = reading(
            cluster.primary.dsn(name), dsns, secrets, waits_for=0
        )
        async with opening as process:
            (replica,) = process.replicas.all
            await until(lambda: replica.reason and "history" in replica.reason)

            assert not await process.is_near()
