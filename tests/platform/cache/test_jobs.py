"""What is kept of invalidations and of keyed answers, and for how long."""

from pathlib import Path

import msgspec

from backline.main import program
from backline.platform import jobs
from backline.platform.cache import CostlyValue
from backline.platform.cache.declared import LEAST_KEPT_S, invalidations_kept_s
from backline.platform.cache.jobs import JOBS, PRUNE, SCHEDULES
from backline.platform.database import Database
from backline.platform.domain import Domain, assemble
from backline.platform.jobs import Nothing
from backline.roles.work import services
from tests.platform.jobs.working import ended, execute, working
from tests.support.api import serving_api

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
    database.declared = jobs.assemble(JOBS, SCHEDULES)
    await execute(database, OLD_AND_NEW)
    await execute(database, KEYS)
    async with database.write() as tx:
        queued = [await jobs.enqueue(tx, one.kind, Nothing()) for one in SCHEDULES]

    async with working(database, services={PRUNE: LEAST_KEPT_S}):
        states = [(await ended(database, job_id)).state for job_id in queued]

    assert states == ["done", "done"]
    async with database.read() as read:
        assert await read.fetch_value(LEFT) == "9 23"


async def test_workers_keep_invalidations_as_long_as_the_program_declares(
    dsn: str, tmp_path: Path
) -> None:
    everything = program()
    longer = Domain(name="longer", caches=[CostlyValue("venues", 3600)])
    # The platform and accounts alone: the others want what only a worker has.
    declaring = assemble([*everything.domains[:2], longer], everything.migrations)
    async with serving_api(dsn, tmp_path, quiet=True) as api:
        platform = msgspec.structs.replace(api.platform, declared=declaring.declared)
        async with declaring.running(platform) as parts:
            kept_s = services(platform, declaring, parts)[PRUNE]

    assert kept_s == invalidations_kept_s([3600])


def test_invalidations_are_kept_for_longer_than_any_value() -> None:
    assert invalidations_kept_s([]) == invalidations_kept_s([60]) == LEAST_KEPT_S
    assert invalidations_kept_s([60, 3600, 600]) > 3600
