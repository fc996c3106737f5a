"""Redis (7 or newer, or Valkey), where an operator has one: connections, and signals by pub/sub.

Nothing that must not be lost is kept there, and no request fails because it is away.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Any, Final, cast
from urllib.parse import urlsplit

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from backline.platform.outside.breaker import Breaker

_log = structlog.get_logger()
KEY_PREFIX: Final = "backline"
ANSWER_S: Final = 0.05
_CONNECTIONS = 32
_CONNECT_S = 2.0
_PING_S = 1.0
_SILENT_S = 3.0
# No signal is empty: between topic and text stands a space.
_LOST = ""


def connect(url: str) -> "Redis":
    """A client with a bounded pool; whoever uses it bounds the waiting."""
    pool = cast("Any", BlockingConnectionPool).from_url(  # its arguments have no types
        url,
        max_connections=_CONNECTIONS,
        timeout=_CONNECT_S,
        socket_connect_timeout=_CONNECT_S,
        socket_timeout=None,
        retry=Retry(NoBackoff(), 0),
    )
    return Redis(connection_pool=pool)


async def close(client: "Redis") -> None:
    """End a client's connections, within 2 s."""
    with contextlib.suppress(RedisError, OSError, TimeoutError):
        await asyncio.wait_for(client.aclose(close_connection_pool=True), _CONNECT_S)


class RedisChannel:
    """Signals of an installation by pub/sub: the sending end, and what `Signals` listens with.

    A signal that couldn't be sent is owed: as soon as Redis answers again, everybody is told
    that something was lost.
    """

    def __init__(self, url: str) -> None:
        self._client = connect(url)
        # Numbers of databases don't keep channels apart.
        self._name = f"{KEY_PREFIX}:{_database_of(url)}:signals"
        self._breaker = Breaker(failures=5, open_s=10.0)
        self._owes = False

    async def publish(self, payload: str) -> None:
        """Tell every process, unless Redis doesn't answer at once."""
        if not self._breaker.allows():
            self._owes = True
            return
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._send(payload)
        except (RedisError, OSError, TimeoutError) as fault:
            self._owes = True
            self._breaker.failed()
            _log.warning("signal_not_sent", reason=(str(fault) or type(fault).__name__)[:200])
            return
        except asyncio.CancelledError:
            self._owes = True
            raise
        self._breaker.succeeded()

    async def listen(self, on_ready: Callable[[], None], receive: Callable[[str], None]) -> None:
        """Call `receive` with each payload, and `on_ready` when that begins or some were lost.

        Ends by raising when the connection is lost.

        Raises:
            OSError, TimeoutError: Redis is away, or has been silent for 3 s.
        """
        pubsub = cast("Any", self._client).pubsub()
        try:
            async with asyncio.timeout(_CONNECT_S):
                await pubsub.subscribe(self._name)
            heard_s = asked_s = time.monotonic()
            while True:
                message = await pubsub.get_message(timeout=_PING_S)
                now_s = time.monotonic()
                if now_s - asked_s >= _PING_S:
                    asked_s = now_s
                    async with asyncio.timeout(_SILENT_S):
                        await pubsub.ping()
                        await self._settle()
                if message is None:
                    if now_s - heard_s > _SILENT_S:
                        raise TimeoutError("Redis is silent.")
                    continue
                heard_s = now_s
                if message["type"] == "subscribe":
                    on_ready()
                elif message["type"] == "message":
                    payload = message["data"].decode()
                    if payload == _LOST:
                        on_ready()
                    else:
                        receive(payload)
        except RedisError as fault:
            raise OSError(str(fault)) from fault
        finally:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(pubsub.aclose(), 1)

    async def _settle(self) -> None:
        """Say that something was lost, if something was."""
        if self._owes:
            self._owes = False
            try:
                await self._send(_LOST)
            except BaseException:
                self._owes = True
                raise

    async def _send(self, payload: str) -> None:
        await cast("Any", self._client).publish(self._name, payload)

    async def close(self) -> None:
        """End the connections."""
        await close(self._client)


def _database_of(url: str) -> str:
    path = urlsplit(url).path.strip("/")
    return path if path.isdigit() else "0"
