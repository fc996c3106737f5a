"""A seccomp filter for confined processes: no new processes, no sockets, no hands on others.

It denies by list, since decoders need many harmless calls; Landlock and the limits do the rest.
Numbers are those of the kernel's syscall tables for x86-64 and arm64; elsewhere it isn't used.
"""

import ctypes
import os
import platform
import sys
from typing import Final

from backline.platform.host.prctl import prctl

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_EPERM, _ENOSYS = 1, 38
_LOAD, _JUMP_EQUAL, _JUMP_SET, _JUMP_FROM, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_NUMBER_AT, _ARCH_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
_X32 = 0x40000000
_CLONE_THREAD = 0x00010000

# Per machine: the audit architecture, and the position in the pairs below.
_MACHINES: Final = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_NONE = -1
_CLONE, _CLONE3 = (56, 220), (435, 435)
_EXECS: Final = ((59, 221), (322, 281))
# Allowed only on this process itself: kill, tgkill; prlimit64 names itself as 0.
_ON_ITSELF: Final = ((62, 129), (234, 131))
_PRLIMIT = (302, 261)
_DENIED: Final = {
    "fork": (57, _NONE),
    "vfork": (58, _NONE),
    "socket": (41, 198),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "io_uring_setup": (425, 425),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "mount": (165, 40),
    "unshare": (272, 97),
    "setns": (308, 268),
    "open_by_handle_at": (304, 265),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "chmod": (90, _NONE),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, _NONE),
    "lchown": (94, _NONE),
    "fchownat": (260, 54),
}


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("filter", ctypes.POINTER(_Instruction)))


def deny_calls(*, may_execute: bool) -> bool:
    """Install the filter for this process and what it executes; whether it worked.

    Denied calls fail with EPERM, so that a library can say what it missed. Needs
    `prctl.forbid_new_privileges` first.
    """
    machine = _MACHINES.get(platform.machine())
    if machine is None or sys.platform != "linux" or sys.maxsize < 1 << 32:
        return False
    instructions = _filter(*machine, may_execute=may_execute)
    array = (_Instruction * len(instructions))(*instructions)
    program = _Program(len(instructions), array)
    return prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program))


def _filter(audit_arch: int, column: int, *, may_execute: bool) -> list[_Instruction]:
    deny = _Instruction(_RETURN, 0, 0, _ERRNO | _EPERM)
    allow = _Instruction(_RETURN, 0, 0, _ALLOW)
    load_number = _Instruction(_LOAD, 0, 0, _NUMBER_AT)
    program = [
        _Instruction(_LOAD, 0, 0, _ARCH_AT),
        _Instruction(_JUMP_EQUAL, 1, 0, audit_arch),
        deny,
        load_number,
        _Instruction(_JUMP_FROM, 0, 1, _X32),
        deny,
    ]
    denied = [pair[column] for pair in _DENIED.values()]
    if not may_execute:
        denied += [pair[column] for pair in _EXECS]
    for number in denied:
        if number != _NONE:
            program += [_Instruction(_JUMP_EQUAL, 0, 1, number), deny]
    # Its flags lie behind a pointer, where a filter can't look; libc then takes clone.
    program += [
        _Instruction(_JUMP_EQUAL, 0, 1, _CLONE3[column]),
        _Instruction(_RETURN, 0, 0, _ERRNO | _ENOSYS),
        _Instruction(_JUMP_EQUAL, 0, 4, _CLONE[column]),
        _Instruction(_LOAD, 0, 0, _FIRST_ARGUMENT_AT),
        _Instruction(_JUMP_SET, 1, 0, _CLONE_THREAD),
        deny,
        allow,
    ]
    own_pid = os.getpid()
    only = [(pair[column], own_pid) for pair in _ON_ITSELF] + [(_PRLIMIT[column], 0)]
    for number, argument in only:
        program += [
            _Instruction(_JUMP_EQUAL, 0, 4, number),
            _Instruction(_LOAD, 0, 0, _FIRST_ARGUMENT_AT),
            _Instruction(_JUMP_EQUAL, 1, 0, argument),
            deny,
            allow,
        ]
    return [*program, allow]
