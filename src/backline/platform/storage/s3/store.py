"""Where media files are kept for good in S3: one object a file, written once.

Small files arrive by one conditional PUT. Large ones need several requests, which nothing makes
conditional as a whole: whoever writes one first claims its name by a conditional PUT beside it.
"""

import asyncio
import os
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import obstore
import structlog

from backline.platform.errors import Conflict, Invalid, NotFound, Unavailable
from backline.platform.host.disk import check_room
from backline.platform.storage.cdn.purging import Forget
from backline.platform.storage.faces import CHUNK_BYTES, Stored
from backline.platform.storage.folder import files
from backline.platform.storage.keys import checked_key
from backline.platform.storage.presigned import Presign
from backline.platform.storage.s3 import multiparts
from backline.platform.storage.s3.calls import LONG_S, Client, OutOfRange, Taken, Unsupported
from backline.platform.storage.s3.listing import listed, page_of, remove_all
from backline.platform.storage.s3.reader import S3Reader, get_part
from backline.platform.storage.threads import in_thread

if TYPE_CHECKING:
    from obstore import ObjectMeta

_log = structlog.get_logger()
OBJECTS: Final = "objects"
_CLAIMS: Final = "aside"
PART_BYTES: Final = 8 << 20
_PARTS_AT_ONCE: Final = 2
_COPY_PIECE_BYTES: Final = 4 << 20
_SWEEP_AGE_S: Final = 24 * 3600.0
_CHECK_S: Final = 2.5
_TAKEN: Final = "Something is already kept under that name."


