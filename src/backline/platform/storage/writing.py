"""The one writer of a staged upload: chunks gather to a MiB and reach the disk in a thread."""

import asyncio
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
from backline.platform.storage import files
from backline.platform.storage.threads import in_thread

_WRITE_BYTES = 1 << 20
_COMMIT_BYTES = 16 << 20
_COMMIT_EVERY_S = 2.0

Commit = Callable[[int], Awaitable[None]]


class BytesLost(BacklineError):
    """Staging has fewer bytes than were committed; `size_bytes` says how many."""

    status, kind, title = 409, "bytes-lost", "A part of the upload was lost"

    def __init__(self, size_bytes: int) -> None:
        super().__init__("The server lost a part of this upload. Ask for its offset and resume.")
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


class Gate:
    """Through which all streams of a process come in; a stream that waits there can be ended."""

    def __init__(self) -> None:
        self._waiting: dict[UUID, tuple[asyncio.Timeout, float]] = {}  # and since when
        self._closed = False

    def close(self) -> None:
        """End the streams that wait for bytes, and all others at their next chunk."""
        self._closed = True
        for waiting, _ in self._waiting.values():
            _end(waiting)

    def end_stalled(self, upload_id: UUID, stalled_s: float) -> bool:
        """End an upload's stream if nothing has come for so long; False if it is alive."""
        waiting, since_s = self._waiting.get(upload_id, (None, 0.0))
        if waiting is None or time.monotonic() - since_s < stalled_s:
            return False
        _end(waiting)
        return True

    async def next_chunk(self, upload_id: UUID, chunks: AsyncIterator[bytes]) -> bytes | None:
        """The stream's next bytes, or None at its end.

        Raises:
            Unavailable: the gate is closed, or the stream stalled and another one took its place.
        """
        if not self._closed:
            with suppress(TimeoutError):
                async with asyncio.timeout(None) as waiting:
                    self._waiting[upload_id] = (waiting, time.monotonic())
                    try:
                        return await anext(chunks, None)
                    finally:
                        del self._waiting[upload_id]
        if self._closed:
            raise Unavailable("The server is restarting. Please resume the upload in a moment.")
        raise Unavailable("This request stalled, and another one goes on with the upload.")


def _end(waiting: asyncio.Timeout) -> None:
    waiting.reschedule(asyncio.get_running_loop().time())


class Writing:
    """A staged upload that is locked for its one writer."""

    def __init__(
        self, descriptor: int, upload_id: UUID, folder: Path, floor_bytes: int, gate: Gate
    ) -> None:
        self._descriptor, self._upload_id = descriptor, upload_id
        self._folder, self._floor_bytes = folder, floor_bytes
        self._gate = gate

    async def append(
        self,
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
            BytesLost: the file ends before `offset`.
            TooLarge: more than `limit_bytes` came; they count from `offset`.
            OutOfSpace: the disk is full or below the floor.
        """
        await self.cut(offset)
        stream = _Stream(self._descriptor, offset, limit_bytes, commit, digest)
        fault: BacklineError | None = None
        while True:
            try:
                chunk = await self._gate.next_chunk(self._upload_id, chunks)
            except (ClientGone, Unavailable) as end:
                fault = end
                break
            if chunk is None:
                break
            stream.hold(chunk)
            if stream.has_much:
                await stream.flush()
            if stream.is_due:
                check_room(self._folder, 0, self._floor_bytes)
                await stream.commit()
        await stream.flush()
        await in_thread(os.fsync, self._descriptor)
        return Appended(stream.offset, fault)

    async def cut(self, offset: int) -> None:
        """Drop the bytes from `offset` on, and be positioned there.

        Raises:
            BytesLost: the file ends before `offset`.
        """
        await in_thread(self._cut, offset)

    async def seal(self, size_bytes: int) -> Staged:
        """The upload as a whole file, hashed in a thread.

        Raises:
            BytesLost: the file is shorter than `size_bytes`.
        """
        await self.cut(size_bytes)
        return Staged(self._upload_id, size_bytes, await in_thread(self._sha256))

    def _cut(self, offset: int) -> None:
        size_bytes = os.fstat(self._descriptor).st_size
        if size_bytes < offset:
            raise BytesLost(size_bytes)
        if size_bytes > offset:
            os.ftruncate(self._descriptor, offset)
        os.lseek(self._descriptor, offset, os.SEEK_SET)
        if offset == 0:
            files.sync_folder(self._folder)  # the name may be new

    def _sha256(self) -> str:
        os.fsync(self._descriptor)
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        with os.fdopen(self._descriptor, "rb", closefd=False) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


class _Stream:
    """The bytes of one append between the network and the disk."""

    def __init__(
        self,
        descriptor: int,
        offset: int,
        limit_bytes: int,
        commit: Commit | None,
        digest: Digest | None,
    ) -> None:
        self.offset = offset
        self._descriptor, self._digest, self._commit = descriptor, digest, commit
        self._committed, self._committed_s = offset, time.monotonic()
        self._end = offset + limit_bytes
        self._held: list[bytes] = []
        self._held_bytes = 0

    @property
    def has_much(self) -> bool:
        """Whether a write is worth its while."""
        return self._held_bytes >= _WRITE_BYTES

    @property
    def is_due(self) -> bool:
        """Whether a crash now would lose more than it should."""
        ahead = self.offset + self._held_bytes - self._committed
        waited_s = time.monotonic() - self._committed_s
        return ahead >= _COMMIT_BYTES or (ahead > 0 and waited_s >= _COMMIT_EVERY_S)

    def hold(self, chunk: bytes) -> None:
        """Take in a chunk.

        Raises:
            TooLarge: it goes past the limit.
        """
        self._held.append(chunk)
        self._held_bytes += len(chunk)
        if self.offset + self._held_bytes > self._end:
            raise TooLarge("More bytes came than were announced or are taken.")

    async def flush(self) -> None:
        """Hand to the system what is held."""
        if self._held:
            held, self._held, self._held_bytes = self._held, [], 0
            self.offset += await in_thread(self._write, held)

    async def commit(self) -> None:
        """Make durable what has come so far, and say so."""
        await self.flush()
        if self._commit is not None:
            await in_thread(os.fsync, self._descriptor)
            await self._commit(self.offset)
        self._committed, self._committed_s = self.offset, time.monotonic()

    def _write(self, held: list[bytes]) -> int:
        if self._digest is not None:
            for chunk in held:
                self._digest.update(chunk)
        return files.write_all(self._descriptor, held)
