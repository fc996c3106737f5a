"""How far a long command is: one line that moves at a terminal, now and then a line elsewhere."""

import sys
import time
from typing import Final

from backline.commands.ground import say
from backline.platform.host.disk import in_words

_AT_TERMINAL_S: Final = 0.2
_ELSEWHERE_S: Final = 10.0


class Progress:
    """Bytes done of what there is to do."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._moves = sys.stderr.isatty()
        self._next_s = time.monotonic() + (0 if self._moves else _ELSEWHERE_S)

    def __call__(self, done_bytes: int, total_bytes: int) -> None:
        """Show it, if it's time."""
        now_s = time.monotonic()
        if now_s < self._next_s:
            return
        self._next_s = now_s + (_AT_TERMINAL_S if self._moves else _ELSEWHERE_S)
        text = f"{self._what}: {in_words(done_bytes)} of {in_words(max(total_bytes, done_bytes))}"
        if self._moves:
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()
        else:
            say(text)

    def end(self) -> None:
        """Leave a clean line."""
        if self._moves:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
