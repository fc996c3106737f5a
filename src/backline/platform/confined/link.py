"""The worker's line to its zygote: requests go out with descriptors, ends come back."""

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections.abc import AsyncGenerator, Sequence
from typing import Final

import msgspec
import structlog

from backline.platform.confined.limits import ConfinementLost
from backline.platform.confined.outcome import out_of_time
from backline.platform.confined.protocol import PACKET_BYTES, READY, Call, Ended, Kill, Request, Run
from backline.platform.confined.zygote import Zygote

_log = structlog.get_logger()
_READY_S: Final = 60
_END_S: Final = 10
_POLL_S: Final = 0.01


class Link:
    """Sends requests and resolves one future per child when that has ended."""

    def __init__(self, zygote: Zygote) -> None:
        self._zygote = zygote
        self._running: dict[int, asyncio.Future[Ended]] = {}
        self._ready = asyncio.Event()
        self.lost = asyncio.Event()
        self._closing = False

    async def open(self) -> None:
        """Wait until the zygote has imported what it was told.

        Raises:
            ConfinementLost: it couldn't.
        """
        asyncio.get_running_loop().add_reader(self._zygote.socket, self._on_packets)
        async with asyncio.timeout(_READY_S):
            await self._ready.wait()
        if self.lost.is_set():
            raise _lost()

    async def close(self) -> None:
        """End the zygote and with it all children, and wait for it."""
        self._closing = True
        asyncio.get_running_loop().remove_reader(self._zygote.socket)
        self._zygote.socket.close()
        self._lose()
        deadline_s = time.monotonic() + _END_S
        while not _is_reaped(self._zygote.pid):
            if time.monotonic() > deadline_s:
                os.kill(self._zygote.pid, signal.SIGKILL)
                deadline_s += _END_S
            await asyncio.sleep(_POLL_S)

    @contextlib.asynccontextmanager
    async def process(
        self, request: Call | Run, descriptors: Sequence[int], wall_s: float
    ) -> "AsyncGenerator[asyncio.Future[Ended], None]":
        """A child for as long as the `async with` runs: whatever ends that, ends the child.

        Raises:
            OutOfTime: the `async with` took longer than `wall_s`.
            ConfinementLost: the zygote is gone.
        """
        if self.lost.is_set():
            raise _lost()
        ended: asyncio.Future[Ended] = asyncio.get_running_loop().create_future()
        self._running[request.id] = ended
        try:
            await self._send(request, descriptors)
            async with asyncio.timeout(wall_s):
                yield ended
        except TimeoutError:
            raise out_of_time(wall_s, "") from None
        finally:
            await self._end(request.id, ended)

    async def _end(self, id_: int, ended: "asyncio.Future[Ended]") -> None:
        if not ended.done():
            with contextlib.suppress(ConfinementLost):
                await self._send(Kill(id_), ())
                await asyncio.wait([ended], timeout=_END_S)
        if ended.done() and not ended.cancelled():
            ended.exception()  # looked at, or asyncio would log it as forgotten
        self._running.pop(id_, None)

    async def _send(self, request: Request, descriptors: Sequence[int]) -> None:
        packet = msgspec.msgpack.encode(request)
        if len(packet) > PACKET_BYTES:
            raise ValueError("A confined program's command line is too long")
        while True:
            try:
                socket.send_fds(self._zygote.socket, [packet], list(descriptors))
            except BlockingIOError:
                await asyncio.sleep(_POLL_S)
            except OSError:
                raise _lost() from None
            else:
                return

    def _on_packets(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                try:
                    packet = self._zygote.socket.recv(PACKET_BYTES)
                except ConnectionError:
                    packet = b""
                if not packet:
                    break
                if packet == READY:
                    self._ready.set()
                    continue
                ended = msgspec.msgpack.decode(packet, type=Ended)
                future = self._running.get(ended.id)
                if future is not None and not future.done():
                    future.set_result(ended)
            asyncio.get_running_loop().remove_reader(self._zygote.socket)
            if not self._closing:
                _log.error("confinement_lost", zygote=self._zygote.pid)
            self._lose()

    def _lose(self) -> None:
        self.lost.set()
        self._ready.set()
        for future in self._running.values():
            if not future.done():
                future.set_exception(_lost())


def _is_reaped(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG) != (0, 0)
    except ChildProcessError:
        return True


def _lost() -> ConfinementLost:
    return ConfinementLost("The part that reads files safely has ended; it starts anew by itself.")
