"""What a crash in the middle of shows costs: frames and seconds, at each destination.

    .venv/bin/python benchmarks/live_faults.py [--shows 3]

Two `backline live` behind nginx, on a PostgreSQL and a Redis. Encoders film 25 frames a second and
come back 0.2 s after they were cut off, with their next keyframe (one a second); each has three
destinations, which note when each frame comes.
"""

import argparse
import asyncio
import contextlib
import itertools
import os
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT), str(ROOT / "scripts")]

import msgspec  # noqa: E402
import uvloop  # noqa: E402

from backline.main import migrations  # noqa: E402
from backline.platform.database.migrating import migrate  # noqa: E402
from tests.support import postgres, rtmp  # noqa: E402
from tests.support.going_live import Stage, stage  # noqa: E402
from tests.support.lasting_encoder import FRAME_MS, lasting_encoder, numbers  # noqa: E402
from tests.support.live_nodes import Node, balanced, live_nodes  # noqa: E402
from tests.support.redis import PrivateRedis, running  # noqa: E402
from tests.support.waiting import until  # noqa: E402

DESTINATIONS = 3
BEFORE_S, AFTER_S, AWAY_S = 5.0, 12.0, 3.0


class Heard(msgspec.Struct):
    """What a destination noted: when each frame came, by its number."""

    sink: rtmp.SinkServer
    came_s: dict[int, float] = {}

    def note(self, one: rtmp.Sink) -> None:
        """Note the message that just came."""
        for number in numbers(one.messages[-1:]):
            self.came_s.setdefault(number, asyncio.get_running_loop().time())

    def lost(self) -> int:
        """Frames that never came, between the first and the last that did."""
        return max(self.came_s) - min(self.came_s) + 1 - len(self.came_s)

    def silence_s(self) -> float:
        """The longest time in which nothing came, beyond that from one frame to the next."""
        times = sorted(self.came_s.values())
        longest_s = max(later - sooner for sooner, later in itertools.pairwise(times))
        return max(longest_s - FRAME_MS / 1000, 0.0)


class Ground(msgspec.Struct):
    """What can be killed."""

    server: postgres.PrivatePostgres
    cache: PrivateRedis
    stage: Stage
    nodes: list[Node]


Fault = Callable[[Ground, list[Heard]], Awaitable[None]]


async def nothing(_ground: Ground, _heard: list[Heard]) -> None:
    """No fault: what is measured is how even it goes anyhow."""


async def kill_node(ground: Ground, heard: list[Heard]) -> None:
    """The node of the first show, and of all others that are there."""
    port = heard[0].sink.port
    next(node for node in ground.nodes if node.reaches(port)).kill()


async def kill_postgres(ground: Ground, _heard: list[Heard]) -> None:
    """PostgreSQL, which is back after three seconds."""
    await asyncio.to_thread(ground.server.kill)
    await asyncio.sleep(AWAY_S)
    await asyncio.to_thread(ground.server.start)


async def kill_redis(ground: Ground, _heard: list[Heard]) -> None:
    """Redis, which is back, empty, after three seconds."""
    await asyncio.to_thread(ground.cache.kill)
    await asyncio.sleep(AWAY_S)
    await asyncio.to_thread(ground.cache.start)
    ground.cache.open_to_all()


FAULTS: dict[str, Fault] = {
    "nothing": nothing,
    "PostgreSQL, for 3 s": kill_postgres,
    "Redis, for 3 s": kill_redis,
    "the shows' node, of two": kill_node,
}


async def measure(name: str, shows: int) -> str:
    """Shows are on, something is killed, and what came of it: a row of the table."""
    with (
        tempfile.TemporaryDirectory(prefix="backline-faults-") as made,
        postgres.running() as server,
        running() as cache,
    ):
        folder = Path(made)
        os.chmod(folder, 0o755)  # noqa: PTH101  # nodes of another user have to get in
        cache.open_to_all()
        dsn = server.dsn(await asyncio.to_thread(server.create))
        await migrate(dsn, migrations())
        async with stage(dsn, folder) as there, contextlib.AsyncExitStack() as stack:
            environ = {**there.environ, "BACKLINE_REDIS_URL": cache.url}
            nodes = stack.enter_context(live_nodes(folder, environ))
            port = await stack.enter_async_context(balanced(folder, nodes))
            ground = Ground(server, cache, there, nodes)
            keys, heard = await _projects(there, stack, shows)
            encoders = [await stack.enter_async_context(lasting_encoder(port, key)) for key in keys]
            await until(lambda: all(len(one.came_s) > 25 for one in heard))
            await asyncio.sleep(BEFORE_S)
            await FAULTS[name](ground, heard)
            await asyncio.sleep(AFTER_S)
            returns = sum(len(one.connections) - 1 for one in encoders)
    lost = [one.lost() for one in heard]
    silent_s = [one.silence_s() for one in heard]
    return (
        f"| {name} | {len(heard)} | {statistics.median(lost):.0f} ({max(lost)}) "
        f"| {statistics.median(silent_s):.2f} ({max(silent_s):.2f}) | {returns} |"
    )


async def _projects(
    there: Stage, stack: contextlib.AsyncExitStack, shows: int
) -> tuple[list[str], list[Heard]]:
    """Shows with destinations: their keys, and what is heard of them."""
    ada = await there.person()
    keys: list[str] = []
    heard: list[Heard] = []
    for _ in range(shows):
        project: dict[str, Any] = await there.project(ada)
        keys.append(project["stream_key"])
        for _ in range(DESTINATIONS):
            sink = await stack.enter_async_context(rtmp.sink_server())
            one = Heard(sink)
            sink.on_message = one.note
            heard.append(one)
            await there.destination(ada, project, sink)
    return keys, heard


async def rows(shows: int) -> AsyncIterator[str]:
    """The table, as it is found out."""
    yield "| killed | destinations | frames lost (most) | silent for s (longest) | encoders cut |"
    yield "| --- | --- | --- | --- | --- |"
    for name in FAULTS:
        yield await measure(name, shows)


async def main(shows: int) -> None:
    """Print it."""
    async for row in rows(shows):
        print(row, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shows", type=int, default=3)
    uvloop.run(main(parser.parse_args().shows))
