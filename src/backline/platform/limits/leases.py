"""Leases: what a process takes of a shared quota at once, so that Redis isn't asked each time.

Whoever asks now and then is counted one by one. Whoever uses a lease up before it ends is given
twice as much with the next, up to a twentieth of the quota. All that is leased has been counted:
together the processes never allow more than the quota, and what a lease leaves over is lost to
its subject, which is a twentieth at the most.
"""

import time

import msgspec

from backline.platform.limits.policies import Policy
from backline.platform.limits.standing import Standing
from backline.platform.remembered import Remembered

LEASE_S = 2.0
SHARE = 20
_MOST = 25_000


class _Lease(msgspec.Struct):
    """`left` of the `size` requests that were counted, to be used until then (monotonic)."""

    standing: Standing
    size: int
    left: int
    until_s: float


class Leases:
    """The leases of one process, by policy and subject."""

    def __init__(self) -> None:
        self._leases: Remembered[tuple[str, str], _Lease] = Remembered(_MOST)

    def __len__(self) -> int:
        return len(self._leases)

    def has(self, policy: Policy, subject: str) -> bool:
        """Whether a request can be answered for here."""
        lease = self._leases.get((policy.name, subject))
        return lease is not None and lease.left > 0 and time.monotonic() < lease.until_s

    def take(self, policy: Policy, subject: str) -> Standing | None:
        """Use one of what was counted, if there is any."""
        lease = self._leases.get((policy.name, subject))
        if lease is None or lease.left <= 0 or time.monotonic() >= lease.until_s:
            return None
        lease.left -= 1
        return _standing(lease)

    def wanted(self, policy: Policy, subject: str) -> int:
        """How many requests to have counted at once, for one that isn't answered for here.

        While that is on its way, others of the subject are counted one by one.
        """
        lease = self._leases.get((policy.name, subject))
        if (
            policy.kind != "gcra"
            or lease is None
            or lease.left
            or lease.until_s <= time.monotonic()
        ):
            return 1
        lease.until_s = 0.0
        return max(1, min(2 * lease.size, policy.quota // SHARE))

    def keep(self, subject: str, standing: Standing, size: int) -> Standing:
        """Note that `size` requests were counted, of which one is made now."""
        key, now_s = (standing.policy.name, subject), time.monotonic()
        left, known = size - 1, self._leases.get(key)
        if known is not None and now_s < known.until_s:
            left, size = left + known.left, max(size, known.size)
        lease = _Lease(standing, size, left, now_s + LEASE_S)
        self._leases.keep(key, lease)
        return _standing(lease)


def _standing(lease: _Lease) -> Standing:
    """How the subject stands: what this process still holds for it is left, too."""
    left = lease.standing.remaining + lease.left
    return msgspec.structs.replace(lease.standing, remaining=left)
