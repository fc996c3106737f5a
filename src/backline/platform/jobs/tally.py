"""How many jobs there are, and how long the oldest waits: for administrators and for metrics."""

import asyncio
from typing import cast, get_args

import msgspec
import structlog
from prometheus_client import Gauge

from backline.platform.database import Database, Read
from backline.platform.errors import BacklineError
from backline.platform.jobs.models import State

_EVERY_S = 15.0
_TALLY = """
SELECT state, count(*) AS jobs,
  coalesce(extract(epoch FROM now() - min(run_at) FILTER (
    WHERE state = 'queued' AND run_at <= now())), 0)::float8 AS waited_s
FROM jobs GROUP BY state
"""
_JOBS = Gauge("backline_jobs", "Jobs of the installation by state", ["state"])
_WAITED_S = Gauge("backline_jobs_oldest_wait_seconds", "How long the oldest due job has waited")
_log = structlog.get_logger()


class _InState(msgspec.Struct, frozen=True):
    state: State
    jobs: int
    waited_s: float


class Tally(msgspec.Struct, frozen=True):
    """Jobs by state, each state named; `waited_s` of the oldest that could run now."""

    by_state: dict[str, int]
    waited_s: float


async def tally(read: Read) -> Tally:
    """Count all jobs of the installation."""
    rows = await read.fetch(_TALLY, _InState)
    by_state = dict.fromkeys(cast("tuple[str, ...]", get_args(State)), 0)
    by_state |= {row.state: row.jobs for row in rows}
    return Tally(by_state, max((row.waited_s for row in rows), default=0.0))


async def measure(database: Database) -> None:
    """Bring the gauges up to date every 15 s, until cancelled."""
    while True:
        try:
            async with database.read() as read:
                found = await tally(read)
        except (BacklineError, OSError) as fault:
            _log.warning("jobs_not_counted", reason=str(fault))
        else:
            for state, count in found.by_state.items():
                _JOBS.labels(state).set(count)
            _WAITED_S.set(found.waited_s)
        await asyncio.sleep(_EVERY_S)
