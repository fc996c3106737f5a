"""What becomes of a session that was judged: a concert, a review, or another look later."""

from typing import Final, Literal
from uuid import UUID

import msgspec

from backline.concerts.history import candidates, concerts, making, removing, reviews
from backline.concerts.history.facts import Candidate
from backline.concerts.history.gathering import Around
from backline.concerts.matching import Session, Verdict
from backline.concerts.sql import bills, histories, sessions
from backline.concerts.sql import concerts as concerts_sql
from backline.concerts.sql import judging as sql
from backline.concerts.sql.histories import HistoryRow
from backline.concerts.sql.judging import DueRow, Outcome
from backline.platform.database import Write

Status = Literal["matched", "review", "none", "waiting", "full"]
_DAY_S: Final = 86_400.0
# After so many days nobody's setlist is there, the next time is so many days later.
_BACKOFF_DAYS: Final = (1, 3, 7, 30, 90, 180)
_NEVER_S: Final = 100 * 365 * _DAY_S


class Judged(msgspec.Struct, frozen=True):
    """A session and its verdict. Of photos that can't be cut any more there is none.

    `can_ask`: somebody tells what was on, or nobody would have to.
    """

    session: Session | None
    around: Around | None
    verdict: Verdict
    can_ask: bool


async def settle(
    tx: Write, history: HistoryRow, most: int | None, row: DueRow, judged: Judged
) -> Status:
    """Write what becomes of a session; `most` concerts are in a history.

    Both rows have to be held. `waiting` is what nobody can be asked about, `full` what the history
    has no room for: both are looked at again after a day.
    """
    kept = _candidates(row, judged)
    kind = judged.verdict.kind if kept else "none"
    if kind == "match":
        first = kept[0]
        concert_id = await _there(tx, row.owner_id, first)
        if concert_id is not None:
            await _put(tx, row, kept, "matched", concert_id)
            return "matched"
        if await sql.is_dismissed(tx, row.owner_id, first.key):
            kind = "review"  # a person has said that this evening was none of theirs
        elif most is not None and history.concerts >= most:
            await histories.fill(tx, row.owner_id)
            await _put(tx, row, kept, "waiting", after_s=_DAY_S)
            return "full"
        else:
            concert_id = await _made(tx, row.owner_id, first)
            await _put(tx, row, kept, "matched", concert_id, is_new=True)
            return "matched"
    if kind == "review":
        await _put(tx, row, kept, "review")
        return "review"
    if not judged.can_ask:
        await _put(tx, row, [], "waiting", after_s=_DAY_S)
        return "waiting"
    await _put(tx, row, kept, "none", after_s=_again_s(row.looks, judged.session))
    return "none"


def _candidates(row: DueRow, judged: Judged) -> list[Candidate]:
    if judged.around is None:
        return []
    return candidates.candidates_of(judged.verdict.candidates, judged.around, row.zone)


async def _there(tx: Write, owner_id: UUID, candidate: Candidate) -> UUID | None:
    """The concert of the history that an evening is, or the festival that it goes on."""
    known = await reviews.known_as(tx, owner_id, candidate)
    facts = candidate.facts
    if known is not None or not facts.is_festival or facts.venue is None:
        return known
    found = await sql.festival(tx, owner_id, facts.venue.setlistfm_id, facts.held_on)
    if found is None:
        return None
    if not found.is_edited:
        await _prolong(tx, owner_id, found.id, candidate)
    return found.id


async def _prolong(tx: Write, owner_id: UUID, concert_id: UUID, candidate: Candidate) -> None:
    """Add a day to a festival."""
    row = await concerts_sql.concert(tx, owner_id, concert_id)
    if row is None:
        return
    bill = await bills.bill(tx, owner_id, concert_id)
    facts = candidates.merged(making.facts_of(row, bill), candidate.facts)
    await making.change(tx, row, making.counted_as(row, bill), facts, by_person=False)


async def _made(tx: Write, owner_id: UUID, candidate: Candidate) -> UUID:
    concert_id = await reviews.made_of(tx, owner_id, candidate, "automatic")
    await concerts.tell(tx, owner_id, [concert_id], "created")
    return concert_id


async def _put(
    tx: Write,
    row: DueRow,
    kept: list[Candidate],
    state: sessions.State,
    concert_id: UUID | None = None,
    *,
    is_new: bool = False,
    after_s: float = _NEVER_S,
) -> None:
    """Write a session's state; a concert that it was of, and nothing else is, goes."""
    looks = row.looks + 1 if state == "none" else row.looks
    outcome = Outcome(state, candidates.encoded(kept), concert_id, is_new, looks, after_s)
    await sql.settle(tx, row.owner_id, row.id, outcome)
    if row.concert_id is not None and row.concert_id != concert_id:
        await removing.if_forsaken(tx, row.owner_id, row.concert_id)
    await reviews.tell(tx, row.owner_id, row.id, state, concert_id)
    if concert_id is not None:
        await concerts.tell(tx, row.owner_id, [concert_id], "updated")


def _again_s(looks: int, session: Session | None) -> float:
    """When to ask again of a session that is of no concert that anybody knows of."""
    if session is None or not session.places or looks >= len(_BACKOFF_DAYS):
        return _NEVER_S
    return _BACKOFF_DAYS[looks] * _DAY_S
