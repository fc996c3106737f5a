"""The lock of a data folder: one `backline up` (or restore) at a time, and it says which."""

import contextlib
import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from backline.platform.privileges import ServiceUser, acting_as


class FolderInUse(Exception):
    """Another process works in the folder; the text names it."""


class FolderLock:
    """Held from its making to `release` or the end of the process, however that comes.

    The kernel lets go of it with the process, so no stale lock can ever be left.
    """

    def __init__(self, folder: Path, user: ServiceUser | None = None) -> None:
        with acting_as(user):
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            self._descriptor = os.open(folder / "lock", flags, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.pread(self._descriptor, 20, 0).decode("utf-8", "replace").strip()
            os.close(self._descriptor)
            raise FolderInUse(
                f"{folder} is in use by another Backline"
                + (f" (process {holder})" if holder else "")
                + ". End that one, or name another folder with --data."
            ) from None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        self.release()

    def release(self) -> None:
        """Let others in."""
        with contextlib.suppress(OSError):
            os.close(self._descriptor)
