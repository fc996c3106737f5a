"""Concerts of a history: made and changed by hand, shown, deleted, restored."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from msgspec import UNSET

from backline.concerts.history import making, showing
from backline.concerts.history.facts import Facts, PlayedFacts, VenueFacts
from backline.concerts.history.models import (
    ArtistForm,
    Concert,
    ConcertChanged,
    ConcertForm,
    ConcertJob,
    ConcertPatch,
    VenueForm,
)
from backline.concerts.options import zone as checked_zone
from backline.concerts.sql import bills, histories, sessions
from backline.concerts.sql import concerts as sql
from backline.concerts.sql.concerts import ConcertRow
from backline.platform import events
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Database, Read, Write
from backline.platform.database.versions import ANY_VERSION, IfMatch
from backline.platform.errors import FieldFault, Invalid, NotFound
from backline.platform.jobs import enqueue
from backline.platform.media.signing import MediaSigner

PURGE: Final = "concerts.purge-concert"
UNDO_S: Final = 30
_JUST_NOW_S: Final = 25.0  # less than a deletion can be undone for: the clocks of two machines
_LARGEST_NOTICE: Final = 100
_GONE: Final = "There is no such concert."
_FIRST_YEAR: Final = 1900
_LONGEST: Final = timedelta(days=30)
_BATCH: Final = 200
Action = Literal["created", "updated", "deleted", "restored"]


async def get(read: Read, actor: Actor, concert_id: UUID, signer: MediaSigner) -> Concert:
    """One of the actor's concerts.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    row = await known(read, actor.user_id, concert_id)
    return showing.concert(row, await bills.bill(read, row.owner_id, row.id), signer)


async def create(
    tx: Write, actor: Actor, form: ConcertForm, most: int | None, signer: MediaSigner
) -> Concert:
    """Add a concert by hand; an account holds `most` of them, if that is set.

    Raises:
        Invalid: there was no such day, or there is no such zone.
        Conflict: the history is full.
    """
    facts = facts_of(form)
    making.check_room(await making.held(tx, actor.user_id), most)
    concert_id = await making.add(tx, actor.user_id, facts, source="person")
    await tell(tx, actor.user_id, [concert_id], "created")
    return await get(tx, actor, concert_id, signer)


async def change(
    tx: Write,
    actor: Actor,
    concert_id: UUID,
    patch: ConcertPatch,
    signer: MediaSigner,
    if_match: IfMatch = ANY_VERSION,
) -> Concert:
    """Change what people may; matching doesn't overwrite it any more.

    Raises:
        NotFound: it isn't there, or someone else's.
        PreconditionFailed: `if_match` is about another version.
        Invalid: there was no such day, or there is no such zone.
    """
    await making.held(tx, actor.user_id)
    row = await known(tx, actor.user_id, concert_id)
    if_match.check(row.version)
    bill = await bills.bill(tx, row.owner_id, row.id)
    facts = _patched(making.facts_of(row, bill), patch)
    _check(facts)
    await making.change(tx, row, making.counted_as(row, bill), facts, by_person=True)
    await tell(tx, actor.user_id, [concert_id], "updated")
    return await get(tx, actor, concert_id, signer)


async def delete(
    tx: Write, actor: Actor, concert_id: UUID, if_match: IfMatch = ANY_VERSION
) -> None:
    """Hide a concert at once; a job removes it when nobody can undo that any more.

    Its photos stay, and matching doesn't make it again of them.

    Raises:
        NotFound: it isn't there, or someone else's.
        PreconditionFailed: `if_match` is about another version.
    """
    await making.held(tx, actor.user_id)
    row = await known(tx, actor.user_id, concert_id)
    if_match.check(row.version)
    await making.count(tx, row.owner_id, await making.counted_of(tx, row), None)
    await histories.count(tx, row.owner_id, -1)
    await sql.delete(tx, row.owner_id, row.id)
    await sessions.dismiss_of(tx, row.owner_id, row.id)
    await enqueue(
        tx,
        PURGE,
        ConcertJob(concert_id, actor.user_id),
        owner_id=actor.user_id,
        run_at=datetime.now(UTC) + timedelta(seconds=UNDO_S),
    )
    await tell(tx, actor.user_id, [concert_id], "deleted")


async def restore(
    tx: Write, actor: Actor, concert_id: UUID, most: int | None, signer: MediaSigner
) -> Concert:
    """Undo a deletion.

    Raises:
        NotFound: it is gone for good already, or it never was the actor's.
        Conflict: the history has become full meanwhile.
    """
    history = await making.held(tx, actor.user_id)
    if not await sql.restore(tx, actor.user_id, concert_id):
        raise NotFound("There is nothing left to restore.")
    making.check_room(history, most)
    row = await known(tx, actor.user_id, concert_id)
    await histories.count(tx, row.owner_id, 1)
    await making.count(tx, row.owner_id, None, await making.counted_of(tx, row))
    await sessions.bring_back(tx, row.owner_id, row.id)
    await tell(tx, actor.user_id, [concert_id], "restored")
    return await get(tx, actor, concert_id, signer)


