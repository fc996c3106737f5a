"""Signals between processes: short texts over LISTEN/NOTIFY, on one connection a process.

A signal says that something changed; the truth is always in a table. Whoever listens is told
when the connection was lost, and makes up for what it may have missed.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable

import asyncpg
import structlog

from backline.platform.database import Write

_log = structlog.get_logger()
_CHANNEL = "backline"
_MAX_PAYLOAD_BYTES = 7_900  # PostgreSQL takes 8,000

Listener = Callable[[str], None]


async def send(tx: Write, topic: str, text: str) -> bool:
    """Tell every process `text` under `topic` once `tx` is committed.

    Returns False, and sends nothing, where the text is too long for a signal.
    """
    payload = f"{topic} {text}"
    if len(payload.encode()) > _MAX_PAYLOAD_BYTES:
        return False
    await tx.execute("SELECT pg_notify('backline', $1)", payload)
    return True


class Signals:
    """The listening end of one process."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._listeners: dict[str, list[Listener]] = defaultdict(list)
        self._on_lost: list[Callable[[], None]] = []
        self._task: asyncio.Task[None] | None = None
        self.connected = False

    def on(self, topic: str, listener: Listener) -> None:
        """Call `listener` with the text of each signal under `topic`."""
        self._listeners[topic].append(listener)

    def on_lost(self, callback: Callable[[], None]) -> None:
        """Call `callback` when signals may have been missed: at a loss and at the return."""
        self._on_lost.append(callback)

    async def start(self) -> None:
        """Begin to listen; keeps trying until `close`."""
        self._task = asyncio.create_task(self._run(), name="signals")

    async def close(self) -> None:
        """Stop listening."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as fault:
                _log.warning("signals_lost", reason=str(fault) or type(fault).__name__)
            self.connected = False
            self._tell_lost()
            await asyncio.sleep(0.5)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self._dsn, timeout=2)
        try:
            await connection.add_listener(_CHANNEL, self._receive)
            self.connected = True
            self._tell_lost()
            while not connection.is_closed():
                await asyncio.sleep(1)
                await connection.execute("SELECT 1", timeout=5)
        finally:
            with contextlib.suppress(Exception):
                await connection.close(timeout=1)

    def _receive(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        topic, _, text = str(payload).partition(" ")
        for listener in self._listeners.get(topic, ()):
            try:
                listener(text)
            except Exception:  # noqa: BLE001  # one listener's fault must not deafen the others
                _log.exception("signal_listener_failed", topic=topic)

    def _tell_lost(self) -> None:
        for callback in self._on_lost:
            callback()
