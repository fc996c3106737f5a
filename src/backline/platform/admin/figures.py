"""The installation in figures, for its administrator: what each domain counts, and the jobs."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from backline.platform import jobs
from backline.platform.actor import Actor, require_admin
from backline.platform.cache import CostlyValue
from backline.platform.cache.costly import Costly
from backline.platform.database import Database, Read

Count = Callable[[Read], Awaitable[Mapping[str, int]]]

STATS: Final = CostlyValue("stats", 60.0)


class Stats(msgspec.Struct, frozen=True):
    """What there was at `made_at`: `figures` as `people`, `tracks`; `jobs` by their states."""

    made_at: datetime
    figures: dict[str, int]
    jobs: dict[str, int]


class Figures(msgspec.Struct, frozen=True):
    """Where figures come from: the domains' `counts`, kept by `costly` for a minute."""

    database: Database
    costly: Costly
    counts: Sequence[Count]

    async def stats(self, actor: Actor) -> Stats:
        """The figures, at most a minute old; for administrators.

        Raises:
            Forbidden: somebody else asks.
        """
        require_admin(actor)
        return await self.costly.get(STATS.kind, Stats, self._count)

    async def _count(self) -> Stats:
        async with self.database.read() as read:
            figures = await figures_of(read, self.counts)
            return Stats(datetime.now(UTC), figures, (await jobs.tally(read)).by_state)


async def figures_of(read: Read, counts: Sequence[Count]) -> dict[str, int]:
    """What each of the domains counts."""
    figures: dict[str, int] = {}
    for count in counts:
        figures |= await count(read)
    return figures
