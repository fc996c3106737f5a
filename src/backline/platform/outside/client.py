"""The one HTTP client for services that an operator chose: bounded in time and size, with breakers.

It follows no redirects and repeats nothing: whoever pays for requests decides that. It is not for
addresses that strangers give.
"""

import asyncio
import re
from collections.abc import Awaitable, Mapping
from typing import BinaryIO, Final, Literal

import httpx
import msgspec

from backline.platform.outside.breaker import Breaker

_CONNECT_S: Final = 5.0
_WHOLE_S: Final = 20.0
_MOST_BYTES: Final = 8 * 1024 * 1024
_FAILURES: Final = 5
_OPEN_S: Final = 60.0
_CONNECTIONS: Final = 20
_OK, _PARTIAL, _SERVER_ERROR = 200, 206, 500
_RANGE: Final = re.compile(r"bytes (\d+)-")
# A proxy in the environment is for the way out, not for this machine.
_AT_HOME: Final = ("all://127.0.0.1", "all://localhost", "all://[::1]")


class Call(msgspec.Struct, frozen=True):
    """One request. `form` makes it a form, `content` is sent as it is; `url` may hold a query.

    An answer of more than `most_bytes` is none.
    """

    method: Literal["GET", "POST"]
    url: str
    query: Mapping[str, str] = {}
    headers: Mapping[str, str] = {}
    form: Mapping[str, str] | None = None
    content: bytes | None = None
    most_bytes: int = _MOST_BYTES


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
        return await self._judged(service, self._once(call, None), self._whole_s)

    async def fetch(self, service: str, call: Call, into: BinaryIO, *, whole_s: float) -> Reply:
        """As `ask`, with the bytes of a good answer in `into`, and none in the reply.

        Where `into` holds the beginning of them already, the rest is asked for; what arrived stays
        in it when the connection breaks off, so that whoever asks again goes on there.

        Raises:
            Away: as `ask`.
        """
        begun = into.tell()
        headers = dict(call.headers) | {"Accept-Encoding": "identity"}
        headers |= {"Range": f"bytes={begun}-"} if begun else {}
        asked = msgspec.structs.replace(call, headers=headers)
        return await self._judged(service, self._once(asked, into), whole_s)

    async def _judged(self, service: str, asked: Awaitable[Reply], whole_s: float) -> Reply:
        breaker = self._breaker(service)
        try:
            async with asyncio.timeout(whole_s):
                reply = await asked
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

    async def _once(self, call: Call, into: BinaryIO | None) -> Reply:
        sent = self._http.stream(
            call.method,
            call.url,
            params=call.query or None,
            headers=call.headers,
            data=call.form,
            content=call.content,
        )
        async with sent as answer:
            if into is not None and answer.status_code in {_OK, _PARTIAL}:
                await _write(answer, into, call.most_bytes)
                return Reply(answer.status_code, b"")
            most_bytes = call.most_bytes if into is None else _MOST_BYTES
            pieces: list[bytes] = []
            size = 0
            async for piece in answer.aiter_bytes():
                size += len(piece)
                if size > most_bytes:
                    raise ValueError(f"more than {most_bytes} bytes")
                pieces.append(piece)
            return Reply(answer.status_code, b"".join(pieces))

    def _breaker(self, service: str) -> Breaker:
        return self._breakers.setdefault(service, Breaker(failures=_FAILURES, open_s=_OPEN_S))

    async def close(self) -> None:
        """End the connections."""
        await self._http.aclose()


async def _write(answer: httpx.Response, into: BinaryIO, most_bytes: int) -> None:
    """Write what comes behind what is there, or in its place where the whole comes anew."""
    begins = _RANGE.match(answer.headers.get("Content-Range", ""))
    if answer.status_code == _OK or begins is None or int(begins[1]) != into.tell():
        into.seek(0)
        into.truncate()
        if answer.status_code != _OK:
            raise ValueError("a part that nobody asked for")
    async for piece in answer.aiter_bytes():
        if into.tell() + len(piece) > most_bytes:
            raise ValueError(f"more than {most_bytes} bytes")
        into.write(piece)
