"""HTTP for toys."""

from typing import Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.errors import Unauthenticated
from backline.platform.http.asgi import exchange_of
from backline.platform.ids import uuid7

from . import toys


class ToyForm(msgspec.Struct, frozen=True):
    """A toy to be."""

    name: str


class ToyList(msgspec.Struct, frozen=True):
    """One's toys."""

    items: list[str]


@get("/toys", tags=["toy"], summary="My toys")
async def list_toys(actor: NamedDependency[Actor], database: NamedDependency[Database]) -> ToyList:
    """What they are called."""
    async with database.read() as read:
        return ToyList(await toys.names(read, actor))


@post("/toys", tags=["toy"], summary="Add a toy", large_body=True)
async def add_toy(
    data: JSONBody[ToyForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    toy_limit: NamedDependency[int],
) -> ToyList:
    """Add one."""
    async with database.write() as tx:
        await toys.add(tx, actor, data.name, toy_limit)
        return ToyList(await toys.names(tx, actor))


async def box(scope: Any, receive: Any, send: Any) -> None:
    """A door of its own."""
    body = b"the box" if exchange_of(scope).caller is None else b"your box"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def by_key(scope: Any, _receive: Any) -> Actor | None:
    """Who asks at the door: whoever has the key."""
    key = exchange_of(scope).header(b"x-key")
    if key not in (None, "sesame"):
        raise Unauthenticated("That key doesn't fit.")
    return Actor(uuid7(), "user", uuid7()) if key is not None else None


ROUTES = [list_toys, add_toy]
