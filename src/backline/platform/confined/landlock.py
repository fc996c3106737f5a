"""Landlock by ctypes: takes the file system away except for given paths, and TCP where it can.

Where the kernel has none, nothing is restricted and the other means of confinement remain.
Numbers and layouts are those of the kernel's `landlock.h`.
"""

import contextlib
import ctypes
import os
import stat
import sys
from collections.abc import Iterable
from typing import Final

_LIBC: Final = ctypes.CDLL(None, use_errno=True)

_CREATE, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG = 1
_PATH_BENEATH = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_ALL_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_ALL_NEWEST = (1 << 16) - 1
_NET_ABI, _SCOPE_ABI = 4, 6

_READING = _READ_FILE | _READ_DIR
_WRITING = (
    _READING | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _REFER | _TRUNCATE
)
_ON_A_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def landlock_abi() -> int:
    """Which Landlock the kernel offers: 0 is none."""
    if sys.platform != "linux":
        return 0
    return max(_syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION_FLAG)), 0)


def restrict_files(
    reads: Iterable[str], writes: Iterable[str], executes: Iterable[str] = ()
) -> bool:
    """Take everything of the file system away but these paths, and TCP; whether it worked.

    `executes` may be read too. Needs `prctl.forbid_new_privileges` first. Paths that don't exist
    are passed over. It holds for this thread, so for a process that has only one, and its children.
    """
    abi = landlock_abi()
    if abi == 0:
        return False
    handled = _ALL_BY_ABI.get(abi, _ALL_NEWEST)
    size = 8 if abi < _NET_ABI else 16 if abi < _SCOPE_ABI else 24
    attributes = _Ruleset(handled, 3 if abi >= _NET_ABI else 0, 3 if abi >= _SCOPE_ABI else 0)
    ruleset = _syscall(_CREATE, ctypes.byref(attributes), ctypes.c_size_t(size), ctypes.c_uint32(0))
    if ruleset < 0:
        return False
    try:
        for access, paths in (
            (_READING, reads),
            (_WRITING, writes),
            (_READING | _EXECUTE, executes),
        ):
            for path in paths:
                _allow(ruleset, path, access & handled)
        return _syscall(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0)) == 0
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, access: int) -> None:
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
                access &= _ON_A_FILE
            rule = _PathBeneath(access, descriptor)
            _syscall(
                _ADD_RULE,
                ctypes.c_int(ruleset),
                ctypes.c_int(_PATH_BENEATH),
                ctypes.byref(rule),
                ctypes.c_uint32(0),
            )
        finally:
            os.close(descriptor)


def _syscall(number: int, *arguments: object) -> int:
    return int(_LIBC.syscall(ctypes.c_long(number), *arguments))
