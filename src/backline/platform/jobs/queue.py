"""Jobs as domains and people handle them: enqueue, emit, look at, cancel, requeue.

What a worker does with them is in `worker`.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from backline.platform.database import Read, Write, signals
from backline.platform.errors import Conflict, NotFound
from backline.platform.ids import uuid7
from backline.platform.jobs import outcomes
from backline.platform.jobs.models import JobRow, State
from backline.platform.jobs.registry import carried
from backline.platform.jobs.rotation import turn_of
from backline.platform.jobs.sql import COLUMNS, returning

QUEUED_SIGNAL, CANCELLED_SIGNAL = "job-queued", "job-cancelled"
_MAX_PAYLOAD_BYTES = 64 * 1024
_GONE = "There is no such job."

_INSERT = """
WITH made AS (
  INSERT INTO jobs (id, owner_id, kind, payload, priority, run_at, max_attempts, turn_of,
    unique_key, subject_kind, subject_id)
  VALUES ($1, $2, $3, $4, $5, coalesce($6, now()), $7, $8, $9, $10, $11)
  ON CONFLICT (kind, unique_key) WHERE unique_key IS NOT NULL AND state IN ('queued', 'running')
  DO NOTHING RETURNING id
)
SELECT coalesce((SELECT id FROM made), (SELECT id FROM jobs
  WHERE kind = $3 AND unique_key = $9 AND state IN ('queued', 'running')))
"""


async def enqueue(
    tx: Write,
    kind: str,
    payload: msgspec.Struct,
    *,
    owner_id: UUID | None = None,
    subject: tuple[str, UUID] | None = None,
    run_at: datetime | None = None,
    priority: int = 0,
    unique_key: str | None = None,
) -> UUID:
    """Have `kind` run once `tx` is committed, at `run_at` at the earliest; the job's id.

    Lower priorities go first. While a job of this kind and `unique_key` is queued or running,
    its id is returned and no other made.

    Raises:
        ValueError: nobody handles this kind, its payload is of another type or over 64 KiB.
    """
    max_attempts, heavy = _declared(tx, kind, type(payload))
    turn = turn_of(owner_id) if heavy else None
    args = (owner_id, kind, _encoded(kind, payload), priority, run_at, max_attempts, turn)
    about = subject or (None, None)
    for _ in range(20):
        new_id = uuid7()
        job_id = await tx.fetch_value(_INSERT, new_id, *args, unique_key, *about)
        if job_id == new_id and run_at is None:
            signals.send(tx, QUEUED_SIGNAL, kind)
        if job_id is not None:
            return job_id
        # Another one was queued at this very moment, too late for this statement to see it.
    raise Conflict("The same work is being queued many times at once. Please try again.")


async def enqueue_many(
    tx: Write,
    kind: str,
    payloads: Iterable[msgspec.Struct],
    *,
    owner_id: UUID | None = None,
    priority: int = 0,
) -> list[UUID]:
    """Have one job of `kind` run for each payload, as `enqueue` but by COPY; their ids."""
    payloads = tuple(payloads)
    max_attempts, heavy = _declared(tx, kind, *{type(payload) for payload in payloads})
    turn = turn_of(owner_id) if heavy else None
    rows = [
        (uuid7(), owner_id, kind, _encoded(kind, payload), priority, max_attempts, turn)
        for payload in payloads
    ]
    columns = ("id", "owner_id", "kind", "payload", "priority", "max_attempts", "turn_of")
    await tx.copy_rows("jobs", columns, rows)
    signals.send(tx, QUEUED_SIGNAL, kind)
    return [row[0] for row in rows]


async def emit(tx: Write, event: msgspec.Struct, *, owner_id: UUID | None = None) -> list[UUID]:
    """Tell whoever subscribed to events of this type: a job each, in `tx`; the jobs' ids.

    Raises:
        RuntimeError: the database doesn't carry the program's jobs, so nobody would hear of it.
    """
    kinds = carried(tx).subscribers.get(type(event), ())
    return [await enqueue(tx, kind, event, owner_id=owner_id) for kind in kinds]


_ROWS = "SELECT " + COLUMNS + "FROM jobs WHERE "
_GET = _ROWS + "id = $1 AND ($2::uuid IS NULL OR owner_id = $2)"


async def get(read: Read, job_id: UUID, *, owner_id: UUID | None) -> JobRow:
    """A job of this owner, or anybody's where `owner_id` is None (administrators).

    Raises:
        NotFound: no such job, or another's.
    """
    row = await read.fetch_one(_GET, JobRow, job_id, owner_id)
    if row is None:
        raise NotFound(_GONE)
    return row


_PAGE = (
    _ROWS
    + """
  ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR kind = $2)
  AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4
