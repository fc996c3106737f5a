"""The lock of a data folder: one `backline up` (or restore) at a time; it says which, and where."""

import contextlib
import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import msgspec

from backline.platform.host.privileges import ServiceUser, acting_as

_NAME: Final = "lock"
_MOST_BYTES: Final = 1_024


class FolderInUse(Exception):
    """Another process works in the folder; the text names it."""


class FolderLock:
    """Held from its making to `release` or the end of the process, however that comes.

    The kernel lets go of it with the process, so no stale lock can ever be left.
    """

    def __init__(self, folder: Path, user: ServiceUser | None = None) -> None:
        with acting_as(user):
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            self._descriptor = os.open(folder / _NAME, flags, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            said = os.pread(self._descriptor, _MOST_BYTES, 0).decode("utf-8", "replace")
            holder = said.partition("\n")[0].strip()
            os.close(self._descriptor)
            raise FolderInUse(
                f"{folder} is in use by another Backline"
                + (f" (process {holder})" if holder else "")
                + ". End that one, or name another folder with --data."
            ) from None
        self._say(f"{os.getpid()}\n")

    def tell(self, host: str, port: int) -> None:
        """Have it say where the holder answers, too."""
        self._say(f"{os.getpid()}\n{host} {port}\n")

    def _say(self, text: str) -> None:
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text.encode(), 0)

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


class Holder(msgspec.Struct, frozen=True):
    """Who holds a folder: the process, and where it answers, if it has said so."""

    pid: int
    host: str | None = None
    port: int | None = None


def holder_of(folder: Path) -> Holder | None:
    """Who holds the lock of a folder now; None where nobody does, or it can't be seen."""
    with contextlib.suppress(OSError, ValueError), (folder / _NAME).open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            pid, _, where = file.read(_MOST_BYTES).decode("ascii").strip().partition("\n")
            host, _, port = where.partition(" ")
            return Holder(int(pid), host, int(port)) if where else Holder(int(pid))
    return None
