"""Where media files are kept for good: immutable files under keys, in a folder.

What is still on its way in is `staging`'s business; who may read is the domains'.
"""

import os
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from backline.platform.errors import Invalid, NotFound
from backline.platform.host.disk import check_room
from backline.platform.storage.cdn.purging import Forget
from backline.platform.storage.faces import CHUNK_BYTES, Stored
from backline.platform.storage.folder import files
from backline.platform.storage.folder.reader import FileReader
from backline.platform.storage.keys import checked_key
from backline.platform.storage.threads import in_thread

_LIST_BATCH = 1000
_CHECK_BYTES = 16 << 20
_SWEEP_AGE_S = 24 * 3600.0


class FolderStorage:
    """The files of an installation, in a folder.

    A key (`tracks/<owner>/<track>/<generation>/original`) is given one file once: nothing is
    ever overwritten. A file is visible whole and durable, or not at all. What would leave less
    than `floor_bytes` of the disk free isn't taken.
    """

    def __init__(self, folder: Path, floor_bytes: int = 0, *, forget: Forget | None = None) -> None:
        self.folder = folder
        self.floor_bytes = floor_bytes
        self._forget = forget
        self._objects = folder / "objects"
        self._aside = folder / "aside"

    def prepare(self) -> None:
        """Make the folders (blocking: call it before the loop runs)."""
        for folder in (self._objects, self._aside):
            folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        files.sync_folder(self.folder)

    async def check(self) -> None:
        """Whether files can be kept just now.

        Raises:
            OSError: the folder is gone or can't be written.
        """
        await in_thread(os.utime, self._aside)

    async def put_file(self, key: str, source: Path, *, adopt: bool = False) -> Stored:
        """Keep a copy of a file; with `adopt` the file itself, which nobody may write any more.

        An adopted file must lie on the storage's file system, costs no copying, and its old name
        is the caller's to remove.

        Raises:
            Conflict: the key is taken.
            DiskFull: the disk is full or below the floor.
        """
        target = self._path(key)
        if not adopt:
            size_bytes = (await in_thread(source.stat)).st_size
            check_room(self.folder, size_bytes, self.floor_bytes)
        await in_thread(self._put_file, target, source, adopt=adopt)
        return await self._known(key)

    async def put_stream(self, key: str, chunks: AsyncIterator[bytes]) -> Stored:
        """Keep what a stream gives. If the stream fails, nothing stays.

        Raises:
            Conflict: the key is taken.
            DiskFull: the disk is full or below the floor.
        """
        check_room(self.folder, 0, self.floor_bytes)
        target, aside = self._path(key), files.new_aside(self._aside)
        descriptor = await in_thread(
            os.open, aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640
        )
        try:
            try:
                unchecked = 0
                async for chunk in chunks:
                    await in_thread(files.write_all, descriptor, [chunk])
                    unchecked += len(chunk)
                    if unchecked >= _CHECK_BYTES:
                        check_room(self.folder, 0, self.floor_bytes)
                        unchecked = 0
                await in_thread(os.fsync, descriptor)
            finally:
                os.close(descriptor)
            await in_thread(files.reveal, aside, target, self._objects)
        finally:
            await in_thread(aside.unlink, missing_ok=True)
        return await self._known(key)

    async def head(self, key: str) -> Stored | None:
        """Size and time of a file, or None."""
        path = self._path(key)
        try:
            found = await in_thread(path.stat, follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            return None
        return _stored(key, found)

    async def open(self, key: str, start: int = 0, end: int | None = None) -> FileReader:
        """A file, open for reading any part of it; nothing has to be fetched ahead.

        Raises:
            NotFound: nothing is kept under that key.
        """
        del start, end
        try:
            return await FileReader.open(self._path(key))
        except (FileNotFoundError, NotADirectoryError) as fault:
            raise NotFound("That file isn't kept here (any more).") from fault

    async def open_range(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to but without `end`, in pieces of at most 256 KiB.

        Raises:
            NotFound: nothing is kept under that key.
        """
        async with await self.open(key) as reader:
            while start < end:
                piece = await reader.read(start, min(CHUNK_BYTES, end - start))
                if not piece:
                    return
                start += len(piece)
                yield piece

    async def list(self, prefix: str) -> AsyncIterator[Stored]:
        """All files beneath `prefix`, folder by folder, each by name."""
        walking = files.walk(self._path(prefix))
        while batch := await in_thread(tuple, islice(walking, _LIST_BATCH)):
            for stored in await in_thread(tuple, map(self._entry, batch)):
                if stored is not None:
                    yield stored

    async def delete_prefix(self, prefix: str) -> None:
        """Remove a file, or everything beneath a prefix of at least two segments.

        Every byte goes, empty folders too; what isn't there is no fault.
        """
        if "/" not in prefix:
            raise Invalid("A whole kind of files isn't removed at once.")
        target = self._path(prefix)
        if self._forget is not None:
            await self._forget(prefix)
        await in_thread(files.remove, target, self._objects, files.new_aside(self._aside))

    @asynccontextmanager
    async def local_copy(self, key: str) -> AsyncGenerator[Path]:
        """A path under which programs such as a decoder can read the file, for a while.

        Here it is the file itself: it must only be read.

        Raises:
            NotFound: nothing is kept under that key.
        """
        await self._known(key)
        yield self._path(key)

    async def sweep_aside(self, older_than_s: float = _SWEEP_AGE_S) -> int:
        """Remove what crashes left half-written or half-removed; how much that was."""
        return await in_thread(files.sweep, self._aside, time.time() - older_than_s)

    def _put_file(self, target: Path, source: Path, *, adopt: bool) -> None:
        if adopt:
            files.sync_file(source)
            files.reveal(source, target, self._objects)
            return
        aside = files.new_aside(self._aside)
        files.copy_aside(source, aside)
        try:
            files.reveal(aside, target, self._objects)
        finally:
            aside.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._objects / checked_key(key)

    def _entry(self, entry: os.DirEntry[str]) -> Stored | None:
        try:
            found = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            return None
        return _stored(str(Path(entry.path).relative_to(self._objects)), found)

    async def _known(self, key: str) -> Stored:
        stored = await self.head(key)
        if stored is None:
            raise NotFound("That file isn't kept here (any more).")
        return stored


def _stored(key: str, found: os.stat_result) -> Stored:
    return Stored(key, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))
