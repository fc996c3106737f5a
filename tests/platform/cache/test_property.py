"""Random reads and writes through three processes while signals are lost and replicas lag.

What must hold of one's own things stands in `owned`, of shared ones in `boards`.
`CACHE_PROPERTY_S=600` makes each last ten minutes.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.platform.cache.boards import boards_of
from tests.platform.cache.owned import tracks_of
from tests.platform.cache.processes import Processes, opened
from tests.support.chance import SEED, chance
from tests.support.replicas import Cluster, clustered

pytestmark = [pytest.mark.slow, pytest.mark.draws, pytest.mark.alone]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with clustered() as made:
        yield made


@pytest.fixture
async def world(cluster: Cluster, tmp_path: Path) -> AsyncIterator[Processes]:
    async with opened(cluster, tmp_path) as made:
        yield made


async def test_nobody_sees_too_old_or_anybody_elses(world: Processes) -> None:
    tracks = await tracks_of(world)

    async with world.troubled():
        await asyncio.gather(*(tracks.live(chance("live", n)) for n in range(6)))

    told = f"seed {SEED} {dict(world.seen)}"
    assert world.faults == [], told
    assert world.seen["backline; hit"] > 0, told
    assert world.seen["cut"] > 0, told
    assert world.seen["served by replicas"] > 0, told
    sys.stdout.write(told)


async def test_nobody_sees_or_hears_what_is_no_longer_shared_with_them(world: Processes) -> None:
    boards = await boards_of(world)

    async with world.troubled():
        listening = [
            boards.listen(chance("listen", n, url), person, url)
            for n, person in enumerate(boards.people)
            for url in world.urls
        ]
        living = [boards.live(chance("share", n)) for n in range(6)]
        await asyncio.gather(*living, *listening)
    boards.judge_what_was_heard()

    told = f"seed {SEED} {dict(world.seen)}"
    assert world.faults == [], told
    for what in ("backline; hit", "cut", "served by replicas", "kept out", "let in", "heard"):
        assert world.seen[what] > 0, told
    sys.stdout.write(told)
