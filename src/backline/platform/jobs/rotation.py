"""The queue of heavy jobs: whose turn it is, and which of theirs is next.

Owners take turns, so that nobody waits behind the whole of another's queue; within an owner lower
priorities go first. Each worker goes round by itself, from where it was, and nothing of that is
written down.
"""

from collections.abc import Sequence
from uuid import UUID

from backline.platform.database import Write
from backline.platform.jobs.models import JobRow
from backline.platform.jobs.sql import returning

NOBODY = UUID(int=0)  # whose turn the installation's own jobs wait for

# From owner to owner along the index: those after $2, then from the first to $2. It goes no
# further than to one who has a job to give, however many owners and jobs are waiting.
_TAKE = returning("""
WITH RECURSIVE turn (whose, last, lap) AS (
  SELECT $2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid, 0
  UNION ALL
  SELECT next.* FROM turn CROSS JOIN LATERAL (
    (SELECT turn_of, turn.last, greatest(turn.lap, 1) FROM jobs
     WHERE state = 'queued' AND turn_of IS NOT NULL AND crashes <= 1
       AND turn_of > turn.whose AND turn_of <= turn.last
     ORDER BY turn_of LIMIT 1)
    UNION ALL
    (SELECT turn_of, $2, 2 FROM jobs
     WHERE state = 'queued' AND turn_of IS NOT NULL AND crashes <= 1
       AND turn_of <= $2 AND turn.lap < 2
     ORDER BY turn_of LIMIT 1)
    ORDER BY 3 LIMIT 1) AS next),
taken AS (
  SELECT mine.id FROM turn CROSS JOIN LATERAL (
    SELECT first.id FROM unnest($1::text[]) AS room (kind) CROSS JOIN LATERAL (
      SELECT id, priority, run_at FROM jobs
      WHERE state = 'queued' AND turn_of IS NOT NULL AND crashes <= 1
        AND turn_of = turn.whose AND jobs.kind = room.kind AND run_at <= now()
      ORDER BY priority, run_at LIMIT 1 FOR UPDATE SKIP LOCKED) AS first
    ORDER BY first.priority, first.run_at LIMIT 1) AS mine
  WHERE turn.lap > 0 AND NOT ($3 AND EXISTS (
    SELECT FROM jobs WHERE state = 'running' AND jobs.turn_of = turn.whose))
  LIMIT 1)
UPDATE jobs SET state = 'running', attempts = attempts + 1, worker = $4, started_at = now(),
  lease_until = now() + make_interval(secs => $5)
FROM taken WHERE jobs.id = taken.id
""")


async def take(
    tx: Write, worker: UUID, kinds: Sequence[str], lease_s: float, *, after: UUID, further: bool
) -> tuple[JobRow, UUID] | None:
    """Take the due heavy job of the owner whose turn comes after `after`'s; it and whose it is.

    `further`: only of an owner of whose heavy jobs none is running, in whatever process. Two who
    ask at the same moment may each find that so.
    """
    row = await tx.fetch_one(_TAKE, JobRow, kinds, after, further, worker, lease_s)
    return None if row is None else (row, turn_of(row.owner_id))


def turn_of(owner_id: UUID | None) -> UUID:
    """Whose turn this owner's heavy jobs wait for."""
    return owner_id or NOBODY


# A process that doesn't know what is heavy, or that is of another release, queues jobs as well.
_SORT = """
WITH heavy AS (
  SELECT found.id FROM unnest($1::text[]) AS known (kind) CROSS JOIN LATERAL (
    SELECT id FROM jobs WHERE state = 'queued' AND turn_of IS NULL AND jobs.kind = known.kind
    ORDER BY priority, run_at LIMIT 1000 FOR UPDATE SKIP LOCKED) AS found),
light AS (
  SELECT id FROM jobs
  WHERE state = 'queued' AND turn_of IS NOT NULL AND crashes <= 1 AND kind = ANY($2)
  ORDER BY turn_of LIMIT 1000 FOR UPDATE SKIP LOCKED)
UPDATE jobs SET turn_of = CASE WHEN turn_of IS NULL THEN coalesce(owner_id, $3) END
FROM (SELECT id FROM heavy UNION ALL SELECT id FROM light) AS wrong WHERE jobs.id = wrong.id
"""


async def sort(tx: Write, heavy: Sequence[str], light: Sequence[str]) -> int:
    """Put queued jobs that stand in the other queue into that of their kind; how many."""
    return await tx.execute(_SORT, heavy, light, NOBODY)
