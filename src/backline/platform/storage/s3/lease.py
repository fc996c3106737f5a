"""Being the only writer of an upload among all processes: a lease in the database, renewed.

A process that is killed holds it for 20 s more at most. Every write of pieces names the writer, so
one that comes late is refused.
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Final
from uuid import UUID, uuid4

import structlog

from backline.platform.database import Database
from backline.platform.errors import BacklineError, Unavailable
from backline.platform.storage.faces import Locked
from backline.platform.storage.gate import Gate
from backline.platform.storage.s3 import sql

_log = structlog.get_logger()
_RENEW_S: Final = 3.0
_YIELD_S: Final = 12.0
_ASK_S: Final = 0.25


class Lease:
    """The right to write to one upload, until `end_s` of this process's clock."""

    def __init__(self, upload_id: UUID, taken_s: float) -> None:
        self.upload_id, self.writer = upload_id, uuid4()
        self.end_s = taken_s + sql.LEASE_S

    def check(self) -> None:
        """Go on only as the writer.

        Raises:
            Unavailable: that has ended.
        """
        if time.monotonic() > self.end_s:
            raise Unavailable("This request stalled, and another one goes on with the upload.")


@asynccontextmanager
async def leased(
    database: Database, gate: Gate, upload_id: UUID, stalled_s: float
) -> AsyncGenerator[Lease]:
    """Be the one writer for a while. One to whom nothing has come for `stalled_s` makes way.

    Raises:
        Locked: another one writes.
    """
    lease = await _taken(database, gate, upload_id, stalled_s)
    renewing = asyncio.get_running_loop().create_task(_renew(database, gate, lease, stalled_s))
    try:
        yield lease
    finally:
        renewing.cancel()
        with suppress(asyncio.CancelledError):
            await renewing
        with suppress(BacklineError):  # then it ends by itself
            await asyncio.shield(_give_back(database, lease))


async def _taken(database: Database, gate: Gate, upload_id: UUID, stalled_s: float) -> Lease:
    deadline_s = time.monotonic() + _YIELD_S
    while True:
        lease = Lease(upload_id, time.monotonic())
        async with database.write() as tx:
            if await sql.take(tx, upload_id, lease.writer):
                return lease
            holder = await sql.want(tx, upload_id)
        # One of this process can be ended at once, another's when it next says that it lives.
        ended = gate.end_stalled(upload_id, stalled_s)
        stalls = holder is None or holder.stalled_s >= stalled_s
        if time.monotonic() > deadline_s or not (ended or stalls):
            raise Locked("Another request is writing to this upload. Try again soon.")
        await asyncio.sleep(_ASK_S)


async def _renew(database: Database, gate: Gate, lease: Lease, stalled_s: float) -> None:
    while True:
        await asyncio.sleep(_RENEW_S)
        began_s = time.monotonic()
        idle_s = gate.stalled_s(lease.upload_id)
        try:
            async with database.write() as tx:
                holder = await sql.renew(tx, lease.upload_id, lease.writer, idle_s)
        except BacklineError as fault:
            _log.warning("upload_lease_not_renewed", reason=fault.detail)
            if began_s > lease.end_s:
                gate.end_stalled(lease.upload_id, 0)
            continue
        if holder is None:
            lease.end_s = 0.0
            gate.end_stalled(lease.upload_id, 0)
            return
        lease.end_s = began_s + sql.LEASE_S
        if holder.is_wanted:
            gate.end_stalled(lease.upload_id, stalled_s)


async def _give_back(database: Database, lease: Lease) -> None:
    async with database.write() as tx:
        await sql.give_back(tx, lease.upload_id, lease.writer)
