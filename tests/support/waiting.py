"""Waiting for something to become true, with a bound that no slow machine reaches."""

import asyncio
from collections.abc import Awaitable, Callable

WAIT_S = 60


async def until(condition: Callable[[], object], bound_s: float = WAIT_S) -> None:
    """Return once `condition` holds; TimeoutError if it doesn't in time."""
    async with asyncio.timeout(bound_s):
        while not condition():  # noqa: ASYNC110  # it may lie outside of this process
            await asyncio.sleep(0.02)


async def eventually(condition: Callable[[], Awaitable[object]], bound_s: float = WAIT_S) -> None:
    """As `until`, for a condition that has to be awaited."""
    async with asyncio.timeout(bound_s):
        while not await condition():  # noqa: ASYNC110  # it may lie outside of this process
            await asyncio.sleep(0.02)
