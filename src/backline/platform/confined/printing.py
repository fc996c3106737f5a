"""What a confined program prints, read while it runs: it waits where nobody reads on."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from backline.platform.confined.limits import Completed, Limits, TooMuchOutput
from backline.platform.confined.pipes import reading_from
from backline.platform.host.disk import in_words

_TAIL_BYTES: Final = 64 * 1024
_PIECE_BYTES: Final = 64 * 1024


class Printing:
    """A running program's standard output; what it complains about is kept as a bounded tail.

    `end` waits for its end, and raises a ConfinementFault where it couldn't start, crashed or
    reached a limit; a return code other than 0 is the caller's to judge.
    """

    end: Callable[[], Awaitable[Completed]]

    def __init__(self, out: asyncio.StreamReader, limits: Limits) -> None:
        self._out = out
        self._left_bytes = self._limit_bytes = limits.output_bytes
        self._tail = bytearray()

    async def read(self) -> bytes:
        """What it has printed since, up to 64 KiB; nothing once it has closed its output.

        Raises:
            TooMuchOutput: that is more than `output_bytes`.
        """
        data = await self._out.read(_PIECE_BYTES)
        self._left_bytes -= len(data)
        if self._left_bytes < 0:
            raise TooMuchOutput(f"It printed more than {in_words(self._limit_bytes)}.", self.tail())
        return data

    def tail(self) -> str:
        """The last 64 KiB of what it complained about."""
        return self._tail.decode("utf-8", "replace")

    def complain(self, data: bytes) -> None:
        """Take in what came on its standard error."""
        self._tail += data
        del self._tail[:-_TAIL_BYTES]


@asynccontextmanager
async def printing(out: int, err: int, limits: Limits) -> AsyncGenerator[Printing]:
    """Read both while the `async with` runs; the descriptors are closed in any case."""
    reader = asyncio.StreamReader(_PIECE_BYTES)
    printed = Printing(reader, limits)
    heard = ((out, asyncio.StreamReaderProtocol(reader)), (err, _Complaints(printed)))
    async with reading_from(heard):
        yield printed


class _Complaints(asyncio.Protocol):
    def __init__(self, printed: Printing) -> None:
        self._printed = printed

    def data_received(self, data: bytes) -> None:
        """Keep the end of it."""
        self._printed.complain(data)
