"""Where uploads gather until they are whole: files that grow, each with one writer at a time.

The committed offset of an upload is the database's; staging only promises that the bytes before
it are on the disk.
"""

import asyncio
import errno
import fcntl
import hashlib
import os
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import UUID

from backline.platform.errors import BacklineError
from backline.platform.host.disk import check_room
from backline.platform.ids import uuid7
from backline.platform.storage.faces import Locked, Staged, Storage
from backline.platform.storage.folder import files
from backline.platform.storage.folder.writing import FolderWriting
from backline.platform.storage.gate import Gate
from backline.platform.storage.threads import in_thread

_SWEEP_AGE_S = 24 * 3600.0
# A connection that broke unnoticed holds its lock: whoever resumes gets it after this long.
_STALLED_S = 3.0
_YIELD_S = 10.0


class FolderStaging:
    """The uploads of one process that are under way.

    `folder` lies on the storage's file system, so that a whole file can be adopted by it.
    Below `floor_bytes` of free disk nothing is taken in.
    """

    def __init__(self, folder: Path, floor_bytes: int, *, stalled_s: float = _STALLED_S) -> None:
        self.folder = folder
        self.floor_bytes = floor_bytes
        self._stalled_s = stalled_s
        self._gate = Gate()

    def prepare(self) -> None:
        """Make the folder (blocking: call it before the loop runs)."""
        self.folder.mkdir(mode=0o750, parents=True, exist_ok=True)

    def close(self) -> None:
        """End all streams that are under way, keeping what has come; new ones are refused."""
        self._gate.close()

    def check_room(self, need_bytes: int) -> None:
        """Refuse what would leave less than the floor free.

        Raises:
            DiskFull: there isn't room for it.
        """
        check_room(self.folder, need_bytes, self.floor_bytes)

    def path(self, upload_id: UUID) -> Path:
        """Where an upload's bytes lie."""
        return self.folder / upload_id.hex

    @asynccontextmanager
    async def writing(self, upload_id: UUID) -> AsyncGenerator[FolderWriting]:
        """Be the only writer of an upload for a while; its file is made if there is none.

        Read the committed offset inside of this, and commit the new one inside too: between the
        two nobody else can move it. A process that is killed lets go at once; a stream of this
        process to which nothing has come for 3 s is ended in favour of the new one.

        Raises:
            Locked: someone else is writing to it.
        """
        descriptor = await self._locked(upload_id)
        try:
            yield FolderWriting(descriptor, upload_id, self.folder, self.floor_bytes, self._gate)
        finally:
            os.close(descriptor)  # and with it the lock

    async def stage(self, chunks: AsyncIterator[bytes], *, limit_bytes: int) -> Staged:
        """Take in a whole file in one go, hashing it on the way; if that fails, nothing stays.

        Raises:
            TooLarge: more than `limit_bytes` came.
            DiskFull: the disk is full or below the floor.
            ClientGone: the stream broke off.
            Unavailable: the server is stopping.
        """
        upload_id, sha256 = uuid7(), hashlib.sha256()
        fault: BacklineError | None = None
        try:
            async with self.writing(upload_id) as writing:
                done = await writing.append(0, chunks, limit_bytes=limit_bytes, digest=sha256)
                fault = done.fault
        except BaseException:
            await self.discard(upload_id)
            raise
        if fault is not None:
            await self.discard(upload_id)
            raise fault
        return Staged(upload_id, done.offset, sha256.hexdigest())

    async def keep(self, staged: Staged, key: str, *, into: Storage) -> None:
        """Have the storage adopt a whole staged file.

        Raises:
            Conflict: the key is taken.
        """
        await into.put_file(key, self.path(staged.id), adopt=True)

    async def discard(self, upload_id: UUID) -> None:
        """Remove an upload's bytes; none is no fault."""
        await in_thread(self.path(upload_id).unlink, missing_ok=True)

    async def idle_ids(self, older_than_s: float = _SWEEP_AGE_S) -> list[UUID]:
        """Uploads whose bytes lie here and haven't changed for a while, for the sweep."""
        return await in_thread(self._idle_ids, time.time() - older_than_s)

    async def _locked(self, upload_id: UUID) -> int:
        try:
            return await in_thread(self._open, upload_id)
        except Locked:
            if not self._gate.end_stalled(upload_id, self._stalled_s):
                raise
        deadline_s = time.monotonic() + _YIELD_S
        while True:  # the ended one still commits what it has
            await asyncio.sleep(0.02)
            try:
                return await in_thread(self._open, upload_id)
            except Locked:
                if time.monotonic() > deadline_s:
                    raise

    def _open(self, upload_id: UUID) -> int:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            descriptor = os.open(self.path(upload_id), flags, 0o640)
        except OSError as fault:
            files.raise_if_full(fault)
            raise
        try:
            _lock(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _idle_ids(self, before_s: float) -> list[UUID]:
        found: list[UUID] = []
        for entry in os.scandir(self.folder):
            with suppress(ValueError, FileNotFoundError):
                if entry.stat(follow_symlinks=False).st_mtime < before_s:
                    found.append(UUID(hex=entry.name))
        return found


def _lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        if fault.errno in (errno.EAGAIN, errno.EACCES):
            raise Locked("Another request is writing to this upload. Try again soon.") from fault
        raise
