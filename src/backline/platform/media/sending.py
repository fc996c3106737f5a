"""Bytes on their way out, bounded in memory and in patience; which bytes is `app`'s business."""

import asyncio
from contextlib import suppress

import structlog
from litestar.types import Receive, Send

from backline.platform.errors import NotFound, Unavailable
from backline.platform.media.ranges import ByteRange
from backline.platform.storage import CHUNK_BYTES, Reader

_log = structlog.get_logger()


async def send_range(
    reader: Reader, part: ByteRange, receive: Receive, send: Send, *, idle_s: float
) -> None:
    """Send the bytes of `part` as a response's body.

    Ends early when the client goes away or takes nothing for `idle_s`: the server then closes
    the connection, since fewer bytes came than the headers announced. A file that is shorter
    than it should be, or a storage that goes down on the way, ends the same way.
    """
    if part.end - part.start <= CHUNK_BYTES:
        await _send_pieces(reader, part, send, idle_s)
        return
    # The server tells neither by an error nor by a cancellation that the client has gone.
    watch = asyncio.ensure_future(_disconnected(receive))
    try:
        await _send_pieces(reader, part, send, idle_s, watch)
    finally:
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch


async def _send_pieces(
    reader: Reader,
    part: ByteRange,
    send: Send,
    idle_s: float,
    gone: "asyncio.Future[None] | None" = None,
) -> None:
    at = part.start
    while at < part.end:
        try:
            piece = await reader.read(at, min(CHUNK_BYTES, part.end - at))
        except (NotFound, Unavailable):
            piece = b""  # removed meanwhile, or the storage is down: the log knows
        if not piece:
            _log.error("media_file_too_short", at=at, expected=part.end)
            return
        at += len(piece)
        try:
            async with asyncio.timeout(idle_s):
                await send(
                    {"type": "http.response.body", "body": piece, "more_body": at < part.end}
                )
        except TimeoutError:
            return
        if gone is not None and gone.done():
            return


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
