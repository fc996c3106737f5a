"""What a confined program prints: lines for whoever listens, a bounded tail of its complaints."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Final

from backline.platform.confined.limits import Limits, TooMuchOutput
from backline.platform.confined.pipes import reading_from
from backline.platform.host.disk import in_words

_TAIL_BYTES: Final = 64 * 1024
_LINE_BYTES: Final = 64 * 1024


class Output:
    """Standard output and standard error of one program, counted together."""

    def __init__(self, limits: Limits, on_line: Callable[[str], None] | None) -> None:
        self._left_bytes = limits.output_bytes
        self._limit_bytes = limits.output_bytes
        self._on_line = on_line
        self._line = bytearray()
        self._tail = bytearray()

    def tail(self) -> str:
        """The last 64 KiB of standard error."""
        return self._tail.decode("utf-8", "replace")

    @asynccontextmanager
    async def reading(self, out: int, err: int) -> "AsyncGenerator[asyncio.Future[None], None]":
        """Read both while the `async with` runs; the future is done when both have ended.

        The future raises TooMuchOutput where there is more than `output_bytes`. Both descriptors
        are closed in any case.
        """
        both_ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        first, second = (_Pipe(take, both_ended) for take in (self._take_out, self._take_err))
        first.other, second.other = second, first
        async with reading_from(((out, first), (err, second))):
            try:
                yield both_ended
            finally:
                if not both_ended.cancel() and not both_ended.cancelled():
                    both_ended.exception()  # looked at, or asyncio would log it as forgotten
        if self._line:
            self._say(self._line)

    def _take_out(self, data: bytes) -> None:
        self._count(data)
        *lines, rest = (self._line + data).split(b"\n")
        for line in lines:
            self._say(line)
        self._line = rest[:_LINE_BYTES]

    def _take_err(self, data: bytes) -> None:
        self._count(data)
        self._tail += data
        del self._tail[:-_TAIL_BYTES]

    def _count(self, data: bytes) -> None:
        self._left_bytes -= len(data)
        if self._left_bytes < 0:
            raise TooMuchOutput(f"It printed more than {in_words(self._limit_bytes)}.", self.tail())

    def _say(self, line: bytes | bytearray) -> None:
        if self._on_line is not None:
            self._on_line(line[:_LINE_BYTES].decode("utf-8", "replace").rstrip("\r"))


class _Pipe(asyncio.Protocol):
    """Hands on what comes, at once, so that nothing is kept; `end` is for it and the other."""

    def __init__(self, take: Callable[[bytes], None], end: "asyncio.Future[None]") -> None:
        self._take = take
        self._end = end
        self._is_open = True
        self.other: _Pipe = self

    def data_received(self, data: bytes) -> None:
        """Hand it on; what goes wrong belongs to whoever awaits the end."""
        if self._end.done():
            return
        try:
            self._take(data)
        except Exception as fault:  # noqa: BLE001
            self._end.set_exception(fault)

    def connection_lost(self, exc: Exception | None) -> None:
        """The program closed it."""
        del exc
        self._is_open = False
        if not self.other._is_open and not self._end.done():  # noqa: SLF001  # one of its kind
            self._end.set_result(None)
