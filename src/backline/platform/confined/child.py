"""A confined process, from its fork to its end: it gives everything up, then works.

Nothing here runs in the worker, except that `report` may be called anywhere and is silent there.
"""

import contextlib
import errno
import gc
import importlib
import inspect
import os
import resource
import signal
import sysconfig
import time
import typing
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NoReturn

import msgspec

from backline.platform.confined import landlock, seccomp
from backline.platform.confined.limits import MIB, Limits
from backline.platform.confined.protocol import (
    ANSWER,
    FAULT,
    FRAME,
    PROGRESS,
    Call,
    Fault,
    Progress,
    Run,
    fancy,
    plain,
)
from backline.platform.host import prctl, reach

_CHANNEL: Final = 3
_NICENESS: Final = 10
_REPORT_EVERY_S: Final = 0.1
_DETAIL_CHARS: Final = 500
_COLLECT_EVERY: Final = 50_000  # new objects; a process that ends so soon has little to collect
_SYSTEM: Final = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime")
_DEVICES: Final = ("/dev/urandom", "/dev/random", "/dev/zero")
_NO_MEMORY: Final = msgspec.msgpack.encode(Fault("memory", ""))
_NO_MEMORY_FRAME: Final = FRAME.pack(FAULT, len(_NO_MEMORY)) + _NO_MEMORY
_SETTLED: Final = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
_state: dict[str, float] = {}


def report(done: int, total: int) -> None:
    """Tell the worker's `on_progress` how far this is; at most ten times a second, and the end."""
    now_s = time.monotonic()
    too_soon = done < total and now_s - _state.get("said_s", 0) < _REPORT_EVERY_S
    if too_soon or not _state.get("confined"):
        return
    _state["said_s"] = now_s
    _send(PROGRESS, msgspec.msgpack.encode(Progress(done, total)))


def run_call(request: Call, descriptors: Sequence[int], zygote_pid: int) -> NoReturn:
    """Confine this process, run the function and answer. Never returns."""
    code = 1
    try:
        gc.set_threshold(_COLLECT_EVERY)
        _become_alone(zygote_pid, descriptors)
        function = find_function(request.function)
        arguments = _receive()
        _confine(request.limits, request.reads, request.writes, None)
        _state["confined"] = True
        _answer(function, arguments, request.limits)
        code = 0
    finally:
        os._exit(code)


def run_program(request: Run, descriptors: Sequence[int], zygote_pid: int) -> NoReturn:
    """Confine this process and become the program. Never returns."""
    try:
        _become_alone(zygote_pid, descriptors)
        _confine(request.limits, request.reads, request.writes, request.argv[0])
        try:
            os.execve(request.argv[0], request.argv, _environment(request.writes))  # noqa: S606
        except OSError as fault:
            _send_fault("exec", f"{request.argv[0]}: {fault.strerror}")
    finally:
        os._exit(1)


def find_function(name: str) -> Callable[..., object]:
    """The function `module:name`, imported if the zygote hadn't done so."""
    module, _, inner = name.partition(":")
    found: object = importlib.import_module(module)
    for part in inner.split("."):
        found = getattr(found, part)
    if not callable(found):
        raise TypeError(f"{name} is no function")
    return found


def _become_alone(zygote_pid: int, descriptors: Sequence[int]) -> None:
    """Own session, own signals, and no descriptor but these: channel at 3, others at 0 to 2."""
    os.setsid()
    prctl.end_with_parent(zygote_pid)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    # The zygote gets these at numbers above, so no step can overwrite a later one's source.
    nothing = os.open(os.devnull, os.O_RDWR)
    for target, source in enumerate([*descriptors[1:], nothing, nothing, nothing][:3]):
        os.dup2(source, target)
    os.dup2(descriptors[0], _CHANNEL, inheritable=False)
    for number in open_descriptors():
        if number > _CHANNEL and number not in reach.kept_descriptors():
            with contextlib.suppress(OSError):
                os.close(number)


def open_descriptors() -> list[int]:
    """The numbers of all that is open here, and one more that was open for looking."""
    try:
        return [int(name) for name in os.listdir("/proc/self/fd")]  # noqa: PTH208  # after a fork
    except OSError:
        return list(range(4096))