"""
)


async def page(
    read: Read, *, state: State | None, kind: str | None, before: UUID | None, limit: int
) -> list[JobRow]:
    """Everybody's jobs, newest first, those older than the job `before`; for administrators."""
    return await read.fetch(_PAGE, JobRow, state, kind, before, limit)


_CANCEL = returning("""
UPDATE jobs SET state = 'cancelled', finished_at = now(), lease_until = NULL, error = 'Cancelled.'
WHERE id = $1 AND state IN ('queued', 'running')""")


async def cancel(tx: Write, job_id: UUID, *, owner_id: UUID | None) -> JobRow:
    """End a job: at once, whatever its handler still does is refused, and it is told to stop.

    Raises:
        NotFound: no such job, or another's.
        Conflict: it has ended already.
    """
    await get(tx, job_id, owner_id=owner_id)
    row = await tx.fetch_one(_CANCEL, JobRow, job_id)
    if row is None:
        raise Conflict("This job has ended already, so there is nothing to cancel.")
    signals.send(tx, CANCELLED_SIGNAL, str(job_id))
    await outcomes.ended(tx, row)
    return row


# Attempts go on counting, since they are the fence against writes of earlier ones.
_REQUEUE = returning("""
UPDATE jobs SET state = 'queued', max_attempts = attempts + $2, run_at = now(), error = NULL,
  finished_at = NULL
WHERE id = $1 AND state IN ('dead', 'cancelled')""")


async def requeue(tx: Write, job_id: UUID, *, owner_id: UUID | None) -> JobRow:
    """Give a dead or cancelled job as many attempts again as its kind has.

    Raises:
        NotFound: no such job, or another's.
        Conflict: it isn't dead or cancelled, or the same work has been queued anew since.
    """
    before = await get(tx, job_id, owner_id=owner_id)
    try:
        more, _heavy = _declared(tx, before.kind)
    except ValueError as fault:
        raise Conflict("This version of Backline has no use for such jobs.") from fault
    try:
        async with tx.savepoint():
            row = await tx.fetch_one(_REQUEUE, JobRow, job_id, more)
    except asyncpg.UniqueViolationError as fault:
        raise Conflict("The same work has been queued anew since.") from fault
    if row is None:
        raise Conflict("Only dead and cancelled jobs can be queued again.")
    signals.send(tx, QUEUED_SIGNAL, row.kind)
    await outcomes.changed(tx, row)
    return row


def _declared(tx: Write, kind: str, *payload_types: type[msgspec.Struct]) -> tuple[int, bool]:
    """How often the kind is tried and whether it is heavy; it has to take what it is given.

    What is queued as light by mistake, workers put right (`rotation.sort`).
    """
    job = carried(tx).jobs.get(kind)
    if job is None:
        raise ValueError(f"Nobody handles jobs of kind {kind!r}.")
    for given in payload_types:
        if given is not job.payload:
            raise ValueError(f"A {kind} job takes {job.payload.__name__}, not {given.__name__}.")
    return job.max_attempts, job.heavy


def _encoded(kind: str, payload: msgspec.Struct) -> str:
    encoded = msgspec.json.encode(payload)
    if len(encoded) > _MAX_PAYLOAD_BYTES:
        raise ValueError(f"The payload of a {kind} job has {len(encoded):,} bytes: over 64 KiB.")
    return encoded.decode()
