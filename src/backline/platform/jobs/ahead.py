"""Batches worked on ahead of the one that is written: how jobs go through much, in its order."""

import asyncio
from collections import deque
from collections.abc import AsyncIterable, Awaitable, Callable, Coroutine
from typing import Any, TypeVar

GivenT = TypeVar("GivenT")
MadeT = TypeVar("MadeT")


async def work_ahead(
    batches: AsyncIterable[GivenT],
    work: Callable[[GivenT], Coroutine[Any, Any, MadeT]],
    write: Callable[[MadeT], Awaitable[None]],
    *,
    ahead: int,
) -> None:
    """Have `ahead` batches worked on beside the oldest, which is written, one after the other.

    What one of them raises is raised when its turn comes; whatever is under way then is cancelled.
    """
    flights: deque[asyncio.Task[MadeT]] = deque()
    try:
        async for batch in batches:
            flights.append(asyncio.create_task(work(batch)))
            if len(flights) > ahead:
                await write(await flights[0])
                flights.popleft()
        while flights:
            await write(await flights[0])
            flights.popleft()
    finally:
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)
