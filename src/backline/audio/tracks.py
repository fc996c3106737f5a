"""Tracks: added from an upload, listed, changed, deleted, restored, listened to."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET

from backline.audio import covers, filing, listing_sql, sql
from backline.audio.covers import prefix
from backline.audio.credits import guests_in
from backline.audio.engine.labels import is_blank, title_from
from backline.audio.listing_sql import ListedTrack
from backline.audio.models import (
    Cover,
    Credit,
    Labels,
    Loudness,
    Sort,
    Track,
    TrackChanged,
    TrackFilter,
    TrackJob,
    TrackPatch,
    TrackRow,
)
from backline.platform import events, text
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Read, Write
from backline.platform.database.versions import ANY_VERSION, IfMatch
from backline.platform.errors import Conflict, FieldFault, Invalid, NotFound
from backline.platform.jobs import enqueue
from backline.platform.media.signing import MediaSigner

RENDER = "audio.render"
PURGE = "audio.purge"
UNDO_S = 30
ORIGINAL = "original"
SOURCE = "source"  # the generation that the original lies in

_GONE = "There is no such track."
_ALL = TrackFilter()

KEYS: dict[Sort, Any] = {
    "created_at": tuple[datetime, UUID],
    "-created_at": tuple[datetime, UUID],
    "title": tuple[str, UUID],
    "artist": tuple[str, UUID],
    "album": tuple[str, UUID],
    "-favorite_at": tuple[datetime, UUID],
    "-rating": tuple[int, UUID],
    "-play_count": tuple[int, UUID],
    "-last_played_at": tuple[datetime, UUID],
}
"""What a cursor of each sort holds: `sort_key` of a row."""


class Source(msgspec.Struct, frozen=True):
    """A whole uploaded file that lies in the storage under `prefix(owner, track, SOURCE)`."""

    filename: str
    size_bytes: int
    sha256: bytes


def original_key(owner_id: UUID, track_id: UUID) -> str:
    """Where the uploaded file itself lies."""
    return f"{prefix(owner_id, track_id, SOURCE)}/{ORIGINAL}"


async def add(tx: Write, owner_id: UUID, track_id: UUID, source: Source) -> TrackRow:
    """Add a track whose original has been stored and whose room is charged; render it soon."""
    job_id = await queue(tx, owner_id, track_id)
    await sql.insert_track(
        tx,
        track_id=track_id,
        owner_id=owner_id,
        title=title_from(source.filename),
        filename=source.filename,
        content_type="application/octet-stream",  # until it is found out; names mean nothing
        size_bytes=source.size_bytes,
        sha256=source.sha256,
        job_id=job_id,
    )
    await tell(tx, owner_id, track_id, "created")
    return await _known(tx, owner_id, track_id)


async def get(read: Read, actor: Actor, track_id: UUID) -> TrackRow:
    """One of the actor's tracks.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    return await _known(read, actor.user_id, track_id)


async def page(
    read: Read,
    actor: Actor,
    wanted: TrackFilter = _ALL,
    *,
    words: str = "",
    sort: Sort,
    after: tuple[datetime | str | int, UUID] | None,
    limit: int,
) -> list[ListedTrack]:
    """A page of the actor's tracks, of those that have all the words if there are any."""
    search = text.query(words)
    if words and search is None:
        return []
    wanted = msgspec.structs.replace(wanted, search=search)
    return await listing_sql.tracks(
        read, actor.user_id, wanted, sort=sort, after=after, limit=limit
    )


def sort_key(row: ListedTrack, sort: Sort) -> tuple[datetime | str | int | None, UUID]:
    """What a cursor remembers of a row."""
    match sort:
        case "created_at" | "-created_at":
            return row.created_at, row.id
        case "title" | "artist" | "album":
            return row.key, row.id
        case "-favorite_at":
            return row.favorite_at, row.id
        case "-last_played_at":
            return row.last_played_at, row.id
        case "-rating":
            return row.rating, row.id
        case "-play_count":
            return row.play_count, row.id


async def change(
    tx: Write, actor: Actor, track_id: UUID, patch: TrackPatch, if_match: IfMatch = ANY_VERSION
) -> TrackRow:
    """Change what a track is called; its tags don't overwrite that any more.

    Raises:
        Invalid: its title would be blank.
        PreconditionFailed: `if_match` is about another version.
    """
    row = await _locked(tx, actor, track_id, if_match)
    said = said_in(patch)
    labels = msgspec.structs.replace(labels_of(row), **said)
    await sql.set_labels(tx, track_id, actor.user_id, labels, row.filename, by_person=True)
    await tell(tx, actor.user_id, track_id, "updated")
    if said.keys() == {"title"} and guests_in(row.title) == guests_in(labels.title):
        invalidate(tx, filing.tag(actor.user_id))  # it stays where it is, under another name
    else:
        await filing.file(tx, actor.user_id, [track_id], by_person=True)
    return await _known(tx, actor.user_id, track_id)


def said_in(patch: TrackPatch) -> dict[str, Any]:
    """What a patch says, by the names of labels.

    Raises:
        Invalid: a title would be blank.
    """
    said = {
        field: value
        for field in TrackPatch.__struct_fields__
        if (value := getattr(patch, field)) is not UNSET
    }
    if "title" in said and is_blank(said["title"]):
        raise Invalid("The title has nothing that can be seen.", FieldFault("title", "is blank"))
    return said