def _confine(limits: Limits, reads: list[str], writes: list[str], program: str | None) -> None:
    with contextlib.suppress(OSError):
        os.nice(_NICENESS)
    _set_limits(limits, fresh=program is not None)
    prctl.forbid_new_privileges()
    base = [*_SYSTEM, *_DEVICES, *_python_folders()]
    if program is None:
        os.environ.clear()
        os.environ.update(_environment(writes))
        landlock.restrict_files([*base, *reads], [os.devnull, *writes])
    else:
        landlock.restrict_files([*_DEVICES, *reads], [os.devnull, *writes], [*_SYSTEM, program])
    seccomp.deny_calls(may_execute=program is not None)


def _set_limits(limits: Limits, *, fresh: bool) -> None:
    """Memory counts from here: what the interpreter has already, the function may keep.

    RLIMIT_DATA counts what can be written, RLIMIT_AS everything; the latter is wider because
    allocators and threads reserve far more addresses than they ever use.
    """
    size_pages, data_pages = (0, 0) if fresh else _own_pages()
    page_bytes = resource.getpagesize()
    data = data_pages * page_bytes + limits.memory_bytes
    space = size_pages * page_bytes + 2 * limits.memory_bytes + 1024 * MIB
    _limit(resource.RLIMIT_DATA, data)
    _limit(resource.RLIMIT_AS, space)
    _limit(resource.RLIMIT_CPU, limits.cpu_s, limits.cpu_s + 1)
    _limit(resource.RLIMIT_FSIZE, limits.file_bytes)
    _limit(resource.RLIMIT_NOFILE, limits.open_files)
    _limit(resource.RLIMIT_CORE, 0)


def _own_pages() -> tuple[int, int]:
    try:
        fields = Path("/proc/self/statm").read_text("ascii").split()
    except OSError:
        return (0, 0)
    return int(fields[0]), int(fields[5])


def _limit(which: int, soft: int, hard: int | None = None) -> None:
    present = resource.getrlimit(which)[1]
    ceiling = soft if hard is None else hard
    if present != resource.RLIM_INFINITY:
        soft, ceiling = min(soft, present), min(ceiling, present)
    resource.setrlimit(which, (soft, ceiling))


def _python_folders() -> set[str]:
    """Where modules that are imported late lie; nothing of an installation is among them."""
    paths = sysconfig.get_paths()
    package = Path(__file__).resolve().parents[2]
    folders = {paths["stdlib"], paths["platstdlib"], paths["purelib"], paths["platlib"]}
    return {*folders, str(package), *reach.kept_folders()}


def _environment(writes: list[str]) -> dict[str, str]:
    folder = next((path for path in writes if Path(path).is_dir()), "/nonexistent")
    return {**_SETTLED, "TMPDIR": folder}


def _answer(function: Callable[..., object], arguments: bytes, limits: Limits) -> None:
    try:
        given = _arguments(function, arguments)
        body = msgspec.msgpack.encode(function(*given), enc_hook=plain)
    except MemoryError:
        # Whatever filled the memory may still hold it: nothing more can be made here.
        os.write(_CHANNEL, _NO_MEMORY_FRAME)
        return
    except BaseException as fault:  # noqa: BLE001  # whatever it is, the worker is told
        too_large = isinstance(fault, OSError) and fault.errno == errno.EFBIG
        detail = "".join(c if c.isprintable() else " " for c in str(fault)[:_DETAIL_CHARS])
        _send_fault("size" if too_large else type(fault).__name__, detail)
        return
    if len(body) > limits.answer_bytes:
        _send_fault("size", f"its answer has {len(body)} bytes")
        return
    _send(ANSWER, body)


def _arguments(function: Callable[..., object], packed: bytes) -> list[object]:
    hints = typing.get_type_hints(function)
    names = list(inspect.signature(function).parameters)
    raw = msgspec.msgpack.decode(packed, type=list[msgspec.Raw])
    kinds = [hints.get(name, typing.Any) for name in names[: len(raw)]]
    kinds += [typing.Any] * (len(raw) - len(kinds))
    return [
        msgspec.msgpack.decode(one, type=kind, dec_hook=fancy)
        for one, kind in zip(raw, kinds, strict=True)
    ]


def _receive() -> bytes:
    _kind, size = FRAME.unpack(_read(FRAME.size))
    return _read(size)


def _read(size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = os.read(_CHANNEL, min(size, MIB))
        if not part:
            os._exit(1)  # the worker gave up
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _send_fault(kind: str, detail: str) -> None:
    _send(FAULT, msgspec.msgpack.encode(Fault(kind, detail)))


def _send(kind: bytes, body: bytes) -> None:
    for data in (FRAME.pack(kind, len(body)), body):
        view = memoryview(data)
        while view:
            view = view[os.write(_CHANNEL, view) :]
