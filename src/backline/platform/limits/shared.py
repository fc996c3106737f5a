"""Counting in Redis, for all processes together; whoever asks gives up after 50 ms."""

import asyncio
from collections.abc import Sequence

import structlog
from prometheus_client import Counter
from redis.exceptions import RedisError
from throttled.asyncio.rate_limiter import BaseRateLimiter
from throttled.asyncio.rate_limiter.gcra import GCRARateLimiter
from throttled.asyncio.rate_limiter.sliding_window import SlidingWindowRateLimiter
from throttled.exceptions import StoreUnavailableError

from backline.platform.breaker import Breaker
from backline.platform.limits.leases import Leases
from backline.platform.limits.policies import Policy
from backline.platform.limits.process import Standing, quota_of, standing
from backline.platform.redis import ANSWER_S, KEY_PREFIX, LimitStore

_log = structlog.get_logger()
_ALONE = Counter(
    "backline_limits_alone_total", "Requests that this process counted alone", ["reason"]
)


class SharedLimits:
    """The counts in Redis, and what of them this process was given in advance."""

    def __init__(self, url: str, policies: Sequence[Policy], *, answer_s: float = ANSWER_S) -> None:
        self._breaker = Breaker(failures=5, open_s=10.0)
        self._answer_s = answer_s
        self._store = LimitStore(url)
        self.leases = Leases()
        self._limiters = {p.name: _limiter(p, self._store) for p in policies if p.shared}

    async def take(self, policies: Sequence[Policy], subjects: Sequence[str]) -> list[Standing]:
        """Count one request with each policy, all in the time of one round trip.

        Empty where Redis didn't answer in time: then the process has to decide by itself.
        """
        if not self._breaker.allows():
            _ALONE.labels("breaker").inc()
            return []
        try:
            async with asyncio.timeout(self._answer_s):
                standings = await self._take(policies, subjects)
        except (StoreUnavailableError, RedisError, OSError, TimeoutError) as fault:
            _ALONE.labels("failure").inc()
            was_open = self._breaker.is_open
            self._breaker.failed()
            if self._breaker.is_open and not was_open:
                reason = type(fault.__cause__ or fault).__name__
                _log.warning("limits_without_redis", reason=reason)
            return []
        if self._breaker.is_open:
            _log.info("limits_with_redis_again")
        self._breaker.succeeded()
        return standings

    async def _take(self, policies: Sequence[Policy], subjects: Sequence[str]) -> list[Standing]:
        if len(policies) == 1:
            return [await self._take_one(policies[0], subjects[0])]
        pairs = zip(policies, subjects, strict=True)
        return await asyncio.gather(*(self._take_one(policy, subject) for policy, subject in pairs))

    async def _take_one(self, policy: Policy, subject: str) -> Standing:
        leased = self.leases.take(policy, subject)
        if leased is not None:
            return leased
        limiter, key = self._limiters[policy.name], f"{policy.name}:{subject}"
        size = self.leases.wanted(policy, subject)
        told = standing(policy, await limiter.limit(key, size))
        if not told.allowed and size > 1:  # so many aren't left, but perhaps one is
            size = 1
            told = standing(policy, await limiter.limit(key))
        return self.leases.keep(subject, told, size) if told.allowed else told

    async def close(self) -> None:
        """End the connections."""
        await self._store.close()


def _limiter(policy: Policy, store: LimitStore) -> BaseRateLimiter:
    kind = GCRARateLimiter if policy.kind == "gcra" else SlidingWindowRateLimiter
    return kind(quota_of(policy), store, key_prefix=KEY_PREFIX)
