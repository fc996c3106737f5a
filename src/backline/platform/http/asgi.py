"""The types of an ASGI application (ASGI 3.0), and what its layers know of one request.

Each layer finds something out and leaves it in the `Exchange` for those within and those around
it; the framework's own state in the scope isn't used.
"""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import Any

import msgspec

from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.http.depends import Depends
from backline.platform.http.headers import Encoding, Headers, joined
from backline.platform.limits.policies import Policy

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_EXCHANGE = "backline.exchange"
# Where a connection leaves a head that came whole and means the same next time.
HEAD = "backline.head"


class Asked(msgspec.Struct, frozen=True):
    """What a request that was answered from kept bytes had asked for, as the cache read it."""

    token: str
    actor: Actor
    key: tuple[object, ...]
    encoding: Encoding
    if_none_match: bytes | None


class Exchange(msgspec.Struct):
    """One request and its answer, as far as is known.

    Of the connection: `head`, see `HEAD`.
    Of the edge: `headers`, each once (see `joined`), `request_id`, and the client's `address`.
    Of the limits: `caller` with their `token`, or why their credentials were refused (`refusal`),
    and which `subjects` count by which `policies`.
    Of a door's credentials: the `body`, where they stand in it.
    Of the cache: `needed_position`, which a replica must have replayed, and `asked`.
    Of the view of replicas: `picked_position`, which the one had that was read from.
    Of keyed writes: `keyed`, the database whose transaction is kept open until it is answered.
    Of handlers: `actor`, for whom the answer was made, and what it `depends` on.
    Of whoever answers: whose the request was (`user`), and the type of its `problem`.
    """

    headers: Mapping[bytes, bytes]
    head: bytes | None = None
    request_id: str = ""
    address: str = "unknown"
    caller: Actor | None = None
    refusal: str | None = None
    body: bytes | None = None
    token: str = ""
    policies: Sequence[Policy] = ()
    subjects: Sequence[str] = ()
    needed_position: int = 0
    picked_position: int | None = None
    asked: Asked | None = None
    keyed: Database | None = None
    actor: Actor | None = None
    depends: Depends | None = None
    user: str | None = None
    problem: str | None = None

    def header(self, name: bytes) -> str | None:
        """What the request says in a header; `name` in lower case."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")


def begin(scope: Scope) -> Exchange:
    """Have a request's scope carry an `Exchange`, and each of its headers once."""
    headers = joined(scope["headers"])
    if len(headers) < len(scope["headers"]):
        scope["headers"] = list(headers.items())
    exchange = scope[_EXCHANGE] = Exchange(headers, scope.get(HEAD))
    return exchange


def exchange_of(scope: Mapping[str, Any]) -> Exchange:
    """The exchange that a request belongs to."""
    return scope[_EXCHANGE]


async def send_answer(
    scope: Scope, send: Send, status: int, headers: Headers, body: bytes = b""
) -> None:
    """Send an answer that comes in one piece; without its body where that wasn't asked for."""
    headers = [*headers, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    body = b"" if scope["method"] == "HEAD" else body
    await send({"type": "http.response.body", "body": body, "more_body": False})
