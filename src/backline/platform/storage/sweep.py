"""The nightly sweep: files that no row has pointed to for a day are removed, and nothing else.

What may go follows from what the domains declare (`files`). Files of a kind that nobody declares
aren't even looked at: their domain may only be left out of this process.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
import structlog

from backline.platform.database import Database
from backline.platform.jobs import Job, JobContext, Nothing, Schedule
from backline.platform.storage.faces import Storage
from backline.platform.storage.kinds import FileKind

SWEEP: Final = "storage.sweep"
_LEAST_AGE: Final = timedelta(hours=24)
_BATCH: Final = 1000
_log = structlog.get_logger()


class Swept(msgspec.Struct, frozen=True):
    """What the sweep works with: the storage, and what each domain keeps there."""

    storage: Storage
    kinds: tuple[FileKind, ...]


async def sweep(database: Database, swept: Swept) -> int:
    """Remove what nothing points to and is older than 24 h; how many files that were.

    A job may take hours from its first file to the COMMIT that points to it, so younger ones
    are left alone, whatever the rows say.
    """
    await swept.storage.sweep_aside()
    count = 0
    for kind in swept.kinds:
        before, batch = datetime.now(UTC) - _LEAST_AGE, list[str]()
        async for file in swept.storage.list(kind.kind):
            if file.modified_at < before:
                batch.append(file.key)
            if len(batch) >= _BATCH:
                count += await _remove_unknown(database, swept.storage, kind, batch)
                batch.clear()
        count += await _remove_unknown(database, swept.storage, kind, batch)
    return count


async def _remove_unknown(
    database: Database, storage: Storage, kind: FileKind, keys: Sequence[str]
) -> int:
    if not keys:
        return 0
    async with database.read() as read:
        unknown = await kind.unknown(read, keys)
    asked = frozenset(keys)
    # A domain has a say in its own files, and in those of them that it was asked about.
    removed = [key for key in unknown if key in asked and key.startswith(f"{kind.kind}/")]
    for key in removed:
        await storage.delete_prefix(key)
    if removed:
        _log.info("files_swept", kind=kind.kind, count=len(removed), first=removed[0])
    return len(removed)


async def _run(context: JobContext, _payload: Nothing, swept: Swept) -> None:
    await sweep(context.database, swept)


JOBS: Final = (Job(SWEEP, _run, timeout_s=4 * 3600.0),)
SCHEDULES: Final = (Schedule(SWEEP, daily_at="03:30"),)
