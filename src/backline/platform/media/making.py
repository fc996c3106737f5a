"""Bytes on their way out while they are made: their length isn't known, and none can be sought."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

import structlog

from backline.platform.errors import BacklineError
from backline.platform.http.asgi import Receive, Send
from backline.platform.http.headers import Headers

_log = structlog.get_logger()
_IDLE_S: Final = 600.0
_ZEROS: Final = bytes(64 * 1024)


async def send_made(
    read: Callable[[], Awaitable[bytes]],
    headers: Headers,
    receive: Receive,
    send: Send,
    *,
    size_bytes: int | None = None,
    idle_s: float = _IDLE_S,
) -> None:
    """Answer with what `read` gives, until that is nothing.

    Headers go out with the first piece, so what fails before it is answered as a fault. With
    `size_bytes` exactly so many bytes are sent, zeros at their end. Ends at once when the client
    goes away, and when it takes nothing for `idle_s`; whoever makes the bytes then ends, too.
    What fails later breaks off: the server then closes the connection, since no end was sent.
    """
    gone = asyncio.ensure_future(_disconnected(receive))
    sending = asyncio.ensure_future(_send_all(read, headers, send, size_bytes, idle_s))
    try:
        await asyncio.wait((gone, sending), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (gone, sending):
            task.cancel()
        await asyncio.wait((gone, sending))
    if not sending.cancelled():
        sending.result()


async def _send_all(
    read: Callable[[], Awaitable[bytes]],
    headers: Headers,
    send: Send,
    size_bytes: int | None,
    idle_s: float,
) -> None:
    piece = await read()
    length = [] if size_bytes is None else [(b"content-length", b"%d" % size_bytes)]
    await send({"type": "http.response.start", "status": 200, "headers": [*headers, *length]})
    left = size_bytes
    with suppress(TimeoutError):
        while piece:
            if left is not None:
                piece = piece[:left]
                left -= len(piece)
            async with asyncio.timeout(idle_s):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            try:
                piece = await read()
            except BacklineError as fault:
                _log.warning("media_broke_off", reason=fault.detail)
                return
        while left:
            piece = _ZEROS[:left]
            left -= len(piece)
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
