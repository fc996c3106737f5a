"""Files opened beneath a folder and nowhere else, whatever links somebody puts in the way."""

import errno
import os
import stat
from collections.abc import Sequence
from pathlib import Path

_STEP = os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC
# A pipe in a file's place must not make us wait.
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


def open_beneath(root: str | Path, parts: Sequence[bytes]) -> int:
    """A descriptor of the regular file `root/parts…`; no step of the way may be a link.

    Raises:
        OSError: it isn't there, isn't readable, or isn't what it says it is.
    """
    if not parts or any(part in {b"", b".", b".."} or b"/" in part for part in parts):
        raise OSError(errno.EINVAL, "not a path beneath a folder")
    folder = os.open(root, _STEP)
    try:
        for part in parts[:-1]:
            inner = os.open(part, _STEP | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = inner
        file = os.open(parts[-1], _READ, dir_fd=folder)
    finally:
        os.close(folder)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError(errno.EINVAL, "not a regular file")
    return file
