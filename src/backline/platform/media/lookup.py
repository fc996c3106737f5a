"""The database's knowledge of files, kept for a moment: a player asks for many ranges of one."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from backline.platform.storage.kinds import StoredFile

Resolve = Callable[[str, str], Awaitable[StoredFile | None]]

_KEPT_S = 2.0
_KEPT_FILES = 4096
_KEPT_MEMBERS = 200  # of an archive


class Lookup:
    """`resolve(prefix, name)`, asked once for all that want the same thing within 2 s.

    Only what was found is kept: a file shows up as soon as its COMMIT is through, and is gone
    2 s after the one that removes it.
    """

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._kept: dict[tuple[str, str], tuple[float, StoredFile]] = {}
        self._asking: dict[tuple[str, str], asyncio.Task[StoredFile | None]] = {}

    async def find(self, prefix: str, name: str) -> StoredFile | None:
        """The file, or None if there is no such thing (any more)."""
        wanted = (prefix, name)
        kept = self._kept.get(wanted)
        if kept is not None and time.monotonic() < kept[0]:
            return kept[1]
        asking = self._asking.get(wanted)
        if asking is None:
            asking = asyncio.get_running_loop().create_task(self._ask(wanted))
            self._asking[wanted] = asking
            asking.add_done_callback(lambda task: self._answered(wanted, task))
        return await asyncio.shield(asking)

    async def _ask(self, wanted: tuple[str, str]) -> StoredFile | None:
        found = await self._resolve(*wanted)
        self._kept.pop(wanted, None)
        if found is not None and len(found.members or ()) <= _KEPT_MEMBERS:
            while len(self._kept) >= _KEPT_FILES:
                del self._kept[next(iter(self._kept))]
            self._kept[wanted] = (time.monotonic() + _KEPT_S, found)
        return found

    def _answered(self, wanted: tuple[str, str], task: "asyncio.Task[StoredFile | None]") -> None:
        self._asking.pop(wanted, None)
        if not task.cancelled():
            task.exception()  # looked at, or asyncio would log it when nobody waited to the end
