"""The queries of the audio library, each a typed function."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString
from uuid import UUID

import msgspec

from backline.audio.filing_sql import RULES
from backline.audio.models import Labels, Rendered, TrackRow
from backline.platform import text
from backline.platform.database import Read, Write

FIELDS = """id, owner_id, title, artist, album, album_artist, genre, year, track_number,
  disc_number, duration_ms, status, error, job_id, filename, content_type, size_bytes,
  loudness_lufs, true_peak_dbtp, gain_db, generation, has_cover, edited, warnings, mbid, album_id,
  artist_ids, artist_names, folder_id, has_renditions AND generation IS NOT NULL AS has_renditions,
  created_at, updated_at, version, favorite_at, rating,
  coalesce(play_count, 0) AS play_count, last_played_at"""
# With a row of its own for each track: the planner then never reads all that somebody has heard.
TRACKS = """tracks t LEFT JOIN LATERAL (
  SELECT favorite_at, rating, play_count, last_played_at FROM track_listening
  WHERE user_id = t.owner_id AND track_id = t.id LIMIT 1
) l ON true"""
_COLUMNS = f"SELECT {FIELDS} FROM {TRACKS}\n"  # noqa: S608  # literals alone
_TRACK = _COLUMNS + "WHERE id = $1 AND owner_id = $2 AND deleted_at IS NULL"
_LOCKED = _TRACK + " FOR UPDATE OF t"


async def lock(tx: Write, track_id: UUID, owner_id: UUID) -> TrackRow | None:
    """One track that isn't deleted, and that nobody else changes until `tx` ends."""
    return await tx.fetch_one(_LOCKED, TrackRow, track_id, owner_id)


async def track(read: Read, track_id: UUID, owner_id: UUID) -> TrackRow | None:
    """One track that isn't deleted."""
    return await read.fetch_one(_TRACK, TrackRow, track_id, owner_id)


_TRACKS_OF = _COLUMNS + "WHERE id = ANY($1::uuid[]) AND owner_id = $2 AND deleted_at IS NULL"


async def tracks_of(read: Read, owner_id: UUID, ids: Sequence[UUID]) -> list[TrackRow]:
    """Those of someone's tracks that aren't deleted, in any order."""
    return await read.fetch(_TRACKS_OF, TrackRow, list(ids), owner_id)


_INSERT = """
INSERT INTO tracks (id, owner_id, title, filename, content_type, size_bytes, sha256, job_id,
  title_key, artist_key, album_key, search, filed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, to_tsvector('simple', $12), $13)
"""


async def insert_track(
    tx: Write,
    *,
    track_id: UUID,
    owner_id: UUID,
    title: str,
    filename: str,
    content_type: str,
    size_bytes: int,
    sha256: bytes,
    job_id: UUID,
) -> None:
    """Add a track that is about to be rendered."""
    await tx.execute(
        _INSERT,
        track_id,
        owner_id,
        title,
        filename,
        content_type,
        size_bytes,
        sha256,
        job_id,
        text.shelf_key(title),
        text.shelf_key(""),
        text.shelf_key(""),
        text.document(title, filename),
        RULES,  # there is nothing yet to file it under
    )


_SET_LABELS = """
UPDATE tracks SET title = $3, artist = $4, album = $5, album_artist = $6, genre = $7, year = $8,
  track_number = $9, disc_number = $10, search = to_tsvector('simple', $11),
  edited = edited OR $12, title_key = $13, version = version + 1, updated_at = now()
WHERE id = $1 AND owner_id = $2 AND deleted_at IS NULL
"""


async def set_labels(
    tx: Write, track_id: UUID, owner_id: UUID, labels: Labels, filename: str, *, by_person: bool
) -> None:
    """Name a track that isn't gone. Whoever changes more than its title files it."""
    await tx.execute(
        _SET_LABELS,
        track_id,
        owner_id,
        labels.title,
        labels.artist,
        labels.album,
        labels.album_artist,
        labels.genre,
        labels.year,
        labels.track_number,
        labels.disc_number,
        text.document(labels.title, labels.artist, labels.album, labels.genre, filename),
        by_person,
        text.shelf_key(labels.title),
    )


