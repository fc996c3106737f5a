"""Tracks: added from an upload, listed, changed, deleted, restored, listened to."""

import mimetypes
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import UNSET

from backline.audio import sql
from backline.audio.engine.findings import LARGE_NAME, SMALL_NAME
from backline.audio.models import (
    Cover,
    Labels,
    Loudness,
    Quality,
    Sort,
    StreamLink,
    Track,
    TrackChanged,
    TrackJob,
    TrackPatch,
    TrackRow,
    Waveform,
)
from backline.platform import events, text
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Read, Write
from backline.platform.errors import Conflict, NotFound
from backline.platform.http.conditions import ANY_VERSION, IfMatch
from backline.platform.jobs import enqueue
from backline.platform.signing import MediaSigner

RENDER = "audio.render"
PURGE = "audio.purge"
UNDO_S = 30
ORIGINAL = "original"
SOURCE = "source"  # the generation that the original lies in

_MP4, _HLS, _DASH = "audio/mp4", "application/vnd.apple.mpegurl", "application/dash+xml"
_GONE = "There is no such track."


class Source(msgspec.Struct, frozen=True):
    """A whole uploaded file that lies in the storage under `prefix(owner, track, SOURCE)`."""

    filename: str
    size_bytes: int
    sha256: bytes


def prefix(owner_id: UUID, track_id: UUID, generation: str) -> str:
    """Where a generation of a track's files lies; a media token opens exactly one."""
    return f"tracks/{owner_id.hex}/{track_id.hex}/{generation}"


def original_key(owner_id: UUID, track_id: UUID) -> str:
    """Where the uploaded file itself lies."""
    return f"{prefix(owner_id, track_id, SOURCE)}/{ORIGINAL}"


async def add(tx: Write, owner_id: UUID, track_id: UUID, source: Source) -> TrackRow:
    """Add a track whose original has been stored and whose room is charged; render it soon."""
    job_id = await _queue(tx, owner_id, track_id)
    stem = source.filename.rpartition(".")[0] or source.filename
    title = " ".join(stem.replace("_", " ").split())[:500] or "Untitled"
    await sql.insert_track(
        tx,
        track_id=track_id,
        owner_id=owner_id,
        title=title,
        filename=source.filename,
        content_type=mimetypes.guess_type(source.filename)[0] or "application/octet-stream",
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
    *,
    sort: Sort,
    after: tuple[datetime | str, UUID] | None,
    search: str,
    limit: int,
) -> list[TrackRow]:
    """A page of the actor's tracks; where `search` has words, those that have them all."""
    wanted = text.query(search)
    if search and wanted is None:
        return []
    return await sql.tracks(read, actor.user_id, sort=sort, after=after, search=wanted, limit=limit)


def sort_key(row: TrackRow, sort: Sort) -> tuple[datetime | str, UUID]:
    """What a cursor remembers of a row."""
    match sort:
        case "created_at" | "-created_at":
            return row.created_at, row.id
        case "title" | "artist" | "album":
            return text.sort_key(getattr(row, sort)), row.id


async def change(
    tx: Write, actor: Actor, track_id: UUID, patch: TrackPatch, if_match: IfMatch = ANY_VERSION
) -> TrackRow:
    """Change what a track is called; its tags don't overwrite that any more.

    Raises:
        PreconditionFailed: `if_match` is about another version.
    """
    row = await _locked(tx, actor, track_id, if_match)
    said = {
        field: value
        for field in TrackPatch.__struct_fields__
        if (value := getattr(patch, field)) is not UNSET
    }
    labels = msgspec.structs.replace(labels_of(row), **said)
    named = await sql.set_labels(tx, track_id, actor.user_id, labels, row.filename, by_person=True)
    await tell(tx, actor.user_id, track_id, "updated")
    return named or row


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


