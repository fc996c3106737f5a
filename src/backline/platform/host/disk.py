"""Room on the disk: a floor that nothing may go below, so that the database can always write."""

import errno
import os
from pathlib import Path

from backline.platform.errors import DiskFull

_NOTHING_BYTES = 1 << 20
_FULL = (errno.ENOSPC, errno.EDQUOT)


def is_full(fault: BaseException) -> bool:
    """Whether a fault says that there was no room on the disk, whoever was writing."""
    return isinstance(fault, DiskFull) or (isinstance(fault, OSError) and fault.errno in _FULL)


def free_bytes(path: Path) -> int:
    """What an ordinary user may still write to the file system of `path`."""
    found = os.statvfs(path)
    return found.f_bavail * found.f_frsize


def check_room(path: Path, need_bytes: int, floor_bytes: int) -> None:
    """Refuse what would leave less than `floor_bytes` free.

    Raises:
        DiskFull: there isn't room for `need_bytes`.
    """
    free = free_bytes(path)
    if free - need_bytes >= floor_bytes:
        return
    refused = f"{in_words(need_bytes)} can't" if need_bytes else "nothing can"
    raise DiskFull(
        f"The server's disk has {in_words(free)} free and keeps {in_words(floor_bytes)} of it in "
        f"reserve, so {refused} be taken now. Its operator has to make room."
    )


def check_not_full(path: Path) -> None:
    """Tell a disk on which nothing can be written any more from all other faults.

    Raises:
        DiskFull: that is so.
    """
    if free_bytes(path) < _NOTHING_BYTES:
        raise DiskFull("The server's disk is full. Its operator has to make room.")


def in_words(size_bytes: int) -> str:
    """A size as people read it: `12 MB`, `1.4 GB`; in powers of 1,000."""
    if size_bytes < 1000:  # noqa: PLR2004  # no unit to step up to
        return f"{size_bytes} bytes"
    size = float(size_bytes)
    for unit in ("kB", "MB", "GB"):
        size /= 1000
        if size < 999.5:  # noqa: PLR2004  # or it would print as 1000
            return f"{size:.1f} {unit}" if size < 10 else f"{size:.0f} {unit}"  # noqa: PLR2004
    return f"{size / 1000:.1f} TB"
