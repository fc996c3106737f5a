"""What both kinds of storage, the folder and S3, promise; nothing else names them together.

Keys are immutable: each is given one file once. A file is visible whole and durable, or not at
all. Who may read is the domains' business.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol, Self, runtime_checkable
from uuid import UUID

import msgspec

from backline.platform.errors import BacklineError
from backline.platform.storage.presigned import Presign

CHUNK_BYTES = 256 * 1024
Commit = Callable[[int], Awaitable[None]]


class Stored(msgspec.Struct, frozen=True):
    """A file that is kept: its key, size and the time at which it was written."""

    key: str
    size_bytes: int
    modified_at: datetime


class Staged(msgspec.Struct, frozen=True):
    """A whole staged file, its SHA-256 in hexadecimal."""

    id: UUID
    size_bytes: int
    sha256: str


class Appended(msgspec.Struct, frozen=True):
    """What an append came to: bytes before `offset` are durable.

    `fault` is why the stream ended early, if it did: the client has gone, or the server stops.
    """

    offset: int
    fault: BacklineError | None = None


class BytesLost(BacklineError):
    """Staging has fewer bytes than were committed; `size_bytes` says how many."""

    status, kind, title = 409, "bytes-lost", "A part of the upload was lost"

    def __init__(self, size_bytes: int) -> None:
        super().__init__("The server lost a part of this upload. Ask for its offset and resume.")
        self.size_bytes = size_bytes


class Locked(BacklineError):
    """Someone else writes to it at this moment."""

    status, kind, title = 423, "locked", "In use by another request"


class Digest(Protocol):
    """What `hashlib` makes."""

    def update(self, data: bytes, /) -> None:
        """Take in bytes."""
        ...

    def hexdigest(self) -> str:
        """The hash of what came so far."""
        ...


class Reader(Protocol):
    """A file that is open for reading; end it with `close` or `async with`."""

    size_bytes: int

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *_: object) -> None: ...

    async def read(self, offset: int, size_bytes: int) -> bytes:
        """Up to `size_bytes` from `offset`, perhaps fewer; nothing past the end.

        Raises:
            Unavailable: the storage doesn't answer.
        """
        ...

    def close(self) -> None:
        """Give the file back; again is allowed."""
        ...


@runtime_checkable
class Storage(Protocol):
    """The files of an installation. Whatever asks may raise `Unavailable`."""

    def prepare(self) -> None:
        """Make ready what lies on this machine (blocking: call it before the loop runs)."""
        ...

    async def check(self) -> None:
        """Raise whatever says why files can't be kept just now."""
        ...

    async def put_file(self, key: str, source: Path, *, adopt: bool = False) -> Stored:
        """Keep a copy of a file; with `adopt` perhaps the file itself, which nobody may write.

        The old name is the caller's to remove. An adopted file must lie on the storage's disk.

        Raises:
            Conflict: the key is taken.
            DiskFull: the disk is full.
        """
        ...

    async def put_stream(self, key: str, chunks: AsyncIterator[bytes]) -> Stored:
        """Keep what a stream gives. If the stream fails, nothing stays.

        Raises:
            Conflict: the key is taken.
            DiskFull: the disk is full.
        """
        ...

    async def head(self, key: str) -> Stored | None:
        """Size and time of a file, or None."""
        ...

    async def open(self, key: str, start: int = 0, end: int | None = None) -> Reader:
        """A file, open for reading any part of it.

        Where `end` is given, the bytes from `start` up to it are fetched ahead, and the first of
        them are there.

        Raises:
            NotFound: nothing is kept under that key.
        """
        ...

    def open_range(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to but without `end`, in pieces of at most 256 KiB.

        Raises:
            NotFound: nothing is kept under that key.
        """
        ...

    def list(self, prefix: str) -> AsyncIterator[Stored]:
        """All files beneath `prefix`, in an order that stays."""
        ...

    async def delete_prefix(self, prefix: str) -> None:
        """Remove a file, or everything beneath a prefix of at least two segments.

        Every byte goes; what isn't there is no fault.
        """
        ...

    def local_copy(self, key: str) -> AbstractAsyncContextManager[Path]:
        """A path under which programs such as a decoder can read the file, for a while.

        It must only be read: it may be the file itself.

        Raises:
            NotFound: nothing is kept under that key.
            DiskFull: a copy doesn't fit on this machine's disk.
        """
        ...

    async def sweep_aside(self, older_than_s: float = ...) -> int:
        """Remove what crashes left half-written or half-removed; how much that was."""
        ...


class Writing(Protocol):
    """A staged upload that is locked for its one writer."""

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

        `commit(offset)` is called as bytes become durable, so that a crash loses little; the last
        offset is returned, for the caller to commit. A client that goes away ends the stream like
        any other end. `digest` takes in the bytes on their way.

        Raises:
            BytesLost: there are fewer bytes than `offset`.
            TooLarge: more than `limit_bytes` came; they count from `offset`.
            DiskFull: the disk is full or below the floor.
            Unavailable: the storage doesn't answer; what was committed stays so.
        """
        ...

    async def keep(self, key: str, size_bytes: int, *, into: Storage) -> Staged:
        """Give the whole file its final name, and tell its hash. The staged bytes stay.

        Raises:
            BytesLost: there are fewer bytes than `size_bytes`.
            Conflict: the key is taken.
        """
        ...


@runtime_checkable
class Staging(Protocol):
    """The uploads that are under way: each grows, and has one writer at a time.

    The committed offset of an upload is the database's; staging only promises that the bytes
    before it are durable.
    """

    def prepare(self) -> None:
        """Make ready what lies on this machine (blocking: call it before the loop runs)."""
        ...

    def close(self) -> None:
        """End all streams that are under way, keeping what has come; new ones are refused."""
        ...

    def check_room(self, need_bytes: int) -> None:
        """Refuse what doesn't fit.

        Raises:
            DiskFull: it would leave less free than the floor.
        """
        ...

    def writing(self, upload_id: UUID) -> AbstractAsyncContextManager[Writing]:
        """Be the only writer of an upload for a while, among all processes.

        Read the committed offset inside of this, and commit the new one inside too: between the
        two nobody else can move it.

        Raises:
            Locked: someone else is writing to it.
        """
        ...

    async def stage(self, chunks: AsyncIterator[bytes], *, limit_bytes: int) -> Staged:
        """Take in a whole file in one go, hashing it on the way; if that fails, nothing stays.

        Raises:
            TooLarge: more than `limit_bytes` came.
            DiskFull: the disk is full or below the floor.
            ClientGone: the stream broke off.
            Unavailable: the server is stopping, or the storage doesn't answer.
        """
        ...

    async def keep(self, staged: Staged, key: str, *, into: Storage) -> None:
        """Give a whole staged file its final name. The staged bytes stay until `discard`.

        Raises:
            Conflict: the key is taken.
        """
        ...

    async def discard(self, upload_id: UUID) -> None:
        """Remove an upload's bytes; none is no fault."""
        ...

    async def idle_ids(self, older_than_s: float = ...) -> list[UUID]:
        """Uploads whose bytes lie here and haven't changed for a while, for the sweep."""
        ...


class Stores(msgspec.Struct, frozen=True):
    """What is kept, what is on its way in, and where else browsers may find it."""

    storage: Storage
    staging: Staging
    presign: Presign | None = None
