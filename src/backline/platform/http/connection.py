"""One connection of a client: uvicorn's, within bounds, and with a lane for what is asked again.

uvicorn bounds neither a request's head nor how long it takes to arrive, nor how long somebody may
refuse to read an answer: that is done here.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

import msgspec
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from backline.platform.http.headers import date_header, lines_of
from backline.platform.http.problems import PROBLEM_TYPE, problem_of_status

HEAD_LIMIT_BYTES = 64 << 10
HEAD_S = 20.0
# nginx keeps an idle connection for 60 s: it should be the one that ends it.
IDLE_S = 75.0
# What is read of a body that was refused, so that the answer isn't lost on its way: to close on
# somebody who still sends is to reset the connection, and a proxy then tells 502 in its place.
LINGER_BYTES = 64 << 20
LINGER_S = 5.0
# A player that is paused doesn't read; one that comes back asks anew for what it lacks.
STALL_S = 600.0
_END = b"\r\n\r\n"


class Lane(Protocol):
    """The short way: answers to requests whose very bytes were asked before."""

    def answer(self, head: bytes, peer: str) -> bytes | None:
        """What to send, or None where the request has to go the whole way."""
        ...


class Connection(HttpToolsProtocol):
    """HTTP/1.1 on one connection. A head that came whole stands in `scope["state"]["head"]`."""

    def __init__(
        self, config: Config, state: ServerState, lane: Lane | None, on_end: Callable[[], None]
    ) -> None:
        super().__init__(config, state, {})
        self._lane, self._on_end = lane, on_end
        self._peer = ""
        self._is_between = True  # two requests: the parser has nothing that is half read
        self._is_in_head = False
        self._head_bytes = self._unread_bytes = 0
        self._head_timer: asyncio.TimerHandle | None = None
        self._body_timer: asyncio.TimerHandle | None = None
        self._stall_timer: asyncio.TimerHandle | None = None
        self._answered_s = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Begin, with a limit to how long nothing comes."""
        super().connection_made(transport)
        self._peer = self.client[0] if self.client else "unknown"
        self.timeout_keep_alive_task = self.loop.call_later(IDLE_S, self.timeout_keep_alive_handler)

    def leave_lane(self) -> None:
        """Have every further request go the whole way."""
        self._lane = None

    def connection_lost(self, exc: Exception | None) -> None:
        """End, and all that was waited for with it."""
        super().connection_lost(exc)
        self._unset_keepalive_if_required()
        for timer in (self._head_timer, self._body_timer, self._stall_timer):
            if timer is not None:
                timer.cancel()
        self._on_end()

    def data_received(self, data: bytes) -> None:
        """Take in what came."""
        may_repeat = self._is_between and data.startswith(b"GET ") and data.endswith(_END)
        if may_repeat and self._lane is not None and self._is_idle and not self.flow.write_paused:
            answer = self._lane.answer(data, self._peer)
            if answer is not None:
                self.transport.write(answer)
                self._answered_s = self.loop.time()
                return
        self.server_state.default_headers = date_header()
        super().data_received(data)
        if self.parser is None or self.transport.is_closing():
            return
        if self._is_in_head:
            self._wait_for_head(len(data))
        elif may_repeat and self._is_repeatable(data):
            # The same bytes will mean the same again.
            state: dict[str, Any] = self.cycle.scope["state"]  # pyright: ignore[reportTypedDictNotRequiredAccess]
            state["head"] = data

    def _is_repeatable(self, data: bytes) -> bool:
        """Whether `data` was the head of one request, and nothing else, on a kept connection."""
        return (
            self._is_between
            and data.find(_END) == len(data) - len(_END)
            and self.cycle.keep_alive
            and not self.expect_100_continue
            and not (self.parser and self.parser.should_upgrade())
        )

    @property
    def _is_idle(self) -> bool:
        return (not self.cycle or self.cycle.response_complete) and not self.pipeline

    def _wait_for_head(self, came_bytes: int) -> None:
        self._head_bytes += came_bytes
        if self._head_bytes > HEAD_LIMIT_BYTES:
            self._refuse(431, f"A request's head may have {HEAD_LIMIT_BYTES // 1024} KiB here.")
        elif self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_S, self._give_up_head)

    def _give_up_head(self) -> None:
        self._refuse(408, f"The request's head didn't arrive within {HEAD_S:.0f} s.")

    def on_message_begin(self) -> None:
        """A request's first byte."""
        super().on_message_begin()
        self._is_between, self._is_in_head = False, True
        self._head_bytes = self._unread_bytes = 0

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._is_in_head = False
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of the body; what comes after the answer is read within bounds, and dropped."""
        super().on_body(body)
        if self.cycle.response_complete:
            self._unread_bytes += len(body)
            if self._unread_bytes > LINGER_BYTES:
                self.transport.close()

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._is_between = True
        if self._body_timer is not None:
            self._body_timer.cancel()
            self._body_timer = None
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The answer is given; perhaps before the request's body has come."""
        super().on_response_complete()
        if not self._is_between and not self._is_in_head and not self.transport.is_closing():
            self._body_timer = self.loop.call_later(LINGER_S, self.transport.close)

    def timeout_keep_alive_handler(self) -> None:
        """Nothing came for a while, unless by the lane, which doesn't touch the timer."""
        left_s = self._answered_s + IDLE_S - self.loop.time()
        if left_s > 0:
            self.timeout_keep_alive_task = self.loop.call_later(
                left_s, self.timeout_keep_alive_handler
            )
        else:
            super().timeout_keep_alive_handler()

    def pause_writing(self) -> None:
        """The client doesn't read."""
        super().pause_writing()
        self._stall_timer = self.loop.call_later(STALL_S, self.transport.abort)

    def resume_writing(self) -> None:
        """It reads again."""
        super().resume_writing()
        if self._stall_timer is not None:
            self._stall_timer.cancel()
            self._stall_timer = None

    def send_400_response(self, msg: str) -> None:
        """What isn't HTTP."""
        del msg
        self._refuse(400, "This isn't a request of HTTP/1.1 that can be understood.")

    def _refuse(self, status: int, detail: str) -> None:
        """Answer in the middle of a request, which ends the connection."""
        if self.transport.is_closing():
            return
        if self._is_idle:
            body = msgspec.json.encode(problem_of_status(status, detail))
            headers = [
                *date_header(),
                (b"content-type", PROBLEM_TYPE.encode()),
                (b"content-length", b"%d" % len(body)),
                (b"connection", b"close"),
            ]
            self.transport.write(STATUS_LINE[status] + lines_of(headers) + b"\r\n" + body)
        self.transport.close()
