"""What a call is given, and what it may answer."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Literal

import msgspec

from backline.audio.subsonic.params import Params
from backline.audio.subsonic.playing import Playing
from backline.audio.subsonic.rendering import Answer
from backline.platform.actor import Actor
from backline.platform.shared import Platform

_Message = MutableMapping[str, Any]
# An ASGI application, for what is answered as bytes: a file, a picture, a manifest.
Sends = Callable[
    [_Message, Callable[[], Awaitable[_Message]], Callable[[_Message], Awaitable[None]]],
    Awaitable[None],
]


class Asked(msgspec.Struct, frozen=True):
    """A call: what of, by whom, from where; `platform` has the database and the rest.

    `playing` is what gives sound and pictures, `body` what came as JSON.
    """

    platform: Platform
    params: Params
    actor: Actor
    address: str
    playing: Playing
    body: bytes = b""


Run = Callable[[Asked], Awaitable[Answer | Sends]]


class Call(msgspec.Struct, frozen=True):
    """What can be called, and which scope an app password needs for it."""

    run: Run
    needs: Literal["audio:read", "audio:write"] = "audio:read"
