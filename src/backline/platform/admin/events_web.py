"""HTTP for what belongs to no domain: the instance, jobs, live events, browsers' errors."""

from collections.abc import AsyncGenerator, Mapping
from typing import Annotated, Any

import msgspec
import structlog
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter
from litestar.response import Stream

from backline.platform.actor import Actor
from backline.platform.errors import FieldFault, Forbidden, Invalid
from backline.platform.events import EventHub, Subscriber
from backline.platform.limits import Limit, Policy

_log = structlog.get_logger("browser")
Topics = Annotated[
    str | None,
    QueryParameter(
        max_length=200,
        description="Which events, by comma: `jobs`, `tracks`; all that you may hear without it",
    ),
]


class ClientError(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An error that a browser met."""

    message: Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]
    stack: Annotated[str, msgspec.Meta(max_length=10_000)] | None = None
    url: Annotated[str, msgspec.Meta(max_length=2_000)] | None = None
    component: Annotated[str, msgspec.Meta(max_length=5_000)] | None = None


@post("/client-errors", status_code=204, tags=["platform"], summary="Report a browser's error")
async def report_client_error(data: JSONBody[ClientError]) -> None:
    """Written to the server's log, so that the operator sees what people see."""
    _log.warning(
        "browser_error",
        message=data.message,
        stack=data.stack,
        url=(data.url or "").partition("#")[0].partition("?")[0],
        component=data.component,
    )


@get(
    "/events",
    tags=["platform"],
    summary="Live updates",
    media_type="text/event-stream",
)
async def live_events(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    hub: NamedDependency[EventHub],
    audible: NamedDependency[Mapping[str, str]],
    topics: Topics = None,
) -> Response[Any]:
    """Server-sent events of what happens to what I may see. Send `Last-Event-ID` to go on."""
    wanted = _wanted(actor, audible, topics)
    last_event_id = request.headers.get("last-event-id")
    subscriber = await hub.subscribe(actor.user_id, actor.session_id, wanted, last_event_id)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Stream(_stream(hub, subscriber), media_type="text/event-stream", headers=headers)


def _wanted(actor: Actor, audible: Mapping[str, str], topics: str | None) -> set[str]:
    """The topics that a stream carries: those that are asked for, or all that may be heard.

    Raises:
        Invalid: there is no such topic.
        Forbidden: the token lacks its scope, or that of each.
    """
    if topics is None:
        heard = {topic for topic, scope in audible.items() if _hears(actor, scope)}
        if not heard:
            raise Forbidden("This API token has no scope that any topic of live events needs.")
        return heard
    wanted = {topic.strip() for topic in topics.split(",") if topic.strip()}
    unknown = sorted(wanted - audible.keys())
    if unknown:
        known = ", ".join(sorted(audible))
        raise Invalid(
            f"There is no topic {unknown[0]!r}. There are: {known}.",
            FieldFault("topics", "has an unknown topic"),
        )
    for topic in sorted(wanted):
        if not _hears(actor, audible[topic]):
            raise Forbidden(
                f"This API token lacks the scope {audible[topic]} for the topic {topic!r}. "
                "Leave the topic out, or make a token that has it."
            )
    return wanted


def _hears(actor: Actor, scope: str) -> bool:
    return actor.scopes is None or scope in actor.scopes


async def _stream(hub: EventHub, subscriber: Subscriber) -> AsyncGenerator[bytes]:
    try:
        async for chunk in subscriber.chunks():
            yield chunk
    finally:
        hub.unsubscribe(subscriber)


ROUTES = [report_client_error, live_events]
LIMITS = [
    Limit(Policy("client-errors", 30, 60, "address"), "POST", "/client-errors", instead=True),
    # Every page asks this before it knows who is there.
    Limit(Policy("instance", 300, 60, "address"), "GET", "/instance", instead=True),
]