async def purge(database: Database, owner_id: UUID, concert_id: UUID) -> None:
    """Remove a deleted concert for good, unless it was restored."""
    async with database.write() as tx:
        if await histories.lock(tx, owner_id) is None:
            return  # the account has ended, and all of it goes
        if await sql.purge(tx, owner_id, concert_id, _JUST_NOW_S):
            await bills.clear(tx, owner_id, concert_id)
            await sessions.let_go(tx, owner_id, concert_id)
            invalidate(tx, f"photos:{owner_id.hex}")


async def purge_expired(database: Database) -> int:
    """Remove, a transaction each, what was deleted and whose own job never came; how many."""
    count = 0
    while True:
        async with database.read() as read:
            found = await sql.expired(read, 2 * UNDO_S, _BATCH)
        if not found:
            return count
        for one in found:
            await purge(database, one.owner_id, one.id)
        count += len(found)


async def tell(tx: Write, owner_id: UUID, ids: Sequence[UUID], action: Action) -> None:
    """Have caches forget, and pages hear of it."""
    named = list(ids) if len(ids) <= _LARGEST_NOTICE else []
    invalidate(tx, f"concerts:{owner_id.hex}")
    await events.publish(tx, owner_id, "concerts", "concert", ConcertChanged(named, action))


async def known(read: Read, owner_id: UUID, concert_id: UUID) -> ConcertRow:
    """A concert of somebody's.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    row = await sql.concert(read, owner_id, concert_id)
    if row is None:
        raise NotFound(_GONE)
    return row


async def check_there(read: Read, owner_id: UUID, concert_id: UUID) -> None:
    """Refuse what isn't a concert of somebody's.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    if not await sql.is_there(read, owner_id, concert_id):
        raise NotFound(_GONE)


def facts_of(form: ConcertForm) -> Facts:
    """What a person says of a concert.

    Raises:
        Invalid: there was no such day, or there is no such zone.
    """
    facts = Facts(
        form.held_on,
        form.ends_on,
        form.zone,
        form.title.strip(),
        form.festival,
        _venue(form.venue),
        [_played(one) for one in form.bill],
        form.notes,
    )
    _check(facts)
    return facts


def _patched(facts: Facts, patch: ConcertPatch) -> Facts:
    bill = facts.bill
    if patch.bill is not UNSET:
        there = {making.key_of(one.name): one for one in facts.bill}
        bill = [_played(one, there.get(making.key_of(one.name))) for one in patch.bill]
    return Facts(
        facts.held_on if patch.held_on is UNSET else patch.held_on,
        facts.ends_on if patch.ends_on is UNSET else patch.ends_on,
        facts.zone if patch.zone is UNSET else patch.zone,
        facts.title if patch.title is UNSET else patch.title.strip(),
        facts.is_festival if patch.festival is UNSET else patch.festival,
        facts.venue if patch.venue is UNSET else _venue(patch.venue),
        bill,
        facts.notes if patch.notes is UNSET else patch.notes,
    )


def _venue(form: VenueForm | None) -> VenueFacts | None:
    if form is None:
        return None
    at = (form.location.latitude, form.location.longitude) if form.location else (None, None)
    return VenueFacts(form.name.strip(), form.city.strip(), form.country_code, *at)


def _played(form: ArtistForm, there: PlayedFacts | None = None) -> PlayedFacts:
    """One of a bill as a person says it; what was known of them and isn't said stays."""
    known = there or PlayedFacts(form.name)
    songs = known.songs if form.songs is UNSET else form.songs
    about = (songs, known.tour, known.setlist_id, known.setlist_url)
    return PlayedFacts(
        form.name.strip(), form.mbid or known.mbid, known.url, form.headliner, *about
    )


def _check(facts: Facts) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    _check_day(facts.held_on, "held_on", tomorrow)
    if facts.ends_on is not None:
        _check_day(facts.ends_on, "ends_on", tomorrow + _LONGEST)
        if not facts.held_on <= facts.ends_on <= facts.held_on + _LONGEST:
            raise Invalid(
                "A festival ends on the day it begins or in the month after that.",
                FieldFault("ends_on", "isn't within a month of its beginning"),
            )
    if facts.zone is not None:
        try:
            checked_zone(facts.zone)
        except ValueError:
            raise Invalid(
                "A time zone is written as Europe/Berlin.", FieldFault("zone", "isn't a time zone")
            ) from None


def _check_day(day: date, field: str, last: date) -> None:
    if day.year < _FIRST_YEAR or day > last:
        raise Invalid(
            "Nobody can have been at a concert then.", FieldFault(field, "can't be right")
        )
