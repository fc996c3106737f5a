"""The second level of costly values, in Redis: what is there, and whose turn it is to make it."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar, cast

import msgspec
import structlog
from prometheus_client import Counter
from redis.exceptions import RedisError

from backline import __version__
from backline.platform.errors import Unavailable
from backline.platform.ids import uuid7
from backline.platform.outside.breaker import Breaker
from backline.platform.outside.redis import ANSWER_S, KEY_PREFIX, connect

T = TypeVar("T")
Holds = Callable[["Kept"], Awaitable[bool]]

# Who died while making a value holds the others up for this long at the most.
TURN_S: Final = 5.0
_LOOK_S = 0.05
_CHECK_S = 1.0
_FAILED = Counter("backline_costly_redis_failures_total", "Times that Redis didn't answer at once")
_END_TURN = "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end"
_log = structlog.get_logger()


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """A value as it is kept: `horizon` is the oldest transaction open before it was made."""

    horizon: int
    value: bytes


class SharedValues:
    """The values that all processes know. Nothing here raises because Redis is away."""

    def __init__(self, url: str, *, answer_s: float = ANSWER_S) -> None:
        self._client = cast("Any", connect(url))  # its answers have no types
        self._breaker = Breaker(failures=5, open_s=10.0)
        self._answer_s = answer_s

    @asynccontextmanager
    async def turn(self, key: str, holds: Holds) -> AsyncGenerator["Turn"]:
        """Find the value, or be the one who makes it; others wait for it in the meantime.

        Where Redis is away, or whoever has the turn takes longer than 5 s, it is ours as well.
        """
        name = f"{KEY_PREFIX}:costly:{__version__}:{key}"
        token = uuid7().hex
        deadline_s = time.monotonic() + TURN_S
        while True:
            found = await self._find(name, holds)
            if found is not None:
                yield Turn(self, name, found)
                return
            ours = await self._ask(
                self._client.set(f"{name}:turn", token, nx=True, px=int(TURN_S * 1000)), True
            )
            if ours or time.monotonic() > deadline_s:
                break
            await asyncio.sleep(_LOOK_S)
        try:
            yield Turn(self, name, None)
        finally:
            await self._ask(self._client.eval(_END_TURN, 1, f"{name}:turn", token), None)

    async def _find(self, name: str, holds: Holds) -> tuple[Kept, float] | None:
        pipeline = self._client.pipeline(transaction=False).get(name).pttl(name)
        raw, left_ms = await self._ask(pipeline.execute(), (None, 0))
        if raw is None or left_ms <= 0:
            return None
        try:
            kept = msgspec.msgpack.decode(raw, type=Kept)
        except msgspec.MsgspecError:
            return None
        return (kept, left_ms / 1000) if await holds(kept) else None

    async def put(self, name: str, kept: Kept, ttl_s: float) -> None:
        """Let the others have a value."""
        encoded = msgspec.msgpack.encode(kept)
        await self._ask(self._client.set(name, encoded, px=max(int(ttl_s * 1000), 1)), None)

    async def _ask(self, question: Awaitable[T], otherwise: T) -> T:
        """What Redis answers, or something else where it doesn't within 50 ms."""
        if not self._breaker.allows():
            cast("Any", question).close()
            return otherwise
        try:
            async with asyncio.timeout(self._answer_s):
                answer = await question
        except (RedisError, OSError, TimeoutError) as fault:
            _FAILED.inc()
            was_open = self._breaker.is_open
            self._breaker.failed()
            if self._breaker.is_open and not was_open:
                _log.warning("costly_without_redis", reason=type(fault).__name__)
            return otherwise
        self._breaker.succeeded()
        return answer

    async def check(self) -> None:
        """Ask Redis for a sign of life.

        Raises:
            Unavailable: none came within a second.
        """
        try:
            async with asyncio.timeout(_CHECK_S):
                await self._client.ping()
        except (RedisError, OSError, TimeoutError) as fault:
            raise Unavailable("Redis doesn't answer; every process goes by itself.") from fault

    async def close(self) -> None:
        """End the connections."""
        try:
            async with asyncio.timeout(_CHECK_S):
                await self._client.aclose(close_connection_pool=True)
        except (RedisError, OSError, TimeoutError) as fault:
            _log.debug("redis_not_closed", reason=type(fault).__name__)


class Turn:
    """A value that was `found` with the seconds it has left, or the right to `put` it."""

    def __init__(self, values: SharedValues, name: str, found: tuple[Kept, float] | None) -> None:
        self._values, self._name, self.found = values, name, found

    async def put(self, horizon: int, value: bytes, ttl_s: float) -> None:
        """Let the others have it; no transaction before `horizon` was open before it was made."""
        await self._values.put(self._name, Kept(horizon, value), ttl_s)
