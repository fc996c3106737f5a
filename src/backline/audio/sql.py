"""The queries of the audio library, each a typed function."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString
from uuid import UUID

import msgspec

from backline.audio.models import Labels, Rendered, Sort, TrackRow
from backline.platform import text
from backline.platform.database import Read, Write

_FIELDS = """id, owner_id, title, artist, album, album_artist, genre, year, track_number,
  disc_number, duration_ms, status, error, job_id, filename, content_type, size_bytes,
  loudness_lufs, true_peak_dbtp, gain_db, generation, has_cover, edited, created_at, updated_at,
  version"""
_COLUMNS = f"SELECT {_FIELDS} FROM tracks\n"  # noqa: S608  # literals alone
_TRACK = _COLUMNS + "WHERE id = $1 AND owner_id = $2 AND deleted_at IS NULL"
_LOCKED = _TRACK + " FOR UPDATE"
_DELETED_TRACK = _COLUMNS + "WHERE id = $1 AND owner_id = $2 AND deleted_at IS NOT NULL"


async def lock(tx: Write, track_id: UUID, owner_id: UUID) -> TrackRow | None:
    """One track that isn't deleted, and that nobody else changes until `tx` ends."""
    return await tx.fetch_one(_LOCKED, TrackRow, track_id, owner_id)


async def track(read: Read, track_id: UUID, owner_id: UUID) -> TrackRow | None:
    """One track that isn't deleted."""
    return await read.fetch_one(_TRACK, TrackRow, track_id, owner_id)


async def deleted_track(read: Read, track_id: UUID, owner_id: UUID) -> TrackRow | None:
    """One track that is deleted and not yet purged."""
    return await read.fetch_one(_DELETED_TRACK, TrackRow, track_id, owner_id)


class _Order(msgspec.Struct, frozen=True):
    """How a list is sorted: what stands behind a row, and in which order."""

    after: LiteralString
    order_by: LiteralString


_ORDERS: dict[Sort, _Order] = {
    "created_at": _Order(
        "AND (created_at, id) > ($2::timestamptz, $3::uuid)", "ORDER BY created_at, id"
    ),
    "-created_at": _Order(
        "AND (created_at, id) < ($2::timestamptz, $3::uuid)", "ORDER BY created_at DESC, id DESC"
    ),
    "title": _Order("AND (title_key, id) > ($2::text, $3::uuid)", "ORDER BY title_key, id"),
    "artist": _Order("AND (artist_key, id) > ($2::text, $3::uuid)", "ORDER BY artist_key, id"),
    "album": _Order("AND (album_key, id) > ($2::text, $3::uuid)", "ORDER BY album_key, id"),
}
# A list's first page asks for what comes after nothing: the parameters keep their places.
_FIRST = "AND ($2::text IS NULL AND $3::uuid IS NULL)"
_SEARCH = "AND search @@ to_tsquery('simple', $5)"
_ANYTHING = "AND $5::text IS NULL"


async def tracks(
    read: Read,
    owner_id: UUID,
    *,
    sort: Sort,
    after: tuple[datetime | str, UUID] | None,
    search: str | None,
    limit: int,
) -> list[TrackRow]:
    """A page of someone's tracks; `after` is the sort key and id of the row before it."""
    order = _ORDERS[sort]
    sql: LiteralString = "\n".join(
        (
            _COLUMNS,
            "WHERE owner_id = $1 AND deleted_at IS NULL",
            order.after if after else _FIRST,
            _SEARCH if search else _ANYTHING,
            order.order_by,
            "LIMIT $4",
        )
    )
    key, row_id = after or (None, None)
    return await read.fetch(sql, TrackRow, owner_id, key, row_id, limit, search)


_INSERT = """
INSERT INTO tracks (id, owner_id, title, filename, content_type, size_bytes, sha256, job_id,
  title_key, artist_key, album_key, search)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, to_tsvector('simple', $12))
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
        text.sort_key(title),
        text.sort_key(""),
        text.sort_key(""),
        text.document(title, filename),
    )


_SET_LABELS = f"""
UPDATE tracks SET title = $3, artist = $4, album = $5, album_artist = $6, genre = $7, year = $8,
  track_number = $9, disc_number = $10, title_key = $11, artist_key = $12, album_key = $13,
  search = to_tsvector('simple', $14), edited = edited OR $15, version = version + 1,
  updated_at = now()
