"""An open stored file, read piece by piece without stalling the event loop."""

import errno
import os
from pathlib import Path
from typing import Self

from backline.platform.storage.threads import in_thread

_NOT_NOW = {errno.EAGAIN, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}
_NO_WAIT: int | None = getattr(os, "RWF_NOWAIT", None)


class FileReader:
    """A file that is open for reading; end it with `close` or `async with`.

    What is in the page cache is read at once, on the event loop (Linux's `RWF_NOWAIT` promises
    not to wait for the disk); the rest in a thread. Measured here with 300 MB over HTTP: 2.1
    GB/s, against 1.8 with a thread for each piece and 0.2 with obstore's stream.
    """

    def __init__(self, descriptor: int, size_bytes: int) -> None:
        self._descriptor = descriptor
        self.size_bytes = size_bytes

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open a file.

        Raises:
            FileNotFoundError: it isn't there.
        """
        descriptor, size_bytes = await in_thread(_open, path)
        return cls(descriptor, size_bytes)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    async def read(self, offset: int, size_bytes: int) -> bytes:
        """Up to `size_bytes` from `offset`; nothing past the end."""
        if _NO_WAIT is not None:
            buffer = bytearray(size_bytes)
            try:
                got = os.preadv(self._descriptor, [buffer], offset, _NO_WAIT)
            except OSError as fault:
                if fault.errno not in _NOT_NOW:
                    raise
            else:
                # A short answer may only mean that the rest isn't in memory: the caller asks on.
                if got:
                    return bytes(memoryview(buffer)[:got])
        return await in_thread(os.pread, self._descriptor, size_bytes, offset)

    def close(self) -> None:
        """Give the file back; again is allowed."""
        if self._descriptor >= 0:
            descriptor, self._descriptor = self._descriptor, -1
            os.close(descriptor)


def _open(path: Path) -> tuple[int, int]:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        return descriptor, os.fstat(descriptor).st_size
    except BaseException:
        os.close(descriptor)
        raise
