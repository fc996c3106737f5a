"""Where tracks are listened to: signed URLs of their renditions, and their waveforms."""

from datetime import UTC, datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from backline.audio import originals, sql, tracks
from backline.audio.covers import prefix
from backline.audio.models import Quality, StreamLink, TrackRow, Waveform
from backline.platform.actor import Actor
from backline.platform.database import Read
from backline.platform.errors import Conflict
from backline.platform.media import passive
from backline.platform.media.signing import MediaSigner

_MP4: Final = "audio/mp4"
_HLS: Final = "application/vnd.apple.mpegurl"
_DASH: Final = "application/dash+xml"
_UNREADY: Final = "It is still being prepared. Try again in a moment."
_UNPREPARED: Final = "Have it prepared first, or play its original."

Manifest = Literal["hls", "dash"] | None


class Picked(msgspec.Struct, frozen=True):
    """A file of a track, by its generation and its name there."""

    generation: str
    name: str
    content_type: str


async def stream(
    read: Read,
    actor: Actor,
    signer: MediaSigner,
    track_id: UUID,
    *,
    quality: Quality,
    manifest: Manifest,
) -> StreamLink:
    """A signed URL to listen to one of the actor's tracks by.

    Raises:
        NotFound: it isn't there, or someone else's.
        Conflict: the track isn't ready, or failed.
    """
    row = await tracks.get(read, actor, track_id)
    return await link(read, row, signer, quality, manifest)


async def link(
    read: Read, row: TrackRow, signer: MediaSigner, quality: Quality, manifest: Manifest
) -> StreamLink:
    """A signed URL to listen by, for whoever may.

    Raises:
        Conflict: the track isn't ready, or failed.
    """
    file = await pick(read, row, quality, manifest)
    where = prefix(row.owner_id, row.id, file.generation)
    made = signer.url(where, file.name, datetime.now(UTC))
    return StreamLink(made.url, made.expires_at, file.content_type)


async def pick(read: Read, row: TrackRow, quality: Quality, manifest: Manifest) -> Picked:
    """Which of a track's files to listen to.

    Raises:
        Conflict: the track isn't ready, or failed.
    """
    as_it_is = manifest is None and await originals.plays_as_it_is(read, row)
    if quality == "original" or as_it_is:
        return Picked(tracks.SOURCE, tracks.ORIGINAL, passive(row.content_type))
    if row.generation is None or not row.has_renditions:
        unready = _UNPREPARED if row.folder_id is not None else _UNREADY
        reason = row.error or unready
        raise Conflict(f"This track can't be played yet. {reason}")
    return Picked(row.generation, *_rendition(quality, manifest))


def _rendition(quality: Quality, manifest: Manifest) -> tuple[str, str]:
    if manifest == "dash":
        return "manifest.mpd", _DASH
    if quality == "auto":
        return "master.m3u8", _HLS
    if manifest == "hls":
        return f"{quality}.m3u8", _HLS
    return f"{quality}.m4a", _MP4


async def waveform(read: Read, actor: Actor, track_id: UUID) -> Waveform:
    """The waveform of one of the actor's tracks.

    Raises:
        NotFound: it isn't there, or someone else's.
        Conflict: it isn't ready.
    """
    return await waveform_of(read, await tracks.get(read, actor, track_id))


async def waveform_of(read: Read, row: TrackRow) -> Waveform:
    """The waveform of a track, for whoever may listen to it.

    Raises:
        Conflict: it isn't ready.
    """
    packed = await sql.peaks(read, row.id, row.owner_id)
    if packed is None:
        raise Conflict("This track has no waveform yet. It comes when the track is ready.")
    signed = memoryview(packed).cast("b").tolist()
    return Waveform(list(zip(signed[::2], signed[1::2], strict=True)))
