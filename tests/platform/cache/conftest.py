"""The layer of the encoded cache by itself, with an app whose answers a test holds back."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from backline.platform.actor import Actor
from backline.platform.cache import Depends
from backline.platform.cache.declared import Cached, Plan
from backline.platform.cache.tags import Tags, invalidate
from backline.platform.cache.watch import Watch
from backline.platform.database import Database
from backline.platform.database.signals import Signals
from backline.platform.front.caching import EncodedCache
from backline.platform.front.watermark import WatermarkSigner
from backline.platform.http.asgi import begin, exchange_of
from backline.platform.ids import uuid7
from backline.platform.media.signing import Lives
from backline.platform.secrets import load_or_make_secrets

ACTOR = Actor(uuid7(), "user", uuid7())
THING = f"thing:{ACTOR.user_id.hex}"
CACHES = [
    Cached("/thing", "thing", 60, ("thing:{user}",)),
    Cached("/board", "board", 60, ("board",), shared=True),
    Cached("/boards", "boards", 60, ()),
]
READS = "SELECT value FROM instance WHERE key = 'thing'"
WRITES = """
INSERT INTO instance (key, value) VALUES ('thing', $1)
ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""


class Stage:
    """The layer, and an app that reads the thing and then waits to be let go."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.tags = database, Tags()
        self.watch = Watch(database.dsn, Signals(database.dsn), self.tags)
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.reads = 0
        self.is_broken = False
        self.names: tuple[str, ...] = ()
        self.picked: int | None = None
        self.layer = EncodedCache(
            self.app,
            self.app,
            Plan("", CACHES),
            tags=self.tags,
            watch=self.watch,
            marks=WatermarkSigner(load_or_make_secrets(folder / "secrets.json")),
            lives=Lives(),
        )

    async def app(self, scope: Any, _receive: Any, send: Any) -> None:
        exchange = exchange_of(scope)
        exchange.actor, exchange.picked_position = ACTOR, self.picked
        async with self.database.read() as read:
            value: str | None = await read.fetch_value(READS)
        self.reads += 1
        await self.go_on.wait()
        exchange.depends = Depends()
        exchange.depends.on(*self.names)
        if self.is_broken:
            raise RuntimeError("broken on purpose")
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": (value or "").encode()})

    async def write(self, value: str) -> None:
        async with self.database.write() as tx:
            await tx.execute(WRITES, value)
            invalidate(tx, THING)

    async def forget(self, *tags: str) -> None:
        async with self.database.write() as tx:
            invalidate(tx, *tags)

    async def get(self, path: str = "/thing") -> tuple[str, str]:
        """The answer, and what the cache says of it."""
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            return {"type": "http.request", "body": b""}

        scope: dict[str, Any] = {"type": "http", "method": "GET", "path": path}
        scope |= {"query_string": b"", "headers": []}
        exchange = begin(scope)
        exchange.caller, exchange.token = ACTOR, "known"
        await self.layer(scope, receive, send)
        said = dict(sent[0]["headers"])[b"cache-status"].decode()
        return sent[1]["body"].decode(), said.removeprefix("backline; ")


@pytest.fixture
async def stage(database: Database, tmp_path: Path) -> AsyncIterator[Stage]:
    made = Stage(database, tmp_path)
    await made.watch.start()
    yield made
    await made.watch.close()
