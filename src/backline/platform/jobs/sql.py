"""The queries of jobs that a worker asks, each a typed function; people's are in `queue`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import LiteralString
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from backline.platform.database import Read, Write
from backline.platform.jobs.models import JobRow

Claim = tuple[UUID, int]  # a job and the attempt that it was claimed for


class Room(Struct, frozen=True):
    """How many jobs a worker can take: in all, of each light kind, and of which kinds suspects."""

    all: int
    kinds: list[tuple[str, int]]
    suspect_kinds: list[str]


COLUMNS = """
  jobs.id, jobs.owner_id, jobs.kind, jobs.payload, jobs.state, jobs.priority, jobs.run_at,
  jobs.attempts, jobs.max_attempts, jobs.crashes, jobs.progress_done, jobs.progress_total,
  jobs.progress_message, jobs.subject_kind, jobs.subject_id, jobs.error, jobs.created_at,
  jobs.started_at, jobs.finished_at
"""


def returning(change: LiteralString) -> LiteralString:
    """The change, which gives back a `JobRow` for each row that it touched."""
    return change + "\nRETURNING" + COLUMNS


# Each kind's queue is read to its own depth, so that no crowd of one kind stands before another.
# Whoever was there when a worker went down twice is a suspect, and taken one at a time: so a job
# that kills its worker soon dies alone, and not the innocent that run beside it.
_CLAIM = returning("""
WITH room AS (SELECT * FROM unnest($1::text[], $2::int[]) AS r (kind, free)),
suspect AS MATERIALIZED (
  SELECT id, kind FROM jobs
  WHERE state = 'queued' AND crashes > 1 AND run_at <= now() AND kind = ANY($3)
  ORDER BY priority, run_at LIMIT $4 FOR UPDATE SKIP LOCKED),
ripe AS MATERIALIZED (
  SELECT next.* FROM room CROSS JOIN LATERAL (
    SELECT id, priority, run_at FROM jobs
    WHERE state = 'queued' AND turn_of IS NULL AND kind = room.kind AND run_at <= now()
      AND crashes <= 1
    ORDER BY priority, run_at
    LIMIT room.free - (SELECT count(*) FROM suspect WHERE suspect.kind = room.kind)
    FOR UPDATE SKIP LOCKED) AS next),
taken AS (SELECT id FROM ripe ORDER BY priority, run_at LIMIT $5)
UPDATE jobs SET state = 'running', attempts = attempts + 1, worker = $6, started_at = now(),
  lease_until = now() + make_interval(secs => $7)
FROM (SELECT id FROM taken UNION ALL SELECT id FROM suspect) AS mine WHERE jobs.id = mine.id
""")


async def claim(
    tx: Write, worker: UUID, room: Room, lease_s: float, *, suspects: int
) -> list[JobRow]:
    """Take due light jobs, as many as there is room, and `suspects` besides; most urgent first.

    Heavy ones are taken by `rotation`, but for suspects.
    """
    columns = ([kind[i] for kind in room.kinds] for i in range(2))
    args = (*columns, room.suspect_kinds, suspects, room.all, worker, lease_s)
    rows = await tx.fetch(_CLAIM, JobRow, *args)
    return sorted(rows, key=lambda row: (row.priority, row.run_at))


_COMPLETE = """
UPDATE jobs SET state = 'done', finished_at = now(), lease_until = NULL, error = NULL
FROM unnest($1::uuid[], $2::int[]) AS c (id, attempt)
WHERE jobs.id = c.id AND jobs.attempts = c.attempt AND jobs.worker = $3 AND jobs.state = 'running'
RETURNING jobs.id
"""


async def complete(tx: Write, worker: UUID, claims: Sequence[Claim]) -> set[UUID]:
    """Record jobs as done; those that are no longer this worker's are refused and missing."""
    return set(await tx.fetch_values(_COMPLETE, *_columns(claims), worker))


_FAIL = returning("""
UPDATE jobs SET state = CASE WHEN $5 THEN 'dead' ELSE 'queued' END, error = $4,
  run_at = CASE WHEN $5 THEN run_at ELSE now() + make_interval(secs => $6) END,
  finished_at = CASE WHEN $5 THEN now() END, lease_until = NULL
WHERE id = $1 AND attempts = $2 AND worker = $3 AND state = 'running'
""")


async def fail(
    tx: Write, worker: UUID, claim: Claim, error: str, *, dead: bool, delay_s: float
) -> JobRow | None:
    """Record a failure; None where the job is no longer this worker's."""
    return await tx.fetch_one(_FAIL, JobRow, *claim, worker, error, dead, delay_s)


