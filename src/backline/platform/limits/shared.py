"""Counting in Redis, for all processes together; whoever asks gives up after 50 ms."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import structlog
from prometheus_client import Counter
from redis.exceptions import RedisError

from backline.platform.limits import scripts
from backline.platform.limits.leases import Leases
from backline.platform.limits.policies import Policy
from backline.platform.limits.standing import Standing
from backline.platform.limits.window import Window, allowance
from backline.platform.outside.breaker import Breaker
from backline.platform.outside.redis import ANSWER_S, KEY_PREFIX, close, connect

_log = structlog.get_logger()
_ALONE = Counter(
    "backline_limits_alone_total", "Requests that this process counted alone", ["reason"]
)


class SharedLimits:
    """The counts in Redis, and what of them this process was given in advance."""

    def __init__(self, url: str, *, answer_s: float = ANSWER_S) -> None:
        self._breaker = Breaker(failures=5, open_s=10.0)
        self._answer_s = answer_s
        self._client = connect(url)
        self._quota = cast("Any", self._client).register_script(scripts.QUOTA)
        self._window = cast("Any", self._client).register_script(scripts.WINDOW)
        self.leases = Leases()

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
        except (RedisError, OSError, TimeoutError) as fault:
            _ALONE.labels("failure").inc()
            was_open = self._breaker.is_open
            self._breaker.failed()
            if self._breaker.is_open and not was_open:
                reason = type(fault).__name__
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
        if policy.kind == "window":
            return await self._count_in_window(policy, subject)
        size = self.leases.wanted(policy, subject)
        told = await self._count(policy, subject, size)
        if not told.allowed and size > 1:  # so many aren't left, but perhaps one is
            size = 1
            told = await self._count(policy, subject, size)
        return self.leases.keep(subject, told, size) if told.allowed else told

    async def _count(self, policy: Policy, subject: str, size: int) -> Standing:
        interval_us = policy.window_s * 1_000_000 // policy.quota
        args = (interval_us, policy.quota, size)
        counted, used_us = await self._quota(keys=[_key(policy, subject)], args=args)
        if counted:
            left = policy.quota - -(-used_us // interval_us)
            return Standing(policy, True, left, used_us / 1e6, 0.0)
        over_us = used_us - interval_us * policy.quota
        return Standing(policy, False, 0, (used_us - size * interval_us) / 1e6, over_us / 1e6)

    async def _count_in_window(self, policy: Policy, subject: str) -> Standing:
        args = (policy.window_s, policy.quota)
        _counted, now_us, *seen = await self._window(keys=[_key(policy, subject)], args=args)
        window = Window(*seen)
        return allowance(policy, window, now_us / (policy.window_s * 1_000_000) - window.number)

    async def close(self) -> None:
        """End the connections."""
        await close(self._client)


def _key(policy: Policy, subject: str) -> str:
    return f"{KEY_PREFIX}:limit:{policy.name}:{subject}"
