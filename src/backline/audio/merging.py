"""Keeping one of several tracks: it takes over what the others have, and they are deleted.

Plays, favourites, ratings and places in playlists move; for as long as a deletion can be undone all
of it can be. The files of tracks in folders stay where they are.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from backline.audio import batches_sql, playlists, plays, tracks
from backline.audio import merging_sql as sql
from backline.audio.merging_sql import Heard, Merge, MovedEntry, MovedPlay
from backline.audio.models import Track, TrackRow
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Write
from backline.platform.errors import Conflict, NotFound
from backline.platform.ids import uuid7

MOST_OTHERS = 50
_GONE = "One of these tracks isn't there, so nothing was changed."
_NOT_ALIKE = (
    "One of these isn't a duplicate of the track that is to be kept, or no longer. Load the page "
    "again."
)
_TOO_LATE = "It is too late to undo that: the other tracks are gone for good."


class KeepForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The others, which are deleted."""

    track_ids: Annotated[list[UUID], Meta(min_length=1, max_length=MOST_OTHERS)]


class Kept(msgspec.Struct, frozen=True):
    """The track that was kept, and what undoes it until then."""

    track: Track
    merge_id: UUID
    undo_until: datetime


class _Moved(msgspec.Struct, frozen=True):
    """What was whose before: what was thought of the kept one, and then; plays; places."""

    before: Heard
    after: Heard
    counted: int
    plays: list[MovedPlay]
    entries: list[MovedEntry]


async def keep(
    tx: Write, actor: Actor, track_id: UUID, others: Sequence[UUID]
) -> tuple[TrackRow, UUID, datetime]:
    """Have a track take over what its duplicates have, and delete these.

    The track, and what undoes it until when.

    Raises:
        NotFound: one of them isn't there, or someone else's; then nothing is changed.
        Conflict: one isn't a duplicate of it, or is the track itself.
    """
    owner_id = actor.user_id
    wanted = list(dict.fromkeys(others))
    rows = await batches_sql.lock(tx, owner_id, [track_id, *wanted])
    if {row.id for row in rows} != {track_id, *wanted}:
        raise NotFound(_GONE)
    if track_id in wanted or await sql.alike(tx, owner_id, track_id, wanted) != set(wanted):
        raise Conflict(_NOT_ALIKE)
    moved = await _take_over(tx, owner_id, track_id, wanted)
    for other_id in wanted:
        await tracks.delete(tx, actor, other_id)
    merge_id = uuid7()
    said = msgspec.json.encode(moved).decode()
    await sql.insert(tx, owner_id, merge_id, Merge(track_id, wanted, said))
    await tracks.tell(tx, owner_id, track_id, "updated")
    row = await tracks.get(tx, actor, track_id)
    return row, merge_id, datetime.now(UTC) + timedelta(seconds=tracks.UNDO_S)


async def undo(tx: Write, actor: Actor, merge_id: UUID) -> TrackRow:
    """Bring the others back with all that was theirs; the track that was kept.

    Raises:
        NotFound: it is too late, or there was nothing of the kind.
    """
    owner_id = actor.user_id
    merge = await sql.take(tx, owner_id, merge_id)
    if merge is None:
        raise NotFound(_TOO_LATE)
    await batches_sql.lock(tx, owner_id, [merge.kept_id])
    if await sql.deleted(tx, owner_id, merge.other_ids) != set(merge.other_ids):
        raise NotFound(_TOO_LATE)
    for other_id in merge.other_ids:
        await tracks.restore(tx, actor, other_id)
    await _give_back(tx, owner_id, merge.kept_id, msgspec.json.decode(merge.moved, type=_Moved))
    await tracks.tell(tx, owner_id, merge.kept_id, "updated")
    return await tracks.get(tx, actor, merge.kept_id)


async def _take_over(tx: Write, owner_id: UUID, kept_id: UUID, others: Sequence[UUID]) -> _Moved:
    known = await sql.heard(tx, owner_id, [kept_id, *others])
    before = known.get(kept_id, Heard(kept_id, None, None, 0, None))
    after = _joined(before, known)
    if after != before:
        await sql.set_heard(tx, owner_id, after)
    played = await sql.plays(tx, owner_id, others)
    await sql.move_plays(tx, owner_id, [MovedPlay(one.key, kept_id) for one in played])
    await sql.lock_lists(tx, owner_id, others)
    placed = await sql.entries(tx, owner_id, others)
    here = [msgspec.structs.replace(one, track_id=kept_id) for one in placed]
    await _place(tx, owner_id, here)
    counted = after.play_count - before.play_count
    return _Moved(before, after, counted, played, placed)


def _joined(kept: Heard, known: Mapping[UUID, Heard]) -> Heard:
    """What is thought of all as one: its own rating, else the best; a favourite since the first."""
    ratings = [one.rating for one in known.values() if one.rating is not None]
    return Heard(
        kept.track_id,
        min((one.favorite_at for one in known.values() if one.favorite_at), default=None),
        kept.rating if kept.rating is not None else max(ratings, default=None),
        sum(one.play_count for one in known.values()),
        max((one.last_played_at for one in known.values() if one.last_played_at), default=None),
    )


async def _give_back(tx: Write, owner_id: UUID, kept_id: UUID, moved: _Moved) -> None:
    """What was done to the kept one meanwhile stays."""
    before, after = moved.before, moved.after
    now = (await sql.heard(tx, owner_id, [kept_id])).get(kept_id)
    if now is not None:
        held = Heard(
            kept_id,
            before.favorite_at if now.favorite_at == after.favorite_at else now.favorite_at,
            before.rating if now.rating == after.rating else now.rating,
            max(now.play_count - moved.counted, 0),
            before.last_played_at
            if now.last_played_at == after.last_played_at
            else now.last_played_at,
        )
        await sql.set_heard(tx, owner_id, held)
    await sql.move_plays(tx, owner_id, moved.plays)
    await sql.lock_lists(tx, owner_id, [kept_id])
    await _place(tx, owner_id, moved.entries)


async def _place(tx: Write, owner_id: UUID, entries: Sequence[MovedEntry]) -> None:
    invalidate(tx, plays.tag(owner_id))
    if not entries:
        return
    for row in await sql.move_entries(tx, owner_id, entries):
        await playlists.tell(tx, row, "entries")
