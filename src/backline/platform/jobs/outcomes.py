"""Whom a change of a job concerns, told in the transaction that makes it."""

import asyncpg
import structlog

from backline.platform.database import Write
from backline.platform.database.pool import FAULTS
from backline.platform.jobs.models import JobRow
from backline.platform.jobs.registry import carried

_log = structlog.get_logger()


async def changed(tx: Write, job: JobRow) -> None:
    """Tell the owner, where there is one."""
    on_change = carried(tx).on_change
    if on_change is not None and job.owner_id is not None:
        try:
            await on_change(tx, job)
        except FAULTS:
            raise  # the transaction is lost, and tried again
        except Exception:  # noqa: BLE001  # news may be lost, work may not
            _log.exception("job_on_change_failed", kind=job.kind, job_id=str(job.id))


async def ended(tx: Write, job: JobRow) -> None:
    """Have the kind draw the consequences of a dead or cancelled job, and tell the owner.

    A fault in `on_dead` is logged and undone: a job that can't die would be buried for ever.
    """
    declared = carried(tx).jobs.get(job.kind)
    if declared is not None and declared.on_dead is not None:
        try:
            async with tx.savepoint():
                await declared.on_dead(tx, job)
        except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError):
            raise
        except Exception:  # noqa: BLE001  # whatever it is, the job is dead
            _log.exception("job_on_dead_failed", kind=job.kind, job_id=str(job.id))
    await changed(tx, job)