async def restore(tx: Write, actor: Actor, track_id: UUID) -> TrackRow:
    """Undo a deletion.

    Raises:
        NotFound: its bytes are gone already, or it never was the actor's.
    """
    if not await sql.restore(tx, track_id, actor.user_id):
        raise NotFound("There is nothing left to restore.")
    row = await _known(tx, actor.user_id, track_id)
    if row.status == "processing":  # its job may have found it deleted
        await sql.set_job(tx, track_id, actor.user_id, await _queue(tx, actor.user_id, track_id))
    await tell(tx, actor.user_id, track_id, "restored")
    return await _known(tx, actor.user_id, track_id)


async def retry(tx: Write, actor: Actor, track_id: UUID) -> TrackRow:
    """Render a failed track once more.

    Raises:
        Conflict: it hasn't failed.
    """
    await _known(tx, actor.user_id, track_id)
    job_id = await _queue(tx, actor.user_id, track_id)
    if not await sql.set_processing(tx, track_id, actor.user_id, job_id):
        raise Conflict("This track hasn't failed, so there is nothing to try again.")
    await tell(tx, actor.user_id, track_id, "updated")
    return await _known(tx, actor.user_id, track_id)


async def stream(
    read: Read,
    actor: Actor,
    signer: MediaSigner,
    track_id: UUID,
    *,
    quality: Quality,
    manifest: Literal["hls", "dash"] | None,
) -> StreamLink:
    """A signed URL to listen by.

    Raises:
        Conflict: the track isn't ready, or failed.
    """
    row = await _known(read, actor.user_id, track_id)
    now = datetime.now(UTC)
    if quality == "original":
        where = prefix(row.owner_id, row.id, SOURCE)
        link = signer.url(where, ORIGINAL, now)
        return StreamLink(link.url, link.expires_at, row.content_type)
    if row.generation is None:
        reason = row.error or "It is still being prepared. Try again in a moment."
        raise Conflict(f"This track can't be played yet. {reason}")
    name, content_type = _rendition(quality, manifest)
    link = signer.url(prefix(row.owner_id, row.id, row.generation), name, now)
    return StreamLink(link.url, link.expires_at, content_type)


def _rendition(quality: Quality, manifest: Literal["hls", "dash"] | None) -> tuple[str, str]:
    if manifest == "dash":
        return "manifest.mpd", _DASH
    if quality == "auto":
        return "master.m3u8", _HLS
    if manifest == "hls":
        return f"{quality}.m3u8", _HLS
    return f"{quality}.m4a", _MP4


async def waveform(read: Read, actor: Actor, track_id: UUID) -> Waveform:
    """The waveform of a ready track.

    Raises:
        Conflict: it isn't ready.
    """
    await _known(read, actor.user_id, track_id)
    packed = await sql.peaks(read, track_id, actor.user_id)
    if packed is None:
        raise Conflict("This track has no waveform yet. It comes when the track is ready.")
    signed = memoryview(packed).cast("b").tolist()
    return Waveform(list(zip(signed[::2], signed[1::2], strict=True)))


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
            row.created_at,
            row.updated_at,
            row.version,
        )
        for row in rows
    ]


def _loudness(row: TrackRow) -> Loudness | None:
    if row.loudness_lufs is None:
        return None
    return Loudness(row.loudness_lufs, row.true_peak_dbtp, row.gain_db)


def _cover(row: TrackRow, signer: MediaSigner) -> Cover | None:
    """URLs that stay the same as long as a signature does, so they are made once in that time."""
    if not row.has_cover or row.generation is None:
        return None
    now = datetime.now(UTC)
    where = signer.folder(prefix(row.owner_id, row.id, row.generation), now).url
    cover = Cover(f"{where}/{SMALL_NAME}", f"{where}/{LARGE_NAME}")
    signer.made(now).keep((row.id, row.generation), cover)
    return cover


async def _queue(tx: Write, owner_id: UUID, track_id: UUID) -> UUID:
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
