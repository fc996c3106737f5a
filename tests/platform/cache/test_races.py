"""Answers that race a change: an app whose answers the test holds back, behind the real layer."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from backline.platform.actor import Actor
from backline.platform.cache.declared import Cached, Plan
from backline.platform.cache.layer import EncodedCache
from backline.platform.cache.tags import Tags, invalidate
from backline.platform.cache.watch import Watch
from backline.platform.cache.watermark import WatermarkSigner
from backline.platform.database import Database
from backline.platform.ids import uuid7
from backline.platform.secrets import load_or_make_secrets
from backline.platform.signals import Signals
from tests.support.waiting import until

ACTOR = Actor(uuid7(), "user", uuid7())
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
        self.layer = EncodedCache(
            self.app,
            self.app,
            Plan("", [Cached("/thing", "thing", 60, ("thing:{user}",))]),
            tags=self.tags,
            watch=self.watch,
            marks=WatermarkSigner(load_or_make_secrets(folder / "secrets.json")),
            window_s=3600,
        )

    async def app(self, scope: Any, _receive: Any, send: Any) -> None:
        scope["state"]["actor"] = ACTOR
        async with self.database.read() as read:
            value: str | None = await read.fetch_value(READS)
        self.reads += 1
        await self.go_on.wait()
        if self.is_broken:
            raise RuntimeError("broken on purpose")
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": (value or "").encode()})

    async def write(self, value: str) -> None:
        async with self.database.write() as tx:
            await tx.execute(WRITES, value)
            invalidate(tx, f"thing:{ACTOR.user_id.hex}")

    async def get(self) -> tuple[str, str]:
        """The answer, and what the cache says of it."""
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            return {"type": "http.request", "body": b""}

        state = {"caller": ACTOR, "token": "known"}
        scope = {"type": "http", "method": "GET", "path": "/thing", "query_string": b""}
        await self.layer({**scope, "headers": [], "state": state}, receive, send)
        said = dict(sent[0]["headers"])[b"cache-status"].decode()
        return sent[1]["body"].decode(), said.removeprefix("backline; ")


@pytest.fixture
async def stage(database: Database, tmp_path: Path) -> AsyncIterator[Stage]:
    made = Stage(database, tmp_path)
    await made.watch.start()
    yield made
    await made.watch.close()


async def test_an_answer_outrun_by_a_change_is_given_only_to_who_asked_before(
    stage: Stage,
) -> None:
    await stage.write("old")
    stage.go_on.clear()
    early = asyncio.create_task(stage.get())
    await until(lambda: stage.reads == 1)

    await stage.write("new")
    late = asyncio.create_task(stage.get())
    await until(lambda: stage.reads == 2)
    stage.go_on.set()

    assert await early == ("old", "fwd=uri-miss")
    assert await late == ("new", "fwd=uri-miss; stored")
    assert await stage.get() == ("new", "hit")


async def test_who_waited_for_an_answer_that_was_outrun_reads_anew(stage: Stage) -> None:
    await stage.write("old")
    stage.go_on.clear()
    leader = asyncio.create_task(stage.get())
    await until(lambda: stage.reads == 1)
    follower = asyncio.create_task(stage.get())
    await asyncio.sleep(0)  # it has found the leader on its way

    await stage.write("new")
    stage.go_on.set()

    assert (await leader)[0] == "old"
    assert (await follower)[0] == "new"


async def test_a_leader_that_fails_leaves_its_followers_to_themselves(stage: Stage) -> None:
    await stage.write("here")
    stage.go_on.clear()
    stage.is_broken = True
    leader = asyncio.create_task(stage.get())
    await until(lambda: stage.reads == 1)
    follower = asyncio.create_task(stage.get())
    await asyncio.sleep(0)

    stage.go_on.set()
    with pytest.raises(RuntimeError):
        await leader
    stage.is_broken = False

    assert (await follower)[0] == "here"
    assert stage.layer._flights == {}


async def test_a_leader_that_is_cut_off_leaves_nobody_waiting(stage: Stage) -> None:
    await stage.write("here")
    stage.go_on.clear()
    leader = asyncio.create_task(stage.get())
    await until(lambda: stage.reads == 1)
    follower = asyncio.create_task(stage.get())
    await asyncio.sleep(0)

    leader.cancel()
    stage.go_on.set()

    assert (await follower)[0] == "here"


async def test_an_answer_is_made_anew_when_its_time_is_over(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.write("here")
    await stage.get()
    entry = next(iter(stage.layer._store._once.values()))

    monkeypatch.setattr(entry, "expires_s", 0.0)

    assert (await stage.get())[1] == "fwd=uri-miss; stored"


async def test_what_is_known_is_still_given_while_the_database_is_down(stage: Stage) -> None:
    await stage.write("here")
    await stage.get()
    await stage.watch.close()
    assert (await stage.get())[1] == "fwd=bypass; detail=out-of-touch; stored"

    stage.watch._dsn = "postgresql://u@/x?host=/nowhere"
    await stage.watch._look_safely()

    assert await stage.get() == ("here", "hit")
