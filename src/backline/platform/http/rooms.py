"""Which room answers a request: health, media, the API, or the pages."""

from collections.abc import Mapping

import msgspec

from backline.platform.http.asgi import App, Receive, Scope, Send


class Rooms(msgspec.Struct, frozen=True):
    """The first path segment decides (`/media`); whatever names no room goes to the pages."""

    rooms: Mapping[str, App]
    pages: App

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        path: str = scope["path"]
        end = path.find("/", 1)
        room = self.rooms.get(path if end < 0 else path[:end], self.pages)
        await room(scope, receive, send)
