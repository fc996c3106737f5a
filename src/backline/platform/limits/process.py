"""Counting in this process: exact for it alone, bounded in memory, never waiting."""

import time
from collections.abc import Sequence
from datetime import timedelta
from itertools import islice
from math import inf

import msgspec
from throttled.rate_limiter import BaseRateLimiter, Quota, per_duration
from throttled.rate_limiter.base import RateLimitResult
from throttled.rate_limiter.sliding_window import SlidingWindowRateLimiter
from throttled.store import MemoryStore
from throttled.store.memory import MemoryStoreBackend
from throttled.types import KeyT

from backline.platform.limits.policies import Policy

MOST_KEYS = 200_000
_ROUNDING = 1e-6  # of a request: what arithmetic loses
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


class _Quotas:
    """GCRA (ITU-T I.371): of each key only when its quota will be whole again.

    The library's takes ten times as long, and this is on the way of every request.
    """

    def __init__(self, most_keys: int) -> None:
        self._most_keys = most_keys
        self._whole_at: dict[tuple[str, str], float] = {}  # monotonic

    def __len__(self) -> int:
        return len(self._whole_at)

    def take(self, policy: Policy, subject: str) -> Standing:
        key, now_s = (policy.name, subject), time.monotonic()
        interval_s = policy.window_s / policy.quota
        known_s = self._whole_at.get(key)
        whole_s = known_s if known_s is not None and known_s > now_s else now_s
        used_s = whole_s + interval_s - now_s  # with this request
        left = (policy.window_s - used_s) / interval_s + _ROUNDING
        if left < 0:
            return Standing(policy, False, 0, whole_s - now_s, used_s - policy.window_s)
        if known_s is None and len(self._whole_at) >= self._most_keys:
            self._make_room(now_s)
        self._whole_at[key] = now_s + used_s
        return Standing(policy, True, int(left), used_s, 0.0)

    def allows(self, policy: Policy, subject: str) -> bool:
        whole_s = self._whole_at.get((policy.name, subject), 0.0)
        interval_s = policy.window_s / policy.quota
        return whole_s + interval_s - time.monotonic() <= policy.window_s + _ROUNDING * interval_s

    def _make_room(self, now_s: float) -> None:
        """Forget what is whole again of the oldest few, or else what will be first."""
        oldest = list(islice(self._whole_at, _LOOKED_AT))
        whole_s = {key: self._whole_at.pop(key) for key in oldest}
        goes = min(oldest, key=whole_s.__getitem__)
        for key, at_s in whole_s.items():
            if at_s > now_s and key != goes:
                self._whole_at[key] = at_s


class ProcessLimits:
    """The counts of one process."""

    def __init__(self, policies: Sequence[Policy], *, most_keys: int = MOST_KEYS) -> None:
        self._quotas, self._store = _Quotas(most_keys), _Store(options={"MAX_SIZE": most_keys})
        self._windows: dict[str, BaseRateLimiter] = {
            policy.name: SlidingWindowRateLimiter(quota_of(policy), self._store)
            for policy in policies
            if policy.kind == "window"
        }

    def __len__(self) -> int:
        return len(self._quotas) + self._store.size()

    def take(self, policy: Policy, subject: str) -> Standing:
        """Count one request of `subject`, unless the limit is reached."""
        if policy.kind == "gcra":
            return self._quotas.take(policy, subject)
        return standing(policy, self._windows[policy.name].limit(f"{policy.name}:{subject}"))

    def allows(self, policy: Policy, subject: str) -> bool:
        """Whether `take` would allow a request now, as far as that can be told without counting."""
        return policy.kind == "gcra" and self._quotas.allows(policy, subject)


def quota_of(policy: Policy) -> Quota:
    """The policy as the library wants it, with a burst of the whole quota."""
    return per_duration(timedelta(seconds=policy.window_s), policy.quota, policy.quota)


def standing(policy: Policy, result: RateLimitResult) -> Standing:
    """Read the library's result."""
    state = result.state
    remaining = 0 if result.limited else state.remaining
    return Standing(policy, not result.limited, remaining, state.reset_after, state.retry_after)
