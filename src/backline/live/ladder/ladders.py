"""The ladders of a worker: as many as it may, those first that have waited longest.

Each is a lease in the database, renewed every two seconds. Whoever wanted it stops doing so when
nobody watches; what a worker leaves behind another takes once its lease has run out.
"""

import asyncio
import secrets as chance
import socket
from typing import Final
from uuid import UUID

import structlog

from backline.live.ladder.climb import Climb
from backline.live.ladder.making import RUNNING, Maker
from backline.live.options import LiveOptions
from backline.live.sql import ladders as sql
from backline.live.sql.ladders import Held
from backline.platform.database import Database
from backline.platform.errors import BacklineError
from backline.platform.secrets import Secrets
from backline.platform.shared import Platform

_log = structlog.get_logger()
_LOOK_S: Final = 2.0
_LEASE_S: Final = 10.0


class Ladders:
    """`most` ladders at a time, until `keep` is cancelled."""

    def __init__(self, database: Database, secrets: Secrets, maker: Maker, most: int) -> None:
        self._database, self._secrets = database, secrets
        self._maker, self._most = maker, most
        self.name = f"{socket.gethostname()[:60]}-{chance.token_hex(4)}"
        self._climbs: dict[UUID, tuple[Climb, asyncio.Task[None]]] = {}

    async def keep(self) -> None:
        """Take what is wanted and make it, and give all of it back at the end."""
        try:
            while True:
                try:
                    await self._look()
                except BacklineError as fault:
                    _log.warning("ladders_unknown", reason=fault.detail)
                except Exception:  # noqa: BLE001  # one look must not end all that follow
                    _log.exception("ladders_look_failed")
                await asyncio.sleep(_LOOK_S)
        finally:
            await self._close()

    async def _look(self) -> None:
        for key, (climb, task) in list(self._climbs.items()):
            if task.done():  # it shouldn't have ended by itself
                fault = None if task.cancelled() else task.exception()
                _log.error("ladder_broke", project=climb.held.project_id.hex, exc_info=fault)
                del self._climbs[key]
        # Of what this worker can't reach it lets the lease run out.
        held = [climb.held for climb, _ in self._climbs.values() if not climb.is_unheard]
        async with self._database.write() as tx:
            still = await sql.renew(tx, self.name, held, lease_s=_LEASE_S) if held else []
            free = self._most - len(still)
            taken = await sql.take(tx, self.name, free, lease_s=_LEASE_S) if free else []
        found = {one.project_id: one for one in still}
        for key in list(self._climbs):
            if key in found:
                self._climbs[key][0].held = found[key]
            else:
                await self._end(key)
        for one in taken:
            await self._begin(one)
        RUNNING.set(len(self._climbs))

    async def _begin(self, held: Held) -> None:
        if held.project_id in self._climbs:  # its own lease had run out meanwhile
            await self._end(held.project_id)
        _log.info("ladder_taken", project=held.project_id.hex, epoch=held.epoch)
        climb = Climb(held, self._maker, self._secrets)
        task = asyncio.get_running_loop().create_task(climb.run(), name="live-ladder")
        self._climbs[held.project_id] = (climb, task)

    async def _end(self, key: UUID) -> None:
        climb, task = self._climbs.pop(key)
        _log.info("ladder_ended", project=climb.held.project_id.hex, epoch=climb.held.epoch)
        task.cancel()
        await asyncio.wait([task])

    async def _close(self) -> None:
        for key in list(self._climbs):
            await self._end(key)
        RUNNING.set(0)
        try:
            async with self._database.write() as tx:
                await sql.release(tx, self.name)
        except BacklineError as fault:  # their leases run out
            _log.warning("ladders_not_released", reason=fault.detail)


async def keep_making(platform: Platform) -> None:
    """Make ladders on this worker until cancelled; none where it is told so."""
    most = platform.settings.of(LiveOptions).ladders
    most = max(platform.settings.workers // 2, 1) if most is None else most
    if most and platform.confinement is not None:
        maker = Maker(platform.confinement, most)
        await Ladders(platform.database, platform.secrets, maker, most).keep()
