"""Requests to S3: how long they may take, how often they are tried, and what their faults mean."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final, TypeVar

import stamina
import structlog
from obstore import exceptions
from obstore.store import S3Store

from backline.platform.errors import BacklineError, NotFound, Unavailable
from backline.platform.outside.breaker import Breaker
from backline.platform.settings.storage_url import Bucket
from backline.platform.storage.presigned import Credentials

T = TypeVar("T")

_log = structlog.get_logger()
_TRIES: Final = 3
_FIRST_WAIT_S: Final = 1.0
_CONNECT_S: Final = 3.0
# Whatever goes through one request has at most 8 MiB.
_SHORT_S: Final = 10.0
LONG_S: Final = 60.0
_OPEN_S: Final = 10.0
_STATUS = re.compile(r"status code: (\d{3})")
_CODE = re.compile(r"<Code>([A-Za-z0-9]{1,60})</Code>")
# Answers that say "later": all others below 500 are final.
_LATER: Final = frozenset({408, 409, 425, 429})
_CLIENT_FAULT, _SERVER_FAULT = 400, 500


class Taken(Exception):
    """There is something under that key already."""


class Unsupported(Exception):
    """The server doesn't know a request."""


class OutOfRange(Exception):
    """The file has none of the bytes asked for."""


class _Passing(Exception):
    """What may be better in a moment; the text is fit for logs."""


class Client:
    """One bucket, asked politely: three tries a request, none at all while it is down."""

    def __init__(self, bucket: Bucket, credentials: Credentials) -> None:
        self._bucket = bucket
        self.store = _store(bucket, credentials, tries=1)
        # A stream can't be sent again as a whole: there each part is tried anew.
        self.streams = _store(bucket, credentials, tries=_TRIES)
        self._breaker = Breaker(failures=5, open_s=_OPEN_S)

    async def call(
        self, what: str, work: Callable[[], Awaitable[T]], *, limit_s: float = _SHORT_S
    ) -> T:
        """Ask, and ask again up to twice; `what` names it in logs.

        Raises:
            NotFound: there is no such file.
            Taken, Unsupported, OutOfRange: as the server says.
            Unavailable: it doesn't answer, or refuses us.
        """
        try:
            async for attempt in stamina.retry_context(
                on=_Passing,
                attempts=_TRIES,
                timeout=None,
                wait_initial=_FIRST_WAIT_S,
                wait_max=4.0,
                wait_jitter=0.5,
            ):
                with attempt:
                    return await self.once(what, work, limit_s=limit_s)
        except _Passing as fault:
            raise _unavailable() from fault
        raise AssertionError  # the loop above returns or raises

    async def once(
        self, what: str, work: Callable[[], Awaitable[T]], *, limit_s: float | None
    ) -> T:
        """Ask a single time; without a limit the caller bounds it.

        Raises:
            _Passing: for `call`, which asks again.
        """
        if not self._breaker.allows():
            raise _unavailable()
        try:
            async with asyncio.timeout(limit_s):
                answer = await work()
        except Exception as fault:
            meant = _meaning(fault)
            if isinstance(meant, _Passing):
                self._breaker.failed()
                _log.warning("storage_fault", what=what, reason=str(meant))
            elif meant is not None:
                self._breaker.succeeded()
                if isinstance(meant, Unavailable):
                    _log.error("storage_refuses", what=what, reason=told(fault))
            if meant is None:
                raise
            raise meant from None  # the library's text repeats whole answers
        self._breaker.succeeded()
        return answer

    def reset(self) -> None:
        """Forget that it was down."""
        self._breaker.succeeded()

    async def probe(self, work: Callable[[], Awaitable[object]], *, limit_s: float) -> None:
        """Ask once, whatever the state of things: for health.

        Raises:
            Unavailable: no answer, or a refusal.
        """
        try:
            await self.once("check", work, limit_s=limit_s)
        except _Passing as fault:
            raise _unavailable() from fault

    async def stream(self, what: str, work: Callable[[], Awaitable[T]]) -> T:
        """A request whose bytes come only once. Faults of the stream pass as they are.

        Raises:
            Unavailable: S3 doesn't take it.
        """
        try:
            return await self.once(what, work, limit_s=None)
        except _Passing as fault:
            raise _unavailable() from fault

    def __repr__(self) -> str:
        return f"Client({self._bucket})"


def _store(bucket: Bucket, credentials: Credentials, *, tries: int) -> S3Store:
    said: dict[str, str] = {}
    if credentials.session_token:
        said["session_token"] = credentials.session_token
    return S3Store(
        bucket.name,
        prefix=bucket.prefix or None,
        endpoint=bucket.endpoint if bucket.path_style else bucket.origin,
        region=bucket.region,
        virtual_hosted_style_request=not bucket.path_style,
        access_key_id=credentials.access_key,
        secret_access_key=credentials.secret_key,
        client_options={
            "allow_http": bucket.endpoint.startswith("http://"),
            "connect_timeout": timedelta(seconds=_CONNECT_S),
            "timeout": timedelta(seconds=LONG_S),
            "http1_only": True,
        },
        retry_config={
            "max_retries": tries - 1,
            "backoff": {
                "init_backoff": timedelta(seconds=_FIRST_WAIT_S),
                "max_backoff": timedelta(seconds=4),
                "base": 2,
            },
            "retry_timeout": timedelta(seconds=3 * LONG_S),
        },
        **said,  # pyright: ignore[reportArgumentType]  # names of the library's own dictionary
    )


def _meaning(fault: Exception) -> Exception | None:  # a table
    """What a fault of the library says in our words; None where it isn't one."""
    if isinstance(fault, TimeoutError):
        return _Passing("no answer in time")
    if isinstance(fault, FileNotFoundError):
        code = _CODE.search(str(fault))
        if code is not None and code[1] == "NoSuchBucket":
            return Unavailable("The storage's bucket doesn't exist.", retry_after_s=60)
        return NotFound("That file isn't kept here (any more).")
    if isinstance(fault, (exceptions.AlreadyExistsError, exceptions.PreconditionError)):
        return Taken()
    if isinstance(fault, exceptions.NotSupportedError):
        return Unsupported()
    return _said(fault) if isinstance(fault, exceptions.BaseError) else None


def _said(fault: Exception) -> Exception:
    found = _STATUS.search(str(fault))
    status = int(found[1]) if found else _SERVER_FAULT
    if status == 416:  # noqa: PLR2004  # Range Not Satisfiable
        return OutOfRange()
    if status == 501:  # noqa: PLR2004  # Not Implemented
        return Unsupported()
    is_refusal = isinstance(
        fault, (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError)
    )
    if is_refusal or (_CLIENT_FAULT <= status < _SERVER_FAULT and status not in _LATER):
        return _unavailable(retry_after_s=60)
    return _Passing(told(fault))


def told(fault: Exception) -> str:
    """A fault for the log: its kind, S3's own words for it, nothing of what it quotes."""
    text = str(fault)
    status, code = _STATUS.search(text), _CODE.search(text)
    words = [type(fault).__name__, status[1] if status else "", code[1] if code else ""]
    if status is None:
        words.append("no answer")
    return " ".join(word for word in words if word)


def _unavailable(*, retry_after_s: int = int(_OPEN_S)) -> BacklineError:
    return Unavailable(
        "The storage for media doesn't answer. Please try again shortly.",
        retry_after_s=retry_after_s,
    )
