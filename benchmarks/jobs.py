"""How fast jobs are queued and done, on a PostgreSQL that syncs every commit to its disk.

`benchmarks/jobs.py [--jobs N]`: enqueued in bulk and one by one; no-op jobs with one worker
process and with two; then the plans of a claim in a table of a million finished jobs.
"""

# ruff: noqa: SLF001 - the queries and the settings measured here are private

import argparse
import asyncio
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import uvloop  # noqa: E402

from backline.platform import jobs  # noqa: E402
from backline.platform.database import Database, connect  # noqa: E402
from backline.platform.database import migrating as migrations  # noqa: E402
from backline.platform.ids import uuid7  # noqa: E402
from backline.platform.jobs import Job, JobContext, Nothing, sql  # noqa: E402
from tests.support import postgres  # noqa: E402

DURABLE = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "autovacuum": "on",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
}
LEFT = "SELECT count(*) FROM jobs WHERE state IN ('queued', 'running') AND kind LIKE 'bench.%'"
SPAN = """
SELECT (count(*) / extract(epoch FROM max(finished_at) - min(started_at)))::float8
FROM jobs WHERE kind LIKE 'bench.%'
"""
# A second claim moves `started_at`, so with any of these the span would flatter us.
AGAIN = "SELECT count(*) FROM jobs WHERE kind LIKE 'bench.%' AND (attempts > 1 OR state <> 'done')"
FILL = """
INSERT INTO jobs (id, kind, payload, state, max_attempts, attempts, finished_at)
SELECT gen_random_uuid(), 'bench.old', '{}', 'done', 5, 1, now() - n * interval '1 ms'
FROM generate_series(1, 100000) AS n
"""


async def nothing(_context: JobContext, _payload: Nothing, _services: object) -> None:
    """The job whose cost is all ours; recorded by the worker, in groups."""


async def fenced(context: JobContext, _payload: Nothing, _services: object) -> None:
    """The same with a transaction of its own."""
    async with context.finish():
        pass


def register() -> jobs.Registry:
    return jobs.assemble([Job("bench.noop", nothing), Job("bench.fenced", fenced)])


async def work(dsn: str) -> None:
    database = await connect(dsn, max_size=10)
    database.declared = register()
    await jobs.Worker(database, None).run(asyncio.Event())


async def enqueue(database: Database, kind: str, count: int) -> float:
    """Jobs queued per second, 10,000 in a transaction."""
    began_s = time.perf_counter()
    for start in range(0, count, 10_000):
        async with database.write() as tx:
            await jobs.enqueue_many(tx, kind, [Nothing()] * min(10_000, count - start))
    return count / (time.perf_counter() - began_s)


async def enqueue_only(dsn: str, count: int) -> float:
    """The same into an empty table, by a process that does nothing else."""
    database = await connect(dsn, max_size=2)
    database.declared = register()
    async with database.write() as tx:
        await tx.execute("TRUNCATE jobs")
    rate = await enqueue(database, "bench.noop", count)
    await database.close()
    return rate


async def enqueue_singly(database: Database, seconds: float) -> float:
    """Jobs queued per second by 16 callers, each in a transaction of its own."""
    until_s, done = time.perf_counter() + seconds, 0

    async def call() -> None:
        nonlocal done
        while time.perf_counter() < until_s:
            async with database.write() as tx:
                await jobs.enqueue(tx, "bench.noop", Nothing())
            done += 1

    await asyncio.gather(*(call() for _ in range(16)))
    return done / seconds


async def process(
    database: Database, kind: str, count: int, workers: int, before: Sequence[str] = ()
) -> float:
    """Jobs done per second, from the first claim to the last completion.

    `before` stands before the workers' command, such as `taskset -c 0`.
    """
    async with database.write() as tx:
        await tx.execute("TRUNCATE jobs")
    await enqueue(database, kind, count)
    command = [*before, sys.executable, __file__, "--work", database.dsn]
    crew = [await asyncio.create_subprocess_exec(*command) for _ in range(workers)]
    try:
        async with database.read() as read:
            while await read.fetch_value(LEFT) > 0:  # noqa: ASYNC110  # other processes do it
                await asyncio.sleep(0.25)
            again = await read.fetch_value(AGAIN)
            if again:
                sys.exit(f"{again:,} jobs weren't done at the first attempt: no figure from this.")
            return float(await read.fetch_value(SPAN))
    finally:
        for member in crew:
            member.kill()
            await member.wait()


async def explain(database: Database) -> None:
    """The plans of what a worker asks all the time, among a million finished jobs."""
    room = ["bench.noop", "bench.fenced", "jobs.prune"]
    for _ in range(10):
        async with database.write() as tx:
            await tx.execute(FILL)
    async with database.write() as tx:
        await jobs.enqueue_many(tx, "bench.noop", [Nothing()] * 1_000)
    async with database.write() as tx:
        await tx.execute("ANALYZE jobs")
    claim = (room, [400] * 3, room, 1, 400, uuid7(), 15.0)
    for name, query, args in (
        ("claim", sql._CLAIM, claim),
        ("claim, nothing left", sql._CLAIM, (["jobs.prune"], [400], *claim[2:])),
        ("rescue", sql._RESCUE, ("",)),
    ):
        async with database.write() as tx:
            plan = await tx.fetch_values("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) " + query, *args)
        telling = [line.strip() for line in plan if re.search(r"Scan using|Seq|Execution", line)]
        print(f"{name}:", *telling, sep="\n  ")


async def main(dsn: str, count: int) -> None:
    await migrations.migrate(dsn, migrations.find(["backline.platform"]))
    database = await connect(dsn)
    database.declared = register()
    print(f"queued in bulk        {await enqueue(database, 'bench.noop', 50_000):10,.0f}/s")
    print(f"queued one by one     {await enqueue_singly(database, 3):10,.0f}/s")
    for workers in (1, 2):
        rate = await process(database, "bench.noop", count, workers)
        print(f"no-ops, {workers} worker(s)   {rate:10,.0f}/s")
    rate = await process(database, "bench.fenced", count // 10, 1)
    print(f"own finish, 1 worker  {rate:10,.0f}/s")
    await explain(database)
    await database.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=60_000, help="no-op jobs per measurement")
    parser.add_argument("--work", metavar="DSN", help=argparse.SUPPRESS)
    parser.add_argument("--enqueue", metavar="DSN", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        uvloop.run(work(given.work))
    elif given.enqueue:
        print(uvloop.run(enqueue_only(given.enqueue, given.jobs)))
    else:
        postgres._SETTINGS.update(DURABLE)
        with postgres.running() as server:
            uvloop.run(main(server.dsn(server.create()), given.jobs))
