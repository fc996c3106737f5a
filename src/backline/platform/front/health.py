"""Health: is this process alive, and can it do its work?"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

import msgspec

from backline.platform.http.asgi import Receive, Scope, Send, send_answer

Check = Callable[[], Awaitable[object]]
_CHECK_TIMEOUT_S = 3.0


class ComponentHealth(msgspec.Struct, frozen=True, omit_defaults=True):
    """One part: `latency_ms` of its check, and the `reason` where it is down."""

    status: str
    latency_ms: float
    reason: str | None = None


class HealthReport(msgspec.Struct, frozen=True):
    """What `/health/*` answers: 200 with `status` `ok`, or 503."""

    status: str
    version: str
    uptime_s: float
    time: datetime
    components: dict[str, ComponentHealth] = {}


class Health:
    """The ASGI app under `/health`. While `draining` it isn't ready, so that no more comes.

    What is `informative` is told of, but can be down without any harm to readiness.
    """

    def __init__(
        self,
        checks: Mapping[str, Check],
        version: str,
        informative: Mapping[str, Check] | None = None,
    ) -> None:
        self._checks, self._needed = {**checks, **(informative or {})}, frozenset(checks)
        self._version = version
        self._began_s = time.monotonic()
        self.draining = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer `/health/live` and `/health/ready`, which `/health` means too."""
        del receive
        path = scope["path"]
        if path == "/health/live":
            report = self._report("ok", {})
        elif path in ("/health/ready", "/health"):
            report = await self.ready()
        else:
            report = self._report("unknown", {})
        status = {"ok": 200, "unknown": 404}.get(report.status, 503)
        body = msgspec.json.encode(report)
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        await send_answer(scope, send, status, headers, body)

    async def ready(self) -> HealthReport:
        """Try every part at once, each for 3 s at the most."""
        names = list(self._checks)
        results = await asyncio.gather(*(_check(self._checks[name]) for name in names))
        components = dict(zip(names, results, strict=True))
        down = any(components[name].status != "ok" for name in self._needed)
        return self._report("draining" if self.draining else "down" if down else "ok", components)

    def _report(self, status: str, components: dict[str, ComponentHealth]) -> HealthReport:
        uptime_s = round(time.monotonic() - self._began_s, 3)
        return HealthReport(status, self._version, uptime_s, datetime.now(UTC), components)


async def _check(check: Check) -> ComponentHealth:
    began_s = time.perf_counter()
    reason: str | None = None
    try:
        await asyncio.wait_for(check(), _CHECK_TIMEOUT_S)
    except TimeoutError:
        reason = f"no answer within {_CHECK_TIMEOUT_S:.0f} s"
    except Exception as fault:  # noqa: BLE001  # whatever it is, the part is down
        reason = str(fault)[:200] or type(fault).__name__
    latency_ms = round((time.perf_counter() - began_s) * 1000, 2)
    return ComponentHealth("ok" if reason is None else "down", latency_ms, reason)
