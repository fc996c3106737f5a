"""Sessions judged: each becomes a concert when that is sure, else a review, or waits.

What becomes of a session is written at once, by itself: whatever is killed between any two lines
goes on with the next one, and no concert is made twice.
"""

import asyncio
from typing import Final
from uuid import UUID

from prometheus_client import Counter

from backline.concerts.history import concerts, queueing, reviews, settling, sightings, standing
from backline.concerts.history.gathering import Gatherer
from backline.concerts.history.settling import Judged
from backline.concerts.history.surroundings import Mapped, World
from backline.concerts.history.verdicts import verdict_on
from backline.concerts.matching import Verdict
from backline.concerts.services import SAMPLE_ACCOUNT, PhotoServices
from backline.concerts.sql import concerts as concerts_sql
from backline.concerts.sql import cutting, histories, sessions
from backline.concerts.sql import judging as sql
from backline.concerts.sql.cutting import PhotoFact
from backline.concerts.sql.judging import DueRow
from backline.platform.database import Database
from backline.platform.jobs import JobContext, Later

_MATCHED = Counter(
    "backline_concert_match_total", "Sessions of photos that were judged, by verdict", ["status"]
)
_BATCH: Final = 20
_OWNERS: Final = 200
_MOST_PHOTOS: Final = 5_000
_DAY_S: Final = 86_400.0
_TRIED: Final = 50  # that are tried although a service can't be asked: their answers may be kept
_NO_KEY: Final = "This server has no key for setlist.fm, so nobody tells what was on."


class Judging:
    """One attempt at all that waits of one person's."""

    def __init__(self, context: JobContext, services: PhotoServices, owner_id: UUID) -> None:
        self._context, self._services, self._owner_id = context, services, owner_id
        self._database: Database = context.database
        outside = services.outside
        world = World(Mapped(self._database, outside), outside.setlistfm)
        self._real = Gatherer(self._database, world, owner_id)
        self._sampled: frozenset[UUID] = frozenset()
        self._later: Later | None = None
        self._lacks_key = False
        self._tried: list[UUID] = []

    async def run(self) -> None:
        """Judge what is due.

        Raises:
            Later: some of it has to wait for a service.
        """
        folder = str(self._services.sample_folder)
        async with self._database.read() as read:
            found = await cutting.sources_in(read, self._owner_id, folder, SAMPLE_ACCOUNT)
        self._sampled = frozenset(found)
        done = 0
        while len(self._tried) < _TRIED:
            async with self._database.read() as read:
                due = await sql.due(read, self._owner_id, self._tried, _BATCH)
            if not due:
                break
            for row in due:
                if not await self._judge(row):
                    return  # the account has ended
                done += 1
                await self._context.progress(done, 0, "Looking for concerts")
        await self._agree()
        await standing.measure(self._database, self._services.setlists_per_day)
        if self._later is not None:
            await self._wait(self._later)
            raise self._later
        async with self._context.finish() as tx:
            if await histories.lock(tx, self._owner_id) is None:
                return
            await cutting.count_waiting(tx, self._owner_id)
            await histories.settle(tx, self._owner_id)
            if self._lacks_key:
                await histories.wait(tx, self._owner_id, _NO_KEY, _DAY_S)
            await standing.tell(tx, self._owner_id)
            if await sql.has_due(tx, self._owner_id):  # it came at this moment
                await queueing.match(tx, self._owner_id)

    async def _judge(self, row: DueRow) -> bool:
        """Judge one session; False where there is no history any more."""
        async with self._database.read() as read:
            facts = await cutting.of_session(read, self._owner_id, row.id, _MOST_PHOTOS)
        try:
            judged = await self._judged(facts)
        except Later as later:
            self._later = self._later or later
            self._tried.append(row.id)
            _MATCHED.labels("waiting").inc()
            return True
        async with self._database.write() as tx:
            history = await histories.lock(tx, self._owner_id)
            if history is None:
                return False
            now = await sql.lock(tx, self._owner_id, row.id)
            if now is None or now.version != row.version:
                return True  # a person decided, or photos came: then it is judged anew
            status = await settling.settle(tx, history, self._services.most_concerts, now, judged)
        self._lacks_key = self._lacks_key or status == "waiting"
        _MATCHED.labels(status).inc()
        return True

    async def _judged(self, facts: list[PhotoFact]) -> Judged:
        """Judge the largest part of what is a session's now; usually that is all of it.

        Raises:
            Later: a service has to be asked that can't be asked now.
        """
        parts = await asyncio.to_thread(sightings.cut, facts, self._services.zone)
        session = max(parts, key=lambda one: len(one.sightings), default=None)
        if session is None:
            return Judged(None, None, Verdict("none", (), 1.0), can_ask=True)
        gatherer = await self._gatherer(facts)
        around, verdict = await verdict_on(gatherer, session)
        can_ask = gatherer.can_ask or not session.places
        return Judged(session, around, verdict, can_ask)

    async def _gatherer(self, facts: list[PhotoFact]) -> Gatherer:
        """Sample photos are of a world of their own."""
        if self._sampled and all(one.source_id in self._sampled for one in facts):
            world = await self._services.samples.world()
            return Gatherer(self._database, world, self._owner_id)
        return self._real

    async def _agree(self) -> None:
        """Sessions of one evening bear each other out: who was there at nine was there at eight."""
        async with self._database.read() as read:
            found = await sql.agreeing(read, self._owner_id)
        for one in found:
            async with self._database.write() as tx:
                if await histories.lock(tx, self._owner_id) is None:
                    return
                row = await sessions.lock(tx, self._owner_id, one.session_id)
                if row is None or row.state != "review" or row.is_decided:
                    continue
                if not await concerts_sql.is_there(tx, self._owner_id, one.concert_id):
                    continue
                await sessions.decide(
                    tx,
                    self._owner_id,
                    row.id,
                    "matched",
                    one.concert_id,
                    made_concert=False,
                    by_person=False,
                )
                await reviews.tell(tx, self._owner_id, row.id, "matched", one.concert_id)
                await concerts.tell(tx, self._owner_id, [one.concert_id], "updated")

    async def _wait(self, later: Later) -> None:
        """Say what is waited for."""
        async with self._database.write() as tx:
            if await histories.lock(tx, self._owner_id) is None:
                return
            await cutting.count_waiting(tx, self._owner_id)
            await histories.wait(tx, self._owner_id, str(later), later.after_s)
            await standing.tell(tx, self._owner_id)


async def judge_what_is_due(database: Database) -> int:
    """Have judged, in several transactions, what is due; of how many people."""
    count, after = 0, UUID(int=0)
    while True:
        async with database.read() as read:
            owners = await sql.owners_due(read, after, _OWNERS)
        if not owners:
            return count
        async with database.write() as tx:
            for owner_id in owners:
                await queueing.match(tx, owner_id)
        count, after = count + len(owners), owners[-1]
