"""Photos that look alike: bursts and edited copies, grouped, with the best suggested.

Alike are photos whose fingerprints nearly agree and that were taken within seconds. Dark frames
are alike to all dark frames, so they are of no group. Nothing is ever deleted for it.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from backline.concerts import photos
from backline.concerts.models import OwnerJob
from backline.concerts.sql import alike as sql
from backline.concerts.sql.alike import Grouped, Print
from backline.platform.database import Database, Write
from backline.platform.jobs import enqueue

GROUP: Final = "concerts.group"
MOST_BITS: Final = 14  # of 128: an unlike picture differs in about 64
NEAR: Final = timedelta(seconds=10)
LONGEST: Final = timedelta(seconds=60)
LEAST_CONTRAST: Final = 8
LEAST_BITS: Final = 12  # a fingerprint with fewer is that of an even wall
_PAGE: Final = 5_000
_WRITTEN: Final = 500
_GATHERED_S: Final = 3


class _Group(msgspec.Struct):
    """Photos that look like the first of them."""

    leader: Print
    print: int
    last_at: datetime
    members: list[Print]


async def queue(tx: Write, owner_id: UUID) -> None:
    """Have somebody's photos compared soon; what comes within a few seconds is one job."""
    now = datetime.now(UTC)
    slot = int(now.timestamp()) // _GATHERED_S
    await enqueue(
        tx,
        GROUP,
        OwnerJob(owner_id),
        owner_id=owner_id,
        run_at=now + timedelta(seconds=_GATHERED_S),
        unique_key=f"{owner_id.hex}:{slot}",
    )


async def regroup(database: Database, owner_id: UUID) -> int:
    """Compare all of somebody's photos and write, in several transactions, what is new of it."""
    found: list[Print] = []
    after = sql.FIRST
    while True:
        async with database.read() as read:
            page = await sql.prints(read, owner_id, after, _PAGE)
        found += page
        if len(page) < _PAGE:
            break
        after = page[-1].taken_at, page[-1].id
    changes = await asyncio.to_thread(_changes, found)
    for start in range(0, len(changes), _WRITTEN):
        async with database.write() as tx:
            part = changes[start : start + _WRITTEN]
            await sql.set_groups(tx, owner_id, part)
            await photos.tell(tx, owner_id, [one.id for one in part], "updated")
    return len(changes)


def groups(prints: Sequence[Print]) -> list[list[Print]]:
    """The groups among photos, which come by their time. Each is compared with a group's first."""
    done: list[list[Print]] = []
    near: list[_Group] = []
    for one in prints:
        ended = [group for group in near if one.taken_at - group.last_at > NEAR]
        done += [group.members for group in ended if len(group.members) > 1]
        near = [group for group in near if one.taken_at - group.last_at <= NEAR]
        if not is_telling(one):
            continue
        bits = int.from_bytes(one.fingerprint, "big")
        for group in near:
            fits = one.taken_at - group.leader.taken_at <= LONGEST
            if fits and (bits ^ group.print).bit_count() <= MOST_BITS:
                group.members.append(one)
                group.last_at = one.taken_at
                break
        else:
            near.append(_Group(one, bits, one.taken_at, [one]))
    return done + [group.members for group in near if len(group.members) > 1]


def is_telling(one: Print) -> bool:
    """Whether a fingerprint says anything: in the dark, and of a wall, all are the same."""
    ones = int.from_bytes(one.fingerprint, "big").bit_count()
    return one.contrast >= LEAST_CONTRAST and ones >= LEAST_BITS


def best(members: Sequence[Print]) -> Print:
    """The one to keep: starred, else with the most pixels, else with the most detail in them."""
    return max(
        members,
        key=lambda one: (one.starred, one.width_px * one.height_px, one.size_bytes, one.id),
    )


def _changes(prints: Sequence[Print]) -> list[Grouped]:
    now = {one.id: Grouped(one.id, None, False) for one in prints}
    for members in groups(prints):
        kept = best(members)
        for one in members:
            now[one.id] = Grouped(one.id, members[0].id, one.id == kept.id)
    return [
        now[one.id]
        for one in prints
        if (one.group_id, one.is_best) != (now[one.id].group_id, now[one.id].is_best)
    ]
