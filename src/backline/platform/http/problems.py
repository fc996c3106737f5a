"""Faults become RFC 9457 problem details here, and nowhere else."""

from collections.abc import Sequence
from typing import Any, cast

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from backline.platform.errors import (
    BacklineError,
    DiskFull,
    FieldFault,
    Invalid,
    TooMany,
    Unavailable,
)
from backline.platform.host.disk import is_full
from backline.platform.http.asgi import Scope, Send, exchange_of, send_answer

PROBLEM_TYPE = "application/problem+json"
_log = structlog.get_logger()

_BY_STATUS = {
    400: ("bad-request", "The request can't be read"),
    401: ("unauthenticated", "Please sign in"),
    403: ("forbidden", "Not allowed"),
    404: ("not-found", "Not found"),
    405: ("method-not-allowed", "This address doesn't take that method"),
    408: ("timeout", "The request took too long to arrive"),
    413: ("too-large", "Too large"),
    415: ("unsupported", "Unsupported kind of content"),
    421: ("misdirected", "Not a name of this server"),
    429: ("too-many", "Too much at once"),
    431: ("too-large", "Too large"),
}


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """What every error answers with (RFC 9457 §3). `errors` names the fields at fault.

    `violated_policies` are the limits that were reached, as in the `RateLimit-Policy` header.
    """

    type: str
    title: str
    status: int
    detail: str
    request_id: str | None = None
    errors: tuple[FieldFault, ...] = ()
    violated_policies: tuple[str, ...] = msgspec.field(default=(), name="violated-policies")


def problem_of(fault: BacklineError, request_id: str | None) -> Problem:
    """The problem details of one of our own faults."""
    faults = fault.faults if isinstance(fault, Invalid) else ()
    return Problem(
        type=f"urn:backline:problem:{fault.kind}",
        title=fault.title,
        status=fault.status,
        detail=fault.detail,
        request_id=request_id,
        errors=faults,
        violated_policies=fault.policies if isinstance(fault, TooMany) else (),
    )


def problem_of_status(status: int, detail: str, request_id: str | None = None) -> Problem:
    """The problem details of a fault that HTTP itself defines."""
    kind, title = _BY_STATUS.get(status, ("http", "The request failed"))
    return Problem(f"urn:backline:problem:{kind}", title, status, detail, request_id)


def headers_of(fault: BacklineError) -> dict[str, str]:
    """The headers that belong to a fault."""
    if isinstance(fault, TooMany | Unavailable):
        return {"Retry-After": str(fault.retry_after_s)}
    if fault.status == 401:  # noqa: PLR2004  # RFC 9110 §11.6.1 wants the challenge
        return {"WWW-Authenticate": "Bearer"}
    return {}


async def send_problem(
    scope: Scope, send: Send, problem: Problem, headers: Sequence[tuple[bytes, bytes]] = ()
) -> None:
    """Answer with a problem where no framework does it."""
    exchange_of(scope).problem = problem.type
    said = [(b"content-type", PROBLEM_TYPE.encode()), (b"cache-control", b"no-store"), *headers]
    await send_answer(scope, send, problem.status, said, msgspec.json.encode(problem))


async def send_fault(
    scope: Scope, send: Send, fault: BacklineError, headers: Sequence[tuple[bytes, bytes]] = ()
) -> None:
    """Answer with one of our own faults where no framework does it."""
    own = [(name.lower().encode(), value.encode()) for name, value in headers_of(fault).items()]
    problem = problem_of(fault, exchange_of(scope).request_id)
    await send_problem(scope, send, problem, [*own, *headers])


AnyRequest = Request[Any, Any, Any]


def _answer(
    request: AnyRequest, problem: Problem, headers: dict[str, str] | None = None
) -> Response[bytes]:
    exchange_of(request.scope).problem = problem.type
    return Response(
        msgspec.json.encode(problem),
        status_code=problem.status,
        media_type=PROBLEM_TYPE,
        headers=headers or {},
    )


def request_id_of(request: AnyRequest) -> str:
    """The id under which the log knows this request."""
    return exchange_of(request.scope).request_id


def on_backline_error(request: AnyRequest, fault: BacklineError) -> Response[bytes]:
    """Litestar's handler for our own faults."""
    return _answer(request, problem_of(fault, request_id_of(request)), headers_of(fault))


def on_http_exception(request: AnyRequest, fault: HTTPException) -> Response[bytes]:
    """Litestar's handler for the framework's faults; validation becomes 422 with its fields."""
    if isinstance(fault, ValidationException):
        return on_backline_error(request, _invalid(fault))
    status = fault.status_code
    problem = problem_of_status(status, fault.detail or "", request_id_of(request))
    headers = {k: v for k, v in (fault.headers or {}).items() if k.lower() == "allow"}
    return _answer(request, problem, headers)


def on_exception(request: AnyRequest, fault: Exception) -> Response[bytes]:
    """Litestar's handler for what nobody foresaw: logged whole, told in one sentence."""
    if is_full(fault):
        return on_backline_error(request, DiskFull("The server's disk is full. Nothing was kept."))
    request_id = request_id_of(request)
    _log.error("unhandled", path=request.scope["path"], request_id=request_id, exc_info=fault)
    detail = f"This is our fault, not yours. The server's log has it under {request_id}."
    return _answer(request, problem_of(BacklineError(detail), request_id))


def _invalid(fault: ValidationException) -> Invalid:
    faults: list[FieldFault] = []
    extra = cast("list[dict[str, object]]", fault.extra if isinstance(fault.extra, list) else [])
    for said in extra:
        field = str(said.get("key") or said.get("source") or "body")
        faults.append(FieldFault(field, str(said.get("message", "is not valid"))))
    if not faults:
        return Invalid(f"The request isn't valid: {fault.detail}")
    told = "; ".join(f"{f.field}: {f.detail}" for f in faults[:5])
    return Invalid(f"The request isn't valid: {told}", *faults)
