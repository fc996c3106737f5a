"""Three processes on one database with two replicas; signals are cut, and replicas lag."""

import asyncio
import contextlib
import os
import random
import re
import sys
import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx

from backline.platform.database import Database
from backline.platform.database.migrating import migrate
from backline.platform.secrets import load_or_make_secrets
from tests.support.api import PASSWORD, Api, serving_api
from tests.support.boards.wiring import migrations, program
from tests.support.chance import chance
from tests.support.replicas import Cluster
from tests.support.serving import free_port, listening
from tests.support.tree import ROOT

LASTS_S = float(os.environ.get("CACHE_PROPERTY_S", "12"))
PROMISED_S = 1.0
SERVED = re.compile(r"^backline_replica_reads_total\{.*\} ([0-9.]+)$", re.MULTILINE)
END_LISTENERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND application_name <> 'backline' AND query LIKE $1
"""


class Devices:
    """Somebody's browser, which keeps cookies, and their program, which keeps none."""

    def __init__(self, user_id: str, tokens: tuple[str, str]) -> None:
        self.id = user_id
        limits = httpx.Limits(max_connections=20)
        self.browser = httpx.AsyncClient(timeout=60, limits=limits, headers=_bearer(tokens[0]))
        self.program = httpx.AsyncClient(timeout=60, limits=limits, headers=_bearer(tokens[1]))

    async def close(self) -> None:
        """End their connections."""
        await self.browser.aclose()
        await self.program.aclose()


class Processes:
    """The processes, what is done to them, and what was seen."""

    def __init__(self, api: Api, urls: list[str], metrics: list[str], replicas: list[str]) -> None:
        self.api, self.urls, self.metrics, self.replicas = api, urls, metrics, replicas
        self.seen: Counter[str] = Counter()
        self.faults: list[str] = []
        self._devices: list[Devices] = []
        self.until_s = 0.0

    @property
    def database(self) -> Database:
        """The primary, past all processes."""
        return self.api.platform.database

    @property
    def goes_on(self) -> bool:
        """Whether time isn't up, and nothing was found."""
        return time.monotonic() < self.until_s and not self.faults

    async def devices(self, name: str) -> Devices:
        """Those of somebody new."""
        email = f"{name}@example.org"
        await self.api.register(email)
        tokens = [(await self.api.tokens(email, PASSWORD))["access_token"] for _ in range(2)]
        async with self.api.client(tokens[0]) as client:
            user_id = (await client.get("/api/v1/users/me")).json()["id"]
        made = Devices(user_id, (tokens[0], tokens[1]))
        self._devices.append(made)
        return made

    async def close(self) -> None:
        """End the connections of all devices."""
        for one in self._devices:
            await one.close()

    @asynccontextmanager
    async def troubled(self) -> AsyncGenerator[None]:
        """Cut signals and hold replicas back until time is up."""
        self.until_s = time.monotonic() + LASTS_S
        troubles = [self._cut(chance("cut"))]
        troubles += [self._lag(chance("lag", n), dsn) for n, dsn in enumerate(self.replicas)]
        async with asyncio.TaskGroup() as group:
            for trouble in troubles:
                group.create_task(trouble)
            yield
        self.seen["served by replicas"] = int(await self._served_by_replicas())

    async def _cut(self, luck: random.Random) -> None:
        """End connections that carry signals, or looks, now and then."""
        while self.goes_on:
            await asyncio.sleep(luck.uniform(0.5, 3))
            whose = luck.choice(["SELECT 1%", "SELECT 1%", "%cache_invalidations%"])
            async with self.database.read() as read:
                self.seen["cut"] += len(await read.fetch_values(END_LISTENERS, whose))

    async def _lag(self, luck: random.Random, dsn: str) -> None:
        """Have a replica stand still now and then, for moments and for seconds."""
        connection = await asyncpg.connect(dsn)
        try:
            while self.goes_on:
                await asyncio.sleep(luck.uniform(0.1, 3))
                await _insist(connection, "SELECT pg_wal_replay_pause()")
                await asyncio.sleep(luck.choice([0.05, 0.3, 0.8, 2.0]) * luck.uniform(0.5, 1.5))
                await _insist(connection, "SELECT pg_wal_replay_resume()")
                self.seen["lag"] += 1
        finally:
            await connection.close()

    async def _served_by_replicas(self) -> float:
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


@asynccontextmanager
async def opened(cluster: Cluster, folder: Path) -> AsyncGenerator[Processes]:
    """Start them; one of the three is deaf."""
    name = await asyncio.to_thread(cluster.primary.create, cluster.template)
    dsn, replicas = cluster.primary.dsn(name), cluster.urls(name)
    await migrate(dsn, migrations())
    load_or_make_secrets(folder / "secrets.json")
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("BACKLINE_")},
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "BACKLINE_DATABASE_URL": dsn,
        "BACKLINE_REPLICA_URLS": ",".join(replicas),
        "BACKLINE_DATA_DIR": str(folder),
        "BACKLINE_SECRET_FILE": str(folder / "secrets.json"),
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
        async with serving_api(dsn, folder, everything=program()) as api:
            for port in ports:
                await listening(port)
            urls = [f"http://127.0.0.1:{port}" for port in ports]
            metrics = [f"http://127.0.0.1:{port}" for port in metrics_ports]
            made = Processes(api, urls, metrics, replicas)
            yield made
            await made.close()
    finally:
        for child in children:
            with contextlib.suppress(ProcessLookupError):  # it has ended by itself
                child.kill()
            await child.wait()
