"""What the supervisor says to whoever watches: few lines, or JSON where a machine reads them."""

import contextlib
import json
import sys
from datetime import UTC, datetime
from typing import TextIO


class Console:
    """Standard output for our own words, standard error for what the other processes print."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json

    def say(self, text: str) -> None:
        """One thing that happened."""
        if self._as_json:
            now = datetime.now(UTC).isoformat()
            text = json.dumps({"event": text, "level": "info", "timestamp": now})
        _print(text, sys.stdout)

    def forward(self, line: str) -> None:
        """A line of another process, as it is."""
        _print(line, sys.stderr)


def _print(text: str, stream: TextIO) -> None:
    # Nobody may be reading any more; that is no reason to stop.
    with contextlib.suppress(OSError, ValueError):
        print(text, file=stream, flush=True)
