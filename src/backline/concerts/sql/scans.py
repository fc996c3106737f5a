"""Scans: begun, counted, ended."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write

State = Literal["running", "paused", "done", "failed", "cancelled"]

_FIELDS: Final = """s.owner_id, s.id, s.source_id, o.kind, o.path, o.name, s.state, s.job_id,
  s.zone, s.found, s.total, s.done, s.added, s.known, s.failed, s.rate_per_s, s.active_s, s.error,
  s.created_at, s.finished_at"""
_FROM: Final = "scans s JOIN photo_sources o ON o.owner_id = s.owner_id AND o.id = s.source_id"


class ScanRow(msgspec.Struct, frozen=True):
    """A scan and what it looks through."""

    owner_id: UUID
    id: UUID
    source_id: UUID
    kind: Literal["folder", "drive"]
    path: str
    name: str
    state: State
    job_id: UUID | None
    zone: str | None
    found: int
    total: int
    done: int
    added: int
    known: int
    failed: int
    rate_per_s: float | None
    active_s: float
    error: str | None
    created_at: datetime
    finished_at: datetime | None


class Tally(msgspec.Struct, frozen=True):
    """What a batch adds to a scan's figures."""

    done: int = 0
    added: int = 0
    known: int = 0
    failed: int = 0


_SOURCE: Final = """
INSERT INTO photo_sources (owner_id, id, kind, path) VALUES ($1, $2, 'folder', $3)
ON CONFLICT (owner_id, kind, path) DO UPDATE SET path = excluded.path RETURNING id
"""
_INSERT: Final = """
INSERT INTO scans (owner_id, id, source_id, state, job_id, zone)
VALUES ($1, $2, $3, 'running', $4, $5)
ON CONFLICT (owner_id, source_id) WHERE state IN ('running', 'paused') DO NOTHING
"""
_SCAN: Final = f"SELECT {_FIELDS} FROM {_FROM} WHERE s.owner_id = $1 AND s.id = $2"  # noqa: S608
_PAGE: Final = f"""
SELECT {_FIELDS} FROM {_FROM}
WHERE s.owner_id = $1 AND ($2::uuid IS NULL OR s.id < $2) ORDER BY s.id DESC LIMIT $3
"""  # noqa: S608  # literals alone
_LOCK: Final = f"{_SCAN} FOR NO KEY UPDATE OF s"
_SET_STATE: Final = """
UPDATE scans SET state = $3, error = $4, updated_at = now(),
  rate_per_s = CASE WHEN $3 = 'running' THEN rate_per_s END,
  finished_at = CASE WHEN $3 IN ('running', 'paused') THEN NULL ELSE now() END
WHERE owner_id = $1 AND id = $2
"""
_SET_JOB: Final = "UPDATE scans SET job_id = $3 WHERE owner_id = $1 AND id = $2"
_MINE: Final = """
SELECT true FROM scans WHERE owner_id = $1 AND id = $2 AND job_id = $3 AND state = 'running'
FOR NO KEY UPDATE
"""
_SET_FOUND: Final = """
UPDATE scans SET found = $3, updated_at = now(), total = done + (
  SELECT count(*) FROM processed_files f
  WHERE f.owner_id = $1 AND f.source_id = scans.source_id AND f.state = 'waiting')
WHERE owner_id = $1 AND id = $2
"""
_COUNT: Final = """
UPDATE scans SET done = done + $3, added = added + $4, known = known + $5, failed = failed + $6,
  total = greatest(total, done + $3), rate_per_s = $7, active_s = active_s + $8, updated_at = now()
WHERE owner_id = $1 AND id = $2
"""
_COUNT_LISTED: Final = """
UPDATE scans SET found = found + $3, total = total + $4, done = done + $4, added = added + $5,
  known = known + $6, rate_per_s = $7, active_s = active_s + $8, error = NULL, updated_at = now()
WHERE owner_id = $1 AND id = $2
"""
_COUNT_ANEW: Final = "UPDATE scans SET found = 0 WHERE owner_id = $1 AND id = $2"
_RETRIED: Final = """
UPDATE scans SET done = done - $3, failed = greatest(failed - $3, 0), updated_at = now()
WHERE owner_id = $1 AND id = $2
"""
# Whose job ended without a word, as after a restored backup.
_STRANDED: Final = """
SELECT owner_id, id FROM scans s WHERE state = 'running' AND NOT EXISTS (
  SELECT FROM jobs WHERE jobs.id = s.job_id AND jobs.state IN ('queued', 'running')) LIMIT $1
"""
_LAST_OF: Final = """
SELECT id FROM scans WHERE owner_id = $1 AND source_id = $2 AND state IN ('running', 'paused')
"""


