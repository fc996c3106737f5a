"""Sessions judged: each becomes a concert when that is sure, else a review, or waits.

What becomes of a session is written at once, by itself: whatever is killed between any two lines
goes on with the next one, and no concert is made twice.
"""

import asyncio
from typing import Final
from uuid import UUID

from prometheus_client import Counter

from backline.concerts import matching
from backline.concerts.history import (
    candidates,
    concerts,
    making,
    queueing,
    removing,
    reviews,
    sightings,
    standing,
)
from backline.concerts.history.facts import Candidate
from backline.concerts.history.gathering import Around, Gatherer
from backline.concerts.history.surroundings import Mapped, World
from backline.concerts.matching import Session, Verdict
from backline.concerts.services import SAMPLE_ACCOUNT, PhotoServices
from backline.concerts.sql import bills, cutting, histories, sessions
from backline.concerts.sql import concerts as concerts_sql
from backline.concerts.sql import judging as sql
from backline.concerts.sql.cutting import PhotoFact
from backline.concerts.sql.histories import HistoryRow
from backline.concerts.sql.judging import DueRow, Outcome
from backline.platform.database import Database, Write
from backline.platform.jobs import JobContext, Later

_MATCHED = Counter(
    "backline_concert_match_total", "Sessions of photos that were judged, by verdict", ["status"]
)
_BATCH: Final = 20
_OWNERS: Final = 200
_MOST_PHOTOS: Final = 5_000
_DAY_S: Final = 86_400.0
# After so many days nobody's setlist is there, the next time is so many days later.
_BACKOFF_DAYS: Final = (1, 3, 7, 30, 90, 180)
_NEVER_S: Final = 100 * 365 * _DAY_S
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
        parts = await asyncio.to_thread(sightings.cut, facts, self._services.zone)
        session = max(parts, key=lambda one: len(one.sightings), default=None)
        found, verdict = None, Verdict("none", (), 1.0)
        gatherer = await self._gatherer(facts)
        if session is not None:
            try:
                found, verdict = await _verdict(gatherer, session)
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
            can_ask = gatherer.can_ask or session is None or not session.places
            status = await self._settle(tx, history, now, session, found, verdict, can_ask=can_ask)
        _MATCHED.labels(status).inc()
        return True

    async def _gatherer(self, facts: list[PhotoFact]) -> Gatherer:
        """Sample photos are of a world of their own."""
        if self._sampled and all(one.source_id in self._sampled for one in facts):
            world = await self._services.samples.world()
            return Gatherer(self._database, world, self._owner_id)
        return self._real

    async def _settle(
        self,
        tx: Write,
        history: HistoryRow,
        row: DueRow,
        session: Session | None,
        around: Around | None,
        verdict: Verdict,
        *,
        can_ask: bool,
    ) -> str:
        """Write what becomes of a session; what to call it in figures."""
        kept = candidates.candidates_of(verdict.candidates, around, row.zone) if around else []
        kind = verdict.kind if kept else "none"
        concert_id, is_new = None, False
        if kind == "match":
            concert_id = await self._there(tx, kept[0])
            if concert_id is None and await self._is_refused(tx, kept[0]):
                kind = "review"
        if kind == "match":
            if concert_id is None and self._is_full(history):
                await histories.fill(tx, self._owner_id)
                await self._put(tx, row, kept, "waiting", None, after_s=_DAY_S)
                return "full"
            if concert_id is None:
                concert_id, is_new = await self._made(tx, kept[0]), True
            await self._put(tx, row, kept, "matched", concert_id, is_new=is_new)
            return "matched"
        if kind == "review":
            await self._put(tx, row, kept, "review", None)
            return "review"
        if not can_ask:
            self._lacks_key = True
            await self._put(tx, row, [], "waiting", None, after_s=_DAY_S)
            return "waiting"
        await self._put(tx, row, kept, "none", None, after_s=_again_s(row.looks, session))
        return "none"

    def _is_full(self, history: HistoryRow) -> bool:
        most = self._services.most_concerts
        return most is not None and history.concerts >= most

    async def _is_refused(self, tx: Write, candidate: Candidate) -> bool:
        """Whether a person has said that this evening was none of theirs."""
        return await sql.is_dismissed(tx, self._owner_id, candidate.key)

    async def _there(self, tx: Write, candidate: Candidate) -> UUID | None:
        """The concert of the history that an evening is, or the festival that it goes on."""
        known = await reviews.known_as(tx, self._owner_id, candidate)
        if known is not None or not candidate.facts.is_festival or candidate.facts.venue is None:
            return known
        facts = candidate.facts
        found = await sql.festival(
            tx, self._owner_id, candidate.facts.venue.setlistfm_id, facts.held_on
        )
        if found is None:
            return None
        if not found.is_edited:
            await _prolong(tx, self._owner_id, found.id, candidate)
        return found.id

    async def _made(self, tx: Write, candidate: Candidate) -> UUID:
        concert_id = await reviews.made_of(tx, self._owner_id, candidate, "automatic")
        await concerts.tell(tx, self._owner_id, [concert_id], "created")
        return concert_id

    async def _put(
        self,
        tx: Write,
        row: DueRow,
        kept: list[Candidate],
        state: sessions.State,
        concert_id: UUID | None,
        *,
        is_new: bool = False,
        after_s: float = _NEVER_S,
    ) -> None:
        looks = row.looks + 1 if state == "none" else row.looks
        outcome = Outcome(state, candidates.encoded(kept), concert_id, is_new, looks, after_s)
        await sql.settle(tx, self._owner_id, row.id, outcome)
        if row.concert_id is not None and row.concert_id != concert_id:
            await removing.if_forsaken(tx, self._owner_id, row.concert_id)
        await reviews.tell(tx, self._owner_id, row.id, state, concert_id)
        if concert_id is not None:
            await concerts.tell(tx, self._owner_id, [concert_id], "updated")

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


async def _verdict(gatherer: Gatherer, session: Session) -> tuple[Around, Verdict]:
    """What a session is; more is asked only where what was told doesn't settle it."""
    around = await gatherer.begin(session)
    verdict = _judged(session, around)
    venues = matching.promising(session, around.venues)
    if not venues:
        return around, verdict  # whatever was on, this is of none of it
    await gatherer.ask_likeliest(around, session)
    verdict = _judged(session, around)
    if verdict.kind != "match":
        await gatherer.ask_further(around, session)
        verdict = _judged(session, around)
    if verdict.kind != "match":
        await gatherer.ask_by_name(around, session, venues)
        verdict = _judged(session, around)
    return around, verdict


def _judged(session: Session, around: Around) -> Verdict:
    return matching.judge(session, around.venues, around.events, around.cities)


def _again_s(looks: int, session: Session | None) -> float:
    """When to ask again of a session that is of no concert that anybody knows of."""
    if session is None or not session.places or looks >= len(_BACKOFF_DAYS):
        return _NEVER_S
    return _BACKOFF_DAYS[looks] * _DAY_S


async def _prolong(tx: Write, owner_id: UUID, concert_id: UUID, candidate: Candidate) -> None:
    """Add a day to a festival."""
    row = await concerts_sql.concert(tx, owner_id, concert_id)
    if row is None:
        return
    bill = await bills.bill(tx, owner_id, concert_id)
    facts = candidates.merged(making.facts_of(row, bill), candidate.facts)
    await making.change(tx, row, making.counted_as(row, bill), facts, by_person=False)


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
