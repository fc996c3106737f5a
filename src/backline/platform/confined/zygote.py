"""The zygote: a small process with one thread that forks confined children for the worker.

It is forked from the worker before that has threads or an event loop, imports the decoders, gives
up its rights, and then only forks, kills and waits. It ends when the worker does.
"""

import contextlib
import gc
import importlib
import os
import resource
import selectors
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, NoReturn

import msgspec

from backline.platform.confined import child
from backline.platform.confined.protocol import PACKET_BYTES, READY, Call, Ended, Kill, Request
from backline.platform.host import prctl, reach

# Above those of any event loop that was open at the fork, as in tests: in each child libuv closes
# their numbers, and opens others, whatever they belong to by then.
_LOWEST_DESCRIPTOR: Final = 128
_MAX_DESCRIPTORS: Final = 4


class Zygote(NamedTuple):
    """The worker's end: the process, and the socket to it."""

    pid: int
    socket: socket.socket


def fork_zygote(
    preload: Sequence[str] = (), *, before_work: Callable[[], None] | None = None
) -> Zygote:
    """Fork the zygote; call it first of all, while this process has one thread and no loop.

    `preload` names the modules whose functions will be called, so that children need not read
    them; `before_work` runs after these imports and gives up the rights of root.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    parent_pid = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        ours.close()
        _live(theirs, parent_pid, preload, before_work)
    theirs.close()
    ours.setblocking(False)
    return Zygote(pid, ours)


def _live(
    channel: socket.socket,
    parent_pid: int,
    preload: Sequence[str],
    before_work: Callable[[], None] | None,
) -> NoReturn:
    code = 1
    try:
        prctl.end_with_parent(parent_pid)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        channel = _settle_descriptors(channel)
        for module in preload:
            importlib.import_module(module)
        if before_work is not None:
            before_work()
        # Asked for again: a change of user ids clears it.
        prctl.end_with_parent(parent_pid)
        gc.collect()
        gc.freeze()
        with contextlib.suppress(ConnectionError):  # the worker has ended; the next read tells
            channel.send(READY)
        _Nursery(channel).live()
        code = 0
    except BaseException:  # noqa: BLE001  # a fork must never return into the worker's code
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _settle_descriptors(channel: socket.socket) -> socket.socket:
    """Keep only the channel and standard error, and have new descriptors get high numbers."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    for number in child.open_descriptors():
        kept = number <= 2 or number in reach.kept_descriptors()  # noqa: PLR2004  # stderr
        if not kept and number != channel.fileno():
            with contextlib.suppress(OSError):
                os.close(number)
    while os.open(os.devnull, os.O_RDWR) < _LOWEST_DESCRIPTOR:
        pass
    return channel


class _Nursery:
    """The children under way, by the worker's number for them."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._pid = os.getpid()
        self._pids: dict[int, int] = {}
        self._ids: dict[int, int] = {}
        self._own_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        self._decode = msgspec.msgpack.Decoder(Request).decode

    def live(self) -> None:
        """Serve until the worker closes its end."""
        awake, wake = socket.socketpair()
        wake.setblocking(False)
        awake.setblocking(False)
        signal.signal(signal.SIGCHLD, _notice)
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        with selectors.DefaultSelector() as selector:
            selector.register(self._channel, selectors.EVENT_READ)
            selector.register(awake, selectors.EVENT_READ)
            while True:
                ready = [key.fileobj for key, _ in selector.select()]
                if awake in ready:
                    with contextlib.suppress(BlockingIOError):
                        awake.recv(4096)
                    self._wait_for_ended()
                if self._channel in ready and not self._serve():
                    break
        for pid in self._ids:
            _kill(pid)

    def _serve(self) -> bool:
        """Do one thing that the worker asks for; False when it asks no more."""
        try:
            packet, descriptors, _flags, _address = socket.recv_fds(
                self._channel, PACKET_BYTES, _MAX_DESCRIPTORS
            )
        except ConnectionResetError:  # it ended before it read all that it was told
            return False
        if not packet:
            return False
        request = self._decode(packet)
        if isinstance(request, Kill):
            if request.id in self._pids:
                _kill(self._pids[request.id])
            return True
        try:
            pid = os.fork()
        except OSError:
            pid = -1
        if pid == 0:
            if isinstance(request, Call):
                child.run_call(request, descriptors, self._pid)
            child.run_program(request, descriptors, self._pid)
        for descriptor in descriptors:
            os.close(descriptor)
        if pid < 0:
            self._tell(Ended(request.id, -1, 0, 0))
        else:
            self._pids[request.id], self._ids[pid] = pid, request.id
        return True

    def _wait_for_ended(self) -> None:
        while self._ids:
            pid, status, used = os.wait4(-1, os.WNOHANG)
            if pid == 0:
                return
            id_ = self._ids.pop(pid)
            del self._pids[id_]
            cpu_s = used.ru_utime + used.ru_stime
            # A fork begins with the zygote's own memory, which isn't the child's doing.
            more_bytes = used.ru_maxrss * 1024 - self._own_bytes
            self._tell(Ended(id_, status, cpu_s, max(more_bytes, 0)))

    def _tell(self, ended: Ended) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionError):
            self._channel.send(msgspec.msgpack.encode(ended))


def _notice(_number: int, _frame: object) -> None:
    """Nothing: the wake-up descriptor has woken the loop."""


def _kill(pid: int) -> None:
    """End a child and its session. Its number is its own until it is waited for."""
    for end in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            end(pid, signal.SIGKILL)
