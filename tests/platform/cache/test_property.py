"""Random reads and writes through three processes while signals are lost and replicas lag.

What must hold: nobody sees older than they wrote, nobody sees anybody else's, and everybody sees
a change within a second. `CACHE_PROPERTY_S=600` makes it last ten minutes; `CACHE_PROPERTY_SEED`
repeats a run.
"""

import asyncio
import contextlib
import os
import random
import re
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
import pytest

from backline.platform.cache import invalidate
from backline.platform.database import Database
from backline.platform.secrets import load_or_make_secrets
from tests.platform.cache.conftest import add_track
from tests.support.api import PASSWORD, Api, serving_api
from tests.support.replicas import Cluster, clustered
from tests.support.serving import free_port, listening
from tests.support.tree import ROOT

LASTS_S = float(os.environ.get("CACHE_PROPERTY_S", "30"))
SEED = int(os.environ.get("CACHE_PROPERTY_SEED", str(time.time_ns())))
PROMISED_S = 1.0
PEOPLE, TRACKS = 4, 2
LIST = "/api/v1/tracks"
WRITE = """
UPDATE tracks SET version = version + 1, title = $2 WHERE id = $1 RETURNING version
"""
SERVED = re.compile(r"^backline_replica_reads_total\{.*\} ([0-9.]+)$", re.MULTILINE)
END_LISTENERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND application_name <> 'backline' AND query LIKE $1
"""

pytestmark = pytest.mark.slow


class Person:
    """Somebody with a browser, which keeps cookies, and a program, which keeps none."""

    def __init__(self, tokens: tuple[str, str], tracks: list[str]) -> None:
        self.tracks = tracks
        limits = httpx.Limits(max_connections=20)
        self.browser = httpx.AsyncClient(timeout=60, limits=limits, headers=_bearer(tokens[0]))
        self.program = httpx.AsyncClient(timeout=60, limits=limits, headers=_bearer(tokens[1]))
        self.own: dict[str, int] = dict.fromkeys(tracks, 1)
        self.acknowledged: dict[str, list[tuple[float, int]]] = {one: [] for one in tracks}
        self.id = ""

    def wrote(self, track: str, version: int) -> None:
        """A write was answered just now."""
        self.acknowledged[track].append((time.monotonic(), version))

    def due(self, track: str, asked_s: float) -> int:
        """The version that everybody has to see by then."""
        promised = [v for at_s, v in self.acknowledged[track] if at_s <= asked_s - PROMISED_S]
        return max(promised, default=1)


class World:
    """The processes, the people, and what was seen."""

    def __init__(
        self,
        urls: list[str],
        metrics: list[str],
        people: list[Person],
        database: Database,
        replicas: list[str],
    ) -> None:
        self.urls, self.metrics, self.people = urls, metrics, people
        self.database, self.replicas = database, replicas
        self.seen: Counter[str] = Counter()
        self.faults: list[str] = []
        self.until_s = time.monotonic() + LASTS_S

    async def live(self, seed: int) -> None:
        """One of those who read and write at random, until time is up."""
        luck = random.Random(seed)  # noqa: S311  # repeatable on purpose
        deeds = [self.read_own, self.read_other, self.write, self.write_far, self.write_slowly]
        while time.monotonic() < self.until_s and not self.faults:
            person = luck.choice(self.people)
            deed = luck.choices(deeds, weights=[30, 60, 6, 2, 1])[0]
            await deed(luck, person)
            await asyncio.sleep(luck.random() * 0.02)

    async def read_own(self, luck: random.Random, person: Person) -> None:
        """By the browser that wrote: it never sees older than it wrote."""
        least = dict(person.own)
        await self.read(luck, person, person.browser, least)

    async def read_other(self, luck: random.Random, person: Person) -> None:
        """By a program that never wrote: a second is all it has to wait."""
        asked_s = time.monotonic()
        least = {track: person.due(track, asked_s) for track in person.tracks}
        await self.read(luck, person, person.program, least)

    async def read(
        self, luck: random.Random, person: Person, client: httpx.AsyncClient, least: dict[str, int]
    ) -> None:
        url, one = luck.choice(self.urls), luck.choice([None, *person.tracks])
        answer = await client.get(f"{url}{LIST}/{one}" if one else f"{url}{LIST}")
        assert answer.status_code == 200, answer.text
        state = answer.headers["cache-status"]
        self.seen[state] += 1
        items = [answer.json()] if one else answer.json()["items"]
        for item in items:
            if item["owner_id"] != person.id:
                self.faults.append(f"{person.id} was shown {item['owner_id']}'s ({state})")
            elif item["version"] < least[item["id"]]:
                was, due = item["version"], least[item["id"]]
                self.faults.append(f"{url}: version {was} instead of {due} ({state})")
        if len(items) != (1 if one else TRACKS):
            self.faults.append(f"{len(items)} tracks ({state})")

    async def write(self, luck: random.Random, person: Person) -> None:
        """By the browser, at any process."""
        url, track = luck.choice(self.urls), luck.choice(person.tracks)
        title = f"Title {luck.random()}"
        answer = await person.browser.patch(f"{url}{LIST}/{track}", json={"title": title})
        assert answer.status_code == 200, answer.text
        version = answer.json()["version"]
        person.own[track] = max(person.own[track], version)
        person.wrote(track, version)

    async def write_far(self, luck: random.Random, person: Person, wait_s: float = 0.0) -> None:
        """As a job does it: in a process of its own, without anybody's watermark."""
        track = luck.choice(person.tracks)
        async with self.database.write() as tx:
            tags = f"tracks:{UUID(person.id).hex}", f"track:{UUID(track).hex}"
            invalidate(tx, *tags)
            await asyncio.sleep(wait_s)
            version: int = await tx.fetch_value(WRITE, UUID(track), f"Far {luck.random()}")
        person.wrote(track, version)

    async def write_slowly(self, luck: random.Random, person: Person) -> None:
        """In a transaction that others overtake."""
        await self.write_far(luck, person, wait_s=luck.random())

    async def cut(self, seed: int) -> None:
        """End connections that carry signals, or looks, now and then."""
        luck = random.Random(seed)  # noqa: S311  # repeatable on purpose
        while time.monotonic() < self.until_s and not self.faults:
            await asyncio.sleep(luck.uniform(0.5, 3))
            whose = luck.choice(["SELECT 1%", "SELECT 1%", "%cache_invalidations%"])
            async with self.database.read() as read:
                self.seen["cut"] += len(await read.fetch_values(END_LISTENERS, whose))

    async def lag(self, seed: int, dsn: str) -> None:
        """Have a replica stand still now and then, for moments and for seconds."""
        luck = random.Random(seed)  # noqa: S311  # repeatable on purpose
        connection = await asyncpg.connect(dsn)
        try:
            while time.monotonic() < self.until_s and not self.faults:
                await asyncio.sleep(luck.uniform(0.1, 3))
                await _insist(connection, "SELECT pg_wal_replay_pause()")
                await asyncio.sleep(luck.choice([0.05, 0.3, 0.8, 2.0]) * luck.uniform(0.5, 1.5))
                await _insist(connection, "SELECT pg_wal_replay_resume()")
                self.seen["lag"] += 1
        finally:
            await connection.close()

    async def served_by_replicas(self) -> float:
        """How many reads went to replicas, in all processes."""
        async with httpx.AsyncClient() as client:
            texts = [(await client.get(f"{url}/metrics")).text for url in self.metrics]
        return sum(float(found) for text in texts for found in SERVED.findall(text))


