"""What is kept of invalidations and of keyed answers, and for how long."""

from backline.platform import jobs
from backline.platform.cache.jobs import JOBS, SCHEDULES
from backline.platform.database import Database
from backline.platform.jobs import Nothing
from tests.platform.jobs.working import ended, execute, working

OLD_AND_NEW = """
INSERT INTO cache_invalidations (tag, at)
SELECT 'tag', now() - n * interval '1 minute' FROM generate_series(1, 20) AS n
"""
KEYS = """
INSERT INTO idempotency_keys (user_id, key, fingerprint, created_at)
SELECT gen_random_uuid(), 'key', '\\x00', now() - n * interval '1 hour'
FROM generate_series(1, 30) AS n
"""
LEFT = """
SELECT (SELECT count(*) FROM cache_invalidations) || ' ' || (SELECT count(*) FROM idempotency_keys)
"""


async def test_what_is_too_old_to_matter_is_removed_by_schedule(database: Database) -> None:
    jobs.register(jobs.assemble(JOBS, SCHEDULES))
    await execute(database, OLD_AND_NEW)
    await execute(database, KEYS)
    async with database.write() as tx:
        queued = [await jobs.enqueue(tx, one.kind, Nothing()) for one in SCHEDULES]

    async with working(database):
        states = [(await ended(database, job_id)).state for job_id in queued]

    assert states == ["done", "done"]
    async with database.read() as read:
        assert await read.fetch_value(LEFT) == "9 23"