WHERE id = $1 AND owner_id = $2 AND deleted_at IS NULL
RETURNING {_FIELDS}
"""  # noqa: S608  # literals alone


async def set_labels(
    tx: Write, track_id: UUID, owner_id: UUID, labels: Labels, filename: str, *, by_person: bool
) -> TrackRow | None:
    """Name a track; None where it is gone."""
    return await tx.fetch_one(
        _SET_LABELS,
        TrackRow,
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
        text.sort_key(labels.title),
        text.sort_key(labels.artist),
        text.sort_key(labels.album),
        text.document(labels.title, labels.artist, labels.album, labels.genre, filename),
        by_person,
    )


_SET_READY = """
UPDATE tracks SET status = 'ready', error = NULL, generation = $3, duration_ms = $4,
  content_type = $5, loudness_lufs = $6, true_peak_dbtp = $7, gain_db = $8, has_cover = $9,
  version = version + 1, updated_at = now()
WHERE id = $1 AND owner_id = $2
"""
_SET_DETAILS = """
INSERT INTO track_details (track_id, owner_id, codec, sample_rate_hz, channels, duration_samples,
  peaks, warnings, files)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (track_id) DO UPDATE SET codec = excluded.codec,
  sample_rate_hz = excluded.sample_rate_hz, channels = excluded.channels,
  duration_samples = excluded.duration_samples, peaks = excluded.peaks,
  warnings = excluded.warnings, files = excluded.files, rendered_at = now()
"""


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
        list(rendered.warnings),
        msgspec.json.encode(rendered.files).decode(),
    )
    return True


_SET_FAILED = """
UPDATE tracks SET status = 'failed', error = $3, version = version + 1, updated_at = now()
WHERE id = $1 AND owner_id = $2 AND status = 'processing'
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
WHERE id = $1 AND owner_id = $2 AND deleted_at IS NOT NULL
"""
_PURGEABLE = """
SELECT size_bytes FROM tracks WHERE id = $1 AND owner_id = $2 AND deleted_at IS NOT NULL FOR UPDATE
"""
_PURGE = "DELETE FROM tracks WHERE id = $1 AND owner_id = $2"
_PURGE_OWNER = "DELETE FROM tracks WHERE owner_id = $1"
_MARK_OWNER = "UPDATE tracks SET deleted_at = now() WHERE owner_id = $1 AND deleted_at IS NULL"


async def mark_deleted(tx: Write, track_id: UUID, owner_id: UUID) -> None:
    """Hide a track everywhere."""
    await tx.execute(_MARK_DELETED, track_id, owner_id)


async def restore(tx: Write, track_id: UUID, owner_id: UUID) -> bool:
    """Show a deleted track again; False where its purge has come first."""
    return await tx.execute(_RESTORE, track_id, owner_id) > 0


async def purgeable_size_bytes(tx: Write, track_id: UUID, owner_id: UUID) -> int | None:
    """Lock a deleted track for its purge; None where it was restored or is gone."""
    return await tx.fetch_value(_PURGEABLE, track_id, owner_id)


async def purge(tx: Write, track_id: UUID, owner_id: UUID) -> None:
    """Remove a track's row for good."""
    await tx.execute(_PURGE, track_id, owner_id)


async def purge_owner(tx: Write, owner_id: UUID) -> None:
    """Remove all rows of someone's tracks for good."""
    await tx.execute(_PURGE_OWNER, owner_id)


async def mark_owner_deleted(tx: Write, owner_id: UUID) -> None:
    """Hide all of someone's tracks."""
    await tx.execute(_MARK_OWNER, owner_id)


_PEAKS = "SELECT peaks FROM track_details WHERE track_id = $1 AND owner_id = $2"
_SOURCE_FILE = """
SELECT content_type, filename, size_bytes, created_at FROM tracks
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
