"""The outermost ASGI layer: what holds for every request, whichever room answers it.

Host check, request id, bounds on bodies and on waiting, security and CORS headers, the access
log and the request metrics.
"""

import asyncio
import ipaddress
import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import unquote_to_bytes

import msgspec
import structlog

from backline.platform.errors import BacklineError, Invalid, TooLarge
from backline.platform.http.access_log import AccessLog, Line
from backline.platform.http.address import Network, client_address
from backline.platform.http.asgi import App, Message, Receive, Scope, Send, begin, exchange_of
from backline.platform.http.bodies import ClientGone, TooSlow
from backline.platform.http.headers import Headers
from backline.platform.http.origins import Origins
from backline.platform.http.problems import (
    Problem,
    problem_of,
    problem_of_status,
    send_fault,
    send_problem,
)
from backline.platform.http.record import record
from backline.platform.ids import uuid7_hex

_log = structlog.get_logger()
_MEDIA_TOKEN = re.compile(r"^/media/[^/]+")
_WITHOUT_BODY = frozenset({"GET", "HEAD"})
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_EXPOSED = b"ETag, Link, Location, Retry-After, X-Request-Id, Upload-Offset, Upload-Length, \
Upload-Expires, Tus-Resumable, Content-Range, Accept-Ranges, RateLimit, RateLimit-Policy"

BODY_LIMIT_BYTES = 1 << 20
# A body that comes slower than 1 KiB/s over a minute ends. What came of an upload is kept.
PACE_S = 60.0
PACE_BYTES = 60 << 10
_LEFT = 499  # as proxies count those who leave before they are answered


class Edge(msgspec.Struct, frozen=True):
    """The layer around `app`.

    `access_log` is told of every request.

    `large_bodies` are paths whose routes bound their bodies themselves (uploads); with a slash at
    the end, all paths beneath. `methods` are what doors have besides the API's.
    """

    app: App
    origins: Origins
    security: Headers
    trusted_proxies: tuple[Network, ...] = ()
    large_bodies: tuple[str, ...] = ()
    access_log: AccessLog | None = None
    methods: tuple[str, ...] = ()

    def knows_method(self, method: str) -> bool:
        """Whether something here may answer to it; what strangers make up isn't counted by name."""
        return method in _METHODS or method == "OPTIONS" or method in self.methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        passage = _Passage(self, scope, receive, send)
        await passage.run()


