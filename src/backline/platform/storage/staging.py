"""Where uploads gather until they are whole: files that grow, each with one writer at a time.

The committed offset of an upload is the database's; staging only promises that the bytes before
it are on the disk. What lies behind it is cut off when the upload goes on.
"""

import asyncio
import errno
import fcntl
import hashlib
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from uuid import UUID

import msgspec

from backline.platform.disk import check_room
from backline.platform.errors import BacklineError, TooLarge, Unavailable
from backline.platform.http.bodies import ClientGone
from backline.platform.ids import uuid7
from backline.platform.storage import files
from backline.platform.storage.threads import in_thread

WRITE_BYTES = 1 << 20
_COMMIT_BYTES = 16 << 20
_COMMIT_EVERY_S = 2.0

Commit = Callable[[int], Awaitable[None]]


class Locked(BacklineError):
    """Someone else writes to it at this moment."""

    status, kind, title = 423, "locked", "In use by another request"


class BytesLost(BacklineError):
    """Staging has fewer bytes than were committed; `size_bytes` says how many."""

    status, kind, title = 409, "bytes-lost", "A part of the upload was lost"

    def __init__(self, size_bytes: int) -> None:
        super().__init__("The server lost a part of this upload. Please resume: ask for the offset")
        self.size_bytes = size_bytes


class Digest(Protocol):
    """What `hashlib` makes."""

    def update(self, data: bytes, /) -> None:
        """Take in bytes."""
        ...


class Appended(msgspec.Struct, frozen=True):
    """What an append came to: bytes before `offset` are durable.

    `fault` is why the stream ended early, if it did: the client has gone, or the server stops.
    """

    offset: int
    fault: BacklineError | None = None


class Staged(msgspec.Struct, frozen=True):
    """A whole staged file, its SHA-256 in hexadecimal."""

    id: UUID
    size_bytes: int
    sha256: str


class Staging:
    """The uploads of one process that are under way.

    `folder` lies on the storage's file system, so that a whole file can be adopted by it.
    Below `floor_bytes` of free disk nothing is taken in.
    """

    def __init__(self, folder: Path, floor_bytes: int) -> None:
        self.folder = folder
        self.floor_bytes = floor_bytes
        self._waiting: set[asyncio.Timeout] = set()
        self._closing = False

    def prepare(self) -> None:
        """Make the folder (blocking: call it before the loop runs)."""
        self.folder.mkdir(mode=0o750, parents=True, exist_ok=True)

    def close(self) -> None:
        """End all streams that are under way, keeping what has come; new ones are refused."""
        self._closing = True
        for waiting in self._waiting:
            waiting.reschedule(asyncio.get_running_loop().time())

    def path(self, upload_id: UUID) -> Path:
        """Where an upload's bytes lie."""
        return self.folder / upload_id.hex

    async def append(
        self,
        upload_id: UUID,
        offset: int,
        chunks: AsyncIterator[bytes],
        *,
        limit_bytes: int,
        commit: Commit | None = None,
        digest: Digest | None = None,
    ) -> Appended:
        """Write what the stream gives from `offset` on; what was there before is cut off.

        `commit(offset)` is called as bytes become durable, every 16 MiB or 2 s, so that a crash
        loses little; the last offset is returned, for the caller to commit. A client that goes
        away ends the stream like any other end. `digest` takes in the bytes on their way.

        Raises:
            Locked: another request is writing to this upload.
            BytesLost: the file ends before `offset`.
            TooLarge: more than `limit_bytes` came; they count from `offset`.
            OutOfSpace: the disk is full or below the floor.
        """
        descriptor = await in_thread(self._open, upload_id, offset)
        try:
            writer = _Writer(
                self, descriptor, offset, limit_bytes=limit_bytes, commit=commit, digest=digest
            )
            fault = await writer.take_all(chunks)
            await in_thread(os.fsync, descriptor)
            return Appended(writer.offset, fault)
        finally:
            os.close(descriptor)  # and with it the lock

    async def stage(self, chunks: AsyncIterator[bytes], *, limit_bytes: int) -> Staged:
        """Take in a whole file in one go, hashing it on the way; if that fails, nothing stays.

        Raises:
            TooLarge: more than `limit_bytes` came.
            OutOfSpace: the disk is full or below the floor.
            ClientGone: the stream broke off.
            Unavailable: the server is stopping.
        """
        upload_id = uuid7()
        sha256 = hashlib.sha256()
        try:
            done = await self.append(upload_id, 0, chunks, limit_bytes=limit_bytes, digest=sha256)
        except BaseException:
            await self.discard(upload_id)
            raise
        if done.fault is not None:
            await self.discard(upload_id)
            raise done.fault
        return Staged(upload_id, done.offset, sha256.hexdigest())

    async def seal(self, upload_id: UUID, size_bytes: int) -> Staged:
        """A resumable upload that is whole, hashed in a thread.

        Raises:
            Locked: another request is still writing to it.
            BytesLost: the file isn't `size_bytes` long.
        """
        return await in_thread(self._seal, upload_id, size_bytes)

    async def cut(self, upload_id: UUID, offset: int) -> None:
        """Drop the bytes from `offset` on: their checksum didn't match."""
        descriptor = await in_thread(self._open, upload_id, offset)
        os.close(descriptor)

    async def discard(self, upload_id: UUID) -> None:
        """Remove an upload's bytes; none is no fault."""
        await in_thread(self._discard, upload_id)

    async def staged_ids(self) -> list[UUID]:
        """All uploads that have bytes here, for the sweep of those that nothing points to."""
        return await in_thread(self._staged_ids)

    async def next_chunk(self, chunks: AsyncIterator[bytes]) -> bytes | None:
        """The stream's next bytes, or None at its end.

        Raises:
            Unavailable: the server is stopping.
        """
        if not self._closing:
            with suppress(TimeoutError):
                async with asyncio.timeout(None) as waiting:
                    self._waiting.add(waiting)
                    try:
                        return await anext(chunks, None)
                    finally:
                        self._waiting.discard(waiting)
        raise Unavailable("The server is restarting. Please resume the upload in a moment.")

    def _open(self, upload_id: UUID, offset: int) -> int:
        """The upload's file, locked, cut off at `offset` and positioned there."""
        path = self.path(upload_id)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            descriptor = os.open(path, flags, 0o640)
        except OSError as fault:
            files.raise_if_full(fault)
            raise
        try:
            _lock(descriptor)
            _cut(descriptor, offset)
            if offset == 0:
                files.sync_folder(self.folder)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _seal(self, upload_id: UUID, size_bytes: int) -> Staged:
        descriptor = self._open(upload_id, size_bytes)
        with os.fdopen(descriptor, "rb") as file:
            os.fsync(descriptor)
            file.seek(0)
            sha256 = hashlib.file_digest(file, "sha256")
        return Staged(upload_id, size_bytes, sha256.hexdigest())

    def _discard(self, upload_id: UUID) -> None:
        self.path(upload_id).unlink(missing_ok=True)

    def _staged_ids(self) -> list[UUID]:
        found: list[UUID] = []
        for entry in os.scandir(self.folder):
            with suppress(ValueError):
                found.append(UUID(hex=entry.name))
        return found


