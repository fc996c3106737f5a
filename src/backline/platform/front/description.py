"""The OpenAPI description: what Litestar finds in the handlers, and the answers of the edge."""

from functools import cached_property
from typing import Any, cast

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from backline.platform.front.application import API_PATH
from backline.platform.http import scopes
from backline.platform.http.asgi import App, Receive, Scope, Send, send_answer

DESCRIPTION_PATH = f"{API_PATH}/openapi.json"

_PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457)",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
        "violated-policies": {"type": "array", "items": {"type": "string"}},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}


_METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})


def describe(app: Litestar) -> dict[str, Any]:
    """The whole API as OpenAPI 3.1, with security and problems where they apply."""
    description: dict[str, Any] = app.openapi_schema.to_schema()
    description["servers"] = [{"url": "/"}]
    components = description.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = _PROBLEM
    components["securitySchemes"] = {
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The access token of a session: it may do all that the person may",
        },
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "An API token (`bl_…`) with the scope that the operation names",
        },
    }
    signed_in = _operations_with(app, "actor")
    free_to_say_nothing = _operations_with(app, "data", optional=True)
    for path, item in description["paths"].items():
        for method, operation in item.items():
            if method not in _METHODS:
                continue
            _add_problems(operation)
            _drop_empty_content(method, operation)
            if (method.upper(), path) in free_to_say_nothing:
                operation["requestBody"]["required"] = False
            if (method.upper(), path) in signed_in:
                tokens = [{"token": [scope]} for scope in signed_in[method.upper(), path]]
                operation["security"] = [{"bearer": []}, *tokens]
    return description


class Described:
    """The API with its own description at `/api/v1/openapi.json`, made when first asked for."""

    def __init__(self, api: Litestar) -> None:
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["path"] != DESCRIPTION_PATH or scope["method"] not in {"GET", "HEAD"}:
            await cast("App", self._api)(scope, receive, send)
            return
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-cache")]
        await send_answer(scope, send, 200, headers, self._body)

    @cached_property
    def _body(self) -> bytes:
        return msgspec.json.encode(describe(self._api))


def _operations_with(
    app: Litestar, name: str, *, optional: bool = False
) -> dict[tuple[str, str], scopes.Scopes]:
    """The operations whose handlers have a parameter `name`, or only those where it is optional.

    Each with the scope that an API token needs for it.
    """
    found: dict[tuple[str, str], scopes.Scopes] = {}
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if not isinstance(handler, HTTPRouteHandler) or not handler.include_in_schema:
                continue
            parameter = handler.parsed_fn_signature.parameters.get(name)
            if parameter is not None and (parameter.is_optional or not optional):
                path = _template(route.path_format)
                found |= {
                    (str(method), path): scopes.needed(handler, str(method))
                    for method in handler.http_methods
                }
    return found


def _template(path: str) -> str:
    return path if path.startswith(API_PATH) else API_PATH + path


def _add_problems(operation: dict[str, Any]) -> None:
    """Every operation may answer with a problem; Litestar's own shape of a 400 isn't ours."""
    responses: dict[str, Any] = operation.setdefault("responses", {})
    responses.pop("400", None)
    responses["default"] = {
        "description": "A problem: what happened, why, and what to do",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }


def _drop_empty_content(method: str, operation: dict[str, Any]) -> None:
    """A 204 and the answer to HEAD have no body, so no type either."""
    for status, response in operation["responses"].items():
        if status == "204" or method == "head":
            response.pop("content", None)
