"""Logs, metrics and error reports of a process: set up once, before anything else runs."""

import logging
import sys
from collections.abc import Generator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import prometheus_client
import structlog

from backline.platform.host.load import measure_machine

_SECRET_WORDS = ("password", "token", "secret", "authorization", "cookie", "dsn")


def set_up_logging(*, level: str, as_json: bool) -> None:
    """Structured lines on standard error: JSON for machines, aligned text for people."""
    if as_json:
        renderers: list[Any] = [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ]
    else:
        colors = sys.stderr.isatty()
        renderers = [write_plainly, structlog.dev.ConsoleRenderer(colors=colors)]
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    structlog.configure(
        processors=[*shared, *renderers],
        wrapper_class=structlog.make_filtering_bound_logger(_number(level)),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_PlainFormatter(logging.BASIC_FORMAT))
    logging.basicConfig(level=max(_number(level), logging.WARNING), handlers=[handler], force=True)


def hide_secrets(_logger: object, _method: str, event: Any) -> Any:
    """Whatever is logged under the name of a secret isn't."""
    for key in event:
        if _is_secret(key):
            event[key] = "…"
    return event


class _Shown:
    """A text that the console shows by its `repr`, in quotes."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return repr(self._text)


def write_plainly(logger: object, method: str, event: Any) -> Any:
    """Whatever somebody says stays within its line, and tells a terminal nothing.

    The lines of a fault stand under their own, indented, so that none of them can pass for
    another; without variables, which the console's own way shows: keys are among them.
    """
    for name in ("stack", "exception"):  # the console would write them as they are
        if name in event:
            event[f"{name}_"] = event.pop(name)
    for key, value in event.items():
        if isinstance(value, str) and not value.isprintable():
            event[key] = plain(value) if key == "event" else _Shown(value)
    event = structlog.processors.format_exc_info(logger, method, event)
    if "exception" in event:
        event["exception"] = _indented(event["exception"])
    return event


def plain(text: str) -> str:
    """A text in one line: what can't be printed is written as Python would write it."""
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text
    )


def _indented(fault: str) -> str:
    return "\n".join(f"  {plain(line)}" for line in fault.split("\n"))


class _PlainFormatter(logging.Formatter):
    """The same for what libraries log."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's name
        """The record's line."""
        return plain(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802  # logging's name
        """The fault under it."""
        return _indented(super().formatException(ei))


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


def report_origin(dsn: str | None) -> str:
    """Where browsers send what they report to this DSN (`https://key@host/project`), if anywhere.

    The pages' policy has to let them.
    """
    if not dsn:
        return ""
    parts = urlsplit(dsn)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}" if parts.scheme in {"http", "https"} and host else ""


@contextmanager
def serving_metrics(host: str, port: int) -> Generator[None]:
    """Answer `/metrics` on a port of its own within the block; not where the port is 0 or taken.

    A taken port is logged and no reason to stop: metrics must not take the music down.
    """
    if port == 0:
        yield
        return
    measure_machine()
    try:
        server, thread = prometheus_client.start_http_server(port, host)
    except OSError as fault:
        structlog.get_logger().warning("metrics_port_taken", port=port, reason=fault.strerror)
        yield
        return
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _number(level: str) -> int:
    return logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
