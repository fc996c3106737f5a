"""The HTTP server of a process: uvicorn's connections, in our own event loop."""

import asyncio
import contextlib
import gc
import logging
from collections.abc import Awaitable, Callable

import structlog
from uvicorn.config import Config
from uvicorn.server import ServerState

from backline.platform.front.connection import Connection, Lane
from backline.platform.front.turns import Turns
from backline.platform.http.asgi import App, Message, Receive, Scope, Send

_log = structlog.get_logger()
_CONNECTIONS = 65_536  # open ones, idle ones too
_BACKLOG = 1024
_END_S = 3.0
_COLLECT_EVERY = 20_000  # new objects that are still there


class PortTaken(Exception):
    """Something else listens there already."""


class _Door:
    """The way in. Once it is `closing`, every answer ends its connection."""

    def __init__(self, app: App) -> None:
        self._app, self.closing = app, False

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass a request on."""
        if not self.closing:
            return self._app(scope, receive, send)

        async def send_last(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), (b"connection", b"close")]
                message = {**message, "headers": headers}
            await send(message)

        return self._app(scope, receive, send_last)


class Server:
    """Connections to one application, from `open` until `close`.

    Only the application itself may be a lane: what is put around it later has none, so nothing
    can be skipped that the lane doesn't know of.
    """

    def __init__(self, app: App) -> None:
        self._door, self._turns = _Door(app), Turns()
        self._lane = app if isinstance(app, Lane) else None
        self._state = ServerState()
        self._config = Config(
            self._door,
            interface="asgi3",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            limit_concurrency=_CONNECTIONS,
        )
        self._listener: asyncio.Server | None = None
        self._is_empty = asyncio.Event()

    def _connection(self) -> Connection:
        lane = None if self._door.closing else self._lane
        return Connection(self._config, self._state, self._turns, lane, self._ended)

    def _ended(self) -> None:
        if not self._state.connections:
            self._is_empty.set()

    async def open(self, host: str, port: int) -> None:
        """Begin to listen.

        Raises:
            PortTaken: the port isn't free.
        """
        self._config.load()
        # uvicorn warns at each request beyond its bounds: strangers would fill the log.
        said_by_uvicorn = logging.getLogger("uvicorn.error")
        said_by_uvicorn.setLevel(logging.ERROR)
        said_by_uvicorn.addFilter(_is_fault)
        loop = asyncio.get_running_loop()
        try:
            self._listener = await loop.create_server(
                self._connection, host, port, backlog=_BACKLOG, reuse_address=True
            )
        except OSError as fault:
            said = fault.strerror or str(fault)
            raise PortTaken(f"Port {port} on {host} can't be used: {said}.") from fault

    def drain(self) -> None:
        """Make each connection's next answer its last."""
        self._door.closing = True
        for connection in self._connections():
            connection.leave_lane()

    async def close(self, patience_s: float = _END_S) -> int:
        """Listen no more, and wait for answers under way; how many were cut off."""
        self.drain()
        if self._listener is not None:
            self._listener.close()
        for connection in self._connections():
            connection.shutdown()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await self._until_done()
        late = list(self._state.tasks)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=_END_S)
        for connection in self._connections():
            connection.transport.abort()
        return len(late)

    async def _until_done(self) -> None:
        if self._state.connections:
            self._is_empty.clear()  # the last one may have left as another came
            await self._is_empty.wait()
        # Whose client is gone may still be keeping what came.
        while self._state.tasks:
            await asyncio.wait(self._state.tasks)

    def _connections(self) -> list[Connection]:
        return [one for one in self._state.connections if isinstance(one, Connection)]


def _is_fault(record: logging.LogRecord) -> bool:
    """Whether a line of the log is one; that a request was cut off is counted elsewhere."""
    return record.exc_info is None or record.exc_info[0] is not asyncio.CancelledError


async def run_server(
    app: App,
    host: str,
    port: int,
    *,
    stop: asyncio.Event,
    close_streams: Callable[[], None],
    close_uploads: Callable[[], None] | None = None,
    drain_s: float = 0,
) -> None:
    """Answer HTTP until `stop` is set, and for `drain_s` more, when no proxy keeps a connection.

    `close_streams` ends at `stop` what would never end by itself, `close_uploads` after the
    drain what may take long; whoever isn't done 3 s after that is cut off.

    Raises:
        PortTaken: the port isn't free.
    """
    server = Server(app)
    await server.open(host, port)
    _spare_the_collector()
    try:
        await stop.wait()
        close_streams()
        if drain_s:
            _log.info("draining", seconds=drain_s)
            server.drain()
            await asyncio.sleep(drain_s)
    finally:
        if close_uploads is not None:
            close_uploads()
        cut_off = await server.close()
        if cut_off:
            _log.warning("requests_cut_off", count=cut_off, after_s=_END_S)


def _spare_the_collector() -> None:
    """Leave what was made at the start, and will stay, out of every later search for garbage.

    An answer makes some hundred objects and hardly a cycle: with Python's own threshold of 700
    the collector would look through them for 4 % of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_EVERY)
