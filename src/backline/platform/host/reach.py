"""Keeps Python's own files within reach of a process that gives up the rights of root.

Python often lies in a home folder that only its owner may enter, and modules are loaded late. An
open folder stays open: its address below `/proc/self/fd` leads past the closed ones above it.
"""

import fcntl
import os
import sys
from pathlib import Path
from typing import Final, cast

from backline.platform.host.privileges import ServiceUser, can_read

_FOLDERS: Final = "/proc/self/fd"
_HIGH: Final = 200
_kept: dict[str, int] = {}


def keep_python_reachable(user: ServiceUser | None) -> None:
    """Open the folders of `sys.path` that `user` can't read, and have modules loaded from there.

    To be called as root, before the modules whose own files matter are loaded.
    """
    if user is None or not Path(_FOLDERS).is_dir():
        return
    for place, entry in enumerate(sys.path):
        if os.path.isdir(entry) and not can_read(Path(entry), user):  # noqa: PTH112  # may be ""
            if entry not in _kept:
                _kept[entry] = _open_high(entry)
            sys.path[place] = _address(entry)
    for module in list(sys.modules.values()):
        folders = getattr(module, "__path__", None)
        if isinstance(folders, list):
            paths = cast("list[object]", folders)
            paths[:] = [_moved(path) for path in paths]


def _open_high(folder: str) -> int:
    """Open a folder at a number that confined children don't put their own descriptors at."""
    low = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        return fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, _HIGH)
    finally:
        os.close(low)


def kept_folders() -> tuple[str, ...]:
    """The addresses of what is kept open."""
    return tuple(_address(entry) for entry in _kept)


def kept_descriptors() -> frozenset[int]:
    """What must stay open for that."""
    return frozenset(_kept.values())


def _address(entry: str) -> str:
    return f"{_FOLDERS}/{_kept[entry]}"


def _moved(folder: object) -> object:
    """The new address of a package's folder, where it lies below a kept one."""
    if isinstance(folder, str):
        # The longest first: one entry of the path often lies below another.
        for entry in sorted(_kept, key=len, reverse=True):
            if folder == entry or folder.startswith(entry + os.sep):
                return _address(entry) + folder[len(entry) :]
    return folder
