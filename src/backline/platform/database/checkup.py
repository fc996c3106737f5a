"""What the database can tell of its own health and of its jobs: queries for the doctor."""

from datetime import datetime

import msgspec

from backline.platform.database.access import Read

_CHECKSUMS = "SELECT current_setting('data_checksums') = 'on'"
_FAILURES = "SELECT coalesce(sum(checksum_failures), 0)::bigint FROM pg_stat_database"
_NOW = "SELECT clock_timestamp()"
_LATEST = "SELECT max(created_at) FROM jobs"
_DEAD = """
SELECT kind, count(*) AS count, (array_agg(error ORDER BY finished_at DESC))[1] AS error
FROM jobs WHERE state = 'dead' GROUP BY kind ORDER BY kind
"""
_OVERDUE = """
SELECT count(*) FROM jobs WHERE state = 'queued' AND run_at < now() - $1 * interval '1 second'
"""


class DeadJobs(msgspec.Struct, frozen=True):
    """How many jobs of a kind have died, and why the latest did."""

    kind: str
    count: int
    error: str | None


async def has_checksums(read: Read) -> bool:
    """Whether PostgreSQL would notice that a page was damaged on the disk."""
    return await read.fetch_value(_CHECKSUMS)


async def checksum_failures(read: Read) -> int:
    """How many damaged pages it has noticed so far."""
    return await read.fetch_value(_FAILURES)


async def now(read: Read) -> datetime:
    """The time by the database's clock."""
    return await read.fetch_value(_NOW)


async def latest_job(read: Read) -> datetime | None:
    """When the newest job was queued."""
    return await read.fetch_value(_LATEST)


async def dead_jobs(read: Read) -> list[DeadJobs]:
    """Jobs that have failed for good."""
    return await read.fetch(_DEAD, DeadJobs)


async def overdue_jobs(read: Read, by_s: int) -> int:
    """How many jobs have waited for this long although they could be done."""
    return await read.fetch_value(_OVERDUE, by_s)
