"""Logs, metrics and error reports of a process: set up once, before anything else runs."""

import logging
import sys
from functools import lru_cache
from typing import Any
from wsgiref.simple_server import WSGIServer

import prometheus_client
import structlog

_SECRET_WORDS = ("password", "token", "secret", "authorization", "cookie", "dsn")


def set_up_logging(*, level: str, as_json: bool) -> None:
    """Structured lines on standard error: JSON for machines, aligned text for people."""
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            # The one with `rich`, where that is installed, shows local variables: keys among them.
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, renderer]
        if as_json
        else [*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(_number(level)),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=max(_number(level), logging.WARNING), stream=sys.stderr, force=True)


def hide_secrets(_logger: object, _method: str, event: Any) -> Any:
    """Whatever is logged under the name of a secret isn't."""
    for key in event:
        if _is_secret(key):
            event[key] = "…"
    return event


@lru_cache(maxsize=1_000)
def _is_secret(key: str) -> bool:
    return any(word in key.lower() for word in _SECRET_WORDS)


def set_up_sentry(dsn: str | None, *, release: str) -> None:
    """Report unhandled errors to Sentry, where the operator has configured it."""
    if not dsn:
        return
    import sentry_sdk  # noqa: PLC0415  # a quarter of a second, for those who use it

    sentry_sdk.init(
        dsn,
        release=f"backline@{release}",
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
    )


def serve_metrics(host: str, port: int) -> WSGIServer | None:
    """Answer `/metrics` on a port of its own; None where the port is 0 or taken.

    A taken port is logged and no reason to stop: metrics must not take the music down.
    """
    if port == 0:
        return None
    try:
        server, _thread = prometheus_client.start_http_server(port, host)
    except OSError as fault:
        structlog.get_logger().warning("metrics_port_taken", port=port, reason=fault.strerror)
        return None
    return server


def _number(level: str) -> int:
    return logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
