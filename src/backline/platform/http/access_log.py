"""The access log: one line a request, written in batches; never a token, a query or a body."""

import asyncio
import sys
from datetime import datetime
from typing import BinaryIO

import msgspec
import structlog

_log = structlog.get_logger("access")
_FLUSH_S = 0.05
_BATCH = 500
_SERVER_FAULT = 500


class Line(msgspec.Struct, frozen=True):
    """A request and its answer. `ms` is the time to the answer's end."""

    timestamp: datetime
    method: str
    path: str
    status: int
    ms: float
    sent_bytes: int
    address: str | None
    user: str | None
    request_id: str
    problem: str | None
    level: str = "info"
    event: str = "request"


class AccessLog:
    """Lines of JSON on `stream`, at most 50 ms late.

    Through the general log, each would cost a third of a cached answer.

    With `as_json` off they are for people: of requests, those that the server failed at, or with
    `verbose` all.
    """

    def __init__(
        self, *, as_json: bool, verbose: bool = False, stream: BinaryIO | None = None
    ) -> None:
        self._as_json = as_json
        self._from_status = 0 if as_json or verbose else _SERVER_FAULT
        self._stream = stream or sys.stderr.buffer
        self._encoder = msgspec.json.Encoder()
        self._lines: list[bytes] = []

    def write(self, line: Line) -> None:
        """Note a request."""
        if line.status < self._from_status:
            return
        if not self._as_json:
            said = msgspec.structs.asdict(line)
            for name in ("timestamp", "level", "event"):
                said.pop(name)
            _log.info("request", **said)
            return
        self._lines.append(self._encoder.encode(line))
        if len(self._lines) == 1:
            asyncio.get_running_loop().call_later(_FLUSH_S, self.flush)
        elif len(self._lines) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what has gathered."""
        lines, self._lines = self._lines, []
        if lines:
            self._stream.write(b"\n".join([*lines, b""]))
            self._stream.flush()


def access_log(*, level: str, log_format: str) -> AccessLog | None:
    """What the settings ask for; None where requests aren't logged at all."""
    if level not in {"debug", "info"}:
        return None
    return AccessLog(as_json=log_format == "json", verbose=level == "debug")