class _Passage:
    """One request and its answer on their way through the edge."""

    def __init__(self, edge: Edge, scope: Scope, receive: Receive, send: Send) -> None:
        self.edge, self.scope, self._receive, self._send = edge, scope, receive, send
        self.began_s = time.perf_counter()
        self.status = 0
        self.sent_bytes = 0
        self.received_bytes = 0
        self.is_gone = False
        self.is_whole = scope["method"] in _WITHOUT_BODY  # the request's body has come
        self.waited_s, self.waited_bytes = 0.0, 0
        self.request_id = uuid7_hex()
        path: str = scope["path"]
        self.bounded = not any(
            path == large or (large.endswith("/") and path.startswith(large))
            for large in edge.large_bodies
        )
        self.exchange = begin(scope)
        self.exchange.request_id = self.request_id
        self.exchange.address = client_address(scope, edge.trusted_proxies)

    async def run(self) -> None:
        try:
            refusal = self._refusal()
            if refusal is not None:
                await send_problem(self.scope, self._with_headers, refusal)
            elif self._is_preflight():
                await self._answer_preflight()
            else:
                await self.edge.app(self.scope, self._bounded_receive, self._with_headers)
        except asyncio.CancelledError:
            raise
        except BacklineError as fault:
            if self.status == 0:
                await send_fault(self.scope, self._with_headers, fault)
        except Exception:  # noqa: BLE001  # the last line of defence: logged, answered 500
            _log.exception("unhandled", path=self._logged_path(), request_id=self.request_id)
            if self.status == 0:
                detail = f"This is our fault. The server's log has it under {self.request_id}."
                await send_fault(self.scope, self._with_headers, BacklineError(detail))
        finally:
            self._account()

    def _refusal(self) -> Problem | None:
        host = self.exchange.header(b"host")
        if host is not None and "," in host:  # RFC 9112 §3.2
            return problem_of_status(400, "A request names one Host.", self.request_id)
        if not self._asks_health() and not self.edge.origins.knows_host(host):
            return problem_of_status(
                421,
                f"This server doesn't go by the name {(host or '')[:100]!r}. "
                "Its operator can add it with BACKLINE_PUBLIC_URL or BACKLINE_ALLOWED_HOSTS.",
                self.request_id,
            )
        if not _is_clean(self.scope):
            fault = Invalid("The address holds a NUL byte or bytes that aren't UTF-8.")
            return problem_of(fault, self.request_id)
        if self.bounded:
            length = self.exchange.headers.get(b"content-length")
            if length is not None and length.isdigit() and int(length) > BODY_LIMIT_BYTES:
                return problem_of(_too_large(), self.request_id)
        return None

    def _asks_health(self) -> bool:
        path: str = self.scope["path"]
        return path == "/health" or path.startswith("/health/")

    async def _bounded_receive(self) -> Message:
        if self.is_whole or self.status:
            return await self._receive()
        message = await self._receive_at_a_pace()
        if message["type"] == "http.disconnect":
            self.is_gone = True
            raise ClientGone("The connection ended before the whole body had arrived.")
        size_bytes = len(message.get("body", b""))
        self.received_bytes += size_bytes
        self.waited_bytes += size_bytes
        self.is_whole = not message.get("more_body", False)
        if self.bounded and self.received_bytes > BODY_LIMIT_BYTES:
            raise _too_large()
        return message

    async def _receive_at_a_pace(self) -> Message:
        """The body's next piece. Only what the client takes counts, not what we do with pieces.

        Raises:
            TooSlow: for a minute less came than is waited for.
        """
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        try:
            async with asyncio.timeout(PACE_S - self.waited_s):
                message = await self._receive()
            self.waited_s += loop.time() - began_s
        except TimeoutError:
            if self.waited_bytes < PACE_BYTES:
                detail = "Less than 1 KiB a second came for a minute, so nobody waits any longer."
                raise TooSlow(detail) from None
            self.waited_s, self.waited_bytes = 0.0, 0
            return await self._receive_at_a_pace()
        return message

    async def _with_headers(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = list(message.get("headers", ()))
            headers.append((b"x-request-id", self.request_id.encode()))
            headers += fixed_headers(self.edge, self.scope)
            message = {**message, "headers": headers}
        elif message["type"] == "http.response.body":
            self.sent_bytes += len(message.get("body", b""))
        await self._send(message)

    def _is_preflight(self) -> bool:
        asked = b"access-control-request-method" in self.exchange.headers
        return asked and self.scope["method"] == "OPTIONS"

    async def _answer_preflight(self) -> None:
        asked = self.exchange.header(b"access-control-request-headers")
        headers = [
            (
                b"access-control-allow-methods",
                ", ".join((*_METHODS, *self.edge.methods)).encode(),
            ),
            (b"access-control-allow-headers", (asked or "Authorization").encode("latin-1")),
            (b"access-control-max-age", b"600"),
        ]
        await self._with_headers({"type": "http.response.start", "status": 204, "headers": headers})
        await self._with_headers({"type": "http.response.body", "body": b"", "more_body": False})

    def _logged_path(self) -> str:
        path: str = self.scope["path"]
        if path.startswith("/media/"):
            path = _MEDIA_TOKEN.sub("/media/…", path)
        return logged(path)

    def _account(self) -> None:
        """The metrics, and one line in the access log."""
        took_s = time.perf_counter() - self.began_s
        scope = self.scope
        method = scope["method"] if self.edge.knows_method(scope["method"]) else "OTHER"
        route = scope.get("path_template") or _room(scope["path"])
        line = Line(
            datetime.now(UTC),
            method,
            self._logged_path(),
            _LEFT if self.is_gone else self.status,
            round(took_s * 1000, 1),
            self.sent_bytes,
            self.exchange.address,
            self.exchange.user,
            self.request_id,
            self.exchange.problem,
        )
        record(self.edge.access_log, route, took_s, line)


def fixed_headers(edge: Edge, scope: Scope) -> Headers:
    """The headers that every answer to this request has, whatever it is."""
    return edge.security + _cors(edge.origins, scope)


def _cors(origins: Origins, scope: Scope) -> Headers:
    if not origins.cors:
        return []
    origin = exchange_of(scope).header(b"origin")
    if origin is None or origin not in origins.cors:
        return [(b"vary", b"Origin")]
    return [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-credentials", b"true"),
        (b"access-control-expose-headers", _EXPOSED),
        (b"vary", b"Origin"),
    ]


def logged(path: str) -> str:
    """A path as the log has it: whatever it holds, it can be written, and isn't long."""
    path = path[:300]
    return path if path.isascii() else path.encode("utf-8", "replace").decode()


def _too_large() -> TooLarge:
    return TooLarge(f"A request's body may have {BODY_LIMIT_BYTES // 1024} KiB here.")


def _is_clean(scope: Scope) -> bool:
    """Whether path and query decode to UTF-8 without NUL."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode("utf-8", "surrogateescape")
    asked = raw + b"?" + scope["query_string"]
    if b"%" not in asked and b"\0" not in asked and asked.isascii():
        return True
    decoded = unquote_to_bytes(asked)
    if b"\0" in decoded:
        return False
    try:
        decoded.decode()
    except UnicodeDecodeError:
        return False
    return True


def _room(path: str) -> str:
    """A label of few values for what isn't one of the API's routes."""
    for room in ("/media", "/health", "/assets"):
        if path.startswith(room):
            return room
    return "other"


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Read networks (`10.0.0.0/8`) out of text; the settings have checked them."""
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)
