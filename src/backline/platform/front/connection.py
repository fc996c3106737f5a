"""One connection of a client: in turns with all others, and with a lane for what is asked again."""

from collections.abc import Callable
from typing import Protocol, cast, runtime_checkable

from uvicorn.config import Config
from uvicorn.server import ServerState

from backline.platform.front.bounds import BoundedConnection
from backline.platform.front.turns import Turns
from backline.platform.http.asgi import HEAD, Scope

_END = b"\r\n\r\n"


@runtime_checkable
class Lane(Protocol):
    """The short way: answers to requests whose very bytes were asked before."""

    def answer(self, head: bytes, peer: str) -> bytes | None:
        """What to send, or None where the request has to go the whole way."""
        ...


class Connection(BoundedConnection):
    """One that leaves a head which came whole in `scope[HEAD]`."""

    def __init__(
        self,
        config: Config,
        state: ServerState,
        turns: Turns,
        lane: Lane | None,
        on_end: Callable[[], None],
    ) -> None:
        super().__init__(config, state, on_end)
        self._turns, self._lane = turns, lane
        self._later = b""  # what came, and waits for its turn

    def leave_lane(self) -> None:
        """Have every further request go the whole way."""
        self._lane = None

    def shutdown(self) -> None:
        """Answer what came, and end."""
        self._begin()
        super().shutdown()

    def data_received(self, data: bytes) -> None:
        """Take in what came, or have it wait for its turn."""
        if self._later:
            self._begin()
        elif self._is_between and self._is_idle and not self._turns.take():
            self._later, self._active_s = data, self.loop.time()
            self._turns.wait(self._begin)
            return
        self._take_in(data)

    def _begin(self) -> None:
        """Take in what waited, unless the connection is lost or more came after it."""
        data, self._later = self._later, b""
        if not data or self.transport.is_closing():
            return
        try:
            self._take_in(data)
        except Exception:  # as the loop does with what it calls itself
            self.transport.abort()
            raise

    def _take_in(self, data: bytes) -> None:
        may_repeat = self._is_between and data.startswith(b"GET ") and data.endswith(_END)
        if may_repeat and self._lane is not None and self._is_idle and not self.flow.write_paused:
            answer = self._lane.answer(data, self.peer)
            if answer is not None:
                self.transport.write(answer)
                self._active_s = self.loop.time()
                return
        self.feed(data)
        is_whole = self._is_between and not self.transport.is_closing()
        if is_whole and may_repeat and self._is_repeatable(data):
            # The same bytes will mean the same again.
            cast("Scope", self.cycle.scope)[HEAD] = data

    def _is_repeatable(self, data: bytes) -> bool:
        """Whether `data` was the head of one request, and nothing else, on a kept connection."""
        return (
            data.find(_END) == len(data) - len(_END)
            and self.cycle.keep_alive
            and not self.parser.should_upgrade()
        )
