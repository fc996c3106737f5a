"""How many transcodes run at a time in this process, and how many of them for one person."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

from backline.platform.errors import TooMany, Unavailable

_WAIT_S: Final = 5.0
_RETRY_AFTER_S: Final = 5


class Places:
    """A place for each; who comes when all are taken waits in line, though not for long.

    One person has half of them at the most, so that nobody can keep all others out.
    """

    def __init__(self, most: int, *, wait_s: float = _WAIT_S) -> None:
        self._free = asyncio.Semaphore(most)
        self._most_each = max(1, most // 2) if most > 1 else most
        self._held: Counter[UUID] = Counter()
        self._wait_s = wait_s

    @asynccontextmanager
    async def taken(self, person_id: UUID) -> AsyncGenerator[None]:
        """A place for as long as the `async with` runs.

        Raises:
            TooMany: this person has as many as one may.
            Unavailable: no place became free.
        """
        if self._held[person_id] >= self._most_each:
            raise TooMany(
                f"{self._most_each} tracks are being converted for you already. End one of them, "
                "or play without conversion.",
                retry_after_s=_RETRY_AFTER_S,
            )
        self._held[person_id] += 1
        try:
            try:
                async with asyncio.timeout(self._wait_s):
                    await self._free.acquire()
            except TimeoutError:
                raise Unavailable(
                    "The server converts as many tracks as it may at the moment. Try again soon, "
                    "or play without conversion.",
                    retry_after_s=_RETRY_AFTER_S,
                ) from None
            try:
                yield
            finally:
                self._free.release()
        finally:
            self._held[person_id] -= 1
            if not self._held[person_id]:
                del self._held[person_id]
