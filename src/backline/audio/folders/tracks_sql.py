"""Tracks whose originals stay in folders: added, read anew, hidden, found again."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from backline.audio.engine.findings import Catalogued
from backline.audio.models import Labels
from backline.platform import text
from backline.platform.database import Read, Write


class Entry(msgspec.Struct, frozen=True):
    """What a row of a track keeps of a file that was looked at."""

    id: UUID
    filename: str
    labels: Labels
    found: Catalogued
    cover_id: UUID | None
    generation: str
    same_sound: bool = False


_COLUMNS: Final = """unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
  $9::text[], $10::smallint[], $11::smallint[], $12::smallint[], $13::integer[], $14::text[],
  $15::bigint[], $16::bytea[], $17::text[], $18::text[], $19::uuid[], $20::text[], $21::text[],
  $22::boolean[], $23::bytea[])
  AS u(id, filename, title, artist, album, album_artist, genre, year, track_number, disc_number,
    duration_ms, content_type, size_bytes, sha256, warnings, tags, cover_id, generation, search,
    same_sound, sound_hash)"""
# Filing gives them their places in lists.
_ADD: Final = f"""
INSERT INTO tracks (owner_id, folder_id, id, filename, title, artist, album, album_artist, genre,
  year, track_number, disc_number, duration_ms, status, content_type, size_bytes, sha256, warnings,
  tags, cover_id, has_cover, generation, has_renditions, title_key, artist_key, album_key, search,
  sound_hash)
SELECT $1, $2, u.id, u.filename, u.title, u.artist, u.album, u.album_artist, u.genre,
  u.year, u.track_number, u.disc_number, u.duration_ms, 'ready', u.content_type, u.size_bytes,
  u.sha256, coalesce(string_to_array(nullif(u.warnings, ''), chr(1)), '{{}}'), u.tags::jsonb,
  u.cover_id,
  u.cover_id IS NOT NULL, u.generation, false, '', '', '', to_tsvector('simple', u.search),
  u.sound_hash
FROM {_COLUMNS}
"""  # noqa: S608  # literals alone
# What a person wrote stays. Renditions stay while sound and cover are the same.
_RENEW: Final = f"""
UPDATE tracks t SET folder_id = $2, filename = u.filename, status = 'ready', error = NULL,
  title = CASE WHEN t.edited THEN t.title ELSE u.title END,
  artist = CASE WHEN t.edited THEN t.artist ELSE u.artist END,
  album = CASE WHEN t.edited THEN t.album ELSE u.album END,
  album_artist = CASE WHEN t.edited THEN t.album_artist ELSE u.album_artist END,
  genre = CASE WHEN t.edited THEN t.genre ELSE u.genre END,
  year = CASE WHEN t.edited THEN t.year ELSE u.year END,
  track_number = CASE WHEN t.edited THEN t.track_number ELSE u.track_number END,
  disc_number = CASE WHEN t.edited THEN t.disc_number ELSE u.disc_number END,
  search = CASE WHEN t.edited THEN t.search ELSE to_tsvector('simple', u.search) END,
  content_type = u.content_type, size_bytes = u.size_bytes, sha256 = u.sha256, tags = u.tags::jsonb,
  sound_hash = u.sound_hash,
  warnings = CASE WHEN k.keeps THEN t.warnings
    ELSE coalesce(string_to_array(nullif(u.warnings, ''), chr(1)), '{{}}') END,
  duration_ms = CASE WHEN k.keeps THEN t.duration_ms ELSE u.duration_ms END,
  loudness_lufs = CASE WHEN u.same_sound THEN t.loudness_lufs END,
  true_peak_dbtp = CASE WHEN u.same_sound THEN t.true_peak_dbtp END,
  gain_db = CASE WHEN u.same_sound THEN t.gain_db END,
  generation = CASE WHEN k.keeps THEN t.generation ELSE u.generation END,
  has_renditions = k.keeps, cover_id = u.cover_id, has_cover = u.cover_id IS NOT NULL,
  deleted_at = CASE WHEN t.missing_at IS NULL THEN t.deleted_at END, missing_at = NULL,
  version = t.version + 1, updated_at = now()
