"""Samples for the graphs of shows, written beside everything else that a node does.

A database that is away costs samples, and never holds up a show: nothing waits for this.
"""

import asyncio
import time
from collections.abc import Mapping
from uuid import UUID

import structlog

from backline.live.graphs import EVERY_S, KEPT_S
from backline.live.models import Report
from backline.live.node.measuring import Measuring
from backline.live.node.session import Session
from backline.live.sql import samples as sql
from backline.platform.database import Database
from backline.platform.errors import BacklineError

_log = structlog.get_logger()


class Sampling:
    """The samples of a node, by its name, of the shows that it has at the moment."""

    def __init__(self, database: Database, node: str, sessions: Mapping[UUID, Session]) -> None:
        self._database, self._node, self._sessions = database, node, sessions
        self._measuring = Measuring()

    def note(self, reports: Mapping[UUID, Report]) -> None:
        """Note how shows are doing, about once a second."""
        held = {key: one.taken for key, one in self._sessions.items()}
        self._measuring.note(held, reports)

    async def keep_writing(self) -> None:
        """Write a sample of each show at every half minute of the clock, until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S - time.time() % EVERY_S)
            try:
                await self._write()
            except BacklineError as fault:
                _log.warning("samples_lost", reason=fault.detail)

    async def _write(self) -> None:
        samples = self._measuring.take()
        if not samples:
            return
        async with self._database.write() as tx:
            incoming = [one.incoming for one in samples]
            kept = await sql.insert(tx, self._node, incoming, every_s=EVERY_S)
            written = [one for one in samples if one.incoming.show_id in kept]
            relays = [relay for one in written for relay in one.relays]
            await sql.insert_relays(tx, relays, every_s=EVERY_S)
            shows = [(one.incoming.owner_id, one.incoming.show_id) for one in written]
            await sql.forget(tx, shows, after_s=KEPT_S)
        for one in written:
            self._measuring.told(one)