_CHARGED = "SELECT charged_bytes FROM track_details WHERE track_id = $1 AND owner_id = $2"
_SET_READY = """
UPDATE tracks SET status = 'ready', error = NULL, generation = $3, duration_ms = $4,
  content_type = $5, loudness_lufs = $6, true_peak_dbtp = $7, gain_db = $8,
  has_cover = $9 OR cover_id IS NOT NULL, warnings = $10, has_renditions = true,
  tags = CASE WHEN folder_id IS NULL THEN $11::jsonb ELSE tags END,
  sound_hash = coalesce(nullif($12::bytea, ''), sound_hash), version = version + 1,
  updated_at = now()
WHERE id = $1 AND owner_id = $2
"""
_SET_DETAILS = """
INSERT INTO track_details (track_id, owner_id, codec, sample_rate_hz, channels, duration_samples,
  peaks, files, charged_bytes)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (track_id) DO UPDATE SET codec = excluded.codec,
  sample_rate_hz = excluded.sample_rate_hz, channels = excluded.channels,
  duration_samples = excluded.duration_samples, peaks = excluded.peaks,
  files = excluded.files, charged_bytes = excluded.charged_bytes, rendered_at = now()
"""


async def charged_bytes(tx: Write, track_id: UUID, owner_id: UUID) -> int:
    """What a track's renditions count towards its owner's quota."""
    return await tx.fetch_value(_CHARGED, track_id, owner_id) or 0


async def set_ready(tx: Write, track_id: UUID, owner_id: UUID, rendered: Rendered) -> bool:
    """Point a track to its renditions; False where it is gone."""
    changed = await tx.execute(
        _SET_READY,
        track_id,
        owner_id,
        rendered.generation,
        rendered.duration_ms,
        rendered.content_type,
        rendered.loudness_lufs,
        rendered.true_peak_dbtp,
        rendered.gain_db,
        rendered.has_cover,
        list(rendered.warnings),
        msgspec.json.encode(rendered.tags).decode(),
        rendered.sound_hash,
    )
    if changed == 0:
        return False
    await tx.execute(
        _SET_DETAILS,
        track_id,
        owner_id,
        rendered.codec,
        rendered.sample_rate_hz,
        rendered.channels,
        rendered.duration_samples,
        rendered.peaks,
        msgspec.json.encode(rendered.files).decode(),
        sum(rendered.files.values()),
    )
    return True


_SET_FAILED = """
UPDATE tracks SET status = 'failed', error = $3, version = version + 1, updated_at = now()
WHERE id = $1 AND owner_id = $2
  AND (status = 'processing' OR folder_id IS NOT NULL AND NOT has_renditions)
"""
_SET_PROCESSING = """
UPDATE tracks SET status = 'processing', error = NULL, job_id = $3, version = version + 1,
  updated_at = now()
WHERE id = $1 AND owner_id = $2 AND status = 'failed' AND deleted_at IS NULL
"""


_SET_JOB = "UPDATE tracks SET job_id = $3 WHERE id = $1 AND owner_id = $2"


async def set_job(tx: Write, track_id: UUID, owner_id: UUID, job_id: UUID) -> None:
    """Remember which job renders a track."""
    await tx.execute(_SET_JOB, track_id, owner_id, job_id)


async def set_failed(tx: Write, track_id: UUID, owner_id: UUID, error: str) -> bool:
    """Say why a track has no renditions."""
    return await tx.execute(_SET_FAILED, track_id, owner_id, error) > 0


async def set_processing(tx: Write, track_id: UUID, owner_id: UUID, job_id: UUID) -> bool:
    """Have a failed track rendered again; False where it isn't one."""
    return await tx.execute(_SET_PROCESSING, track_id, owner_id, job_id) > 0


_MARK_DELETED = """
UPDATE tracks SET deleted_at = now(), version = version + 1
WHERE id = $1 AND owner_id = $2 AND deleted_at IS NULL
"""
_RESTORE = """
UPDATE tracks SET deleted_at = NULL, version = version + 1, updated_at = now()
WHERE id = $1 AND owner_id = $2 AND deleted_at IS NOT NULL AND missing_at IS NULL
"""
_PURGEABLE = """
SELECT CASE WHEN t.folder_id IS NULL THEN t.size_bytes ELSE 0 END + coalesce(
  (SELECT d.charged_bytes FROM track_details d WHERE d.track_id = t.id AND d.owner_id = $2), 0)
FROM tracks t WHERE t.id = $1 AND t.owner_id = $2 AND t.deleted_at IS NOT NULL FOR UPDATE
"""
_PURGE = "DELETE FROM tracks WHERE id = $1 AND owner_id = $2"
_PURGE_OWNER: tuple[LiteralString, ...] = tuple(
    f"DELETE FROM {table} WHERE owner_id = $1"  # noqa: S608  # literals alone
    for table in ("tracks", "albums", "artists", "genres")
)


