"""Who did what: appended in the transaction that does it, read by page, pruned after 400 days.

What is recorded is said where it happens; HTTP is in `audit_web`.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write
from backline.platform.ids import uuid7
from backline.platform.jobs import Job, Schedule
from backline.platform.jobs.models import Nothing

if TYPE_CHECKING:
    from backline.platform.jobs.context import JobContext

Detail = str | int | bool | None
People = Callable[[Read, Sequence[UUID]], Awaitable[Mapping[UUID, str]]]
KEPT_DAYS = 400
_MAX_TEXT_LENGTH = 300
_BATCH = 10_000


class AuditRow(msgspec.Struct, frozen=True):
    """A row of `audit`; `details` is a JSON object."""

    id: UUID
    at: datetime
    actor_id: UUID | None
    action: str
    subject_kind: str | None
    subject_id: UUID | None
    address: str | None
    details: str


_INSERT = """
INSERT INTO audit (id, actor_id, action, subject_kind, subject_id, address, details)
VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb)
"""


async def record(
    tx: Write,
    actor_id: UUID | None,
    action: str,
    *,
    subject: tuple[str, UUID] | None = None,
    address: str = "",
    **details: Detail,
) -> None:
    """Append that `actor_id` did `action` (dotted words, as `user.role`) to `subject`.

    None is whoever wasn't signed in. `address` is where the request came from. Long texts in
    `details` are cut; secrets have no place there.
    """
    kind, subject_id = subject or (None, None)
    told = {name: _bounded(detail) for name, detail in details.items()}
    encoded = msgspec.json.encode(told).decode()
    where = address[:64] or None
    await tx.execute(_INSERT, uuid7(), actor_id, action, kind, subject_id, where, encoded)


def _bounded(detail: Detail) -> Detail:
    return detail.replace("\0", "")[:_MAX_TEXT_LENGTH] if isinstance(detail, str) else detail


_ALL = """
SELECT id, at, actor_id, action, subject_kind, subject_id, address, details
FROM audit
WHERE ($1::text IS NULL OR action = $1) AND ($2::uuid IS NULL OR id < $2)
ORDER BY id DESC LIMIT $3
"""
# Two walks along two indexes, each no longer than the page.
_CONCERNING = """
SELECT id, at, actor_id, action, subject_kind, subject_id, address, details FROM (
  (SELECT * FROM audit
   WHERE actor_id = $4 AND ($1::text IS NULL OR action = $1) AND ($2::uuid IS NULL OR id < $2)
   ORDER BY id DESC LIMIT $3)
  UNION ALL
  (SELECT * FROM audit
   WHERE subject_id = $4 AND subject_kind = 'user' AND actor_id IS DISTINCT FROM $4
     AND ($1::text IS NULL OR action = $1) AND ($2::uuid IS NULL OR id < $2)
   ORDER BY id DESC LIMIT $3)
) both_ways ORDER BY id DESC LIMIT $3
"""


async def page(
    read: Read,
    *,
    user_id: UUID | None = None,
    action: str | None = None,
    before: UUID | None = None,
    limit: int,
) -> list[AuditRow]:
    """What happened, newest first; `user_id`: what they did, and what was done to their account."""
    if user_id is None:
        return await read.fetch(_ALL, AuditRow, action, before, limit)
    return await read.fetch(_CONCERNING, AuditRow, action, before, limit, user_id)


_PRUNE = """
DELETE FROM audit WHERE id = ANY(ARRAY(
  SELECT id FROM audit WHERE at < now() - make_interval(days => $1) LIMIT $2))
"""


async def prune(context: "JobContext", _payload: Nothing, _services: object) -> None:
    """Remove what is older than 400 days, a batch at a time."""
    deleted = _BATCH
    while deleted == _BATCH:
        async with context.database.write() as tx:
            deleted = await tx.execute(_PRUNE, KEPT_DAYS, _BATCH)


JOBS = (Job("audit.prune", prune),)
SCHEDULES = (Schedule("audit.prune", daily_at="04:10"),)
