"""Counting in this process: exact for it alone, bounded in memory, never waiting."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import islice
from math import inf

import msgspec
from throttled.rate_limiter import BaseRateLimiter, Quota, per_duration
from throttled.rate_limiter.base import RateLimitResult
from throttled.rate_limiter.gcra import GCRARateLimiter
from throttled.rate_limiter.sliding_window import SlidingWindowRateLimiter
from throttled.store import MemoryStore
from throttled.store.memory import MemoryStoreBackend
from throttled.types import KeyT

from backline.platform.limits.policies import Policy

MOST_KEYS = 200_000
_LOOKED_AT = 16


class Standing(msgspec.Struct, frozen=True):
    """How a key stands with a policy, after it was counted if it was `allowed`."""

    policy: Policy
    allowed: bool
    remaining: int
    reset_s: float
    retry_after_s: float


class _Backend(MemoryStoreBackend):
    """Keeps the keys that matter when it is full.

    Dropping the one that was silent for the longest time would let a flood of fresh keys free
    a blocked one. Of the oldest few the one goes that will be forgotten first anyway: a fresh key
    has hardly used anything, a blocked one all.
    """

    def check_and_evict(self, key: KeyT) -> None:
        keys = self.get_client()
        if len(keys) < self.max_size or key in keys:
            return
        ends_s = self.expire_info
        oldest = list(islice(keys, _LOOKED_AT))
        goes = min(oldest, key=lambda one: ends_s.get(one, -inf))
        for one in oldest:
            if one != goes:
                keys.move_to_end(one)
        self.delete(goes)


class _Store(MemoryStore):
    _BACKEND_CLASS = _Backend

    def size(self) -> int:
        return len(self._backend.get_client())


class ProcessLimits:
    """The counts of one process."""

    def __init__(self, policies: Sequence[Policy], *, most_keys: int = MOST_KEYS) -> None:
        self._store = _Store(options={"MAX_SIZE": most_keys})
        self._limiters: dict[str, BaseRateLimiter] = {
            policy.name: _limiter(policy, self._store) for policy in policies
        }

    def __len__(self) -> int:
        return self._store.size()

    def take(self, policy: Policy, subject: str) -> Standing:
        """Count one request of `subject`, unless the limit is reached."""
        result = self._limiters[policy.name].limit(f"{policy.name}:{subject}")
        return standing(policy, result)


def quota_of(policy: Policy) -> Quota:
    """The policy as the library wants it, with a burst of the whole quota."""
    return per_duration(timedelta(seconds=policy.window_s), policy.quota, policy.quota)


def standing(policy: Policy, result: RateLimitResult) -> Standing:
    """Read the library's result."""
    state = result.state
    remaining = 0 if result.limited else state.remaining
    return Standing(policy, not result.limited, remaining, state.reset_after, state.retry_after)


def _limiter(policy: Policy, store: MemoryStore) -> BaseRateLimiter:
    kind = GCRARateLimiter if policy.kind == "gcra" else SlidingWindowRateLimiter
    return kind(quota_of(policy), store)
