"""Somebody's photos into sessions: cut anew as photos come and change, known again by their photos.

A session that a person decided on keeps its photos and its decision, whatever comes beside it.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from backline.concerts import photos
from backline.concerts.history import queueing, removing, sightings
from backline.concerts.matching import Session
from backline.concerts.sql import cutting as sql
from backline.concerts.sql import histories
from backline.concerts.sql.alike import FIRST
from backline.concerts.sql.cutting import Cut, Known, PhotoFact, Placed
from backline.platform.cache import invalidate
from backline.platform.database import Database, Read, Write
from backline.platform.ids import uuid7
from backline.platform.jobs import JobContext

_PAGE: Final = 5_000
_BATCH: Final = 200


class Recut(msgspec.Struct, frozen=True):
    """What is new: sessions to be written, photos to be put into them, sessions left empty."""

    cuts: list[Cut]
    placed: list[Placed]
    empty: list[Known]


async def recut(context: JobContext, owner_id: UUID, home: str | None) -> None:
    """Cut all of somebody's photos, and have judged what is new."""
    async with context.database.read() as read:
        facts = await _all(read, owner_id)
    sessions = await asyncio.to_thread(sightings.cut, facts, home)
    where = {one.id: one.session_id for one in facts}
    async with context.finish() as tx:
        if await histories.lock(tx, owner_id) is None:
            return  # the account has ended
        known = {one.id: one for one in await sql.known(tx, owner_id)}
        found = compared(sessions, known, where)
        await sql.write(tx, owner_id, found.cuts)
        await sql.place(tx, owner_id, found.placed)
        await _drop(tx, owner_id, found.empty)
        await sql.count_waiting(tx, owner_id)
        if found.placed:
            await photos.tell(tx, owner_id, [one.id for one in found.placed], "updated")
        if found.cuts or found.empty:
            invalidate(tx, f"concerts:{owner_id.hex}")
        if found.cuts:
            await queueing.match_now(tx, owner_id)


async def _all(read: Read, owner_id: UUID) -> list[PhotoFact]:
    found: list[PhotoFact] = []
    after = FIRST
    while True:
        page = await sql.facts(read, owner_id, after, _PAGE)
        found += page
        if len(page) < _PAGE:
            return found
        after = page[-1].taken_at, page[-1].id


async def _drop(tx: Write, owner_id: UUID, empty: Sequence[Known]) -> None:
    """Remove sessions without photos, and the concerts that were made of nothing else."""
    if not empty:
        return
    await sql.drop(tx, owner_id, [one.id for one in empty])
    for concert_id in {one.concert_id for one in empty if one.concert_id is not None}:
        await removing.if_forsaken(tx, owner_id, concert_id)


def compared(
    sessions: Sequence[Session], known: Mapping[UUID, Known], where: Mapping[UUID, UUID | None]
) -> Recut:
    """What is new of sessions that are cut now, beside those that were `known`.

    `where` tells the session that each photo is in. A session is the known one with which it
    shares most photos, and that no larger part of was found elsewhere.
    """
    decided = {one.id for one in known.values() if one.is_decided}
    parts = [part for one in sessions for part in _parts(one, where, decided)]
    shared = sorted(
        (
            (count, n, session_id)
            for n, (part, fixed) in enumerate(parts)
            for session_id, count in _shares(part, where).items()
            if fixed is None and session_id in known
        ),
        key=lambda one: (-one[0], one[1], one[2]),
    )
    ids = {n: fixed for n, (_, fixed) in enumerate(parts) if fixed is not None}
    taken = set(ids.values())
    for _, n, session_id in shared:
        if n not in ids and session_id not in taken:
            ids[n] = session_id
            taken.add(session_id)
    cuts: list[Cut] = []
    placed: list[Placed] = []
    for n, (part, _) in enumerate(parts):
        session_id = ids.get(n) or uuid7()
        before, cut = known.get(session_id), _cut(session_id, part)
        if before is None or before.evidence != cut.evidence:
            cuts.append(cut)  # of a decided one that lies in two places, the later one tells
        placed += [Placed(one, session_id) for one in part.ids if where[one] != session_id]
    empty = [one for one in known.values() if one.id not in taken and not one.is_decided]
    return Recut(cuts, placed, empty)


def _parts(
    session: Session, where: Mapping[UUID, UUID | None], decided: set[UUID]
) -> list[tuple[Session, UUID | None]]:
    """A session, with the decided one that it goes on; several where several were decided on."""
    counts = Counter(where[one] for one in session.ids if where[one] in decided)
    if not counts:
        return [(session, None)]
    most = counts.most_common(1)[0][0]
    if len(counts) == 1:
        return [(session, most)]
    kept: dict[UUID | None, list[int]] = {}
    for n, one in enumerate(session.ids):
        mine = where[one] if where[one] in counts else most
        kept.setdefault(mine, []).append(n)
    return [
        (
            msgspec.structs.replace(
                session, sightings=tuple(session.sightings[n] for n in numbers)
            ),
            mine,
        )
        for mine, numbers in kept.items()
    ]


def _shares(session: Session, where: Mapping[UUID, UUID | None]) -> Mapping[UUID, int]:
    return Counter(found for one in session.ids if (found := where[one]) is not None)


def _cut(session_id: UUID, session: Session) -> Cut:
    place = session.place
    zone = next((one.zone for one in session.sightings if one.zone is not None), None)
    return Cut(
        session_id,
        session.began_at,
        session.ended_at,
        place.latitude if place else None,
        place.longitude if place else None,
        place.error_m if place else None,
        zone,
        len(session.sightings),
        sightings.digest(session),
        [day for day, _ in session.days],
    )


async def cut_what_is_left(database: Database) -> int:
    """Have cut, in several transactions, photos that nobody had cut; of how many people."""
    count, after = 0, UUID(int=0)
    while True:
        async with database.read() as read:
            owners = await sql.uncut(read, after, _BATCH)
        if not owners:
            return count
        async with database.write() as tx:
            for owner_id in owners:
                await queueing.cut_soon(tx, owner_id)
        count, after = count + len(owners), owners[-1]
