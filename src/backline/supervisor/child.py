"""One of the supervisor's processes: started, told to go, listened to, ended, started again."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec

import backline
from backline.platform.host.lifeline import VARIABLE, Go, Prepared
from backline.supervisor.pump import Pump

_KEPT_LINES: Final = 30
_LINE_BYTES: Final = 32 * 1024
_MOST_FAILURES: Final = 5
_WITHIN_S: Final = 60.0
_FIRST_DELAY_S: Final = 0.25


class Failures:
    """When something failed lately: how long to wait before the next try, or that it's enough."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=_MOST_FAILURES)

    def note(self) -> float | None:
        """Count one more; the seconds to wait now, or None after five within a minute."""
        now_s = time.monotonic()
        self._times.append(now_s)
        recent = sum(1 for then_s in self._times if now_s - then_s < _WITHIN_S)
        if recent >= _MOST_FAILURES:
            return None
        return _FIRST_DELAY_S * 2 ** (recent - 1)


class Child:
    """A role of this program in a process and a session of its own."""

    def __init__(
        self,
        arguments: list[str],
        environ: Mapping[str, str],
        pump: Pump,
        on_line: Callable[[str], None],
    ) -> None:
        self.name = arguments[0]
        self.failures = Failures()
        self.lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._arguments = arguments
        self._environ = dict(environ)
        self._pump = pump
        self._on_line = on_line
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._output: socket.socket | None = None
        self._partial = b""

    def start(self) -> None:
        """Start it; it loads its code, then waits for `go`."""
        self._close()
        ours, theirs = socket.socketpair()
        output, output_end = socket.socketpair()
        with theirs, output_end:
            self._process = subprocess.Popen(  # noqa: S603  # ourselves
                [sys.executable, "-P", "-m", "backline", *self._arguments],
                stdin=subprocess.DEVNULL,
                stdout=output_end.fileno(),
                stderr=output_end.fileno(),
                env={**self._environ, **_import_path(), VARIABLE: str(theirs.fileno())},
                pass_fds=[theirs.fileno()],
                cwd="/",
                start_new_session=True,
            )
        output.setblocking(False)
        ours.setblocking(False)
        self._line, self._output = ours, output
        self._pump.watch(output, self._listen)

    def go(self, environ: Mapping[str, str]) -> None:
        """Let it begin its work, with these variables added to its settings."""
        if self._line is not None:
            with contextlib.suppress(OSError):
                self._line.sendall(msgspec.json.encode(Go(dict(environ))) + b"\n")

    def result(self) -> Prepared | None:
        """What it told before it ended."""
        if self._line is None:
            return None
        try:
            return msgspec.json.decode(self._line.recv(_LINE_BYTES), type=Prepared)
        except (OSError, msgspec.MsgspecError):
            return None

    def exit_code(self) -> int | None:
        """None while it runs; negative where a signal ended it."""
        return 0 if self._process is None else self._process.poll()

    def is_running(self) -> bool:
        """Whether it runs."""
        return self.exit_code() is None

    def ask_to_end(self) -> None:
        """Have it finish what it is at."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it, and whatever is in its session, at once."""
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Take its last words and let go of what belonged to it."""
        self._listen()
        self._close()

    def _send(self, sign: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(sign)

    def _listen(self) -> None:
        while self._output is not None:
            try:
                data = self._output.recv(_LINE_BYTES)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                self._pump.forget(self._output)
                self._output.close()
                self._output = None
            *lines, self._partial = (self._partial + data).split(b"\n")
            if not data or len(self._partial) > _LINE_BYTES:
                lines, self._partial = [*lines, self._partial], b""
            for line in lines:
                self._take(line.decode("utf-8", "replace").rstrip())

    def _take(self, line: str) -> None:
        if line:
            self.lines.append(line)
            self._on_line(line)

    def _close(self) -> None:
        if self._output is not None:
            self._pump.forget(self._output)
            self._output.close()
        if self._line is not None:
            self._line.close()
        self._line = self._output = None
        self._partial = b""


def _import_path() -> dict[str, str]:
    """Where a new interpreter finds this package, should it not be among its own."""
    root = str(Path(backline.__file__).resolve().parents[1])
    others = [part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part]
    if root in others or Path(root).name == "site-packages":
        return {}
    return {"PYTHONPATH": os.pathsep.join([root, *others])}