class S3Storage:
    """The files of an installation, in a bucket.

    Nothing of them stays on this machine but copies for decoders, in `folder`, and those only
    while they are used and while `floor_bytes` of the disk stay free.
    """

    def __init__(
        self,
        client: Client,
        presign: Presign,
        folder: Path,
        floor_bytes: int,
        *,
        forget: Forget | None = None,
    ) -> None:
        self._client, self._presign = client, presign
        self._copies, self._floor_bytes = folder / "copies", floor_bytes
        self._conditional = True
        self._forget = forget

    def prepare(self) -> None:
        """Make the folder for copies (blocking: call it before the loop runs)."""
        self._copies.mkdir(mode=0o750, parents=True, exist_ok=True)

    async def check(self) -> None:
        """Whether the bucket answers.

        Raises:
            Unavailable: it doesn't, or refuses us.
        """
        await self._client.probe(lambda: page_of(self._client, _CLAIMS, size=1), limit_s=_CHECK_S)

    async def put_file(self, key: str, source: Path, *, adopt: bool = False) -> Stored:
        """Keep a copy of a file; its old name is the caller's to remove in any case.

        Raises:
            Conflict: the key is taken.
            Unavailable: S3 doesn't answer; nothing stays.
        """
        del adopt
        path = _path(key)
        size_bytes = (await in_thread(source.stat)).st_size
        if size_bytes <= PART_BYTES:
            data = await in_thread(source.read_bytes)
            await self._put_small(path, data)
            return Stored(key, len(data), datetime.now(UTC))
        async with self._claimed(path):
            await self._put_large(path, source)
        return await self._known(key)

    async def put_stream(self, key: str, chunks: AsyncIterator[bytes]) -> Stored:
        """Keep what a stream gives. If the stream fails, nothing stays.

        Raises:
            Conflict: the key is taken.
            Unavailable: S3 doesn't answer; nothing stays.
        """
        path = _path(key)
        held: list[bytes] = []
        held_bytes = 0
        async for chunk in chunks:
            held.append(chunk)
            held_bytes += len(chunk)
            if held_bytes > PART_BYTES:
                break
        else:
            await self._put_small(path, b"".join(held))
            return Stored(key, held_bytes, datetime.now(UTC))

        async def all_of_it() -> AsyncGenerator[bytes]:
            held.reverse()
            while held:
                yield held.pop()
            async for chunk in chunks:
                yield chunk

        async with self._claimed(path):
            await self._put_large(path, all_of_it())
        return await self._known(key)

    async def _put_small(self, path: str, data: bytes) -> None:
        tries: list[None] = []

        async def put() -> object:
            tries.append(None)
            return await obstore.put_async(
                self._client.store, path, data, mode="create", use_multipart=False
            )

        if self._conditional:
            try:
                await self._client.call("put", put, limit_s=LONG_S)
            except Taken:
                # An earlier try may have come through, and only its answer was lost.
                if len(tries) == 1 or not await self._holds(path, data):
                    raise Conflict(_TAKEN) from None
            except Unsupported:
                self._conditional = False
                _log.warning("storage_has_no_conditional_put", otherwise="it is asked before")
        if self._conditional:
            return
        if await self._head(path) is not None:
            raise Conflict(_TAKEN)
        await self._client.call(
            "put",
            lambda: obstore.put_async(self._client.store, path, data, use_multipart=False),
            limit_s=LONG_S,
        )

    async def _holds(self, path: str, data: bytes) -> bool:
        """Whether exactly this lies there."""
        found = await self._head(path)
        if found is None or found["size"] != len(data):
            return False
        _, there = await self._client.call(
            "read", lambda: get_part(self._client, path, 0, max(len(data), 1)), limit_s=LONG_S
        )
        return there == data

    async def _put_large(self, path: str, source: Path | AsyncIterator[bytes]) -> None:
        await self._client.stream(
            "put",
            lambda: obstore.put_async(
                self._client.streams,
                path,
                source,
                use_multipart=True,
                chunk_size=PART_BYTES,
                max_concurrency=_PARTS_AT_ONCE,
            ),
        )

    @asynccontextmanager
    async def _claimed(self, path: str) -> AsyncGenerator[None]:
        """Be the only one who writes to a name that isn't taken.

        The claim goes after the file is there, so the next one finds either of the two. What a
        crash left is the sweep's; keys are never used twice, so nobody misses this one.
        """
        claim = f"{_CLAIMS}/{path}"
        await self._put_small(claim, uuid.uuid4().bytes)
        try:
            if await self._head(path) is not None:
                raise Conflict(_TAKEN)
            yield
        finally:
            with suppress(Unavailable):  # then it is the sweep's
                await asyncio.shield(remove_all(self._client, [claim]))

    async def head(self, key: str) -> Stored | None:
        """Size and time of a file, or None."""
        found = await self._head(_path(key))
        return None if found is None else Stored(key, found["size"], found["last_modified"])

    async def _head(self, path: str) -> "ObjectMeta | None":
        try:
            return await self._client.call(
                "head", lambda: obstore.head_async(self._client.store, path)
            )
        except NotFound:
            return None

    async def open(self, key: str, start: int = 0, end: int | None = None) -> S3Reader:
        """A file, open for reading any part of it; up to `end` it is fetched ahead.

        Raises:
            NotFound: nothing is kept under that key.
            Unavailable: S3 doesn't answer.
        """
        if end is not None and end > start:
            try:
                return await S3Reader.open(self._client, _path(key), start, end)
            except OutOfRange:
                pass  # it is empty, or shorter than the caller thinks
        stored = await self._known(key)
        return S3Reader(self._client, _path(key), stored.size_bytes)

    async def open_range(self, key: str, start: int, end: int) -> AsyncGenerator[bytes]:
        """The bytes from `start` up to but without `end`, in pieces of at most 256 KiB.

        Raises:
            NotFound: nothing is kept under that key.
            Unavailable: S3 doesn't answer.
        """
        async with await self.open(key, start, end) as reader:
            while start < end:
                piece = await reader.read(start, min(CHUNK_BYTES, end - start))
                if not piece:
                    return
                start += len(piece)
                yield piece

    async def list(self, prefix: str) -> AsyncGenerator[Stored]:
        """All files beneath `prefix`, by key."""
        async for found in listed(self._client, _path(prefix)):
            key = found["path"].removeprefix(f"{OBJECTS}/")
            yield Stored(key, found["size"], found["last_modified"])

    async def delete_prefix(self, prefix: str) -> None:
        """Remove a file, or everything beneath a prefix of at least two segments.

        Every byte goes (in a bucket with versions, as its rules say); what isn't there is no
        fault.
        """
        if "/" not in prefix:
            raise Invalid("A whole kind of files isn't removed at once.")
        if self._forget is not None:
            await self._forget(prefix)
        paths = [_path(prefix)]
        async for found in listed(self._client, _path(prefix)):
            paths.append(found["path"])
            if len(paths) >= 1000:  # noqa: PLR2004  # what one request may name
                await remove_all(self._client, paths)
                paths.clear()
        await remove_all(self._client, paths)

    @asynccontextmanager
    async def local_copy(self, key: str) -> AsyncGenerator[Path]:
        """A copy on this machine, for programs such as a decoder; it goes with the `with`.

        Raises:
            NotFound: nothing is kept under that key.
            DiskFull: it would leave less of the disk free than the floor.
            Unavailable: S3 doesn't answer.
        """
        stored = await self._known(key)
        check_room(self._copies, stored.size_bytes, self._floor_bytes)
        copy = files.new_aside(self._copies)
        try:
            await self._fetch(stored, copy)
            yield copy
        finally:
            await in_thread(copy.unlink, missing_ok=True)

    async def _fetch(self, stored: Stored, copy: Path) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        descriptor = await in_thread(os.open, copy, flags, 0o640)
        reader = S3Reader(
            self._client,
            _path(stored.key),
            stored.size_bytes,
            end=stored.size_bytes,
            piece_bytes=_COPY_PIECE_BYTES,
        )
        try:
            at = 0
            while at < stored.size_bytes:
                piece = await reader.read(at, _COPY_PIECE_BYTES)
                at += await in_thread(files.write_all, descriptor, [piece])
        finally:
            reader.close()
            os.close(descriptor)

    async def sweep_aside(self, older_than_s: float = _SWEEP_AGE_S) -> int:
        """Remove old claims, uploads in parts that nobody finishes, and copies left here."""
        before = datetime.now(UTC) - timedelta(seconds=older_than_s)
        claims = [
            found["path"]
            async for found in listed(self._client, _CLAIMS)
            if found["last_modified"] < before
        ]
        await remove_all(self._client, claims)
        parts = await in_thread(multiparts.abort_old, self._presign, before)
        copies = await in_thread(files.sweep, self._copies, time.time() - older_than_s)
        return len(claims) + parts + copies

    async def _known(self, key: str) -> Stored:
        stored = await self.head(key)
        if stored is None:
            raise NotFound("That file isn't kept here (any more).")
        return stored


def _path(key: str) -> str:
    return f"{OBJECTS}/{checked_key(key)}"
