"""Counting in this process: exact for it alone, bounded in memory, never waiting."""

import time
from collections.abc import Callable
from itertools import islice
from typing import TypeVar

from backline.platform.limits.policies import Policy
from backline.platform.limits.standing import Standing
from backline.platform.limits.window import Window, allowance

MOST_KEYS = 200_000
_ROUNDING = 1e-6  # of a request: what arithmetic loses
_LOOKED_AT = 16
_Key = tuple[str, str]  # the policy's name and the subject
V = TypeVar("V")


class _Quotas:
    """GCRA (ITU-T I.371): of each key only when its quota will be whole again."""

    def __init__(self, most_keys: int) -> None:
        self._most_keys = most_keys
        self._whole_at: dict[_Key, float] = {}  # monotonic

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
            _make_room(self._whole_at, lambda whole_s: whole_s)
        self._whole_at[key] = now_s + used_s
        return Standing(policy, True, int(left), used_s, 0.0)

    def allows(self, policy: Policy, subject: str) -> bool:
        whole_s = self._whole_at.get((policy.name, subject), 0.0)
        interval_s = policy.window_s / policy.quota
        return whole_s + interval_s - time.monotonic() <= policy.window_s + _ROUNDING * interval_s


class _Windows:
    """Sliding windows: of each key how much this window and the one before have seen."""

    def __init__(self, most_keys: int) -> None:
        self._most_keys = most_keys
        self._seen: dict[_Key, tuple[float, Window]] = {}  # with when it is forgotten

    def __len__(self) -> int:
        return len(self._seen)

    def take(self, policy: Policy, subject: str) -> Standing:
        key, now_s = (policy.name, subject), time.time()
        known = self._seen.get(key)
        window = (Window(0, 0, 0) if known is None else known[1]).at(now_s, policy.window_s)
        told = allowance(policy, window, now_s / policy.window_s - window.number)
        if told.allowed:
            if known is None and len(self._seen) >= self._most_keys:
                _make_room(self._seen, lambda one: (one[0] > now_s, one[1].current))
            self._seen[key] = ((window.number + 2) * policy.window_s, window.counted())
        return told

    def allows(self, policy: Policy, subject: str) -> bool:
        known, now_s = self._seen.get((policy.name, subject)), time.time()
        if known is None:
            return True
        window = known[1].at(now_s, policy.window_s)
        return allowance(policy, window, now_s / policy.window_s - window.number).allowed


def _make_room(kept: dict[_Key, V], worth: Callable[[V], float | tuple[bool, int]]) -> None:
    """Forget one of the oldest few: the one that is worth the least.

    Dropping whoever was silent for the longest time would let a flood of fresh keys free a
    blocked one. A fresh key has hardly used anything, a blocked one all.
    """
    oldest = {key: kept.pop(key) for key in list(islice(kept, _LOOKED_AT))}
    del oldest[min(oldest, key=lambda key: worth(oldest[key]))]
    kept.update(oldest)


class ProcessLimits:
    """The counts of one process."""

    def __init__(self, *, most_keys: int = MOST_KEYS) -> None:
        self._quotas, self._windows = _Quotas(most_keys), _Windows(most_keys)

    def __len__(self) -> int:
        return len(self._quotas) + len(self._windows)

    def take(self, policy: Policy, subject: str) -> Standing:
        """Count one request of `subject`, unless the limit is reached."""
        if policy.kind == "gcra":
            return self._quotas.take(policy, subject)
        return self._windows.take(policy, subject)

    def allows(self, policy: Policy, subject: str) -> bool:
        """Whether `take` would allow a request now; nothing is counted."""
        kind = self._quotas if policy.kind == "gcra" else self._windows
        return kind.allows(policy, subject)
