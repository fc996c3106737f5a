"""Blocking file work away from the event loop, in threads that are never abandoned half-way."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_THREADS = ThreadPoolExecutor(8, "storage")


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `work` in a thread of the storage's own pool.

    If the caller is cancelled, the cancellation waits for the thread: otherwise it could still
    write to a file that the caller has closed, or to another one with the same number.
    """
    future = asyncio.get_running_loop().run_in_executor(_THREADS, lambda: work(*args, **kwargs))
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        await asyncio.wait([future])
        if not future.cancelled():
            future.exception()  # looked at, or asyncio would log it as forgotten
        raise
