"""Signals between processes: short texts over LISTEN/NOTIFY or Redis, on one connection a process.

A signal says that something changed; the truth is always in a table. Whoever listens is told
when the connection was lost, and makes up for what it may have missed. Over PostgreSQL a signal
is part of the transaction; over Redis it is sent after the COMMIT, and can be lost.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Awaitable, Callable
from functools import partial

import asyncpg
import structlog

from backline.platform.database.access import Database, Write
from backline.platform.host.background import Background

_log = structlog.get_logger()
_CHANNEL = "backline"
_NOTIFY = "SELECT pg_notify('backline', $1)"
MOST_BYTES = 7_900  # PostgreSQL takes 8,000

Listener = Callable[[str], None]
# Listens until the connection is lost: calls the first when it begins, the second per payload.
Listen = Callable[[Callable[[], None], Callable[[str], None]], Awaitable[None]]


def send(tx: Write, topic: str, text: str, *, first: bool = False) -> bool:
    """Tell every process `text` under `topic` once `tx` is committed; `first` before all others.

    Returns False, and sends nothing, where the text is too long for a signal.
    """
    payload = f"{topic} {text}"
    if len(payload.encode()) > MOST_BYTES:
        return False
    if tx.publish is not None:
        tx.after_commit(partial(tx.publish, payload), first=first)
    else:
        tx.notices.insert(0 if first else len(tx.notices), payload)
    return True


async def send_now(database: Database, topic: str, text: str) -> None:
    """Tell every process `text` under `topic`, without any transaction.

    Raises:
        ValueError: it is too long for a signal.
    """
    payload = f"{topic} {text}"
    if len(payload.encode()) > MOST_BYTES:
        raise ValueError(f"A signal of {len(payload.encode())} bytes is too long.")
    if database.publish is not None:
        await database.publish(payload)
        return
    async with database.read() as read:
        await read.fetch_value(_NOTIFY, payload)


class Signals:
    """The listening end of one process. `source` is PostgreSQL's DSN, or listens elsewhere."""

    def __init__(self, source: str | Listen) -> None:
        self._listen = partial(_listen_postgres, source) if isinstance(source, str) else source
        self._listeners: dict[str, list[Listener]] = defaultdict(list)
        self._on_lost: list[Callable[[], None]] = []
        self._work = Background()
        self.connected = False

    def on(self, topic: str, listener: Listener) -> None:
        """Call `listener` with the text of each signal under `topic`."""
        self._listeners[topic].append(listener)

    def on_lost(self, callback: Callable[[], None]) -> None:
        """Call `callback` when signals may have been missed: at a loss and at the return."""
        self._on_lost.append(callback)

    async def start(self) -> None:
        """Begin to listen; keeps trying until `close`."""
        self._work.start(self._run(), "signals")

    async def close(self) -> None:
        """Stop listening."""
        await self._work.stop()

    async def _run(self) -> None:
        while True:
            try:
                await self._listen(self._ready, self._receive)
            except Exception as fault:  # noqa: BLE001  # whatever it is, one goes on listening
                _log.warning("signals_lost", reason=str(fault) or type(fault).__name__)
            self.connected = False
            self._tell_lost()
            await asyncio.sleep(0.5)

    def _ready(self) -> None:
        self.connected = True
        self._tell_lost()

    def _receive(self, payload: str) -> None:
        topic, _, text = payload.partition(" ")
        for listener in self._listeners.get(topic, ()):
            try:
                listener(text)
            except Exception:  # noqa: BLE001  # one listener's fault must not deafen the others
                _log.exception("signal_listener_failed", topic=topic)

    def _tell_lost(self) -> None:
        for callback in self._on_lost:
            callback()


async def _listen_postgres(
    dsn: str, on_ready: Callable[[], None], receive: Callable[[str], None]
) -> None:
    connection = await asyncpg.connect(dsn, timeout=2)

    def notified(_connection: object, _pid: int, _channel: str, payload: object) -> None:
        receive(str(payload))

    try:
        await connection.add_listener(_CHANNEL, notified)
        on_ready()
        while not connection.is_closed():
            await asyncio.sleep(1)
            await connection.execute("SELECT 1", timeout=5)
    finally:
        with contextlib.suppress(Exception):
            await connection.close(timeout=1)
