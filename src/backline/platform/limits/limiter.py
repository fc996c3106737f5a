"""The decision on a request: this process counts first, Redis (if there is one) has the last word.

What the process alone has seen is never more than all have: where it refuses, Redis need not be
asked, and where Redis doesn't answer, its count stands.
"""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from prometheus_client import Counter

from backline.platform.limits.policies import Policy
from backline.platform.limits.process import ProcessLimits
from backline.platform.limits.standing import Standing

if TYPE_CHECKING:
    from backline.platform.limits.shared import SharedLimits

_DECISIONS = Counter(
    "backline_limit_decisions_total", "Requests counted by a limit", ["policy", "decision"]
)


class Limiter:
    """The limits of one process, together with the others' where `shared` is given."""

    def __init__(self, process: ProcessLimits, shared: "SharedLimits | None" = None) -> None:
        self._process, self._shared = process, shared

    async def take(self, policies: Sequence[Policy], subjects: Sequence[str]) -> list[Standing]:
        """Count one request with each policy, `subjects` saying for whom.

        The standings come in the policies' order; after the first refusal there are no more.
        """
        standings = self._take(policies, subjects)
        if self._shared is not None and standings[-1].allowed:
            pairs = [
                (policy, subject)
                for policy, subject in zip(policies, subjects, strict=True)
                if policy.shared
            ]
            if pairs:
                policies, subjects = zip(*pairs, strict=True)
                told = {s.policy.name: s for s in await self._shared.take(policies, subjects)}
                standings = [told.get(one.policy.name, one) for one in standings]
        return _counted(standings)

    def take_here(
        self, policies: Sequence[Policy], subjects: Sequence[str]
    ) -> list[Standing] | None:
        """As `take`, at once; None, and nothing counted, where Redis or a refusal is needed."""
        shared, pairs = self._shared, tuple(zip(policies, subjects, strict=True))
        # Whom the second policy refuses, the first mustn't have counted.
        if len(pairs) > 1 and not all(self._process.allows(*pair) for pair in pairs):
            return None
        if shared is None:
            standings = self._take(policies, subjects)
            return _counted(standings) if standings[-1].allowed else None
        if not all(shared.leases.has(*pair) for pair in pairs if pair[0].shared):
            return None
        standings = self._take(policies, subjects)
        if not standings[-1].allowed:
            return None
        leased = (shared.leases.take(*pair) if pair[0].shared else None for pair in pairs)
        return _counted([told or own for told, own in zip(leased, standings, strict=True)])

    def _take(self, policies: Sequence[Policy], subjects: Sequence[str]) -> list[Standing]:
        standings: list[Standing] = []
        for policy, subject in zip(policies, subjects, strict=True):
            standings.append(self._process.take(policy, subject))
            if not standings[-1].allowed:
                break
        return standings

    async def close(self) -> None:
        """End the connections to Redis."""
        if self._shared is not None:
            await self._shared.close()


def open_limiter(redis_url: str | None) -> Limiter:
    """The limiter of this process; with a `redis_url` it counts together with the others."""
    process = ProcessLimits()
    if redis_url is None:
        return Limiter(process)
    from backline.platform.limits.shared import SharedLimits  # noqa: PLC0415  # loads slowly

    return Limiter(process, SharedLimits(redis_url))


def _counted(standings: list[Standing]) -> list[Standing]:
    for one in standings:
        _decisions(one.policy.name, one.allowed).inc()
    return standings


@cache
def _decisions(policy: str, allowed: bool) -> Counter:
    """The counter of a decision; finding it takes longer than counting."""
    return _DECISIONS.labels(policy, "allowed" if allowed else "refused")