class Stranded(msgspec.Struct, frozen=True):
    """A scan that says it runs."""

    owner_id: UUID
    id: UUID


async def source(tx: Write, owner_id: UUID, new_id: UUID, path: str) -> UUID:
    """The id of a folder among somebody's sources, which it is from now on."""
    return await tx.fetch_value(_SOURCE, owner_id, new_id, path)


async def insert(
    tx: Write, owner_id: UUID, scan_id: UUID, source_id: UUID, job_id: UUID, zone: str | None
) -> bool:
    """Begin a scan; False where one of this source is under way."""
    return await tx.execute(_INSERT, owner_id, scan_id, source_id, job_id, zone) > 0


async def under_way(read: Read, owner_id: UUID, source_id: UUID) -> UUID | None:
    """The scan of a source that is running or paused."""
    return await read.fetch_value(_LAST_OF, owner_id, source_id)


async def scan(read: Read, owner_id: UUID, scan_id: UUID) -> ScanRow | None:
    """One scan."""
    return await read.fetch_one(_SCAN, ScanRow, owner_id, scan_id)


async def lock(tx: Write, owner_id: UUID, scan_id: UUID) -> ScanRow | None:
    """One scan, for `tx` alone."""
    return await tx.fetch_one(_LOCK, ScanRow, owner_id, scan_id)


async def page(read: Read, owner_id: UUID, before: UUID | None, limit: int) -> list[ScanRow]:
    """A page of somebody's scans, the newest first."""
    return await read.fetch(_PAGE, ScanRow, owner_id, before, limit)


async def set_state(
    tx: Write, owner_id: UUID, scan_id: UUID, state: State, error: str | None = None
) -> None:
    """Go on, pause, or end."""
    await tx.execute(_SET_STATE, owner_id, scan_id, state, error)


async def set_job(tx: Write, owner_id: UUID, scan_id: UUID, job_id: UUID) -> None:
    """Name the job that works on it: from now on no other may."""
    await tx.execute(_SET_JOB, owner_id, scan_id, job_id)


async def is_mine(tx: Write, owner_id: UUID, scan_id: UUID, job_id: UUID) -> bool:
    """Whether this job still is the one that works on it; it then stays so until `tx` ends."""
    return bool(await tx.fetch_value(_MINE, owner_id, scan_id, job_id))


async def set_found(tx: Write, owner_id: UUID, scan_id: UUID, found: int) -> None:
    """Note how many files there are, and how many of them wait."""
    await tx.execute(_SET_FOUND, owner_id, scan_id, found)


async def count(
    tx: Write, owner_id: UUID, scan_id: UUID, tally: Tally, rate_per_s: float, active_s: float
) -> None:
    """Add a batch to the figures."""
    figures = (tally.done, tally.added, tally.known, tally.failed, rate_per_s, active_s)
    await tx.execute(_COUNT, owner_id, scan_id, *figures)


async def count_listed(
    tx: Write,
    owner_id: UUID,
    scan_id: UUID,
    found: int,
    looked: int,
    added: int,
    known: int,
    rate_per_s: float,
    active_s: float,
) -> None:
    """Add a page of a list, of which nothing has to be looked at any more, to the figures."""
    figures = (found, looked, added, known, rate_per_s, active_s)
    await tx.execute(_COUNT_LISTED, owner_id, scan_id, *figures)


async def count_anew(tx: Write, owner_id: UUID, scan_id: UUID) -> None:
    """Its list begins anew: what was found in it is found again."""
    await tx.execute(_COUNT_ANEW, owner_id, scan_id)


async def retried(tx: Write, owner_id: UUID, scan_id: UUID, files: int) -> None:
    """Take failures that wait again out of the figures."""
    await tx.execute(_RETRIED, owner_id, scan_id, files)


async def stranded(read: Read, limit: int) -> Sequence[Stranded]:
    """Scans that nobody works on."""
    return await read.fetch(_STRANDED, Stranded, limit)
