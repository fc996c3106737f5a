"""Folders of music and their scans: begun, counted, ended; each query a typed function."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from backline.platform.database import Read, Write

State = Literal["running", "paused", "done", "failed", "cancelled"]
Renders = Literal["when-played", "at-once"]

_FIELDS: Final = """s.owner_id, s.id, s.folder_id, o.path, o.renders, s.state, s.job_id, s.found,
  s.total, s.done, s.added, s.changed, s.missing, s.failed, s.rate_per_s, s.error, s.created_at,
  s.finished_at"""
_FROM: Final = (
    "music_scans s JOIN music_folders o ON o.owner_id = s.owner_id AND o.id = s.folder_id"
)


class ScanRow(msgspec.Struct, frozen=True):
    """A scan and what it looks through."""

    owner_id: UUID
    id: UUID
    folder_id: UUID
    path: str
    renders: Renders
    state: State
    job_id: UUID | None
    found: int
    total: int
    done: int
    added: int
    changed: int
    missing: int
    failed: int
    rate_per_s: float | None
    error: str | None
    created_at: datetime
    finished_at: datetime | None


class Tally(msgspec.Struct, frozen=True):
    """What a batch adds to a scan's figures."""

    done: int = 0
    added: int = 0
    changed: int = 0
    failed: int = 0


class Whose(msgspec.Struct, frozen=True):
    """A scan or a folder, and whose it is."""

    owner_id: UUID
    id: UUID


_FOLDER: Final = """
INSERT INTO music_folders (owner_id, id, path) VALUES ($1, $2, $3)
ON CONFLICT (owner_id, path) DO UPDATE SET begun_at = now() RETURNING id
"""
_INSERT: Final = """
INSERT INTO music_scans (owner_id, id, folder_id, state, job_id)
VALUES ($1, $2, $3, 'running', $4)
ON CONFLICT (owner_id, folder_id) WHERE state IN ('running', 'paused') DO NOTHING
"""
_SCAN: Final = f"SELECT {_FIELDS} FROM {_FROM} WHERE s.owner_id = $1 AND s.id = $2"  # noqa: S608
_PAGE: Final = f"""
SELECT {_FIELDS} FROM {_FROM}
WHERE s.owner_id = $1 AND ($2::uuid IS NULL OR s.id < $2) ORDER BY s.id DESC LIMIT $3
"""  # noqa: S608  # literals alone
_LOCK: Final = f"{_SCAN} FOR NO KEY UPDATE OF s"
_SET_STATE: Final = """
UPDATE music_scans SET state = $3, error = $4, updated_at = now(),
  rate_per_s = CASE WHEN $3 = 'running' THEN rate_per_s END,
  finished_at = CASE WHEN $3 IN ('running', 'paused') THEN NULL ELSE now() END
WHERE owner_id = $1 AND id = $2
"""
_SET_JOB: Final = "UPDATE music_scans SET job_id = $3 WHERE owner_id = $1 AND id = $2"
_MINE: Final = """
SELECT true FROM music_scans WHERE owner_id = $1 AND id = $2 AND job_id = $3 AND state = 'running'
FOR NO KEY UPDATE
"""
_SET_FOUND: Final = """
UPDATE music_scans SET found = $3, updated_at = now(), total = done + (
  SELECT count(*) FROM music_files f
  WHERE f.owner_id = $1 AND f.folder_id = music_scans.folder_id AND f.state = 'waiting'
    AND f.is_there)
WHERE owner_id = $1 AND id = $2
"""
_COUNT: Final = """
UPDATE music_scans SET done = done + $3, added = added + $4, changed = changed + $5,
  failed = failed + $6, total = greatest(total, done + $3), rate_per_s = $7, updated_at = now()
WHERE owner_id = $1 AND id = $2
"""
_COUNT_MISSING: Final = """
UPDATE music_scans SET missing = missing + $3, updated_at = now() WHERE owner_id = $1 AND id = $2
"""
_RETRIED: Final = """
UPDATE music_scans SET done = done - $3, failed = greatest(failed - $3, 0), updated_at = now()
WHERE owner_id = $1 AND id = $2
"""
# Whose job ended without a word, as after a restored backup.
_STRANDED: Final = """
SELECT owner_id, id FROM music_scans s WHERE state = 'running' AND NOT EXISTS (
  SELECT FROM jobs WHERE jobs.id = s.job_id AND jobs.state IN ('queued', 'running')) LIMIT $1
"""
_UNDER_WAY: Final = """
SELECT id FROM music_scans WHERE owner_id = $1 AND folder_id = $2 AND state IN ('running', 'paused')
"""
_STANDING: Final = """
SELECT coalesce(bool_or(state = 'running'), false) AS is_running,
  coalesce(sum(CASE WHEN state = 'running' THEN done ELSE found END), 0)::bigint AS files
FROM (SELECT DISTINCT ON (folder_id) state, done, found FROM music_scans
  WHERE owner_id = $1 ORDER BY folder_id, id DESC) latest
"""
_PRUNE: Final = """
DELETE FROM music_scans WHERE owner_id = $1 AND folder_id = $2 AND finished_at IS NOT NULL
  AND id NOT IN (SELECT id FROM music_scans WHERE owner_id = $1 AND folder_id = $2
    ORDER BY id DESC LIMIT $3)
"""
_FOLDER_FIELDS: Final = """o.owner_id, o.id, o.path, o.renders, o.every_hours, o.created_at,
  (SELECT count(*) FROM tracks t
    WHERE t.owner_id = o.owner_id AND t.folder_id = o.id AND t.deleted_at IS NULL) AS tracks,
  (SELECT count(*) FROM tracks t
    WHERE t.owner_id = o.owner_id AND t.folder_id = o.id AND t.missing_at IS NOT NULL) AS missing"""
