"""What keeps the tables of invalidations and of keyed answers small."""

from typing import TYPE_CHECKING, Final

from backline.platform.jobs import Job, Schedule
from backline.platform.jobs.models import Nothing

if TYPE_CHECKING:
    from backline.platform.jobs.context import JobContext

PRUNE: Final = "cache.prune"
_BATCH = 10_000
_PRUNE_INVALIDATIONS = """
DELETE FROM cache_invalidations WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM cache_invalidations WHERE at < now() - make_interval(secs => $2) LIMIT $1))
"""
_PRUNE_KEYS = """
DELETE FROM idempotency_keys WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM idempotency_keys WHERE created_at < now() - interval '1 day' LIMIT $1))
"""


async def prune_invalidations(context: "JobContext", _payload: Nothing, kept_s: float) -> None:
    """Remove invalidations older than `kept_s`: what they end is over by itself by then.

    Every process has heard of them, or has emptied its cache instead.
    """
    deleted = _BATCH
    while deleted == _BATCH:
        async with context.database.write() as tx:
            deleted = await tx.execute(_PRUNE_INVALIDATIONS, _BATCH, kept_s)


async def prune_keys(context: "JobContext", _payload: Nothing, _services: object) -> None:
    """Remove the answers that were kept for a day."""
    deleted = _BATCH
    while deleted == _BATCH:
        async with context.database.write() as tx:
            deleted = await tx.execute(_PRUNE_KEYS, _BATCH)


JOBS = (
    Job(PRUNE, prune_invalidations),
    Job("idempotency.prune", prune_keys),
)
SCHEDULES = (
    Schedule(PRUNE, every_s=300),
    Schedule("idempotency.prune", every_s=3600),
)
