"""What a handler is given that differs by the request: its view of the database, and `depends`.

The database is the process's own; for a keyed write one whose transaction is kept open until it is
answered; and where there are replicas, for a request that changes nothing, one that reads near.
"""

from collections.abc import Callable
from typing import Any, cast

from litestar import Request

from backline.platform.cache import Depends
from backline.platform.database import Database
from backline.platform.front.nearby import SAFE, Nearby
from backline.platform.http.asgi import Scope, exchange_of

_AnyRequest = Request[Any, Any, Any]


View = Callable[[_AnyRequest], Database]
"""The database as a request sees it."""


def view_of(database: Database, nearby: Nearby | None = None) -> View:
    """What is injected as `database`.

    A handler says in its decorator what it takes part in: `idempotent=True` in keyed writes,
    `primary=True` in no reads of replicas.
    """
    find = _own_or_keyed(database)
    return find if nearby is None else _near(find, nearby)


def provide_depends(request: _AnyRequest) -> Depends:
    """Where the handler names what its answer depends on; nobody reads it where none is kept."""
    exchange = exchange_of(request.scope)
    if exchange.depends is None:
        exchange.depends = Depends()
    return exchange.depends


def _own_or_keyed(database: Database) -> View:
    def find(request: _AnyRequest) -> Database:
        keyed = exchange_of(request.scope).keyed
        if keyed is not None and request.route_handler.opt.get("idempotent"):
            return keyed
        return database

    return find


def _near(other: View, nearby: Nearby) -> View:
    def find(request: _AnyRequest) -> Database:
        if request.scope["method"] in SAFE and not request.route_handler.opt.get("primary"):
            return nearby.view(cast("Scope", request.scope))
        return other(request)

    return find
