"""In which order requests are begun when more come than can be answered at once.

What is under way goes on before anything else begins. A request that waits for the database takes
several rounds of the event loop, and each would last as long as all the new requests together;
so a round begins a few, first come, first served, and the others wait for the next.
"""

import asyncio
from collections import deque
from collections.abc import Callable

# More make the rounds longer: with 16 it takes twice as long until 95 % of a mix are answered.
AT_ONCE = 4


class Turns:
    """Whose turn it is to begin, among all the connections of an event loop."""

    def __init__(self) -> None:
        self._left = AT_ONCE
        self._is_renewing = False
        self._waiting: deque[Callable[[], None]] = deque()

    def take(self) -> bool:
        """Whether the caller may begin now; else it has to `wait`."""
        if not self._is_renewing:
            self._is_renewing = True
            asyncio.get_running_loop().call_soon(self._renew)
        if not self._left:
            return False
        self._left -= 1
        return True

    def wait(self, begin: Callable[[], None]) -> None:
        """Have `begin` called when it is the caller's turn."""
        self._waiting.append(begin)

    def _renew(self) -> None:
        """Begin a round with those who wait."""
        begun = min(len(self._waiting), AT_ONCE)
        self._left = AT_ONCE - begun
        self._is_renewing = begun > 0
        if begun:
            asyncio.get_running_loop().call_soon(self._renew)
        for _ in range(begun):
            self._waiting.popleft()()
