"""The one HTTP client for services that an operator chose: bounded in time and size, with breakers.

It follows no redirects and repeats nothing: whoever pays for requests decides that. It is not for
addresses that strangers give.
"""

import asyncio
from collections.abc import Mapping
from typing import Final, Literal

import httpx
import msgspec

from backline.platform.outside.breaker import Breaker

_CONNECT_S: Final = 5.0
_WHOLE_S: Final = 20.0
_MOST_BYTES: Final = 8 * 1024 * 1024
_FAILURES: Final = 5
_OPEN_S: Final = 60.0
_CONNECTIONS: Final = 20
_SERVER_ERROR: Final = 500
# A proxy in the environment is for the way out, not for this machine.
_AT_HOME: Final = ("all://127.0.0.1", "all://localhost", "all://[::1]")


class Call(msgspec.Struct, frozen=True):
    """One request. `form` makes it a form, `content` is sent as it is; `url` may hold a query."""

    method: Literal["GET", "POST"]
    url: str
    query: Mapping[str, str] = {}
    headers: Mapping[str, str] = {}
    form: Mapping[str, str] | None = None
    content: bytes | None = None


class Reply(msgspec.Struct, frozen=True):
    """What a service said, whole; its status is below 500."""

    status: int
    body: bytes


class Away(Exception):
    """A service can't be reached, takes too long, says too much, or has failed.

    `was_asked` tells whether the request may have reached it; `after_s` when to come again.
    """

    def __init__(self, reason: str, *, was_asked: bool, after_s: float = _OPEN_S) -> None:
        super().__init__(reason)
        self.was_asked, self.after_s = was_asked, after_s


class OutsideClient:
    """Connections to services, and for each by its name whether it is worth asking."""

    def __init__(self, user_agent: str, *, whole_s: float = _WHOLE_S) -> None:
        self._whole_s = whole_s
        self._breakers: dict[str, Breaker] = {}
        self._http = httpx.AsyncClient(
            headers={"User-Agent": user_agent},
            timeout=httpx.Timeout(whole_s, connect=_CONNECT_S),
            limits=httpx.Limits(max_connections=_CONNECTIONS),
            follow_redirects=False,
            mounts=dict.fromkeys(_AT_HOME),
        )

    def allows(self, service: str) -> bool:
        """Whether a service may be asked; whoever is let through has to `ask`."""
        return self._breaker(service).allows()

    async def ask(self, service: str, call: Call) -> Reply:
        """Ask once, after `allows`.

        Raises:
            Away: there is no answer, or one that says that the service has failed.
        """
        breaker = self._breaker(service)
        try:
            async with asyncio.timeout(self._whole_s):
                reply = await self._once(call)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError) as fault:
            breaker.failed()
            reason = f"{service} doesn't answer: {str(fault) or type(fault).__name__}"[:200]
            was_asked = not isinstance(fault, httpx.ConnectError | httpx.InvalidURL)
            raise Away(reason, was_asked=was_asked) from fault
        if reply.status >= _SERVER_ERROR:
            breaker.failed()
            raise Away(f"{service} answers with {reply.status}.", was_asked=True)
        breaker.succeeded()
        return reply

    async def _once(self, call: Call) -> Reply:
        sent = self._http.stream(
            call.method,
            call.url,
            params=call.query or None,
            headers=call.headers,
            data=call.form,
            content=call.content,
        )
        async with sent as answer:
            pieces: list[bytes] = []
            size = 0
            async for piece in answer.aiter_bytes():
                size += len(piece)
                if size > _MOST_BYTES:
                    raise ValueError(f"more than {_MOST_BYTES} bytes")
                pieces.append(piece)
            return Reply(answer.status_code, b"".join(pieces))

    def _breaker(self, service: str) -> Breaker:
        return self._breakers.setdefault(service, Breaker(failures=_FAILURES, open_s=_OPEN_S))

    async def close(self) -> None:
        """End the connections."""
        await self._http.aclose()
