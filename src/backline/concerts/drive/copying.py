"""Originals of starred photos, copied out of a Drive into the storage."""

import asyncio
import hashlib
import tempfile
from pathlib import Path
from typing import Final

import msgspec

from backline import accounts
from backline.concerts import keys
from backline.concerts.drive import connecting, sql
from backline.concerts.drive.opening import open_drive
from backline.concerts.drive.sql import ConnectionRow
from backline.concerts.engine import bounds
from backline.concerts.outside.drive import Drive
from backline.concerts.outside.drive_asking import NotAllowed, Unreadable, Withheld
from backline.concerts.outside.google import Ended, Misset
from backline.concerts.services import PhotoServices
from backline.concerts.sql import making
from backline.concerts.sql.making import Work
from backline.platform.database import Write
from backline.platform.errors import OutOfSpace
from backline.platform.ids import uuid7
from backline.platform.jobs import GiveUp, JobContext

_CHUNK_BYTES: Final = 256 * 1024
_GONE: Final = "This file isn't in Google Drive any more, so there is nothing to copy."
_OTHER: Final = "The file isn't what Google Drive's list said of it. Have the Drive scanned again."
_TWIN: Final = "These very bytes are among your photos already, in another one. Star that one."


class _Late(Exception):
    """The photo is gone, or another job has brought its original."""


class _Brought(msgspec.Struct, frozen=True):
    """What a file came to."""

    size_bytes: int
    md5: bytes
    sha256: bytes


async def copy(context: JobContext, work: Work, services: PhotoServices) -> Work | None:
    """Have a photo's original here. None where nobody may read it: the star waits for that.

    Raises:
        GiveUp: it isn't there any more, or isn't what was said of it.
        Later: Google can't be asked now.
    """
    async with context.database.read() as read:
        row = await sql.connection(read, work.owner_id)
    if row is None or row.source_id != work.source_id or row.fault is not None or not row.may_read:
        return None
    if work.remote_id is None:
        raise GiveUp(_GONE)
    if work.size_bytes > bounds.MAX_BYTES:
        raise GiveUp(f"The limit for a photo is {bounds.MAX_BYTES // bounds.MIB} MiB.")
    drive = await open_drive(context.database, services, row)
    with tempfile.TemporaryDirectory(dir=services.work_dir, prefix="drive-") as folder:
        path = Path(folder) / "original"
        if not await _bring(context, row, drive, work.remote_id, path):
            return None
        brought = await asyncio.to_thread(_measured, path)
        if not _is_as_told(work, brought):
            raise GiveUp(_OTHER)
        return await _keep(context, work, services, path, brought)


async def _bring(
    context: JobContext, row: ConnectionRow, drive: Drive, remote_id: str, path: Path
) -> bool:
    """Write a file's bytes; False where that isn't allowed any more, which is noted."""
    try:
        with path.open("wb") as into:
            await drive.original(remote_id, into, bounds.MAX_BYTES)
    except Unreadable:
        async with context.database.write() as tx:
            await connecting.set_may_read(tx, row, may_read=False)
        return False
    except (Ended, NotAllowed) as fault:
        async with context.database.write() as tx:
            await connecting.fail(tx, row, str(fault))
        return False
    except (Misset, Withheld) as fault:
        raise GiveUp(str(fault)) from fault
    return True


def _measured(path: Path) -> _Brought:
    size_bytes, md5 = 0, hashlib.md5(usedforsecurity=False)
    sha256 = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            size_bytes += len(chunk)
            md5.update(chunk)
            sha256.update(chunk)
    return _Brought(size_bytes, md5.digest(), sha256.digest())


def _is_as_told(work: Work, brought: _Brought) -> bool:
    """What the list doesn't tell, it can't have got wrong."""
    return (
        brought.size_bytes > 0
        and work.size_bytes in {0, brought.size_bytes}
        and work.md5 in {None, brought.md5}
        and work.sha256 in {None, brought.sha256}
    )


async def _keep(
    context: JobContext, work: Work, services: PhotoServices, path: Path, brought: _Brought
) -> Work | None:
    original_id = uuid7()
    key = keys.original_key(work.owner_id, original_id)
    await services.storage.put_file(key, path, adopt=True)
    copied = msgspec.structs.replace(
        work, original_id=original_id, size_bytes=brought.size_bytes, sha256=brought.sha256
    )
    try:
        async with context.database.write() as tx:
            await accounts.charge(tx, work.owner_id, brought.size_bytes, services.quota_bytes)
            await _point(tx, copied, brought)
    except (GiveUp, OutOfSpace):
        await services.storage.delete_prefix(key)  # it is certain that no COMMIT points to it
        raise
    except _Late:
        await services.storage.delete_prefix(key)
        return None
    return copied


async def _point(tx: Write, work: Work, brought: _Brought) -> None:
    known = await making.same(tx, work.owner_id, [brought.sha256])
    if known.get(brought.sha256, work.id) != work.id:
        raise GiveUp(_TWIN)
    assert work.original_id is not None  # noqa: S101  # for the type checker: it was stored
    ids = (work.owner_id, work.id)
    if not await making.set_copied(tx, *ids, work.original_id, brought.sha256, brought.size_bytes):
        raise _Late