async def _insist(connection: "asyncpg.Connection[asyncpg.Record]", statement: str) -> None:
    """Run a statement at a replica, which may have to break it off to go on replaying."""
    while True:
        try:
            await connection.execute(statement)
        except asyncpg.SerializationError:
            continue
        return


def _bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with clustered() as made:
        yield made


@pytest.fixture
async def world(cluster: Cluster, tmp_path: Path) -> AsyncIterator[World]:
    """Three processes on one database with two replicas, one of them deaf, and four people."""
    name = await asyncio.to_thread(cluster.primary.create, cluster.template)
    dsn, replicas = cluster.primary.dsn(name), cluster.urls(name)
    load_or_make_secrets(tmp_path / "secrets.json")
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("BACKLINE_")},
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "BACKLINE_DATABASE_URL": dsn,
        "BACKLINE_REPLICA_URLS": ",".join(replicas),
        "BACKLINE_DATA_DIR": str(tmp_path),
        "BACKLINE_SECRET_FILE": str(tmp_path / "secrets.json"),
        "BACKLINE_MIN_FREE_BYTES": "1",
        "BACKLINE_LIMIT_API_PER_MINUTE": "1000000",
    }
    script = str(Path(__file__).with_name("server.py"))
    ports, metrics_ports = ([free_port() for _ in range(3)] for _ in range(2))
    children = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, script, str(port), *extra),
            env={**environ, "BACKLINE_METRICS_PORT": str(metrics_port)},
        )
        for port, metrics_port, extra in zip(
            ports, metrics_ports, ([], [], ["--deaf"]), strict=True
        )
    ]
    try:
        async with serving_api(dsn, tmp_path) as api:
            people = [await _person(api, number) for number in range(PEOPLE)]
            for port in ports:
                await listening(port)
            urls = [f"http://127.0.0.1:{port}" for port in ports]
            metrics = [f"http://127.0.0.1:{port}" for port in metrics_ports]
            yield World(urls, metrics, people, api.platform.database, replicas)
            for person in people:
                await person.browser.aclose()
                await person.program.aclose()
    finally:
        for child in children:
            with contextlib.suppress(ProcessLookupError):  # it has ended by itself
                child.kill()
            await child.wait()


async def _person(api: Api, number: int) -> Person:
    email = f"person{number}@example.org"
    await api.register(email)
    tracks = [str(await add_track(api, email, f"Track {n}")) for n in range(TRACKS)]
    tokens = [(await api.tokens(email, PASSWORD))["access_token"] for _ in range(2)]
    person = Person((tokens[0], tokens[1]), tracks)
    async with api.client(tokens[0]) as client:
        person.id = (await client.get("/api/v1/users/me")).json()["id"]
    return person


async def test_nobody_sees_too_old_or_anybody_elses(world: World) -> None:
    luck = random.Random(SEED)  # noqa: S311  # repeatable on purpose
    tasks = [asyncio.create_task(world.live(luck.randrange(1 << 60))) for _ in range(6)]
    cutting = asyncio.create_task(world.cut(luck.randrange(1 << 60)))
    lagging = [
        asyncio.create_task(world.lag(luck.randrange(1 << 60), dsn)) for dsn in world.replicas
    ]

    await asyncio.gather(*tasks)
    cutting.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await cutting
    await asyncio.gather(*lagging)
    world.seen["served by replicas"] = int(await world.served_by_replicas())

    told = f"CACHE_PROPERTY_SEED={SEED} {dict(world.seen)}"
    assert world.faults == [], told
    assert world.seen["backline; hit"] > 0, told
    assert world.seen["cut"] > 0, told
    assert world.seen["served by replicas"] > 0, told
    sys.stdout.write(told)
