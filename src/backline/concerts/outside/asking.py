"""Asking a service outside: charged, then made, one at a time in each process."""

import asyncio
from collections.abc import Callable
from typing import Final
from uuid import UUID

import structlog
from prometheus_client import Counter

from backline.concerts.outside import budget, sql
from backline.concerts.outside.terms import Terms
from backline.platform.database import Database
from backline.platform.jobs import Later
from backline.platform.outside.client import Away, Call, OutsideClient, Reply

_log = structlog.get_logger()
_ASKED = Counter(
    "backline_outside_requests_total",
    "Requests to services outside; those that are waiting were neither charged nor made",
    ["service", "outcome"],
)
_TOO_MANY: Final = 429
_OPEN_S: Final = 60.0


class Asker:
    """Asks within terms.

    One at a time for each service: whoever kills this process loses one charge at most.
    """

    def __init__(self, database: Database, client: OutsideClient) -> None:
        self._database, self._client = database, client
        self._turns: dict[str, asyncio.Lock] = {}

    async def ask(
        self,
        terms: Terms,
        owner_id: UUID,
        call: Call,
        *,
        rest_s: Callable[[Reply], float] | None = None,
    ) -> Reply:
        """One request on behalf of somebody. It opens transactions of its own; call it in none.

        `rest_s` tells from a refusal how long to leave the service alone, if the terms don't.

        Raises:
            Later: not now; the reason is for people.
        """
        async with self._turns.setdefault(terms.service, asyncio.Lock()):
            if not self._client.allows(terms.service):
                _ASKED.labels(terms.service, "waiting").inc()
                raise Later(f"{terms.service} doesn't answer.", after_s=_OPEN_S)
            slot = await self._charged(terms, owner_id)
            try:
                await asyncio.sleep(slot.wait_s)
                reply = await self._client.ask(terms.service, call)
            except Away as fault:
                _ASKED.labels(terms.service, "away").inc()
                if not fault.was_asked:
                    await self._give_back(terms, owner_id)
                raise Later(str(fault), after_s=fault.after_s) from fault
            finally:
                if terms.alone_s is not None:
                    async with self._database.write() as tx:
                        await sql.let_go(tx, terms.service, slot.id)
        _ASKED.labels(terms.service, "refused" if reply.status == _TOO_MANY else "answered").inc()
        if reply.status == _TOO_MANY:
            await self._rest(terms, rest_s(reply) if rest_s else terms.rest_s)
        return reply

    async def _rest(self, terms: Terms, rest_s: float) -> None:
        """Have nobody ask for a while, since the service said that it was too many.

        Raises:
            Later: always.
        """
        async with self._database.write() as tx:
            await sql.rest(tx, terms.service, rest_s)
        _log.warning("outside_rests", service=terms.service, rest_s=rest_s)
        raise Later(f"{terms.service} wants to be left alone for a while.", after_s=rest_s)

    async def _give_back(self, terms: Terms, owner_id: UUID) -> None:
        async with self._database.write() as tx:
            await sql.note_asking(tx, terms.service, owner_id)
            await sql.charge(tx, terms.service, owner_id, -1)

    async def _charged(self, terms: Terms, owner_id: UUID) -> budget.Slot:
        async with self._database.write() as tx:
            found = await budget.charge(tx, terms, owner_id)
        if isinstance(found, budget.Refusal):
            _ASKED.labels(terms.service, "waiting").inc()
            raise Later(found.reason, after_s=found.after_s)
        return found
