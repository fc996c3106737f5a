"""Handlers called without the framework's detours: half of a request's time goes between them.

What Litestar has worked out of a handler is used as it is: its route, how its parameters and its
body are read and checked, what is injected. Only the way there and back is ours. Whatever is out
of the ordinary, a handler or an answer, goes the framework's way.
"""

from collections.abc import Mapping
from typing import Any, Final, cast

import msgspec
from litestar import Litestar, Request, Response
from litestar.exceptions import ClientException, HTTPException, SerializationException
from litestar.routes import HTTPRoute
from litestar.types import Empty

from backline.platform.errors import BacklineError
from backline.platform.http import paging, problems
from backline.platform.http.asgi import App, Receive, Scope, Send
from backline.platform.http.headers import Headers

_AnyRequest = Request[Any, Any, Any]
# The alias costs as much as the request itself.
_request: Final = cast("Any", Request)
_WITHOUT_BODY: Final = frozenset({"GET", "HEAD"})
_NO_CONTENT = 204
_PLAIN: Final = frozenset({200, 201, 202, _NO_CONTENT})
_JSON = b"application/json"
_encode: Final = msgspec.json.Encoder().encode


class _Call:
    """One handler, and what Litestar knows of it."""

    def __init__(self, handler: Any, model: Any, method: str) -> None:
        self.handler, self.model, self.status = handler, model, int(handler.status_code)
        self.dependencies = [one for batch in model.dependency_batches for one in batch]
        self.before = None if method in _WITHOUT_BODY else handler.resolve_before_request()

    def is_plain(self, api: Litestar) -> bool:
        """Whether nothing but parsing, calling and encoding happens."""
        handler, model = self.handler, self.model
        return (
            self.status in _PLAIN
            and not handler.has_sync_callable
            and handler.resolve_exception_handlers() == cast("Any", api).exception_handlers
            and not any(
                (
                    handler.resolve_guards(),
                    handler.resolve_after_response(),
                    handler.resolve_response_headers(),
                    handler.resolve_response_cookies(),
                    handler.after_request,
                    handler.cache,
                    handler.background,
                    model.expected_form_data,
                    model.expected_msgpack_data,
                    model.expected_data_dto,
                )
            )
            and not any(
                one.provide.has_sync_generator_dependency
                or one.provide.has_async_generator_dependency
                for one in self.dependencies
            )
        )


class Calls:
    """Calls the handlers of `api`; `fallback`, which has them too, answers what isn't plain."""

    def __init__(self, api: Litestar, fallback: App) -> None:
        self._api, self._fallback = api, fallback
        self._route = cast("Any", api.asgi_router).handle_routing
        calls = {
            (handler, str(method)): _Call(handler, model, method)
            for route in api.routes
            if isinstance(route, HTTPRoute)
            for method, (handler, model) in route.route_handler_map.items()
        }
        self._calls = {key: call for key, call in calls.items() if call.is_plain(api)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        call = self._found(scope)
        if call is None:
            await self._fallback(scope, receive, send)
            return
        scope["litestar_app"], scope["route_handler"] = self._api, call.handler
        request: _AnyRequest = _request(scope, receive, send)
        try:
            said = await _ask(call, request)
            if _is_unusual(said):
                answer = await call.handler.to_response(self._api, said, request)
            else:
                answer = _Answer(said, call.status, paging.next_link(said, scope["query_string"]))
        except BacklineError as fault:
            answer = _Answer(problems.on_backline_error(request, fault))
        except HTTPException as fault:
            answer = _Answer(problems.on_http_exception(request, fault))
        except Exception as fault:  # noqa: BLE001  # as the framework does: logged, answered 500
            answer = _Answer(problems.on_exception(request, fault))
        await answer(scope, receive, send)

    def _found(self, scope: Scope) -> _Call | None:
        method = scope["method"]
        try:
            _, handler, _, parameters, template = self._route(path=scope["path"], method=method)
        except HTTPException:  # there is no such route
            return None
        call = self._calls.get((handler, method))
        if call is not None:
            scope["path_params"], scope["path_template"] = parameters, template
        return call


class _Answer:
    """What a handler said, encoded; `status` is what it has where it doesn't say another.

    `link` leads from a page of a list to the next.
    """

    __slots__ = ("_body", "_headers", "_status")

    def __init__(self, said: Any, status: int = 0, link: bytes | None = None) -> None:
        self._headers: Headers = []
        self._status, self._body = status, b""
        kind, content = _JSON, said
        if isinstance(said, Response):
            response = cast("Response[Any]", said)
            self._headers = [(k.lower().encode(), v.encode()) for k, v in response.headers.items()]
            self._status, content = response.status_code or status, response.content
            kind = response.media_type.encode() if response.media_type else _JSON
        if self._status != _NO_CONTENT:
            self._body = content if isinstance(content, bytes) else _encode(content)
            length = b"%d" % len(self._body)
            self._headers += [(b"content-type", kind), (b"content-length", length)]
        if link is not None:
            self._headers.append((b"link", link))

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send it."""
        start = {"status": self._status, "headers": self._headers}
        await send({"type": "http.response.start", **start})
        await send({"type": "http.response.body", "body": self._body, "more_body": False})


def _is_unusual(said: Any) -> bool:
    """Whether an answer is more than content, headers and a status."""
    if not isinstance(said, Response):
        return isinstance(said, str) or callable(said)
    response = cast("Response[Any]", said)
    return (
        type(response) is not Response
        or bool(response.cookies or response.background or response.response_type_encoders)
        or isinstance(response.content, str)
        or response.status_code not in {None, *_PLAIN}
        or (response.media_type or "").startswith("text/")
    )


async def _ask(call: _Call, request: _AnyRequest) -> Any:
    """Check, parse, resolve and call as Litestar does, in this order.

    Raises:
        BacklineError: what the handler or a dependency raises.
        HTTPException: the request doesn't fit the handler's parameters.
    """
    if call.before is not None and (said := await call.before(request)):
        return said
    try:
        kwargs: dict[str, Any] = await call.model.to_kwargs(connection=request)
    except SerializationException as fault:
        raise ClientException(str(fault)) from fault
    if kwargs.get("data") is Empty:
        del kwargs["data"]
    for one in call.dependencies:
        wanted = _fitting(one.provide.signature_model, request, kwargs)
        kwargs[one.key] = await one.provide(**wanted)
    return await call.handler.fn(**_fitting(call.handler.signature_model, request, kwargs))


def _fitting(model: Any, request: _AnyRequest, kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Those values that a signature asks for, checked against its types."""
    if not model._fields:
        return {}
    return model.parse_values_from_connection_kwargs(connection=request, kwargs=kwargs)
