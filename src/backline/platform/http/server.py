"""The HTTP server of a process: Granian, embedded in our own event loop."""

import asyncio
import contextlib
import gc
import socket
from collections.abc import Awaitable, Callable

import structlog
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from backline.platform.http.asgi import App, Message, Receive, Scope, Send

_log = structlog.get_logger()
_HEADERS_IN_MS = 20_000
# Granian counts open connections, idle ones too.
_CONNECTIONS = 65_536
_END_S = 3.0
_COLLECT_EVERY = 20_000  # new objects that are still there


class PortTaken(Exception):
    """Something else listens there already."""


class _Door:
    """The way in. Once it is `closing`, every answer over HTTP/1.1 ends its connection."""

    def __init__(self, app: App) -> None:
        self._app, self.closing = app, False

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass a request on."""
        if not self.closing or scope.get("http_version") != "1.1":
            return self._app(scope, receive, send)

        async def send_last(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), (b"connection", b"close")]
                message = {**message, "headers": headers}
            await send(message)

        return self._app(scope, receive, send_last)


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
    drain what may take long, since Granian waits for all answers that are under way; whoever
    isn't done 3 s after that is cut off.

    Raises:
        PortTaken: the port isn't free.
    """
    _check_port(host, port)
    _spare_the_collector()
    door = _Door(app)
    server = Server(
        door,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.auto,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADERS_IN_MS),
        websockets=False,
        backlog=1024,
        backpressure=_CONNECTIONS,
        log_enabled=False,
    )
    serving = asyncio.create_task(server.serve(), name="http")
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if serving.done():
        serving.result()
        return
    door.closing = True
    close_streams()
    if drain_s:
        _log.info("draining", seconds=drain_s)
        await asyncio.wait({serving}, timeout=drain_s)
    if close_uploads is not None:
        close_uploads()
    server.stop()
    _done, late = await asyncio.wait({serving}, timeout=_END_S)
    for task in late:
        _log.warning("requests_cut_off", after_s=_END_S)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def _spare_the_collector() -> None:
    """Leave what was made at the start, and will stay, out of every later search for garbage.

    An answer makes some hundred objects and hardly a cycle: with Python's own threshold of 700
    the collector would look through them for 4 % of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_EVERY)


def _check_port(host: str, port: int) -> None:
    """Granian shares a port with whoever has it; we don't want to."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise PortTaken(f"Port {port} on {host} can't be used: {fault.strerror}.") from fault
