"""Jobs: queued in bulk and done, each a no-op, on PostgreSQL as we do it and by BullMQ on Redis.

Whoever queues or works has the first core; PostgreSQL and Redis have the other.
"""

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from backline.platform.database import connect
from benchmarks import jobs as ours
from benchmarks.rig import peers
from benchmarks.rig.figures import Contest, Sample, Target, ratio, turns
from benchmarks.rig.ground import Ground, redis
from benchmarks.rig.rounds import Pace, say

_ROOT = Path(__file__).resolve().parents[2]
_OURS = _ROOT / "benchmarks/jobs.py"
_BULLMQ = _ROOT / "benchmarks/peers/bullmq/jobs.js"
_ALWAYS, _EVERY_SECOND = "BullMQ, Redis syncs always", "BullMQ, Redis syncs every second"
_TIMEOUT_S = 300
_CONDITIONS = (
    "no-op jobs with an empty payload; PostgreSQL with fsync on and full durability; Redis with "
    "an append-only file, synced at every write (as durable as ours) or once a second (BullMQ's "
    "usual advice: the last second can be lost)"
)


class _Printed(msgspec.Struct, frozen=True):
    rate_per_s: float


def bulk_enqueue(ground: Ground, pace: Pace) -> Contest:
    """Jobs queued in bulk, a second."""

    def queue() -> float:
        command = [*_pinned(), sys.executable, str(_OURS), "--enqueue", ground.dsn]
        return float(_run([*command, "--jobs", str(pace.jobs)]))

    contest = Contest(
        "jobs-bulk-enqueue",
        "Jobs queued in bulk",
        "jobs/s",
        f"{_CONDITIONS}; {pace.jobs:,} jobs a round, 10,000 in a transaction or 1,000 in a "
        f"command, which is best for each; {pace.rounds} rounds",
        _measure(ground, pace, queue, "enqueue"),
    )
    rates = contest.rates
    always = ratio(rates("Backline"), rates(_ALWAYS)).median
    relaxed = ratio(rates("Backline"), rates(_EVERY_SECOND)).median
    return msgspec.structs.replace(
        contest,
        targets=(
            Target("at least BullMQ's rate, Redis syncing always", always, 1),
            Target("at least BullMQ's rate, Redis syncing every second", relaxed, 1),
        ),
    )


def process(ground: Ground, pace: Pace) -> Contest:
    """Jobs done, a second, from the first claim to the last completion."""

    async def work() -> float:
        database = await connect(ground.dsn, max_size=2)
        database.declared = ours.register()
        try:
            return await ours.process(database, "bench.noop", pace.jobs, 1, before=_pinned())
        finally:
            await database.close()

    contest = Contest(
        "jobs-process",
        "Jobs done, by one worker process",
        "jobs/s",
        f"{_CONDITIONS}; {pace.jobs:,} jobs a round, 200 at once; each is claimed, run, and its "
        f"completion recorded; {pace.rounds} rounds",
        _measure(ground, pace, lambda: asyncio.run(work()), "process"),
    )
    rates = contest.rates
    always = ratio(rates("Backline"), rates(_ALWAYS)).median
    relaxed = ratio(rates("Backline"), rates(_EVERY_SECOND)).median
    return msgspec.structs.replace(
        contest,
        targets=(
            Target("at least half of BullMQ's rate, Redis syncing always", always, 0.5),
            Target("at least half of BullMQ's rate, Redis syncing every second", relaxed, 0.5),
        ),
    )


def _measure(
    ground: Ground, pace: Pace, our_side: Callable[[], float], what: str
) -> dict[str, list[Sample]]:
    peers.node_modules("bullmq")
    with contextlib.ExitStack() as stack:
        folder = ground.folder
        always = stack.enter_context(redis(folder / f"{what}-always", appendfsync="always"))
        relaxed = stack.enter_context(redis(folder / f"{what}-everysec", appendfsync="everysec"))
        contestants: dict[str, Callable[[], float]] = {
            "Backline": our_side,
            _ALWAYS: lambda: _bullmq(what, always, pace.jobs),
            _EVERY_SECOND: lambda: _bullmq(what, relaxed, pace.jobs),
        }
        samples: dict[str, list[Sample]] = {name: [] for name in contestants}
        for number, name in turns(list(contestants), pace.rounds):
            rate = contestants[name]()
            say(f"  round {number + 1}: {name:34} {rate:9,.0f}/s")
            samples[name].append(Sample(rate))
            time.sleep(0.2)
        return samples


def _bullmq(what: str, redis_url: str, count: int) -> float:
    command = [*_pinned(), "node", str(_BULLMQ), what, redis_url, str(count)]
    return msgspec.json.decode(_run(command), type=_Printed).rate_per_s


def _pinned() -> list[str]:
    return ["taskset", "-c", os.environ["BENCH_SERVER_CORE"]]


def _run(command: list[str]) -> str:
    environ = {**os.environ, "NODE_ENV": "production"}
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=_TIMEOUT_S, env=environ
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command} failed:\n{done.stderr[-4000:]}")
    return done.stdout.strip()
