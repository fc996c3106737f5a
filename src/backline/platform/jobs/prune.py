"""What keeps the table of jobs small: of each kind, only the latest finished jobs stay."""

from backline.platform.jobs.context import JobContext
from backline.platform.jobs.models import Nothing

KEPT = {"done": 1_000, "cancelled": 1_000, "dead": 5_000}
_BATCH = 5_000
_KINDS = """
WITH RECURSIVE kinds AS (
  (SELECT kind FROM jobs WHERE finished_at IS NOT NULL ORDER BY kind LIMIT 1)
  UNION ALL
  SELECT (SELECT kind FROM jobs WHERE finished_at IS NOT NULL AND kind > kinds.kind
          ORDER BY kind LIMIT 1)
  FROM kinds WHERE kinds.kind IS NOT NULL)
SELECT kind FROM kinds WHERE kind IS NOT NULL
"""
_DELETE = """
DELETE FROM jobs WHERE id IN (
  SELECT id FROM jobs WHERE kind = $1 AND state = $2 AND finished_at IS NOT NULL
  ORDER BY finished_at DESC OFFSET $3 LIMIT $4 FOR UPDATE SKIP LOCKED)
"""


async def prune(context: JobContext, _payload: Nothing, _services: object) -> None:
    """Remove all but the latest 1,000 done and 5,000 dead jobs of each kind, a batch at a time."""
    async with context.database.read() as read:
        kinds = await read.fetch_values(_KINDS)
    for kind in kinds:
        for state, kept in KEPT.items():
            deleted = _BATCH
            while deleted == _BATCH:
                async with context.database.write() as tx:
                    deleted = await tx.execute(_DELETE, kind, state, kept, _BATCH)
