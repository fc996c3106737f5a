"""What is recorded of every request, whichever way it went: the metrics, and a line of the log."""

from functools import lru_cache

from prometheus_client import Counter, Histogram

from backline.platform.http.access_log import AccessLog, Line

_REQUESTS = Counter(
    "backline_http_requests_total", "Requests answered", ["method", "route", "status"]
)
_SECONDS = Histogram(
    "backline_http_request_seconds",
    "Time to the end of an answer",
    ["method", "route", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


def record(access_log: AccessLog | None, route: str, took_s: float, line: Line) -> None:
    """Count a request, and write `line` where there is a log; `route` is a label of few values."""
    requests, seconds = _counted(line.method, route, line.status)
    requests.inc()
    seconds.observe(took_s)
    if access_log is not None:
        access_log.write(line)


@lru_cache(maxsize=4_096)
def _counted(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """The metrics of a kind of request; finding them takes longer than counting."""
    labels = method, route, status
    return _REQUESTS.labels(*labels), _SECONDS.labels(*labels)