class _Writer:
    """One append: chunks gather to a MiB, go to the disk in a thread, and become durable."""

    def __init__(
        self,
        staging: Staging,
        descriptor: int,
        offset: int,
        *,
        limit_bytes: int,
        commit: Commit | None,
        digest: Digest | None,
    ) -> None:
        self.offset = offset
        self._staging, self._descriptor, self._digest = staging, descriptor, digest
        self._commit, self._committed = commit, offset
        self._committed_s = time.monotonic()
        self._end = offset + limit_bytes
        self._held: list[bytes] = []
        self._held_bytes = 0

    async def take_all(self, chunks: AsyncIterator[bytes]) -> BacklineError | None:
        """Write the stream to its end; the fault with which it broke off, if it did."""
        fault: BacklineError | None = None
        while True:
            try:
                chunk = await self._staging.next_chunk(chunks)
            except (ClientGone, Unavailable) as end:
                fault = end
                break
            if chunk is None:
                break
            await self._take(chunk)
        await self._flush()
        return fault

    async def _take(self, chunk: bytes) -> None:
        self._held.append(chunk)
        self._held_bytes += len(chunk)
        if self.offset + self._held_bytes > self._end:
            raise TooLarge("More bytes came than were announced or are taken.")
        if self._held_bytes >= WRITE_BYTES:
            await self._flush()
        waited_s = time.monotonic() - self._committed_s
        ahead = self.offset - self._committed
        if ahead >= _COMMIT_BYTES or (waited_s >= _COMMIT_EVERY_S and (ahead or self._held)):
            await self._make_durable()

    async def _flush(self) -> None:
        if self._held:
            held, self._held, self._held_bytes = self._held, [], 0
            self.offset += await in_thread(self._write, held)

    async def _make_durable(self) -> None:
        await self._flush()
        check_room(self._staging.folder, 0, self._staging.floor_bytes)
        if self._commit is not None:
            await in_thread(os.fsync, self._descriptor)
            await self._commit(self.offset)
        self._committed, self._committed_s = self.offset, time.monotonic()

    def _write(self, held: list[bytes]) -> int:
        for chunk in held if self._digest is not None else ():
            self._digest.update(chunk)  # pyright: ignore[reportOptionalMemberAccess]
        return files.write_all(self._descriptor, held)


def _lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        if fault.errno in (errno.EAGAIN, errno.EACCES):
            raise Locked("Another request is writing to this upload. Try again soon.") from fault
        raise


def _cut(descriptor: int, offset: int) -> None:
    size_bytes = os.fstat(descriptor).st_size
    if size_bytes < offset:
        raise BytesLost(size_bytes)
    if size_bytes > offset:
        os.ftruncate(descriptor, offset)
    os.lseek(descriptor, offset, os.SEEK_SET)
