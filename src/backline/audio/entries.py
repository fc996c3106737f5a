"""What is in playlists: listed, put in, moved, taken out and put back, listened to.

Everybody puts in their own tracks, and whoever sees the playlist may listen to them there.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from backline.audio import batches_sql, playlists, streams, tracks
from backline.audio import entries_sql as sql
from backline.audio.entries_sql import EntryRow, NewEntry
from backline.audio.following import feed_sql
from backline.audio.models import Quality, StreamLink, Track, TrackRow, Waveform
from backline.audio.playlists import Found
from backline.audio.playlists_sql import PlaylistRow
from backline.platform import positions
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Database, Read, Write
from backline.platform.errors import Conflict, NotFound
from backline.platform.ids import uuid7
from backline.platform.media.signing import MediaSigner

MOST: Final = 10_000
MOST_AT_ONCE: Final = 500
_KEPT: Final = timedelta(days=1)
_NO_ENTRY: Final = "There is no such entry in this playlist, or no longer. Load it again."

Ids = Annotated[list[UUID], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class Entry(msgspec.Struct, frozen=True):
    """A track in a playlist, as its owner called it. `track` is null where it is gone.

    Of somebody else's track, it says nothing of its file.
    """

    id: UUID
    title: str
    artist: str
    added_by: UUID
    added_at: datetime
    track: Track | None


class EntryPage(msgspec.Struct, frozen=True):
    """A page of what is in a playlist."""

    items: list[Entry]
    next_cursor: str | None = None


class AddForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Tracks of mine to be put at the end, in this order; the same one as often as it is named."""

    track_ids: Ids


class Added(msgspec.Struct, frozen=True):
    """The entries that were made, in their order; `remove` takes them out again."""

    entry_ids: list[UUID]


class MoveForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Behind which entry; null is the front."""

    behind_entry_id: UUID | None


class EntryIds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Entries of a playlist."""

    entry_ids: Ids


async def page(
    read: Read, found: Found, *, after: tuple[str, UUID] | None, limit: int
) -> list[EntryRow]:
    """A page of what is in a playlist that the actor may see."""
    return await sql.page(read, found.row.owner_id, found.row.id, after=after, limit=limit)


async def shown_all(
    read: Read, actor: Actor, signer: MediaSigner, rows: Sequence[EntryRow]
) -> list[Entry]:
    """Entries as they are answered, with their tracks."""
    known = await tracks_of(read, actor, rows)
    by_id = {track.id: track for track in tracks.shown_all(list(known.values()), signer)}
    return [
        Entry(
            row.id,
            row.title,
            row.artist,
            row.track_owner_id,
            row.added_at,
            by_id.get(row.track_id),
        )
        for row in rows
    ]


async def lengths_ms(read: Read, which: Sequence[tuple[UUID, UUID]]) -> dict[UUID, int]:
    """How long playlists are that the actor may see, each named by its owner and itself."""
    return await sql.lengths_ms(read, which)


async def tracks_of(read: Read, actor: Actor, rows: Sequence[EntryRow]) -> dict[UUID, TrackRow]:
    """Those of the entries' tracks that there are; of somebody else's, not what its file is."""
    asked = {row.track_id: row.track_owner_id for row in rows}
    found = await sql.tracks(read, actor.user_id, list(asked.items()))
    return {track_id: _without_file(row, actor) for track_id, row in found.items()}


async def add(tx: Write, actor: Actor, playlist_id: UUID, track_ids: Sequence[UUID]) -> list[UUID]:
    """Put tracks of the actor's at the end; the ids of the entries, in their order.

    Raises:
        NotFound: there is no such playlist, or one of the tracks isn't there; then none is put in.
        Forbidden: they may see the playlist, and not change it.
        Conflict: it would have more than ten thousand entries.
    """
    found = await playlists.access(tx, actor, playlist_id, least="editor")
    rows = await batches_sql.tracks(tx, actor.user_id, list(dict.fromkeys(track_ids)))
    known = {row.id: row for row in rows}
    if any(track_id not in known for track_id in track_ids):
        raise NotFound("One of these tracks isn't there, so none of them was added.")
    return await append(tx, actor, found.row, [known[track_id] for track_id in track_ids])


async def append(
    tx: Write, actor: Actor, row: PlaylistRow, wanted: Sequence[TrackRow]
) -> list[UUID]:
    """Put tracks of the actor's at the end of a playlist that is locked.

    Raises:
        Conflict: it would have more than ten thousand entries.
    """
    _check_room(row, len(wanted))
    now, place = datetime.now(UTC), await sql.last(tx, row.owner_id, row.id)
    made: list[NewEntry] = []
    for track in wanted:
        place = positions.at_end(now, place)
        made.append(NewEntry(uuid7(), place, track.id, track.title, track.artist))
    await sql.insert(tx, row.owner_id, row.id, actor.user_id, made)
    if row.visibility == "public" and made:
        await feed_sql.put_in(tx, actor.user_id, uuid7(), row.owner_id, row.id)
    await _count(tx, row, len(made))
    return [one.id for one in made]


async def move(
    tx: Write, actor: Actor, playlist_id: UUID, entry_id: UUID, behind: UUID | None
) -> None:
    """Put an entry behind another one, or to the front.

    Raises:
        NotFound: there is no such playlist, or one of the entries isn't in it.
        Forbidden: they may see the playlist, and not change it.
    """
    row = (await playlists.access(tx, actor, playlist_id, least="editor")).row
    place = await _place(tx, row, entry_id, behind)
    if not await sql.place(tx, row.owner_id, row.id, [(entry_id, place)]):
        raise NotFound(_NO_ENTRY)
    await _count(tx, row, 0)


