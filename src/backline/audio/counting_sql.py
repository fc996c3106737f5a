"""The queries that count what artists, albums and genres have, each a typed function."""

from collections.abc import Sequence
from uuid import UUID

from backline.platform.database import Write

# A level is the logarithm of a power: of an album, of the mean power over its time.
_ALBUMS = """
UPDATE albums a SET track_count = s.track_count, disc_count = s.disc_count,
  duration_ms = s.duration_ms, year = s.year, loudness_lufs = s.loudness_lufs,
  cover_track_id = s.cover_track_id, added_at = coalesce(s.added_at, a.added_at),
  genre_ids = CASE WHEN s.track_count = 0 THEN a.genre_ids ELSE g.genre_ids END
FROM unnest($2::uuid[]) AS one(id)
CROSS JOIN LATERAL (
  SELECT count(*) AS track_count, count(DISTINCT coalesce(t.disc_number, 1)) AS disc_count,
    coalesce(sum(t.duration_ms), 0) AS duration_ms, mode() WITHIN GROUP (ORDER BY t.year) AS year,
    10 * log(nullif(sum(t.duration_ms * power(10, t.loudness_lufs / 10))
      / nullif(sum(t.duration_ms) FILTER (WHERE t.loudness_lufs IS NOT NULL), 0), 0))
      AS loudness_lufs,
    (array_agg(t.id ORDER BY coalesce(t.disc_number, 1), coalesce(t.track_number, 10000), t.id)
      FILTER (WHERE t.has_cover))[1] AS cover_track_id,
    max(t.created_at) AS added_at
  FROM tracks t WHERE t.album_id = one.id AND t.owner_id = $1 AND t.deleted_at IS NULL
) s
CROSS JOIN LATERAL (
  SELECT coalesce(array_agg(DISTINCT genre_id), '{}') AS genre_ids
  FROM tracks t CROSS JOIN unnest(t.genre_ids) AS genre_id
  WHERE t.album_id = one.id AND t.owner_id = $1 AND t.deleted_at IS NULL
) g
WHERE a.owner_id = $1 AND a.id = one.id
"""
_ARTISTS_OF = """
SELECT DISTINCT artist_id FROM albums a CROSS JOIN unnest(a.artist_ids) AS artist_id
WHERE a.owner_id = $1 AND a.id = ANY($2::uuid[])
"""
_ARTISTS = """
UPDATE artists a SET
  track_count = (SELECT count(*) FROM tracks t
    WHERE t.artist_ids @> ARRAY[a.id] AND t.owner_id = $1 AND t.deleted_at IS NULL),
  album_count = (SELECT count(*) FROM albums b
    WHERE b.artist_ids @> ARRAY[a.id] AND b.owner_id = $1 AND b.track_count > 0),
  cover_track_id = coalesce(
    (SELECT b.cover_track_id FROM albums b
      WHERE b.artist_ids @> ARRAY[a.id] AND b.owner_id = $1 AND b.track_count > 0
        AND b.cover_track_id IS NOT NULL ORDER BY b.added_at DESC, b.id LIMIT 1),
    (SELECT t.id FROM tracks t
      WHERE t.artist_ids @> ARRAY[a.id] AND t.owner_id = $1 AND t.deleted_at IS NULL
        AND t.has_cover ORDER BY t.created_at DESC, t.id LIMIT 1))
WHERE a.owner_id = $1 AND a.id = ANY($2::uuid[])
"""
_GENRES = """
UPDATE genres g SET
  track_count = (SELECT count(*) FROM tracks t
    WHERE t.genre_ids @> ARRAY[g.id] AND t.owner_id = $1 AND t.deleted_at IS NULL),
  album_count = (SELECT count(*) FROM albums b
    WHERE b.genre_ids @> ARRAY[g.id] AND b.owner_id = $1 AND b.track_count > 0)
WHERE g.owner_id = $1 AND g.id = ANY($2::uuid[])
"""
_DROP_ALBUMS = """
DELETE FROM albums a WHERE a.owner_id = $1 AND a.track_count = 0
  AND NOT EXISTS (SELECT FROM tracks t WHERE t.album_id = a.id AND t.owner_id = $1)
"""
_DROP_ARTISTS = """
DELETE FROM artists a WHERE a.owner_id = $1 AND a.track_count + a.album_count = 0
  AND NOT EXISTS (SELECT FROM tracks t WHERE t.artist_ids @> ARRAY[a.id] AND t.owner_id = $1)
  AND NOT EXISTS (SELECT FROM albums b WHERE b.artist_ids @> ARRAY[a.id] AND b.owner_id = $1)
"""
_DROP_GENRES = """
DELETE FROM genres g WHERE g.owner_id = $1 AND g.track_count = 0
  AND NOT EXISTS (SELECT FROM tracks t WHERE t.genre_ids @> ARRAY[g.id] AND t.owner_id = $1)
"""


async def count_albums(tx: Write, owner_id: UUID, album_ids: Sequence[UUID]) -> None:
    """Say anew what albums have: tracks, discs, length, year, level, genres, a cover."""
    await tx.execute(_ALBUMS, owner_id, list(album_ids))


async def artists_of(tx: Write, owner_id: UUID, album_ids: Sequence[UUID]) -> list[UUID]:
    """Whose albums these are."""
    return await tx.fetch_values(_ARTISTS_OF, owner_id, list(album_ids))


async def count_artists(tx: Write, owner_id: UUID, artist_ids: Sequence[UUID]) -> None:
    """Say anew how many tracks and albums artists have."""
    await tx.execute(_ARTISTS, owner_id, list(artist_ids))


async def count_genres(tx: Write, owner_id: UUID, genre_ids: Sequence[UUID]) -> None:
    """Say anew how many tracks and albums genres have."""
    await tx.execute(_GENRES, owner_id, list(genre_ids))


async def drop_empty(tx: Write, owner_id: UUID) -> None:
    """Remove what nothing is filed under, not even a deleted track."""
    for statement in (_DROP_ALBUMS, _DROP_ARTISTS, _DROP_GENRES):
        await tx.execute(statement, owner_id)
