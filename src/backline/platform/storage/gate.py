"""Where all streams of a process come in: one that waits for bytes there can be ended."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Self
from uuid import UUID

from backline.platform.errors import BacklineError, Unavailable
from backline.platform.http.bodies import ClientGone


class Gate:
    """Through which all streams of a process come in; a stream that waits there can be ended."""

    def __init__(self) -> None:
        self._waiting: dict[UUID, tuple[asyncio.Timeout, float]] = {}  # and since when
        self._closed = False

    def close(self) -> None:
        """End the streams that wait for bytes, and all others at their next chunk."""
        self._closed = True
        for waiting, _ in self._waiting.values():
            _end(waiting)

    def end_stalled(self, upload_id: UUID, stalled_s: float) -> bool:
        """End an upload's stream if nothing has come for so long; False if it is alive."""
        waiting, since_s = self._waiting.get(upload_id, (None, 0.0))
        if waiting is None or time.monotonic() - since_s < stalled_s:
            return False
        _end(waiting)
        return True

    def stalled_s(self, upload_id: UUID) -> float:
        """For how long an upload's stream has waited for bytes; 0 where it doesn't."""
        waiting = self._waiting.get(upload_id)
        return 0.0 if waiting is None else time.monotonic() - waiting[1]

    async def next_chunk(self, upload_id: UUID, chunks: AsyncIterator[bytes]) -> bytes | None:
        """The stream's next bytes, or None at its end.

        Raises:
            Unavailable: the gate is closed, or the stream stalled and another one took its place.
        """
        if not self._closed:
            with suppress(TimeoutError):
                async with asyncio.timeout(None) as waiting:
                    self._waiting[upload_id] = (waiting, time.monotonic())
                    try:
                        return await anext(chunks, None)
                    finally:
                        del self._waiting[upload_id]
        if self._closed:
            raise Unavailable("The server is restarting. Please resume the upload in a moment.")
        raise Unavailable("This request stalled, and another one goes on with the upload.")


class Incoming:
    """The chunks of an upload's stream as they come through the gate, for `async for`.

    Where the client goes away, or the gate ends the stream, they just end; `fault` says why.
    """

    def __init__(self, gate: Gate, upload_id: UUID, chunks: AsyncIterator[bytes]) -> None:
        self.fault: BacklineError | None = None
        self._gate, self._upload_id, self._chunks = gate, upload_id, chunks

    def __aiter__(self) -> Self:
        """Itself: it goes by once."""
        return self

    async def __anext__(self) -> bytes:
        """The next chunk."""
        try:
            chunk = await self._gate.next_chunk(self._upload_id, self._chunks)
        except (ClientGone, Unavailable) as end:
            self.fault = end
            chunk = None
        if chunk is None:
            raise StopAsyncIteration
        return chunk


def _end(waiting: asyncio.Timeout) -> None:
    waiting.reschedule(asyncio.get_running_loop().time())
