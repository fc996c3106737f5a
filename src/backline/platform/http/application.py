"""The Litestar application under `/api/v1`: how handlers get what they ask for, and its faults."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Litestar, Request, Router
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.routes import HTTPRoute
from litestar.types import ControllerRouterHandler

from backline.platform.errors import BacklineError, Invalid
from backline.platform.http import problems, scopes
from backline.platform.http.headers import header

API_PATH = "/api/v1"
_WITHOUT_BODY = frozenset({"GET", "HEAD"})
# A NUL in a JSON string is always written `\u0000`; an even number of backslashes before it
# makes it plain text.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def application(
    routes: Sequence[ControllerRouterHandler],
    *,
    dependencies: Mapping[str, Provide],
    version: str,
    debug: bool = False,
) -> Litestar:
    """The application. `dependencies` are what handlers may name among their parameters."""
    app = Litestar(
        [Router(API_PATH, route_handlers=list(routes))],
        dependencies=dict(dependencies),
        exception_handlers={
            BacklineError: problems.on_backline_error,
            HTTPException: problems.on_http_exception,
            Exception: problems.on_exception,
        },
        before_request=_refuse_nul,
        openapi_config=OpenAPIConfig(
            title="Backline", version=version, path="/internal-openapi", render_plugins=[]
        ),
        logging_config=None,
        request_max_body_size=None,  # the edge bounds bodies, uploads bound their own
        debug=debug,
    )
    _resolve_in_turn(app)
    scopes.settle(app, API_PATH)
    return app


def _resolve_in_turn(app: Litestar) -> None:
    """Have dependencies resolved one after the other.

    Those that don't need each other would be given a task group, which costs a fifth of a list's
    time; none of ours has anything to wait for.
    """
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for _handler, model in route.route_handler_map.values():
                batches = model.dependency_batches
                model.dependency_batches = [{one} for batch in batches for one in batch]


def provide(value: object) -> Provide:
    """A dependency that is the same for every request."""

    def get() -> Any:
        return value

    return Provide(get, use_cache=True, sync_to_thread=False)


async def _refuse_nul(request: Request[Any, Any, Any]) -> None:
    """NUL bytes in JSON strings are an error: PostgreSQL's text can't hold them.

    Raises:
        Invalid: the body has one.
    """
    scope = request.scope
    if scope["method"] not in _WITHOUT_BODY and (
        header(scope["headers"], b"content-type") or ""
    ).startswith("application/json"):
        body = await request.body()
        if b"\\u0000" in body and _NUL.search(body):
            raise Invalid("The body holds a NUL character (\\u0000). Leave it out.")
