"""A PostgreSQL with two streaming replicas, and what a process has to read from them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

from backline.platform.cache.positions import Positions
from backline.platform.cache.tags import Tags
from backline.platform.cache.watch import Watch
from backline.platform.database import Database, connect
from backline.platform.database.migrating import migrate
from backline.platform.database.replicas import Replica, Replicas
from backline.platform.database.signals import Signals
from backline.platform.front.nearby import Nearby
from backline.platform.front.watermark import Watermark, WatermarkSigner, present
from backline.platform.http.asgi import begin, exchange_of
from backline.platform.secrets import Secrets
from tests.support.postgres import REPLICATED, PrivatePostgres, replicating, running
from tests.support.waiting import until

WHERE = "SELECT pg_is_in_recovery()"


class Cluster:
    """A primary and its replicas; `template` is a migrated database."""

    def __init__(self, primary: PrivatePostgres, replicas: list[PrivatePostgres]) -> None:
        self.primary, self.replicas, self.template = primary, replicas, ""

    def urls(self, name: str) -> list[str]:
        """Where the replicas of a database answer."""
        return [replica.dsn(name) for replica in self.replicas]


@contextlib.contextmanager
def clustered(version: int = 18, replicas: int = 2) -> Iterator[Cluster]:
    """Start all of it."""
    from backline.main import migrations

    with contextlib.ExitStack() as stack:
        primary = stack.enter_context(running(version, REPLICATED))
        at_once = {"max_standby_streaming_delay": "0"}  # replication waits for no query
        others = [stack.enter_context(replicating(primary, at_once)) for _ in range(replicas)]
        cluster = Cluster(primary, others)
        cluster.template = primary.create()
        asyncio.run(migrate(primary.dsn(cluster.template), migrations()))
        yield cluster


def scope_of(caller: str = "", mark: bytes = b"") -> dict[str, Any]:
    """A GET as far as a view needs it."""
    headers = [(b"authorization", f"Bearer {caller}".encode())] if caller else []
    headers += [(b"backline-watermark", mark)] if mark else []
    scope: dict[str, Any] = {"headers": headers, "method": "GET"}
    begin(scope)
    return scope


class Process:
    """The part of one process that reads from replicas."""

    def __init__(self, database: Database, dsns: Sequence[str], secrets: Secrets) -> None:
        self.database, self.marks = database, WatermarkSigner(secrets)
        self.tags, self.replicas = Tags(), Replicas(dsns, database)
        self.positions: Positions = self.tags.keep_positions()
        self.watch = Watch(database.dsn, Signals(""), self.tags, self.replicas)
        self.nearby = Nearby(database, self.replicas, self.marks)

    def view(self, mark: Watermark | None = None, *tags: str, caller: str = "") -> Database:
        """The database as a GET sees it."""
        scope = scope_of(caller, self.marks.write(mark) if mark is not None else b"")
        if tags:
            exchange_of(scope).needed_position = self.positions.need(self.tags.slots(tags))
        return self.nearby.view(scope)

    async def is_near(self, mark: Watermark | None = None, *tags: str) -> bool:
        """Whether a replica answers."""
        async with self.view(mark, *tags).read() as read:
            return bool(await read.fetch_value(WHERE))

    async def mark(self) -> Watermark:
        """What somebody gets who wrote just now."""
        return await present(self.database)

    def is_fresh(self, replica: Replica) -> bool:
        """Whether it may be read from."""
        return replica.serves(0, asyncio.get_running_loop().time())

    async def until_fresh(self, *replicas: Replica) -> None:
        """Wait for that."""
        for replica in replicas or self.replicas.all:
            await until(lambda replica=replica: self.is_fresh(replica))


@contextlib.asynccontextmanager
async def reading(
    dsn: str, dsns: Sequence[str], secrets: Secrets, *, waits_for: int | None = None
) -> AsyncIterator[Process]:
    """One process, once it reads from all of its replicas, or from the first `waits_for`."""
    database = await connect(dsn)
    process = Process(database, dsns, secrets)
    await process.replicas.start()
    await process.watch.start()
    try:
        for replica in process.replicas.all[:waits_for]:
            await process.until_fresh(replica)
        yield process
    finally:
        await process.watch.close()
        await process.replicas.close()
        await database.close()
