"""Signals over PostgreSQL and over Redis: the same promises."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest

from backline.platform.database import Database, signals
from backline.platform.database.signals import Signals
from backline.platform.outside.redis import RedisChannel
from tests.support.redis import PrivateRedis
from tests.support.waiting import until

pytestmark = pytest.mark.slow

CUT_LISTENERS = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Net:
    """One installation's signals: processes that listen, and ways to cut them off."""

    def __init__(self, database: Database, server: PrivateRedis | None) -> None:
        self.database, self.server = database, server
        self._opened: list[Signals] = []
        self._channels: list[RedisChannel] = []
        if server is not None:
            database.publish = self._channel(server).publish

    def _channel(self, server: PrivateRedis) -> RedisChannel:
        self._channels.append(RedisChannel(server.url))
        return self._channels[-1]

    async def process(self) -> Signals:
        """A process that listens."""
        source = self.database.dsn if self.server is None else self._channel(self.server).listen
        made = Signals(source)
        self._opened.append(made)
        await made.start()
        await until(lambda: made.connected)
        return made

    async def cut(self) -> None:
        """Have every listener lose its connection."""
        if self.server is not None:
            self.server.kill()
            await until(lambda: not any(one.connected for one in self._opened))
            self.server.start()
        else:
            async with self.database.write() as tx:
                await tx.fetch_value(CUT_LISTENERS)

    async def close(self) -> None:
        for one in self._opened:
            await one.close()
        for channel in self._channels:
            await channel.close()


@pytest.fixture(params=["postgres", "redis"])
async def net(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Net]:
    """Signals by one of the adapters."""
    server: PrivateRedis | None = None
    if request.param == "redis":
        server = request.getfixturevalue("redis_server")
    made = Net(database, server)
    yield made
    await made.close()


async def say(database: Database, text: str) -> None:
    async with database.write() as tx:
        assert signals.send(tx, "news", text)


async def test_what_is_committed_reaches_every_process_in_its_order(net: Net) -> None:
    heard: list[list[str]] = [[], []]
    for ear in heard:
        (await net.process()).on("news", ear.append)

    for text in ("one", "two words", "naïve ☃"):
        await say(net.database, text)

    await until(lambda: all(len(ear) == 3 for ear in heard))
    assert heard == [["one", "two words", "naïve ☃"]] * 2


async def test_what_is_rolled_back_reaches_nobody(net: Net) -> None:
    heard: list[str] = []
    (await net.process()).on("news", heard.append)

    with contextlib.suppress(LookupError):
        async with net.database.write() as tx:
            signals.send(tx, "news", "never")
            raise LookupError
    await say(net.database, "after")

    await until(lambda: heard)
    assert heard == ["after"]


async def test_a_text_that_is_too_long_is_refused(net: Net) -> None:
    async with net.database.write() as tx:
        assert not signals.send(tx, "news", "x" * 8_000)


async def test_a_lost_connection_is_told_and_comes_back(net: Net) -> None:
    heard: list[str] = []
    lost: list[bool] = []
    process = await net.process()
    process.on("news", heard.append)
    process.on_lost(lambda: lost.append(process.connected))

    await net.cut()
    await until(lambda: lost and lost[-1])
    await say_until(net, lambda: bool(heard))

    assert lost[0] is False
    assert lost[-1] is True


@pytest.mark.parametrize(
    "fault",
    [
        asyncpg.InternalClientError("cannot switch to state 10"),
        asyncpg.InterfaceError("connection is closed"),
        OSError("gone"),
        RuntimeError("nobody foresaw this"),
    ],
)
async def test_whatever_ends_a_connection_another_is_listened_to(fault: Exception) -> None:
    heard: list[str] = []
    faults = [fault]

    async def listen(ready: Callable[[], None], receive: Callable[[str], None]) -> None:
        ready()
        if faults:
            raise faults.pop()
        receive("news again")
        await asyncio.Event().wait()

    process = Signals(listen)
    process.on("news", heard.append)
    await process.start()
    try:
        await until(lambda: heard)
    finally:
        await process.close()

    assert heard == ["again"]


async def say_until(net: Net, is_heard: Callable[[], bool]) -> None:
    """Repeat a signal: right after the return a sender may still hold a dead connection."""
    async with asyncio.timeout(60):
        while not is_heard():
            await say(net.database, "again")
            await asyncio.sleep(0.05)


async def test_a_signal_that_redis_did_not_take_is_told_as_lost(
    database: Database, redis_server: PrivateRedis
) -> None:
    net = Net(database, redis_server)
    process = await net.process()
    sender = RedisChannel(redis_server.url)
    listening = asyncio.create_task(sender.listen(lambda: None, lambda _text: None))
    losses: list[None] = []
    process.on_lost(lambda: losses.append(None))

    os.kill(redis_server.pid, signal.SIGSTOP)
    await sender.publish("news unheard")
    before = len(losses)
    os.kill(redis_server.pid, signal.SIGCONT)

    await until(lambda: len(losses) > before)
    listening.cancel()
    await asyncio.wait({listening})
    await sender.close()
    await net.close()


async def test_a_write_succeeds_without_redis(
    database: Database, redis_server: PrivateRedis
) -> None:
    net = Net(database, redis_server)
    redis_server.kill()

    await say(database, "nobody hears this")

    await net.close()
