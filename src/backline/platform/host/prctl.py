"""What a process can ask the Linux kernel for itself by prctl(2); nothing on other systems."""

import ctypes
import os
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38
_SIGKILL: Final = 9
_LIBC: Final = ctypes.CDLL(None, use_errno=True)


def end_with_parent(parent_pid: int) -> None:
    """Have the kernel send SIGKILL when the parent (its thread that forked) ends."""
    prctl(_PR_SET_PDEATHSIG, _SIGKILL)
    if os.getppid() != parent_pid:
        os._exit(1)


def forbid_new_privileges() -> None:
    """No program that this process starts can gain rights by its file's mode."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def prctl(option: int, *arguments: object) -> bool:
    """Ask the kernel for one thing about this process; whether it did that."""
    if sys.platform != "linux":
        return False
    padded = [*arguments, 0, 0, 0, 0][:4]
    words = [ctypes.c_ulong(word) if isinstance(word, int) else word for word in padded]
    return _LIBC.prctl(option, *words) == 0
