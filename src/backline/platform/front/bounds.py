"""A connection of uvicorn's, within bounds.

uvicorn bounds neither a request's head nor how long it takes to arrive, nor how many requests are
sent ahead of their answers, nor how long somebody may refuse to read an answer: that is done here.
"""

import asyncio
import math
from collections.abc import Callable, Sequence
from typing import Any, cast

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from backline.platform.front.refusing import Refused, refusal
from backline.platform.http.headers import date_header, lines_of

HEAD_LIMIT_BYTES = 64 << 10
HEAD_LINES = 128
HEAD_S = 20.0
# Who sends more requests than that ahead of their answers is answered so many, and asks anew.
AHEAD = 64
# nginx keeps an idle connection for 60 s: it should be the one that ends it.
IDLE_S = 75
# What is read of a body that was refused, so that the answer isn't lost on its way: to close on
# somebody who still sends is to reset the connection, and a proxy then tells 502 in its place.
LINGER_BYTES = 64 << 20
LINGER_S = 5.0
# A player that is paused doesn't read; one that comes back asks anew for what it lacks.
STALL_S = 600.0
_FRAMING = (b"content-length", b"transfer-encoding")


class BoundedConnection(HttpToolsProtocol):
    """HTTP/1.1 on one connection. To its requests it is the transport: `write`, `close`, …."""

    write: Callable[[bytes], None]
    is_closing: Callable[[], bool]

    def __init__(self, config: Config, state: ServerState, on_end: Callable[[], None]) -> None:
        super().__init__(config, state, {})
        self.timeout_keep_alive = IDLE_S
        self._on_end, self.peer = on_end, ""
        self._running: RequestResponseCycle | None = None
        self._is_between = True  # two requests: the parser has nothing that is half read
        self._is_in_head = False
        self._is_last = self._is_lost = False
        self._came_bytes = self._loose_bytes = self._unread_bytes = 0
        self._head_timer: asyncio.TimerHandle | None = None
        self._body_timer: asyncio.TimerHandle | None = None
        self._stall_timer: asyncio.TimerHandle | None = None
        self._active_s = -math.inf
        # Of a request that wished for another protocol, what says how long its body is.
        self._framing: Sequence[tuple[bytes, bytes]] = ()
        self._is_resuming = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Begin, with a limit to how long nothing comes."""
        super().connection_made(transport)
        self.write, self.is_closing = transport.write, transport.is_closing
        self.peer = self.client[0] if self.client else "unknown"
        self.timeout_keep_alive_task = self.loop.call_later(IDLE_S, self.timeout_keep_alive_handler)

    def connection_lost(self, exc: Exception | None) -> None:
        """End, and all that was waited for with it."""
        if self._running is not None and not self._running.response_complete:
            # uvicorn tells only the request that came last.
            self._disconnect(self._running)
        super().connection_lost(exc)
        self._is_lost = True
        self._running = self.cycle = None  # pyright: ignore[reportAttributeAccessIssue]  # they know us
        self._unset_keepalive_if_required()
        for timer in (self._head_timer, self._body_timer, self._stall_timer):
            if timer is not None:
                timer.cancel()
        self._on_end()

    def eof_received(self) -> None:
        """The client is gone: a browser that leaves says no more than that."""
        self._end()

    def feed(self, data: bytes) -> None:
        """Take in what came; a head that is longer, or takes longer, than it may is refused."""
        self.server_state.default_headers = date_header()
        self._came_bytes = len(data)
        self._loose_bytes += self._came_bytes
        self._parse(data)
        if self.transport.is_closing() or self._is_between:
            return
        if self._loose_bytes > HEAD_LIMIT_BYTES:
            self._refuse(_too_long())
        elif self._is_in_head and self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_S, self._give_up_head)

    def _parse(self, data: bytes) -> None:
        while data:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as wish:
                data = data[wish.args[0] :]
                if not self._overlook_upgrade():
                    return
            except httptools.HttpParserError as fault:
                self._refuse(fault.__context__)
                return
            else:
                return

    def _overlook_upgrade(self) -> bool:
        """Go on in HTTP/1.1, whatever else was wished for (RFC 9110 §7.8).

        The parser takes such a request to end with its head: another one takes in the body.
        """
        framing, self._framing = self._framing, ()
        if not framing:
            return True
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._is_resuming = True
        try:
            self.parser.feed_data(b"POST / HTTP/1.1\r\n" + lines_of(framing) + b"\r\n")
        except httptools.HttpParserError:
            self._refuse(None)
            return False
        finally:
            self._is_resuming = False
        return True

    @property
    def _is_idle(self) -> bool:
        return (not self.cycle or self.cycle.response_complete) and not self.pipeline

    def _give_up_head(self) -> None:
        self._head_timer = None
        if self.flow.read_paused:  # by us, not by the client
            self._head_timer = self.loop.call_later(HEAD_S, self._give_up_head)
        else:
            detail = f"The request's head didn't arrive within {HEAD_S:.0f} s."
            self._refuse(Refused(408, detail))

    def on_message_begin(self) -> None:
        """A request's first byte."""
        if self._is_resuming:
            return
        self._unset_keepalive_if_required()
        super().on_message_begin()
        self._is_between, self._is_in_head = False, True
        self._loose_bytes = self._unread_bytes = 0

    def on_headers_complete(self) -> None:
        """The head is whole."""
        if self._is_resuming or self.transport.is_closing():
            return
        is_long = self._loose_bytes > 0 or self._came_bytes > HEAD_LIMIT_BYTES
        if len(self.headers) > HEAD_LINES or (is_long and self._head_bytes() > HEAD_LIMIT_BYTES):
            raise _too_long()
        if len(self.pipeline) >= AHEAD:
            raise Refused(429, f"At most {AHEAD} requests may wait here.")
        super().on_headers_complete()
        self._is_in_head = False
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
        if self.expect_100_continue:
            # Refused, it may be followed by its body or by another request: nobody knows.
            self.cycle.keep_alive = False
        if self.parser.should_upgrade():
            self._framing = [pair for pair in self.headers if pair[0] in _FRAMING]
        # Lines that follow a body are none of its head's (RFC 9110 §6.5.1).
        self.headers = []

    def _head_bytes(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        cycle.transport = cast("asyncio.Transport", self)
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def on_body(self, body: bytes) -> None:
        """A piece of the body; what comes after the answer is read within bounds, and dropped."""
        super().on_body(body)
        self._loose_bytes = 0
        if self.cycle.response_complete:
            self._unread_bytes += len(body)
            if self._unread_bytes > LINGER_BYTES:
                self._end()

    def on_message_complete(self) -> None:
        """The request is whole."""
        if self._framing:
            return
        self._is_between = True
        if self._body_timer is not None:
            self._body_timer.cancel()
            self._body_timer = None
        super().on_message_complete()
        if self._is_last:
            self._end()

    def on_response_complete(self) -> None:
        """The answer is given; perhaps before the request's body has come."""
        super().on_response_complete()
        if self.transport.is_closing() or self._is_between:
            return
        if self._is_in_head:
            self._unset_keepalive_if_required()  # the head has its own bound
        elif self.cycle.response_complete:
            self._linger()

    def _linger(self) -> None:
        if self._body_timer is None:
            self._body_timer = self.loop.call_later(LINGER_S, self._end)
            self.flow.resume_reading()

    def close(self) -> None:
        """The running request's answer was the last, or broke off: end once its body has come."""
        if self._running is not None and self._running.more_body:
            self._is_last = True
            self._linger()
        else:
            self._end()

    def _end(self) -> None:
        """Close; whoever doesn't read what is still to be sent is cut off at some time."""
        self.transport.close()
        if self._stall_timer is None and not self._is_lost:
            self._stall_timer = self.loop.call_later(STALL_S, self.transport.abort)

    def timeout_keep_alive_handler(self) -> None:
        """Nothing came for a while, but for what the lane answered or what waits for its turn."""
        left_s = self._active_s + IDLE_S - self.loop.time()
        if left_s > 0:
            self.timeout_keep_alive_task = self.loop.call_later(
                left_s, self.timeout_keep_alive_handler
            )
        else:
            self._end()

    def pause_writing(self) -> None:
        """The client doesn't read."""
        super().pause_writing()
        if self._stall_timer is None:
            self._stall_timer = self.loop.call_later(STALL_S, self.transport.abort)

    def resume_writing(self) -> None:
        """It reads again."""
        super().resume_writing()
        if self._stall_timer is not None and not self.transport.is_closing():
            self._stall_timer.cancel()
            self._stall_timer = None

    def _refuse(self, fault: BaseException | None) -> None:
        """Take nothing more, and say why if a request waits for that answer."""
        if self.transport.is_closing():
            return
        is_in_body = not self._is_between and not self._is_in_head
        if is_in_body and self.pipeline and self.pipeline[0][0] is self.cycle:
            self._forget_last()
            is_in_body = False
        if not is_in_body and not self._is_idle:
            # What was asked before is answered first.
            self.cycle.keep_alive = False
            self.flow.pause_reading()
            return
        is_begun = is_in_body and self.cycle.response_started
        if not is_begun:
            if is_in_body:
                self._disconnect(self.cycle)
            self.transport.write(refusal(fault))
        self._end()

    def _forget_last(self) -> None:
        """Act as if the request that came last, and waits for others, had never had a head."""
        self.pipeline.popleft()
        waiting = self.pipeline[0][0] if self.pipeline else self._running
        self.cycle = cast("RequestResponseCycle", waiting)
        self._is_in_head = True

    @staticmethod
    def _disconnect(cycle: RequestResponseCycle) -> None:
        cycle.disconnected = True
        cycle.message_event.set()


def _too_long() -> Refused:
    size = f"{HEAD_LIMIT_BYTES // 1024} KiB and {HEAD_LINES} lines"
    return Refused(431, f"A request's head may have {size} here.")
