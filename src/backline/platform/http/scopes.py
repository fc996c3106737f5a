"""Which scope a request needs of an API token: worked out here for every route, and enforced.

A scope is `<domain>:read` or `<domain>:write`. The domain is that of the routes' group (`audio`,
`accounts`, …; `platform` for what belongs to none), or `admin` beneath `/admin`. A route marked
`session_only=True` isn't for tokens at all, and neither is one that no group claims.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from litestar import Litestar, Router
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from litestar.types import ControllerRouterHandler

from backline.platform.actor import Actor, require_session
from backline.platform.errors import Forbidden

ADMIN = "admin"
SHARED = "platform"
READS = frozenset({"GET", "HEAD", "OPTIONS"})
_DOMAIN, _SESSION_ONLY, _SCOPES = "domain", "session_only", "scopes"


def group(domain: str, routes: Sequence[ControllerRouterHandler]) -> Router:
    """Routes of one domain, whose scopes are called after it."""
    return Router("/", route_handlers=list(routes), opt={_DOMAIN: domain})


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


def _scopes(path: str, opt: dict[str, Any], base: str) -> tuple[str, str] | None:
    """What reading and writing need, or None where only sessions come in."""
    domain = opt.get(_DOMAIN)
    if opt.get(_SESSION_ONLY) or domain is None:
        return None
    if path.removeprefix(base).split("/")[1:2] == [ADMIN]:
        domain = ADMIN
    return f"{domain}:read", f"{domain}:write"


def needed(handler: HTTPRouteHandler, method: str) -> str | None:
    """The scope that a token needs for `method`, or None where no token is enough."""
    scopes: tuple[str, str] | None = handler.opt.get(_SCOPES)
    return None if scopes is None else scopes[0 if method in READS else 1]


def enforce(actor: Actor, handler: HTTPRouteHandler, method: str) -> None:
    """Let sessions pass, and tokens that have the scope.

    Raises:
        Forbidden: the token lacks the scope, or no token may do this.
    """
    if actor.scopes is None:
        return
    scope = needed(handler, method)
    if scope is None:
        require_session(actor)
    elif scope not in actor.scopes:
        raise Forbidden(f"This API token lacks the scope {scope}. Make one that has it.")