# Attempts go on counting, since they are the fence; so that this one doesn't, one more is allowed.
_PUT_BACK = returning("""
UPDATE jobs SET state = 'queued', error = $4, max_attempts = max_attempts + 1,
  run_at = now() + make_interval(secs => $5), lease_until = NULL
WHERE id = $1 AND attempts = $2 AND worker = $3 AND state = 'running'
""")


async def put_back(
    tx: Write, worker: UUID, claim: Claim, error: str, *, delay_s: float
) -> JobRow | None:
    """Queue a job for later without counting the attempt; None as `fail`."""
    return await tx.fetch_one(_PUT_BACK, JobRow, *claim, worker, error, delay_s)


_HAND_BACK = """
UPDATE jobs SET state = 'queued', attempts = attempts - 1, lease_until = NULL
FROM unnest($1::uuid[], $2::int[]) AS c (id, attempt)
WHERE jobs.id = c.id AND jobs.attempts = c.attempt AND jobs.worker = $3 AND jobs.state = 'running'
"""


async def hand_back(tx: Write, worker: UUID, claims: Sequence[Claim]) -> int:
    """Return unfinished jobs without counting the attempt.

    The worker must not claim again: its own late writes would fit the attempt counted anew.
    """
    return await tx.execute(_HAND_BACK, *_columns(claims), worker)


# Skips what a handler's own last transaction holds: to wait there would cost all others the lease.
_RENEW = """
WITH held AS (
  SELECT jobs.id FROM unnest($1::uuid[], $2::int[]) AS c (id, attempt) JOIN jobs
    ON jobs.id = c.id AND jobs.attempts = c.attempt AND jobs.worker = $3 AND jobs.state = 'running'
), unlocked AS (
  SELECT id FROM jobs WHERE id IN (SELECT id FROM held) AND worker = $3 AND state = 'running'
  FOR NO KEY UPDATE SKIP LOCKED
), renewed AS (
  UPDATE jobs SET lease_until = now() + make_interval(secs => $4)
  FROM unlocked WHERE jobs.id = unlocked.id
)
SELECT id FROM held
"""


async def renew(tx: Write, worker: UUID, claims: Sequence[Claim], lease_s: float) -> set[UUID]:
    """Renew leases; the jobs that are still this worker's."""
    return set(await tx.fetch_values(_RENEW, *_columns(claims), worker, lease_s))


_PROGRESS = returning("""
UPDATE jobs SET progress_done = $4, progress_total = $5, progress_message = $6
WHERE id = (SELECT id FROM jobs WHERE id = $1 AND attempts = $2 AND worker = $3
            AND state = 'running' FOR NO KEY UPDATE SKIP LOCKED)
""")


async def set_progress(
    tx: Write, worker: UUID, claim: Claim, progress: tuple[int, int, str]
) -> JobRow | None:
    """Record progress; None where the job is no longer this worker's or just being finished."""
    return await tx.fetch_one(_PROGRESS, JobRow, *claim, worker, *progress)


_RESCUE = """
WITH lost AS (
  SELECT id FROM jobs WHERE state = 'running' AND lease_until < now() AND attempts < max_attempts
  ORDER BY id LIMIT 500 FOR UPDATE SKIP LOCKED)
UPDATE jobs SET state = 'queued', run_at = now(), lease_until = NULL,
  crashes = least(crashes + 1, 1000), error = $1
FROM lost WHERE jobs.id = lost.id
"""


async def rescue(tx: Write, error: str) -> int:
    """Queue jobs again whose worker let the lease end; how many."""
    return await tx.execute(_RESCUE, error)


_BURY = returning("""
UPDATE jobs SET state = 'dead', finished_at = now(), lease_until = NULL, error = $2,
  crashes = least(crashes + 1, 1000)
WHERE id = (
  SELECT id FROM jobs WHERE state = 'running' AND lease_until < now()
    AND attempts >= max_attempts AND kind = ANY($1)
  LIMIT 1 FOR UPDATE SKIP LOCKED)
""")


async def bury(tx: Write, kinds: Sequence[str], error: str) -> JobRow | None:
    """Make one job dead whose last allowed attempt ended with its lease."""
    return await tx.fetch_one(_BURY, JobRow, kinds, error)


def _columns(claims: Sequence[Claim]) -> tuple[list[UUID], list[int]]:
    return [claim[0] for claim in claims], [claim[1] for claim in claims]


async def now(read: Read) -> float:
    """The database's clock, in seconds since 1970: the one that all processes share."""
    return float(await read.fetch_value("SELECT extract(epoch FROM now())::float8"))


def as_done(row: JobRow) -> JobRow:
    """The row as `complete` has just left it."""
    return replace(row, state="done", error=None, finished_at=datetime.now(UTC))
