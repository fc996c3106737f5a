"""Which scope a request needs of an API token: worked out here for every route, and enforced.

A scope is `<domain>:read` or `<domain>:write`. The domain is that of the routes' group (`audio`,
`accounts`, …; `platform` for what belongs to none), or `admin` beneath `/admin`. Where a group has
several domains, the scope of any lets a token in, and the operation asks for the one. A route
marked `session_only=True` isn't for tokens at all, and neither is one that no group claims.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from litestar import Litestar, Router
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from litestar.types import ControllerRouterHandler

from backline.platform.actor import Actor, require_scope, require_session

ADMIN = "admin"
SHARED = "platform"
READS = frozenset({"GET", "HEAD", "OPTIONS"})
Scopes = tuple[str, ...]
_DOMAINS, _SESSION_ONLY, _SCOPES = "domains", "session_only", "scopes"


def group(domains: Sequence[str], routes: Sequence[ControllerRouterHandler]) -> Router:
    """Routes whose scopes are called after a domain, or after any of several."""
    return Router("/", route_handlers=list(routes), opt={_DOMAINS: tuple(domains)})


def names(domains: Iterable[str]) -> frozenset[str]:
    """All scopes that there are."""
    every = (SHARED, ADMIN, *domains)
    return frozenset(f"{domain}:{act}" for domain in every for act in ("read", "write"))


def settle(app: Litestar, base: str) -> None:
    """Work out the scopes of every route beneath `base`, once."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                handler.opt[_SCOPES] = _scopes(route.path_format, handler.opt, base)


def _scopes(path: str, opt: dict[str, Any], base: str) -> tuple[Scopes, Scopes]:
    """What reading and writing need; nothing is enough where only sessions come in."""
    domains: Scopes = () if opt.get(_SESSION_ONLY) else opt.get(_DOMAINS, ())
    if domains and path.removeprefix(base).split("/")[1:2] == [ADMIN]:
        domains = (ADMIN,)
    return tuple(f"{one}:read" for one in domains), tuple(f"{one}:write" for one in domains)


def needed(handler: HTTPRouteHandler, method: str) -> Scopes:
    """The scopes of which a token needs one for `method`; none where no token is enough."""
    scopes: tuple[Scopes, Scopes] = handler.opt.get(_SCOPES, ((), ()))
    return scopes[0 if method in READS else 1]


def lacking(app: Litestar) -> Callable[[Actor, str, str], bool]:
    """Says of a request (whose, method, path) whether `enforce` will refuse it for its scopes.

    For whoever has to know that before the request is counted.
    """
    route = cast("Any", app.asgi_router).handle_routing

    def lacks(actor: Actor, method: str, path: str) -> bool:
        if actor.scopes is None:
            return False
        try:
            _, handler, *_ = route(path=path, method=method)
        except HTTPException:  # there is no such route
            return False
        return actor.scopes.isdisjoint(needed(handler, method))

    return lacks


def enforce(actor: Actor, handler: HTTPRouteHandler, method: str) -> None:
    """Let sessions pass, and tokens that have the scope.

    Raises:
        Forbidden: the token lacks the scope, or no token may do this.
    """
    if actor.scopes is None:
        return
    scopes = needed(handler, method)
    if not scopes:
        require_session(actor)
    require_scope(actor, scopes)