async def remove(tx: Write, actor: Actor, playlist_id: UUID, entry_ids: Sequence[UUID]) -> None:
    """Take entries out, those that there are; for a day they can be put back.

    Raises:
        NotFound: there is no such playlist, or none of the entries is in it.
        Forbidden: they may see the playlist, and not change it.
    """
    row = (await playlists.access(tx, actor, playlist_id, least="editor")).row
    gone = await sql.remove(tx, row.owner_id, row.id, entry_ids)
    if not gone:
        raise NotFound(_NO_ENTRY)
    await _count(tx, row, -gone)


async def restore(tx: Write, actor: Actor, playlist_id: UUID, entry_ids: Sequence[UUID]) -> None:
    """Put entries back where they were.

    Raises:
        NotFound: there is no such playlist, or none of the entries is left.
        Forbidden: they may see the playlist, and not change it.
        Conflict: it would have more than ten thousand entries.
    """
    row = (await playlists.access(tx, actor, playlist_id, least="editor")).row
    back = await sql.restore(tx, row.owner_id, row.id, entry_ids)
    if not back:
        raise NotFound("There is nothing left to put back.")
    _check_room(row, back)
    await _count(tx, row, back)


async def leave(tx: Write, found: Found, person_id: UUID) -> None:
    """Take out what somebody has put in who is no member any more; it is their music."""
    row = found.row
    await sql.remove_of(tx, row.owner_id, row.id, person_id)
    left = await sql.count(tx, row.owner_id, row.id)
    await playlists.write(tx, msgspec.structs.replace(row, entry_count=left), "entries")


async def stream(
    read: Read,
    actor: Actor,
    signer: MediaSigner,
    playlist_id: UUID,
    entry_id: UUID,
    *,
    quality: Quality,
    manifest: Literal["hls", "dash"] | None,
) -> StreamLink:
    """A signed URL to listen to an entry; the original is for whose track it is.

    Raises:
        NotFound: there is no such entry, or its track is gone.
        Conflict: the track isn't ready, or failed.
    """
    row = await _track(read, actor, playlist_id, entry_id)
    if quality == "original" and row.owner_id != actor.user_id:
        quality = "high"
    return await streams.link(read, row, signer, quality, manifest)


async def waveform(read: Read, actor: Actor, playlist_id: UUID, entry_id: UUID) -> Waveform:
    """The waveform of an entry.

    Raises:
        NotFound: there is no such entry, or its track is gone.
        Conflict: the track isn't ready.
    """
    return await streams.waveform_of(read, await _track(read, actor, playlist_id, entry_id))


async def forget(tx: Write, person_id: UUID) -> None:
    """Take out everywhere what somebody has put in whose account is gone."""
    for one in await sql.forget(tx, person_id):
        invalidate(tx, playlists.tag(one.id), f"playlists:{one.owner_id.hex}")


async def purge(database: Database) -> None:
    """Remove for good what was taken out a day ago."""
    async with database.write() as tx:
        await sql.purge(tx, datetime.now(UTC) - _KEPT)


async def _track(read: Read, actor: Actor, playlist_id: UUID, entry_id: UUID) -> TrackRow:
    found = await playlists.access(read, actor, playlist_id)
    entry = await sql.entry(read, found.row.owner_id, playlist_id, entry_id)
    if entry is None:
        raise NotFound(_NO_ENTRY)
    asked = [(entry.track_id, entry.track_owner_id)]
    row = (await sql.tracks(read, actor.user_id, asked)).get(entry.track_id)
    if row is None:
        raise NotFound("The track of this entry is gone.")
    return row


async def _place(tx: Write, row: PlaylistRow, entry_id: UUID, behind: UUID | None) -> str:
    """The place that an entry gets; if the keys there have become long, all get new ones first."""
    try:
        place = await _between(tx, row, entry_id, behind)
        if len(place) <= positions.LONGEST:
            return place
    except ValueError:  # two that were added in the same moment have the same place
        pass
    ids = await sql.ordered(tx, row.owner_id, row.id)
    places = list(zip(ids, positions.spread(len(ids)), strict=True))
    await sql.place(tx, row.owner_id, row.id, places)
    return await _between(tx, row, entry_id, behind)


async def _between(tx: Write, row: PlaylistRow, entry_id: UUID, behind: UUID | None) -> str:
    around = await sql.around(tx, row.owner_id, row.id, entry_id, behind)
    if behind is not None and around.low is None:
        raise NotFound(_NO_ENTRY)
    if around.high is None:
        return positions.at_end(datetime.now(UTC), around.low)
    if around.low is None:
        return positions.at_front(around.high)
    return positions.between(around.low, around.high)


async def _count(tx: Write, row: PlaylistRow, more: int) -> None:
    counted = msgspec.structs.replace(row, entry_count=row.entry_count + more)
    await playlists.write(tx, counted, "entries")


def _check_room(row: PlaylistRow, more: int) -> None:
    if row.entry_count + more > MOST:
        raise Conflict(f"A playlist has {MOST:,} entries at the most. Make another one.")


def _without_file(row: TrackRow, actor: Actor) -> TrackRow:
    """What everybody may know of a track, or all of it to whom it belongs."""
    if row.owner_id == actor.user_id:
        return row
    return msgspec.structs.replace(
        row, filename="", size_bytes=0, error=None, job_id=None, warnings=[]
    )