_FOLDERS: Final = f"""
SELECT {_FOLDER_FIELDS} FROM music_folders o WHERE o.owner_id = $1 ORDER BY o.path
"""  # noqa: S608  # literals alone
_ONE_FOLDER: Final = f"""
SELECT {_FOLDER_FIELDS} FROM music_folders o WHERE o.owner_id = $1 AND o.id = $2
"""  # noqa: S608  # literals alone
_PATHS: Final = "SELECT path FROM music_folders WHERE owner_id = $1 AND path <> $2"
_SET_FOLDER: Final = """
UPDATE music_folders SET renders = $3, every_hours = $4 WHERE owner_id = $1 AND id = $2
"""
_DELETE_FOLDER: Final = "DELETE FROM music_folders WHERE owner_id = $1 AND id = $2"
_DUE: Final = """
SELECT o.owner_id, o.id FROM music_folders o
WHERE (o.owner_id, o.id) > ($2::uuid, $3::uuid) AND coalesce(o.every_hours, $1) > 0
  AND o.begun_at < now() - make_interval(hours => coalesce(o.every_hours, $1))
  AND NOT EXISTS (SELECT FROM music_scans s WHERE s.owner_id = o.owner_id AND s.folder_id = o.id
    AND s.state IN ('running', 'paused'))
ORDER BY o.owner_id, o.id LIMIT $4
"""


class FolderRow(msgspec.Struct, frozen=True):
    """A folder, how it is treated, and how many tracks it has."""

    owner_id: UUID
    id: UUID
    path: str
    renders: Renders
    every_hours: int | None
    created_at: datetime
    tracks: int
    missing: int


class Standing(msgspec.Struct, frozen=True):
    """Whether any scan of somebody's runs; the files that the last ones have looked at."""

    is_running: bool
    files: int


async def folder(tx: Write, owner_id: UUID, new_id: UUID, path: str) -> UUID:
    """The id of a folder among somebody's, which it is from now on; a scan of it begins."""
    return await tx.fetch_value(_FOLDER, owner_id, new_id, path)


async def other_paths(read: Read, owner_id: UUID, path: str) -> list[str]:
    """Somebody's folders but for this one."""
    return await read.fetch_values(_PATHS, owner_id, path)


async def folders(read: Read, owner_id: UUID) -> list[FolderRow]:
    """Somebody's folders."""
    return await read.fetch(_FOLDERS, FolderRow, owner_id)


async def one_folder(read: Read, owner_id: UUID, folder_id: UUID) -> FolderRow | None:
    """One of somebody's folders."""
    return await read.fetch_one(_ONE_FOLDER, FolderRow, owner_id, folder_id)


async def set_folder(
    tx: Write, owner_id: UUID, folder_id: UUID, renders: Renders, every_hours: int | None
) -> None:
    """Say how a folder is treated."""
    await tx.execute(_SET_FOLDER, owner_id, folder_id, renders, every_hours)


async def delete_folder(tx: Write, owner_id: UUID, folder_id: UUID) -> None:
    """Forget a folder with its scans."""
    await tx.execute(_DELETE_FOLDER, owner_id, folder_id)


async def due(read: Read, every_hours: int, after: Whose, limit: int) -> list[Whose]:
    """Folders of everybody whose last scan began long enough ago."""
    return await read.fetch(_DUE, Whose, every_hours, after.owner_id, after.id, limit)


async def insert(tx: Write, owner_id: UUID, scan_id: UUID, folder_id: UUID, job_id: UUID) -> bool:
    """Begin a scan; False where one of this folder is under way."""
    return await tx.execute(_INSERT, owner_id, scan_id, folder_id, job_id) > 0


async def prune(tx: Write, owner_id: UUID, folder_id: UUID, kept: int) -> None:
    """Forget all but the last scans of a folder."""
    await tx.execute(_PRUNE, owner_id, folder_id, kept)


async def under_way(read: Read, owner_id: UUID, folder_id: UUID) -> UUID | None:
    """The scan of a folder that is running or paused."""
    return await read.fetch_value(_UNDER_WAY, owner_id, folder_id)


async def standing(read: Read, owner_id: UUID) -> Standing:
    """How somebody's scans stand, taken together."""
    found = await read.fetch_one(_STANDING, Standing, owner_id)
    return found or Standing(is_running=False, files=0)


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


async def count(tx: Write, owner_id: UUID, scan_id: UUID, tally: Tally, rate_per_s: float) -> None:
    """Add a batch to the figures."""
    figures = (tally.done, tally.added, tally.changed, tally.failed, rate_per_s)
    await tx.execute(_COUNT, owner_id, scan_id, *figures)


async def count_missing(tx: Write, owner_id: UUID, scan_id: UUID, tracks: int) -> None:
    """Add tracks that were hidden to the figures."""
    await tx.execute(_COUNT_MISSING, owner_id, scan_id, tracks)


async def retried(tx: Write, owner_id: UUID, scan_id: UUID, files: int) -> None:
    """Take failures that wait again out of the figures."""
    await tx.execute(_RETRIED, owner_id, scan_id, files)


async def stranded(read: Read, limit: int) -> Sequence[Whose]:
    """Scans that nobody works on."""
    return await read.fetch(_STRANDED, Whose, limit)
