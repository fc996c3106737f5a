"""A folder in memory, for what is written all the time and kept by nobody; on disk without room."""

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108  # what is made in it is its owner's alone
LEAST_FREE_BYTES = 4 << 30
PREFIX = "backline-quick-"
# Whoever made a folder this long ago holds it, or is gone.
JUST_MADE_S = 60


@contextlib.contextmanager
def quick_folder(memory: Path = MEMORY, least_free_bytes: int = LEAST_FREE_BYTES) -> Iterator[Path]:
    """An empty folder that only its owner may enter, inside one that all may; both go in the end.

    What tests left in memory when they were killed goes first: there it would stay for long.
    """
    _clear(memory)
    has_room = memory.is_dir() and shutil.disk_usage(memory).free >= least_free_bytes
    around = Path(tempfile.mkdtemp(prefix=PREFIX, dir=memory if has_room else None))
    # The kernel lets go of this even for a process that was killed.
    held = _hold(around)
    try:
        folder = around / "folder"
        folder.mkdir(mode=0o700)
        around.chmod(0o711)
        yield folder
    finally:
        shutil.rmtree(around, ignore_errors=True)
        os.close(held)


def _clear(memory: Path) -> None:
    for folder in memory.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # somebody holds it, it is gone, or another user's
            if time.time() - folder.stat().st_mtime < JUST_MADE_S:
                continue
            held = _hold(folder)
            shutil.rmtree(folder, ignore_errors=True)
            os.close(held)


def _hold(folder: Path) -> int:
    """Hold a folder until the number returned is closed, or raise BlockingIOError at once."""
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        raise
    return held