async def mark_deleted(tx: Write, track_id: UUID, owner_id: UUID) -> None:
    """Hide a track everywhere."""
    await tx.execute(_MARK_DELETED, track_id, owner_id)


async def restore(tx: Write, track_id: UUID, owner_id: UUID) -> bool:
    """Show a deleted track again; False where its purge has come first."""
    return await tx.execute(_RESTORE, track_id, owner_id) > 0


async def purgeable_size_bytes(tx: Write, track_id: UUID, owner_id: UUID) -> int | None:
    """Lock a deleted track for its purge, and tell what it counts towards its owner's quota.

    None where it was restored or is gone.
    """
    return await tx.fetch_value(_PURGEABLE, track_id, owner_id)


async def purge(tx: Write, track_id: UUID, owner_id: UUID) -> None:
    """Remove a track's row for good."""
    await tx.execute(_PURGE, track_id, owner_id)


async def purge_owner(tx: Write, owner_id: UUID) -> None:
    """Remove all rows of someone's tracks for good, and what they were filed under."""
    for statement in _PURGE_OWNER:
        await tx.execute(statement, owner_id)


_PEAKS = "SELECT peaks FROM track_details WHERE track_id = $1 AND owner_id = $2"
_JOB_OF = "SELECT job_id FROM tracks WHERE id = $1 AND owner_id = $2"
_SOURCE_FILE = """
SELECT content_type, filename, size_bytes, created_at, folder_id, title, artist FROM tracks
WHERE id = $1 AND owner_id = $2 AND deleted_at IS NULL
"""
_RENDITION_FILE = """
SELECT (d.files ->> $4)::bigint AS size_bytes, d.rendered_at
FROM tracks t JOIN track_details d ON d.track_id = t.id
WHERE t.id = $1 AND t.owner_id = $2 AND t.generation = $3 AND t.deleted_at IS NULL
  AND d.files ? $4
"""
_GENERATIONS = "SELECT id, generation FROM tracks WHERE id = ANY($1::uuid[])"


class SourceFile(msgspec.Struct, frozen=True):
    """What the media room needs to know of an original."""

    content_type: str
    filename: str
    size_bytes: int
    created_at: datetime
    folder_id: UUID | None
    title: str
    artist: str


class RenditionFile(msgspec.Struct, frozen=True):
    """What the media room needs to know of a file of a rendition."""

    size_bytes: int
    rendered_at: datetime


class Generation(msgspec.Struct, frozen=True):
    """Which renditions of a track count."""

    id: UUID
    generation: str | None


async def peaks(read: Read, track_id: UUID, owner_id: UUID) -> bytes | None:
    """A track's waveform: pairs of signed bytes."""
    return await read.fetch_value(_PEAKS, track_id, owner_id)


async def job_of(read: Read, owner_id: UUID, track_id: UUID) -> UUID | None:
    """The job that renders a track, or did."""
    return await read.fetch_value(_JOB_OF, track_id, owner_id)


async def source_file(read: Read, track_id: UUID, owner_id: UUID) -> SourceFile | None:
    """The original of a track that isn't deleted."""
    return await read.fetch_one(_SOURCE_FILE, SourceFile, track_id, owner_id)


async def rendition_file(
    read: Read, track_id: UUID, owner_id: UUID, generation: str, name: str
) -> RenditionFile | None:
    """A file of the generation that a track points to."""
    args = (track_id, owner_id, generation, name)
    return await read.fetch_one(_RENDITION_FILE, RenditionFile, *args)


async def generations(read: Read, track_ids: Sequence[UUID]) -> list[Generation]:
    """The renditions that count, of those of the tracks that exist."""
    return await read.fetch(_GENERATIONS, Generation, list(track_ids))
