"""Work that goes on beside everything else in a process, from its start to its end."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any


class Background:
    """One task at the most: begun by `start`, ended by `stop`, which again does nothing.

    What the work itself raises comes out of `stop`: work that should go on catches its faults.
    """

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        """Whether there is work that hasn't been stopped."""
        return self._task is not None

    def start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Let work go on by itself; `name` is what the loop calls it."""
        self._task = asyncio.get_running_loop().create_task(work, name=name)

    async def stop(self) -> None:
        """End the work where it stands, and wait until it has."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
