"""Cacheable reads without the framework's detours: half of its time goes between its layers.

What Litestar has worked out of a handler is used as it is: how its parameters are read and
checked, what is injected. Only the way there and back is ours. What isn't a plain read goes the
framework's way.
"""

from collections.abc import Mapping
from typing import Any, cast

import msgspec
from litestar import Litestar, Request, Response
from litestar.exceptions import HTTPException
from litestar.routes import HTTPRoute

from backline.platform.errors import BacklineError
from backline.platform.http import problems
from backline.platform.http.asgi import App, Receive, Scope, Send
from backline.platform.http.headers import Headers

TEMPLATE = "read_template"
PARAMETERS = "read_parameters"
_AnyRequest = Request[Any, Any, Any]
_OK = 200
_JSON = b"application/json"


class _Read:
    """One handler, and what Litestar knows of it."""

    def __init__(self, route: HTTPRoute) -> None:
        self.handler, self.model = route.route_handler_map["GET"]
        self.dependencies = [one for batch in self.model.dependency_batches for one in batch]
        self.template = route.path_format

    @property
    def is_plain(self) -> bool:
        """Whether nothing but parsing, calling and encoding happens."""
        return (
            self.handler.status_code == _OK
            and not cast("Any", self.handler).resolve_guards()
            and not any(
                one.provide.has_sync_generator_dependency
                or one.provide.has_async_generator_dependency
                for one in self.dependencies
            )
        )


class Reads:
    """Answers what stands in the scope's state under `TEMPLATE`; `fallback` answers the rest.

    The template is the handler's path, `PARAMETERS` are what the path gives for it.
    """

    def __init__(self, api: Litestar, fallback: App) -> None:
        self._api, self._fallback = api, fallback
        self._encode = msgspec.json.Encoder().encode
        reads = {
            route.path: _Read(route)
            for route in api.routes
            if isinstance(route, HTTPRoute) and "GET" in route.route_handler_map
        }
        self._reads = {path: read for path, read in reads.items() if read.is_plain}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        state = scope["state"]
        read = self._reads.get(state.get(TEMPLATE))
        if read is None:
            await self._fallback(scope, receive, send)
            return
        scope["litestar_app"], scope["route_handler"] = self._api, read.handler
        scope["path_params"], scope["path_template"] = state[PARAMETERS], read.template
        request = _AnyRequest(*cast("Any", (scope, receive, send)))
        try:
            answer = await _call(read, request)
        except BacklineError as fault:
            answer = problems.on_backline_error(request, fault)
        except HTTPException as fault:
            answer = problems.on_http_exception(request, fault)
        except Exception as fault:  # noqa: BLE001  # as the framework does: logged, answered 500
            answer = problems.on_exception(request, fault)
        status, headers, body = self._encoded(answer)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    def _encoded(self, answer: Any) -> tuple[int, Headers, bytes]:
        headers: Headers = []
        status, kind, content = _OK, _JSON, answer
        if isinstance(answer, Response):
            said = cast("Response[Any]", answer)
            headers = [(k.lower().encode(), v.encode()) for k, v in said.headers.items()]
            status, content = said.status_code or _OK, said.content
            kind = said.media_type.encode() if said.media_type else _JSON
        body = content if isinstance(content, bytes) else self._encode(content)
        headers += [(b"content-type", kind), (b"content-length", b"%d" % len(body))]
        return status, headers, body


async def _call(read: _Read, request: _AnyRequest) -> Any:
    """Parse, resolve and call as Litestar does, in this order.

    Raises:
        BacklineError: what the handler or a dependency raises.
        HTTPException: the request doesn't fit the handler's parameters.
    """
    kwargs: dict[str, Any] = await cast("Any", read.model).to_kwargs(connection=request)
    for one in read.dependencies:
        wanted = _fitting(one.provide.signature_model, request, kwargs)
        kwargs[one.key] = await one.provide(**wanted)
    return await read.handler.fn(**_fitting(read.handler.signature_model, request, kwargs))


def _fitting(model: Any, request: _AnyRequest, kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Those values that a signature asks for, checked against its types."""
    if not model._fields:
        return {}
    return model.parse_values_from_connection_kwargs(connection=request, kwargs=kwargs)
