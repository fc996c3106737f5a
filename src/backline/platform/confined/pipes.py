"""Pipes from a confined program into the event loop."""

import asyncio
import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager


@asynccontextmanager
async def reading_from(pairs: Sequence[tuple[int, asyncio.Protocol]]) -> AsyncGenerator[None]:
    """Have each protocol hear what comes from its descriptor; all are closed in any case.

    A descriptor belongs to its transport, which closes it in a later turn of the loop: whoever
    closed it as well would close what has its number by then.
    """
    loop = asyncio.get_running_loop()
    files = [os.fdopen(descriptor, "rb", 0) for descriptor, _ in pairs]
    closers = [file.close for file in files]
    try:
        for at, (_, protocol) in enumerate(pairs):
            transport, _ = await loop.connect_read_pipe(lambda made=protocol: made, files[at])
            closers[at] = transport.close
        yield
    finally:
        for close in closers:
            close()
