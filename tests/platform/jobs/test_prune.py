"""What is kept of finished jobs."""

import pytest

from backline.platform import jobs
from backline.platform.database import Database
from backline.platform.jobs import Job, JobContext, Nothing, prune
from tests.platform.jobs.working import ended, execute, value, working

FILL = """
INSERT INTO jobs (id, kind, payload, state, max_attempts, finished_at)
SELECT gen_random_uuid(), $1, '{}', $2, 1,
       CASE WHEN $2 = 'queued' THEN NULL ELSE now() - n * interval '1 second' END
FROM generate_series(1, $3::int) AS n
"""


async def handle(_context: JobContext, _payload: Nothing, _services: object) -> None:
    pass


async def test_the_latest_finished_jobs_of_each_kind_are_kept(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prune, "KEPT", {"done": 10, "cancelled": 10, "dead": 50})
    monkeypatch.setattr(prune, "_BATCH", 30)
    database.declared = jobs.assemble([Job("a", handle)])
    for kind in ("a", "kind of an older version"):
        for state in ("done", "cancelled", "dead", "queued"):
            await execute(database, FILL, kind, state, 100)
    await execute(database, "UPDATE jobs SET run_at = 'infinity' WHERE state = 'queued'")
    async with database.write() as tx:
        job_id = await jobs.enqueue(tx, "jobs.prune", Nothing())
    async with working(database):
        assert (await ended(database, job_id)).state == "done"

    for kind in ("a", "kind of an older version"):
        counts = [
            await value(
                database,
                "SELECT count(*) FROM jobs WHERE kind = $1 AND state = $2",
                kind,
                state,
            )
            for state in ("done", "cancelled", "dead", "queued")
        ]
        assert counts == [10, 10, 50, 100]
    oldest = "SELECT now() - min(finished_at) < interval '5 min' FROM jobs WHERE state = 'done'"
    assert await value(database, oldest)


def test_as_many_are_kept_as_promised() -> None:
    assert prune.KEPT == {"done": 1_000, "cancelled": 1_000, "dead": 5_000}
