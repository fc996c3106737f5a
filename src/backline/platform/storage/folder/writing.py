"""The one writer of a staged upload: chunks gather to a MiB and reach the disk in a thread."""

import hashlib
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

from backline.platform.errors import TooLarge
from backline.platform.host.disk import check_room
from backline.platform.storage.faces import Appended, BytesLost, Commit, Digest, Staged, Storage
from backline.platform.storage.folder import files
from backline.platform.storage.gate import Gate, Incoming
from backline.platform.storage.threads import in_thread

_WRITE_BYTES = 1 << 20
_COMMIT_BYTES = 16 << 20
_COMMIT_EVERY_S = 2.0


class FolderWriting:
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
            DiskFull: the disk is full or below the floor.
        """
        await self.cut(offset)
        stream = _Stream(self._descriptor, offset, limit_bytes, commit, digest)
        incoming = Incoming(self._gate, self._upload_id, chunks)
        async for chunk in incoming:
            stream.hold(chunk)
            if stream.has_much:
                await stream.flush()
            if stream.is_due:
                check_room(self._folder, 0, self._floor_bytes)
                await stream.commit()
        await stream.flush()
        await in_thread(os.fsync, self._descriptor)
        return Appended(stream.offset, incoming.fault)

    async def keep(self, key: str, size_bytes: int, *, into: Storage) -> Staged:
        """Give the whole file its final name: it is adopted, not copied.

        Raises:
            BytesLost: the file is shorter than `size_bytes`, or was discarded meanwhile.
            Conflict: the key is taken.
        """
        staged = await self.seal(size_bytes)
        try:
            await into.put_file(key, self._folder / self._upload_id.hex, adopt=True)
        except FileNotFoundError as fault:
            raise BytesLost(0) from fault
        return staged

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
