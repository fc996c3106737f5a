"""Keeping up with invalidations when signals are lost, late, or out of order."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from backline.platform.cache.tags import EVERYTHING, Invalidation, Tags, invalidate
from backline.platform.cache.watch import Watch
from backline.platform.database import Database
from backline.platform.database.signals import Signals
from tests.support.waiting import until

pytestmark = pytest.mark.slow

SAY = "INSERT INTO cache_invalidations (tag) SELECT unnest($1::text[]) RETURNING id, tag"
END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture
async def tags(database: Database) -> AsyncIterator[Tags]:
    """What a process knows that never gets a signal."""
    known = Tags()
    watch = Watch(database.dsn, Signals(database.dsn), known)
    await watch.start()
    yield known
    await watch.close()


async def say(database: Database, *said: str) -> None:
    """Invalidate as another process does: nobody here is told."""
    async with database.write() as tx:
        await tx.fetch(SAY, Invalidation, list(said))


async def test_a_lost_signal_is_made_up_for(database: Database, tags: Tags) -> None:
    slots = tags.slots(["tracks:1"])
    before = tags.number

    await say(database, "tracks:1")

    await until(lambda: not tags.hold(slots, before))
    assert tags.hold(tags.slots(["tracks:2"]), before)


async def test_a_transaction_that_commits_late_is_not_overlooked(
    database: Database, tags: Tags
) -> None:
    late, early = tags.slots(["late"]), tags.slots(["early"])
    before = tags.number

    async with database.write() as tx:
        await tx.fetch(SAY, Invalidation, ["late"])
        for _ in range(3):  # the watch looks past it several times, and hears of later ones
            heard = tags.number
            await say(database, "early")
            await until(lambda heard=heard: not tags.hold(early, heard))
        assert tags.hold(late, before)

    await until(lambda: not tags.hold(late, before))


async def test_a_lost_connection_empties_the_cache(database: Database, tags: Tags) -> None:
    untouched = tags.slots(["untouched"])
    before = tags.number

    async with database.read() as read:
        await read.fetch_values(END_OTHERS)

    await until(lambda: not tags.hold(untouched, before))


async def test_an_invalidation_counts_once_however_often_it_is_heard(
    database: Database, tags: Tags
) -> None:
    slots = tags.slots(["tracks:1"])
    async with database.write() as tx:
        invalidate(tx, "tracks:1")
    applied = tags.number
    following = tags.slots(["following"])

    await say(database, "following")
    await until(lambda: not tags.hold(following, applied))

    assert tags.hold(slots, applied)


async def test_everything_is_a_tag_too(database: Database, tags: Tags) -> None:
    slots = tags.slots(["tracks:1"])
    before = tags.number

    await say(database, EVERYTHING)

    await until(lambda: not tags.hold(slots, before))


async def test_nothing_is_heard_of_a_transaction_that_was_rolled_back(
    database: Database, tags: Tags
) -> None:
    slots = tags.slots(["tracks:1"])
    before = tags.number

    with pytest.raises(ZeroDivisionError):
        await _fail_after_invalidating(database)

    assert tags.hold(slots, before)


async def _fail_after_invalidating(database: Database) -> None:
    async with database.write() as tx:
        invalidate(tx, "tracks:1")
        raise ZeroDivisionError


async def test_signals_bring_it_before_the_next_look(database: Database) -> None:
    known, signals = Tags(), Signals(database.dsn)
    Watch(database.dsn, signals, known)  # never started: only signals can tell it
    slots = known.slots(["tracks:1"])
    before = known.number
    await signals.start()
    await until(lambda: signals.connected)

    async with database.write() as tx:
        await tx.execute("SELECT pg_notify('backline', 'cache 7 tracks:1')")

    await until(lambda: not known.hold(slots, before))
    await signals.close()


async def test_a_database_that_refuses_connections_is_down_one_that_is_there_is_not(
    database: Database,
) -> None:
    nowhere = Watch("postgresql://u@/x?host=/nowhere", Signals(""), Tags())
    present = Watch(database.dsn, Signals(""), Tags())
    for watch in (nowhere, present):
        await watch.start()
    now_s = asyncio.get_running_loop().time()

    assert (nowhere.is_down(now_s), present.is_down(now_s)) == (True, False)
    assert (nowhere.trusted_until_s > now_s, present.trusted_until_s > now_s) == (False, True)
    for watch in (nowhere, present):
        await watch.close()
    assert present.trusted_until_s < now_s


async def test_a_database_from_a_backup_is_noticed_by_its_older_transactions(
    database: Database,
) -> None:
    known = Tags()
    watch = Watch(database.dsn, Signals(""), known)
    await watch.start()
    slots = known.slots(["tracks:1"])
    before = known.number

    watch._horizon = 1 << 60

    await until(lambda: not known.hold(slots, before))
    await watch.close()