async def delete(tx: Write, actor: Actor, track_id: UUID, if_match: IfMatch = ANY_VERSION) -> None:
    """Hide a track at once; a job removes every byte of it when nobody can undo that any more.

    Raises:
        PreconditionFailed: `if_match` is about another version.
    """
    await _locked(tx, actor, track_id, if_match)
    await sql.mark_deleted(tx, track_id, actor.user_id)
    await enqueue(
        tx,
        PURGE,
        TrackJob(track_id, actor.user_id),
        owner_id=actor.user_id,
        run_at=datetime.now(UTC) + timedelta(seconds=UNDO_S),
    )
    await tell(tx, actor.user_id, track_id, "deleted")
    await filing.recount(tx, actor.user_id, [track_id])


async def restore(tx: Write, actor: Actor, track_id: UUID) -> TrackRow:
    """Undo a deletion.

    Raises:
        NotFound: its bytes are gone already, or it never was the actor's.
    """
    if not await sql.restore(tx, track_id, actor.user_id):
        raise NotFound("There is nothing left to restore.")
    row = await _known(tx, actor.user_id, track_id)
    if row.status == "processing":  # its job may have found it deleted
        await sql.set_job(tx, track_id, actor.user_id, await queue(tx, actor.user_id, track_id))
    await tell(tx, actor.user_id, track_id, "restored")
    await filing.recount(tx, actor.user_id, [track_id])
    return await _known(tx, actor.user_id, track_id)


async def retry(tx: Write, actor: Actor, track_id: UUID) -> TrackRow:
    """Render a failed track once more.

    Raises:
        Conflict: it hasn't failed.
    """
    await _known(tx, actor.user_id, track_id)
    job_id = await queue(tx, actor.user_id, track_id)
    if not await sql.set_processing(tx, track_id, actor.user_id, job_id):
        raise Conflict("This track hasn't failed, so there is nothing to try again.")
    await tell(tx, actor.user_id, track_id, "updated")
    return await _known(tx, actor.user_id, track_id)


def labels_of(row: TrackRow) -> Labels:
    """What a track is called now."""
    return Labels(
        row.title,
        row.artist,
        row.album,
        row.album_artist,
        row.genre,
        row.year,
        row.track_number,
        row.disc_number,
    )


def shown(row: TrackRow, signer: MediaSigner) -> Track:
    """A row as it is answered, with fresh URLs of its cover."""
    return shown_all([row], signer)[0]


def shown_all(rows: Sequence[TrackRow], signer: MediaSigner) -> list[Track]:
    """Rows as they are answered. By position: by name, a list would take twice as long."""
    made = signer.made(datetime.now(UTC))
    return [
        Track(
            row.id,
            row.owner_id,
            row.title,
            row.artist,
            row.album,
            row.album_artist,
            row.genre,
            row.year,
            row.track_number,
            row.disc_number,
            row.duration_ms,
            row.status,
            row.error,
            row.job_id,
            row.filename,
            row.content_type,
            row.size_bytes,
            _loudness(row),
            made.get((row.id, row.generation)) or _cover(row, signer),
            row.warnings,
            row.mbid,
            row.album_id,
            list(map(Credit, row.artist_ids, row.artist_names)) if row.artist_ids else [],
            row.folder_id,
            row.has_renditions,
            row.created_at,
            row.updated_at,
            row.version,
            row.favorite_at,
            row.rating,
            row.play_count,
            row.last_played_at,
        )
        for row in rows
    ]


def _loudness(row: TrackRow) -> Loudness | None:
    if row.loudness_lufs is None:
        return None
    return Loudness(row.loudness_lufs, row.true_peak_dbtp, row.gain_db)


def _cover(row: TrackRow, signer: MediaSigner) -> Cover | None:
    if not row.has_cover or row.generation is None:
        return None
    return covers.cover(signer, row.owner_id, row.id, row.generation)


async def queue(tx: Write, owner_id: UUID, track_id: UUID) -> UUID:
    """Have a track rendered; while a job is at it already, that one."""
    return await enqueue(
        tx,
        RENDER,
        TrackJob(track_id, owner_id),
        owner_id=owner_id,
        subject=("track", track_id),
        unique_key=track_id.hex,
    )


async def _locked(tx: Write, actor: Actor, track_id: UUID, if_match: IfMatch) -> TrackRow:
    """A track that nobody else changes for the rest of `tx`.

    Raises:
        NotFound: it isn't there, or someone else's.
        PreconditionFailed: `if_match` is about another version.
    """
    row = await sql.lock(tx, track_id, actor.user_id)
    if row is None:
        raise NotFound(_GONE)
    if_match.check(row.version)
    return row


async def _known(read: Read, owner_id: UUID, track_id: UUID) -> TrackRow:
    row = await sql.track(read, track_id, owner_id)
    if row is None:
        raise NotFound(_GONE)
    return row


async def tell(
    tx: Write,
    owner_id: UUID,
    track_id: UUID,
    action: Literal["created", "updated", "deleted", "restored"],
) -> None:
    """Have the owner's browsers told of a change once `tx` is committed, and caches forget."""
    invalidate(tx, f"tracks:{owner_id.hex}", f"track:{track_id.hex}")
    await events.publish(tx, owner_id, "tracks", "track", TrackChanged(track_id, action))
