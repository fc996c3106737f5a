"""The world of the sample photos, opened once somebody has such photos, and never without."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from backline.platform.database import Database

if TYPE_CHECKING:
    from backline.concerts.history.surroundings import World


class Samples:
    """Of one process."""

    def __init__(self, database: Database, stack: AsyncExitStack) -> None:
        self._database, self._stack = database, stack
        self._lock = asyncio.Lock()
        self._world: World | None = None

    async def world(self) -> "World":
        """Whom to ask about sample photos."""
        # What only `up --demo` needs.
        from backline.concerts.demo import world  # noqa: PLC0415  # as the comment says

        async with self._lock:
            if self._world is None:
                self._world = await self._stack.enter_async_context(world.opened(self._database))
            return self._world


@asynccontextmanager
async def samples(database: Database) -> AsyncGenerator[Samples]:
    """For the life of a process."""
    async with AsyncExitStack() as stack:
        yield Samples(database, stack)
