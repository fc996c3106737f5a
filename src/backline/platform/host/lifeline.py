"""The line between the supervisor and a process of its: the start's words, a result, and the end.

It is one end of a socket pair, named by number in `BACKLINE_LIFELINE`. When the supervisor ends,
however that comes, the line ends too, and with it the process. Words are JSON, one line each.
"""

import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

VARIABLE: Final = "BACKLINE_LIFELINE"
_LINE_BYTES: Final = 64 * 1024
_GRACE_S: Final = 10.0


class Go(msgspec.Struct, frozen=True):
    """What a process waits for once it has loaded its code; `environ` completes its settings."""

    environ: dict[str, str]

    def __repr__(self) -> str:
        """Without the values, which hold secrets."""
        return f"Go(environ={sorted(self.environ)!r})"


class Prepared(msgspec.Struct, frozen=True):
    """What `prepare` has to say: the link for the first administrator, where there is none."""

    setup_link: str | None

    def __repr__(self) -> str:
        """Without the link, which is a secret."""
        return "Prepared(…)"


class Lifeline:
    """The child's end."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line

    @classmethod
    def from_environ(cls) -> "Lifeline | None":
        """The line that the supervisor gave to this process; None where nobody did."""
        number = os.environ.pop(VARIABLE, "")
        if not number.isdigit():
            return None
        return cls(socket.socket(fileno=int(number)))

    def wait_for_go(self) -> Mapping[str, str]:
        """Wait for the supervisor's word; the variables that it adds. Ends if none comes."""
        received = b""
        while not received.endswith(b"\n"):
            part = self._line.recv(_LINE_BYTES)
            if not part:
                sys.exit(1)
            received += part
        return msgspec.json.decode(received, type=Go).environ

    def tell(self, message: Prepared) -> None:
        """Send a result."""
        self._line.sendall(msgspec.json.encode(message) + b"\n")

    def watch(self, on_end: Callable[[], object]) -> None:
        """Call `on_end` in a thread when the supervisor ends, and end by force 10 s later."""

        def wait() -> None:
            while self._line.recv(_LINE_BYTES):
                pass
            on_end()
            time.sleep(_GRACE_S)
            os._exit(1)

        threading.Thread(target=wait, name="lifeline", daemon=True).start()
