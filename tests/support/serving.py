"""An ASGI application served as in production, in the test's own loop."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

from backline.platform.front.edge import Edge
from backline.platform.front.server import Server
from backline.platform.http.asgi import App
from backline.platform.http.origins import origins_of

START_S = 30


def edged(app: App, *, large_bodies: tuple[str, ...] = ()) -> Edge:
    """The application behind the layer that answers faults, as in production."""
    origins = origins_of(
        public_url=None, host="127.0.0.1", port=0, allowed_hosts=(), cors_origins=()
    )
    return Edge(app, origins, [], large_bodies=large_bodies)


@contextlib.asynccontextmanager
async def serving(app: App) -> AsyncIterator[tuple[str, int]]:
    """Serve `app`; where it listens."""
    server, port = Server(app), free_port()
    await server.open("127.0.0.1", port)
    try:
        yield "127.0.0.1", port
    finally:
        await server.close()


async def listening(port: int) -> None:
    """Wait until somebody answers there."""
    async with asyncio.timeout(START_S):
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                await writer.wait_closed()
                return
            await asyncio.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