FROM {_COLUMNS}
CROSS JOIN LATERAL (
  SELECT x.has_renditions AND u.same_sound AND x.cover_id IS NOT DISTINCT FROM u.cover_id AS keeps
  FROM tracks x WHERE x.id = u.id AND x.owner_id = $1
) k
WHERE t.id = u.id AND t.owner_id = $1
RETURNING t.id
"""  # noqa: S608  # literals alone
_LOCK: Final = """
SELECT id FROM tracks WHERE owner_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE
"""
# What was rendered of another sound, or with another cover, goes; the sweep takes its files.
_DROP_DETAILS: Final = """
WITH gone AS (
  DELETE FROM track_details d USING tracks t WHERE d.track_id = t.id AND d.owner_id = $1
    AND t.owner_id = $1 AND t.id = ANY($2::uuid[]) AND NOT t.has_renditions
  RETURNING d.charged_bytes
) SELECT coalesce(sum(charged_bytes), 0)::bigint FROM gone
"""
_FAIL: Final = """
UPDATE tracks t SET status = 'failed', error = u.error, version = version + 1, updated_at = now()
FROM unnest($2::uuid[], $3::text[]) AS u(id, error)
WHERE t.id = u.id AND t.owner_id = $1 AND t.deleted_at IS NULL
RETURNING t.id
"""
_LYRICS: Final = """
INSERT INTO track_lyrics (track_id, owner_id, lines, by_person)
SELECT u.id, $1, u.lines::jsonb, false FROM unnest($2::uuid[], $3::text[]) AS u(id, lines)
WHERE EXISTS (SELECT FROM tracks t WHERE t.id = u.id AND t.owner_id = $1)
ON CONFLICT (track_id) DO UPDATE SET lines = excluded.lines WHERE NOT track_lyrics.by_person
"""
_NO_LYRICS: Final = """
DELETE FROM track_lyrics WHERE owner_id = $1 AND track_id = ANY($2::uuid[]) AND NOT by_person
"""
_TO_HIDE: Final = """
SELECT DISTINCT f.track_id FROM music_files f
JOIN tracks t ON t.id = f.track_id AND t.owner_id = $1 AND t.deleted_at IS NULL
WHERE f.owner_id = $1 AND f.folder_id = $2 AND NOT f.is_there LIMIT $3
"""
_HIDE: Final = """
UPDATE tracks SET deleted_at = now(), missing_at = now(), version = version + 1
WHERE owner_id = $1 AND id = ANY($2::uuid[]) AND deleted_at IS NULL
  AND NOT EXISTS (SELECT FROM music_files f
    WHERE f.owner_id = $1 AND f.track_id = tracks.id AND f.is_there)
RETURNING id
"""


def _columns(entries: Sequence[Entry]) -> list[list[object]]:
    labels = [entry.labels for entry in entries]
    found = [entry.found for entry in entries]
    names = ("title", "artist", "album", "album_artist", "genre")
    numbers = ("year", "track_number", "disc_number")
    return [
        [entry.id for entry in entries],
        [entry.filename for entry in entries],
        *([getattr(one, name) for one in labels] for name in (*names, *numbers)),
        [one.duration_ms for one in found],
        [one.content_type for one in found],
        [one.size_bytes for one in found],
        [one.content_hash for one in found],
        ["\x01".join(one.warnings) for one in found],
        [msgspec.json.encode(one.tags).decode() for one in found],
        [entry.cover_id for entry in entries],
        [entry.generation for entry in entries],
        [
            text.document(one.title, one.artist, one.album, one.genre, entry.filename)
            for one, entry in zip(labels, entries, strict=True)
        ],
        [entry.same_sound for entry in entries],
        [one.sound_hash for one in found],
    ]


async def add(tx: Write, owner_id: UUID, folder_id: UUID, entries: Sequence[Entry]) -> None:
    """Add tracks that play as they are; whoever does files them."""
    if entries:
        await tx.execute(_ADD, owner_id, folder_id, *_columns(entries))


async def renew(tx: Write, owner_id: UUID, folder_id: UUID, entries: Sequence[Entry]) -> list[UUID]:
    """Write what files say now of their tracks, which are shown again; those that are there."""
    if not entries:
        return []
    await lock(tx, owner_id, [entry.id for entry in entries])
    return await tx.fetch_values(_RENEW, owner_id, folder_id, *_columns(entries))


async def lock(tx: Write, owner_id: UUID, track_ids: Sequence[UUID]) -> None:
    """Keep tracks from others until `tx` ends."""
    await tx.fetch_values(_LOCK, owner_id, list(track_ids))


async def drop_details(tx: Write, owner_id: UUID, track_ids: Sequence[UUID]) -> int:
    """Forget renditions that hold no longer; how many bytes they counted."""
    if not track_ids:
        return 0
    return await tx.fetch_value(_DROP_DETAILS, owner_id, list(track_ids))


async def set_failed(tx: Write, owner_id: UUID, reasons: Sequence[tuple[UUID, str]]) -> list[UUID]:
    """Say of tracks why their files can't be played any more; those that aren't deleted."""
    if not reasons:
        return []
    ids, errors = [track_id for track_id, _ in reasons], [error for _, error in reasons]
    return await tx.fetch_values(_FAIL, owner_id, ids, errors)


async def keep_lyrics(tx: Write, owner_id: UUID, entries: Sequence[Entry]) -> None:
    """Keep the words of tracks; those of people stay."""
    with_words = [entry for entry in entries if entry.found.lyrics]
    without = [entry.id for entry in entries if not entry.found.lyrics]
    if without:
        await tx.execute(_NO_LYRICS, owner_id, without)
    if with_words:
        lines = [msgspec.json.encode(entry.found.lyrics).decode() for entry in with_words]
        await tx.execute(_LYRICS, owner_id, [entry.id for entry in with_words], lines)


async def to_hide(read: Read, owner_id: UUID, folder_id: UUID, limit: int) -> list[UUID]:
    """Tracks that are shown although their files aren't there any more."""
    return await read.fetch_values(_TO_HIDE, owner_id, folder_id, limit)


async def hide(tx: Write, owner_id: UUID, track_ids: Sequence[UUID]) -> list[UUID]:
    """Hide tracks whose files aren't there; which were."""
    await lock(tx, owner_id, track_ids)
    return await tx.fetch_values(_HIDE, owner_id, list(track_ids))
