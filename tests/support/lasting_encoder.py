"""An encoder as people have them: it goes on filming, and comes back whenever it is cut off."""

import asyncio
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from backline.live.rtmp.faults import Turned
from tests.support import rtmp
from tests.support.rtmp import VIDEO, Message

FRAME_MS = 40
GOP_FRAMES = 25
AGAIN_S = 0.2
_NUMBER_AT = 10  # behind the head of a frame's tag, its length and its kind


class LastingEncoder:
    """25 frames a second by the clock, each with its number; what isn't taken in time is lost."""

    def __init__(self, port: int, stream_key: str) -> None:
        self._port, self._stream_key = port, stream_key
        self._began_s = 0.0
        self.connections: list[tuple[float, int]] = []  # when accepted, and with which frame first

    @property
    def filmed(self) -> int:
        """How many frames there have been."""
        now_s = asyncio.get_running_loop().time()
        return round((now_s - self._began_s) * 1000 / FRAME_MS)

    async def run(self) -> None:
        """Publish until it is cancelled."""
        loop = asyncio.get_running_loop()
        self._began_s = loop.time()
        while True:
            with suppress(OSError, Turned, TimeoutError):
                async with rtmp.encoder(self._port, self._stream_key) as one:
                    first = -(-self.filmed // GOP_FRAMES) * GOP_FRAMES
                    self.connections.append((loop.time(), first))
                    await self._send(one, first)
            await asyncio.sleep(AGAIN_S)

    async def _send(self, one: rtmp.Encoder, first: int) -> None:
        loop = asyncio.get_running_loop()
        await one.send_all(rtmp.opening())
        number = first
        while not one.lost.done():
            due_s = self._began_s + number * FRAME_MS / 1000
            await asyncio.sleep(max(due_s - loop.time(), 0))
            for message in rtmp.frames(1 / 25, first=number):
                if not one.transport.is_closing():
                    began_ms = first * FRAME_MS
                    one.send(message._replace(timestamp_ms=message.timestamp_ms - began_ms))
            number += 1


@asynccontextmanager
async def lasting_encoder(port: int, stream_key: str) -> AsyncIterator[LastingEncoder]:
    """One that films until the `with` ends."""
    one = LastingEncoder(port, stream_key)
    running = asyncio.create_task(one.run())
    try:
        yield one
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def numbers(messages: Sequence[Message]) -> list[int]:
    """The numbers of a show's frames, as they came."""
    return [
        struct.unpack_from(">I", one.payload, _NUMBER_AT)[0]
        for one in messages
        if one.kind == VIDEO and one.payload[1] == 1
    ]
