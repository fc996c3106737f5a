"""Waiting for several things at once without threads: signals, time, and others' output."""

import contextlib
import selectors
import signal
import socket
import time
from collections.abc import Callable
from typing import Final

_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop(Exception):
    """Somebody wants the program to end."""


class Pump:
    """Made once, by the main thread; from then on signals are only counted and acted on here."""

    def __init__(self) -> None:
        self.stops_asked = 0
        self._selector = selectors.DefaultSelector()
        self._awake, self._wake = socket.socketpair()
        self._wake.setblocking(False)
        self._awake.setblocking(False)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, _notice)
        for number in _ENDING:
            signal.signal(number, self._count)
        self.watch(self._awake, self._drain)

    def watch(self, source: socket.socket, on_ready: Callable[[], None]) -> None:
        """Call `on_ready` during a wait whenever there is something to read."""
        self._selector.register(source, selectors.EVENT_READ, on_ready)

    def forget(self, source: socket.socket) -> None:
        """Watch it no more."""
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(source)

    def wait(self, limit_s: float) -> None:
        """Wait for anything at all, for `limit_s` at the most."""
        for key, _ in self._selector.select(max(limit_s, 0)):
            key.data()

    def pause(self, for_s: float) -> None:
        """Wait for `for_s` altogether.

        Raises:
            Stop: the program is to end.
        """
        until_s = time.monotonic() + for_s
        while True:
            if self.stops_asked:
                raise Stop
            self.wait(until_s - time.monotonic())
            if time.monotonic() >= until_s:
                break
        if self.stops_asked:
            raise Stop

    def _drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._awake.recv(4096)

    def _count(self, _number: int, _frame: object) -> None:
        self.stops_asked += 1


def _notice(_number: int, _frame: object) -> None:
    """Nothing: that it came has ended the wait."""
