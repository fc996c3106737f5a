"""Answers that everybody shares: asked once, kept with their time, given again while they hold."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar
from weakref import WeakValueDictionary

import msgspec

from backline.concerts.outside import sql
from backline.platform.database import Database
from backline.platform.jobs import Later

T = TypeVar("T")

_AGAIN_S = 600.0


class Answers:
    """What is kept of one service. Who asks the same beside each other asks once."""

    def __init__(self, database: Database, service: str) -> None:
        self._database, self._service = database, service
        self._asking: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def get(
        self,
        kind: str,
        key: str,
        shape: type[T],
        ask: Callable[[], Awaitable[bytes]],
        good_s: Callable[[T], float],
    ) -> T:
        """What is kept under a key, or else what `ask` says; that is kept for `good_s` seconds.

        Raises:
            Later: the service can't be asked now, or answers with something that isn't its own.
        """
        kept = await self._kept(kind, key)
        if kept is not None:
            return msgspec.json.decode(kept, type=shape)
        lock = self._asking.get((kind, key)) or asyncio.Lock()
        self._asking[kind, key] = lock
        async with lock:
            kept = await self._kept(kind, key)  # somebody else may have asked meanwhile
            if kept is not None:
                return msgspec.json.decode(kept, type=shape)
            return await self._ask(kind, key, shape, ask, good_s)

    async def _kept(self, kind: str, key: str) -> bytes | None:
        async with self._database.read() as read:
            kept = await sql.answer(read, kind, key)
        return kept.body if kept is not None and kept.is_good else None

    async def _ask(
        self,
        kind: str,
        key: str,
        shape: type[T],
        ask: Callable[[], Awaitable[bytes]],
        good_s: Callable[[T], float],
    ) -> T:
        body = await ask()
        try:
            found = msgspec.json.decode(body, type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError) as fault:
            reason = f"{self._service} answers with something that can't be read."
            raise Later(reason, after_s=_AGAIN_S) from fault
        async with self._database.write() as tx:
            await sql.keep(tx, kind, key, body, good_s(found))
        return found
