"""Finds which tracks of a library are like which: all of them at night, new ones as they come."""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
import structlog

from backline.audio.discover import describing, neighbors_sql, sittings, sounds_sql
from backline.audio.discover.neighbors_sql import Found, Known
from backline.audio.engine.kin import Circle, Member, Neighbors, Together
from backline.audio.settings import AudioServices
from backline.platform.cache import invalidate
from backline.platform.confined import Limits
from backline.platform.database import Database
from backline.platform.jobs import JobContext, enqueue

NEIGHBORS: Final = "audio.neighbors"

_log = structlog.get_logger()
_KINSHIP: Final = "backline.audio.engine.kinship:kinship"  # by name: it loads numpy
_DESCRIBED_AT_ONCE: Final = 2_000  # so that what comes meanwhile needs not wait for hours
_LOT: Final = 500
_READ: Final = 5_000
_WANTED: Final = 10_000
_MOST_PAIRS: Final = 200_000
_MOST_TIMES: Final = 1_000
_MIB: Final = 1024 * 1024
_LIMITS: Final = Limits(
    memory_bytes=2048 * _MIB, cpu_s=3600, wall_s=4 * 3600.0, file_bytes=1024 * _MIB
)


class NeighborsJob(msgspec.Struct, frozen=True):
    """Whose neighbours are to be found: of all tracks, or of those that are new."""

    owner_id: UUID
    whole: bool


async def find(context: JobContext, payload: NeighborsJob, services: AudioServices) -> None:
    """Describe sounds that wait, then find neighbours, and keep them a few tracks at a time."""
    owner_id, began_s = payload.owner_id, time.monotonic()
    described = await describing.describe(context, services, owner_id, _DESCRIBED_AT_ONCE)
    async with context.database.read() as read:
        began_at = await neighbors_sql.now(read)
    circle, known = await circle_of(context.database, owner_id)
    if payload.whole:
        found = await _compare(context, services, circle, range(len(known)))
    else:
        fresh = [place for place, one in enumerate(known) if one.is_fresh]
        found = await _compare(context, services, circle, fresh)
        # They may be nearer to those whom they chose than what these had before.
        chosen = {other.place for one in found for other in one.items} - set(fresh)
        found += await _compare(context, services, circle, sorted(chosen))
    for at in range(0, len(found), _LOT):
        async with context.database.write() as tx:
            lot = [found_of(known, one) for one in found[at : at + _LOT]]
            await neighbors_sql.keep(tx, owner_id, lot, began_at)
    async with context.finish() as tx:
        if payload.whole:
            await neighbors_sql.keep_round(tx, owner_id, began_at, len(known))
        if found:
            invalidate(tx, tag(owner_id))
    took_s = round(time.monotonic() - began_s, 1)
    _log.info(
        "neighbors_found",
        owner_id=str(owner_id),
        whole=payload.whole,
        described=described,
        tracks=len(found),
        took_s=took_s,
    )


async def find_new(database: Database) -> None:
    """Have neighbours found of what has come since."""
    async with database.read() as read:
        owner_ids = await sounds_sql.owners_waiting(read)
    await _queue(database, owner_ids, whole=False)


async def find_all(database: Database) -> None:
    """Have all neighbours found again where anything has changed, and sounds that nobody asked for.

    Libraries that were there before anything of this was are filled in so.
    """
    async with database.write() as tx:
        await sounds_sql.want_anew(tx)
    wanted = _WANTED
    while wanted == _WANTED:
        async with database.write() as tx:
            wanted = await sounds_sql.want_all(tx, _WANTED)
    async with database.read() as read:
        owner_ids = await neighbors_sql.changed(read)
    await _queue(database, owner_ids, whole=True)


def tag(owner_id: UUID) -> str:
    """What answers about someone's neighbours depend on."""
    return f"neighbors:{owner_id.hex}"


async def _queue(database: Database, owner_ids: Sequence[UUID], *, whole: bool) -> None:
    for owner_id in owner_ids:
        async with database.write() as tx:
            key = f"{owner_id.hex}:{'all' if whole else 'new'}"
            await enqueue(tx, NEIGHBORS, NeighborsJob(owner_id, whole), unique_key=key)


async def circle_of(database: Database, owner_id: UUID) -> tuple[Circle, list[Known]]:
    """All that tracks are compared by, with numbers in place of ids."""
    known: list[Known] = []
    after, more = UUID(int=0), True
    while more:
        async with database.read() as read:
            some = await neighbors_sql.library(read, owner_id, after, _READ)
        known += some
        more = len(some) == _READ
        after = some[-1].id if some else after
    async with database.read() as read:
        plays = await neighbors_sql.plays(read, owner_id)
        pairs = await neighbors_sql.beside(read, owner_id, _MOST_PAIRS)
    heard = await asyncio.to_thread(sittings.together, plays)
    places = {one.id: place for place, one in enumerate(known)}
    often = heard.most_common(_MOST_PAIRS)
    circle = Circle(
        await asyncio.to_thread(_members, known),
        _together(places, [(*ids, times) for ids, times in often]),
        _together(places, [(pair.one, pair.other, pair.times) for pair in pairs]),
        [],
    )
    return circle, known


def _members(known: Sequence[Known]) -> list[Member]:
    numbers: dict[UUID | bytes, int] = {}
    following = count()

    def number(one: UUID | bytes) -> int:
        if one not in numbers:
            numbers[one] = next(following)
        return numbers[one]

    return [
        Member(
            one.numbers or [],
            [number(artist_id) for artist_id in one.artist_ids],
            [number(genre_id) for genre_id in one.genre_ids],
            one.year or 0,
            number(one.sound),
        )
        for one in known
    ]


def _together(places: dict[UUID, int], pairs: Sequence[tuple[UUID, UUID, int]]) -> list[Together]:
    return [
        Together(places[one], places[other], min(times, _MOST_TIMES))
        for one, other, times in pairs
        if one in places and other in places
    ]


async def _compare(
    context: JobContext, services: AudioServices, circle: Circle, wanted: Sequence[int]
) -> list[Neighbors]:
    """Have a confined process compare tracks: numpy is loaded there, and its memory is bounded."""
    if not wanted:
        return []
    with tempfile.TemporaryDirectory(dir=services.work_dir, prefix="kin-") as folder:
        asked, answered = Path(folder) / "asked", Path(folder) / "answered"
        given = msgspec.structs.replace(circle, wanted=list(wanted))
        await asyncio.to_thread(lambda: asked.write_bytes(msgspec.msgpack.encode(given)))
        async with services.looks:
            await services.confinement.call(
                _KINSHIP,
                str(asked),
                str(answered),
                returns=int,
                limits=_LIMITS,
                writes=[Path(folder)],
                on_progress=lambda done, total: context.note(done, total, "Comparing tracks"),
            )
        data = await asyncio.to_thread(answered.read_bytes)
    return await asyncio.to_thread(msgspec.msgpack.decode, data, type=list[Neighbors])


def found_of(known: Sequence[Known], one: Neighbors) -> Found:
    """What was found of a track, with ids in place of the circle's numbers."""
    items = one.items
    return Found(
        known[one.place].id,
        [known[item.place].id for item in items],
        [item.score for item in items],
        [item.sound for item in items],
        [item.heard for item in items],
        [item.beside for item in items],
    )
