"""Which room answers a request: health, media, the API, or the pages."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec

from backline.platform.actor import Actor, Callers
from backline.platform.http.asgi import App, Receive, Scope, Send
from backline.platform.limits.policies import Policy

# The rooms that are always there; a door is called otherwise.
ROOMS = ("/api", "/health", "/media")
# Who asks, by what came with the request; None for nobody who is known. Where that stands in the
# body, the whole body is left in the exchange.
FindCaller = Callable[[Scope, Receive], Awaitable[Actor | None]]


class Door(msgspec.Struct, frozen=True):
    """A prefix of a domain's own besides the API, as `/rest`: one path segment.

    `app` is made from the domain's parts, and `credentials` from these and from who is there: they
    tell who asks. Without them it is a bearer token, as at the API. Requests are counted as the
    API's are; with a `policy`, those of people who are known are counted by that instead. `methods`
    are those that the API doesn't have. With `has_large_bodies` it bounds bodies itself.
    """

    prefix: str
    app: Callable[[Any], App]
    credentials: Callable[[Any, Callers], FindCaller] | None = None
    policy: Policy | None = None
    methods: Sequence[str] = ()
    has_large_bodies: bool = False


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
