"""A request's body as a stream of chunks, straight from the server; parsing it is elsewhere."""

from collections.abc import AsyncIterator

from litestar.types import Receive

from backline.platform.errors import BacklineError


class ClientGone(BacklineError):
    """The body ended before it was whole."""

    status, kind, title = 400, "broken-off", "The request broke off"


class TooSlow(ClientGone):
    """The body comes at a pace at which nobody waits for it."""

    status, kind, title = 408, "timeout", "The request took too long to arrive"


async def body_chunks(receive: Receive) -> AsyncIterator[bytes]:
    """The body's chunks as they arrive, none of them empty.

    Raises:
        ClientGone: the client went away, or sent nothing for too long.
    """
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientGone("The connection ended before the whole body had arrived.")
        if body := message.get("body", b""):
            yield body
        if not message.get("more_body", False):
            return
