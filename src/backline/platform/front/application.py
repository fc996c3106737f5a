"""The Litestar application under `/api/v1`: how handlers get what they ask for, and its faults."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Litestar, Request
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.routes import HTTPRoute
from litestar.types import ControllerRouterHandler

from backline.platform.errors import BacklineError
from backline.platform.http import problems, scopes
from backline.platform.http.decodable import check_json

API_PATH = "/api/v1"


def application(
    routes: Sequence[ControllerRouterHandler],
    *,
    dependencies: Mapping[str, Provide],
    version: str,
    debug: bool = False,
) -> Litestar:
    """The application. `dependencies` are what handlers may name among their parameters."""
    app = Litestar(
        list(routes),
        path=API_PATH,
        dependencies=dict(dependencies),
        exception_handlers={
            BacklineError: problems.on_backline_error,
            HTTPException: problems.on_http_exception,
            Exception: problems.on_exception,
        },
        before_request=_check_body,
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


async def _check_body(request: Request[Any, Any, Any]) -> None:
    """Refuse JSON that can't be decoded or kept, where a handler takes `data`.

    Raises:
        Invalid: the body is such.
    """
    if "data" in request.route_handler.parsed_fn_signature.parameters:
        check_json(await request.body())
