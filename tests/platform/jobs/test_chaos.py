"""Many small jobs while their workers are killed, or stopped for longer than their lease."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from backline.platform import jobs
from backline.platform.database import Database
from tests.platform.jobs import chaos_worker
from tests.platform.jobs.chaos_worker import FENCED, LEASE_S, PLAIN, POISON, Number
from tests.platform.jobs.working import execute, value
from tests.support.chance import chance
from tests.support.tree import ROOT

WORKERS, FENCED_JOBS, PLAIN_JOBS, POISON_JOBS = 4, 8_000, 2_000, 3
LEAST_KILLS, LEAST_STOPS, LEAST_REFUSALS = 8, 6, 1
BOUND_S = 400  # it takes about a minute
TABLES = """
CREATE TABLE effects (job_id uuid, attempt integer);
CREATE INDEX ON effects (job_id);
CREATE TABLE refusals (job_id uuid, attempt integer);
"""
LIVE = "SELECT count(*) FROM jobs WHERE state IN ('queued', 'running') AND kind LIKE 'chaos.%'"


class Crew:
    """The worker processes, and what is done to them."""

    def __init__(self, dsn: str) -> None:
        self._dsn, self._chance = dsn, chance("crew")
        self._members: list[subprocess.Popen[bytes]] = []
        self._asleep: dict[int, float] = {}
        self.done: Counter[str] = Counter()

    def fill(self) -> None:
        """Replace whoever has died."""
        for member in self._members:
            if member.poll() is not None and member.pid not in self._asleep:
                self.done["deaths"] += 1
        self._members = [member for member in self._members if member.poll() is None]
        while len(self._members) < WORKERS:
            program = [sys.executable, str(Path(chaos_worker.__file__)), self._dsn]
            env = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
            self._members.append(subprocess.Popen(program, env=env, stderr=subprocess.DEVNULL))

    def harm(self) -> None:
        """Kill one that is awake, or stop it for longer than its lease."""
        awake = [m for m in self._members if m.pid not in self._asleep and m.poll() is None]
        if len(awake) <= 1:
            return
        victim = self._chance.choice(awake)
        if self._chance.random() < 0.5:
            victim.send_signal(signal.SIGSTOP)
            self._asleep[victim.pid] = time.monotonic() + self._chance.uniform(1.3, 2.0) * LEASE_S
            self.done["stops"] += 1
        else:
            victim.kill()
            victim.wait()
            self.done["kills"] += 1

    def wake(self, *, everybody: bool = False) -> None:
        """Let those go on whose lease has long ended."""
        for member in self._members:
            if everybody or self._asleep.get(member.pid, time.monotonic()) < time.monotonic():
                self._asleep.pop(member.pid, None)
                member.send_signal(signal.SIGCONT)

    def end(self) -> None:
        for member in self._members:
            member.kill()
            member.wait()


@pytest.mark.chaos
@pytest.mark.draws
async def test_no_job_is_lost_and_no_effect_comes_twice(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    database.declared = chaos_worker.register()
    for statement in TABLES.strip().split(";\n"):
        await execute(database, statement.rstrip(";"))
    async with database.write() as tx:
        await jobs.enqueue_many(tx, POISON, [Number(n) for n in range(POISON_JOBS)])
        await jobs.enqueue_many(tx, FENCED, [Number(n) for n in range(FENCED_JOBS)])
        await jobs.enqueue_many(tx, PLAIN, [Number(n) for n in range(PLAIN_JOBS)])
    crew, began_s = Crew(database.dsn), time.monotonic()
    luck = chance("harm")

    async def more_to_harm() -> bool:
        done, refusals = crew.done, await value(database, "SELECT count(*) FROM refusals")
        enough = done["kills"] >= LEAST_KILLS and done["stops"] >= LEAST_STOPS
        return not enough or refusals < LEAST_REFUSALS

    try:
        async with asyncio.timeout(BOUND_S):
            while await value(database, LIVE) > 0 or await more_to_harm():
                if await value(database, LIVE) == 0:
                    # A quick machine: more of the same, until all kinds of harm were done.
                    async with database.write() as tx:
                        await jobs.enqueue_many(tx, FENCED, [Number(n) for n in range(1_000)])
                crew.fill()
                crew.wake()
                await asyncio.sleep(luck.uniform(0.2, 0.6))
                if await more_to_harm() or luck.random() < 0.3:
                    crew.harm()
            crew.wake(everybody=True)
    finally:
        crew.end()
    took_s = time.monotonic() - began_s

    figures = await _figures(database)
    with capsys.disabled():
        print(f"\n{figures} {dict(crew.done)} in {took_s:.0f} s")  # noqa: T201
    assert figures["done"] >= FENCED_JOBS + PLAIN_JOBS
    assert figures["dead"] == figures["poison_dead_after_3"] == POISON_JOBS
    assert figures["fenced_without_one_effect"] == 0
    assert figures["plain_without_effect"] == 0
    assert figures["effects_of_refused"] == 0
    assert figures["refused"] >= LEAST_REFUSALS


async def _figures(database: Database) -> dict[str, int]:
    """What the tables say in the end."""
    of_jobs = "SELECT count(*) FROM jobs WHERE "
    effects = "(SELECT count(*) FROM effects WHERE job_id = jobs.id {})"
    own = effects.format("AND attempt = jobs.attempts")
    queries = {
        "done": of_jobs + "state = 'done' AND kind LIKE 'chaos.%'",
        "dead": of_jobs + "state = 'dead'",
        "poison_dead_after_3": of_jobs
        + f"state = 'dead' AND kind = '{POISON}' AND attempts = 3 AND crashes = 3",
        "rescued": "SELECT sum(crashes) FROM jobs",
        "refused": "SELECT count(*) FROM refusals",
        "effects_of_refused": "SELECT count(*) FROM effects JOIN refusals USING (job_id, attempt)",
        "fenced_without_one_effect": of_jobs
        + f"kind = '{FENCED}' AND ({effects.format('')} <> 1 OR {own} <> 1)",
        "plain_without_effect": of_jobs + f"kind = '{PLAIN}' AND {effects.format('')} = 0",
    }
    return {name: int(await value(database, sql) or 0) for name, sql in queries.items()}
