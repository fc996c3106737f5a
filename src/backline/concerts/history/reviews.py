"""Reviews: sessions of photos that matching isn't sure of, decided by a person, and undone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from backline.concerts.history import concerts, making, removing, showing
from backline.concerts.history.facts import Candidate
from backline.concerts.history.models import (
    AcceptForm,
    ConcertForm,
    JoinForm,
    Review,
    ReviewChanged,
)
from backline.concerts.sql import concerts as concerts_sql
from backline.concerts.sql import histories
from backline.concerts.sql import sessions as sql
from backline.concerts.sql.sessions import SessionRow, State
from backline.platform import events
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Read, Write
from backline.platform.errors import Conflict, NotFound
from backline.platform.media.signing import MediaSigner

Key = tuple[Annotated[datetime, Meta(tz=False)], UUID]
_SHOWN: Final = 6  # photos
_GONE: Final = "There is no such review."


async def page(read: Read, actor: Actor, after: Key | None, limit: int) -> list[SessionRow]:
    """A page of what the actor has to decide on, the latest first."""
    return await sql.for_review(read, actor.user_id, after, limit)


async def shown(
    read: Read, actor: Actor, rows: Sequence[SessionRow], signer: MediaSigner
) -> list[Review]:
    """The rows of a page as they are answered, with a few photos each."""
    found = await sql.shown(read, actor.user_id, [row.id for row in rows], _SHOWN)
    return [showing.review(row, candidates_of(row), found.get(row.id, []), signer) for row in rows]


async def get(read: Read, actor: Actor, review_id: UUID, signer: MediaSigner) -> Review:
    """One of the actor's sessions, decided or not.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    row = await sql.session(read, actor.user_id, review_id)
    if row is None:
        raise NotFound(_GONE)
    [review] = await shown(read, actor, [row], signer)
    return review


async def accept(
    tx: Write,
    actor: Actor,
    review_id: UUID,
    form: AcceptForm,
    most: int | None,
    signer: MediaSigner,
) -> Review:
    """Say that a candidate is right.

    Raises:
        NotFound: the review isn't there, or someone else's, or it has no such candidate.
        Conflict: it is decided already, or the history is full.
    """
    history, row = await _undecided(tx, actor, review_id)
    found = next((one for one in candidates_of(row) if one.key == form.candidate), None)
    if found is None:
        raise NotFound("This review has no such candidate any more. Fetch it again.")
    concert_id = await known_as(tx, actor.user_id, found)
    is_new = concert_id is None
    if concert_id is None:
        making.check_room(history, most)
        concert_id = await made_of(tx, actor.user_id, found, "review")
        await concerts.tell(tx, actor.user_id, [concert_id], "created")
    return await _decided(tx, row, "matched", concert_id, actor, signer, is_new=is_new)


async def make(
    tx: Write,
    actor: Actor,
    review_id: UUID,
    form: ConcertForm,
    most: int | None,
    signer: MediaSigner,
) -> Review:
    """Say by hand which concert it was.

    Raises:
        NotFound: the review isn't there, or someone else's.
        Invalid: there was no such day, or there is no such zone.
        Conflict: it is decided already, or the history is full.
    """
    facts = concerts.facts_of(form)
    history, row = await _undecided(tx, actor, review_id)
    making.check_room(history, most)
    concert_id = await making.add(tx, actor.user_id, facts, source="person")
    await concerts.tell(tx, actor.user_id, [concert_id], "created")
    return await _decided(tx, row, "matched", concert_id, actor, signer, is_new=True)


async def join(
    tx: Write, actor: Actor, review_id: UUID, form: JoinForm, signer: MediaSigner
) -> Review:
    """Say which concert of the history it was.

    Raises:
        NotFound: the review or the concert isn't there, or someone else's.
        Conflict: it is decided already.
    """
    _, row = await _undecided(tx, actor, review_id)
    await concerts.check_there(tx, actor.user_id, form.concert_id)
    return await _decided(tx, row, "matched", form.concert_id, actor, signer)


async def dismiss(tx: Write, actor: Actor, review_id: UUID, signer: MediaSigner) -> Review:
    """Say that it was no concert.

    Raises:
        NotFound: the review isn't there, or someone else's.
        Conflict: it is decided already.
    """
    _, row = await _undecided(tx, actor, review_id)
    return await _decided(tx, row, "dismissed", None, actor, signer)


async def undo(tx: Write, actor: Actor, review_id: UUID, signer: MediaSigner) -> Review:
    """Take a decision back. A concert that was made by it goes, unless more has come to it.

    Raises:
        NotFound: the review isn't there, or someone else's.
        Conflict: nobody has decided on it.
    """
    await making.held(tx, actor.user_id)
    row = await _locked(tx, actor, review_id)
    if not row.is_decided:
        raise Conflict("Nobody has decided on this yet, so there is nothing to undo.")
    state: State = "review" if candidates_of(row) else "none"
    review = await _decided(tx, row, state, None, actor, signer, by_person=False)
    if row.made_concert and row.concert_id is not None:
        await removing.if_forsaken(tx, actor.user_id, row.concert_id, by_person=True)
    return review


async def known_as(tx: Write, owner_id: UUID, candidate: Candidate) -> UUID | None:
    """The concert of the history that a candidate is already, if it is one."""
    if candidate.concert_id is not None:
        there = await concerts_sql.is_there(tx, owner_id, candidate.concert_id)
        return candidate.concert_id if there else None
    setlists = [one.setlist_id for one in candidate.facts.bill if one.setlist_id]
    return await concerts_sql.same(tx, owner_id, candidate.key, setlists)


async def made_of(tx: Write, owner_id: UUID, candidate: Candidate, source: making.Source) -> UUID:
    """The concert that a candidate becomes."""
    await concerts_sql.free_key(tx, owner_id, candidate.key)
    return await making.add(
        tx,
        owner_id,
        candidate.facts,
        source=source,
        source_key=None if candidate.concert_id is not None else candidate.key,
        confidence=candidate.confidence,
        reasons=candidate.reasons,
    )


def candidates_of(row: SessionRow) -> list[Candidate]:
    """What a session may be."""
    return msgspec.json.decode(row.candidates, type=list[Candidate])


async def _undecided(
    tx: Write, actor: Actor, review_id: UUID
) -> tuple[histories.HistoryRow, SessionRow]:
    history = await making.held(tx, actor.user_id)
    row = await _locked(tx, actor, review_id)
    if row.is_decided or row.state == "matched":
        raise Conflict("This is decided already. Undo that first.")
    return history, row


async def _locked(tx: Write, actor: Actor, review_id: UUID) -> SessionRow:
    row = await sql.lock(tx, actor.user_id, review_id)
    if row is None:
        raise NotFound(_GONE)
    return row


async def _decided(
    tx: Write,
    row: SessionRow,
    state: State,
    concert_id: UUID | None,
    actor: Actor,
    signer: MediaSigner,
    *,
    is_new: bool = False,
    by_person: bool = True,
) -> Review:
    await sql.decide(
        tx, row.owner_id, row.id, state, concert_id, made_concert=is_new, by_person=by_person
    )
    await tell(tx, row.owner_id, row.id, state, concert_id)
    return await get(tx, actor, row.id, signer)


async def tell(
    tx: Write, owner_id: UUID, session_id: UUID, state: State, concert_id: UUID | None
) -> None:
    """Have caches forget, and pages hear of what a session has become."""
    invalidate(tx, f"concerts:{owner_id.hex}", f"photos:{owner_id.hex}")
    changed = ReviewChanged(session_id, state, concert_id)
    await events.publish(tx, owner_id, "concerts", "review", changed)
