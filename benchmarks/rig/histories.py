"""Photos and the concerts that they are of, for many people at once, made by the database.

Of one owner and one number of photos all rows are always the same, but for ids, which are made of
the owner's: so somebody's history can be made twice, alone and among others'.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import asyncpg

AT_ONCE = 20_000  # photos in one statement, or one person's if those are more
FILL_S = 580
A_NIGHT = 25
TABLES = (
    "photos",
    "concerts",
    "concert_artists",
    "concert_venues",
    "concert_bill",
    "concert_counts",
    "photo_sessions",
)
_WHOSE = f"""
WITH whose AS (
  SELECT owner, n AS photos, greatest(1, n / {A_NIGHT}) AS nights,
    least(60, 1 + n / {A_NIGHT} / 3) AS venues, greatest(3, n / {A_NIGHT} / 2) AS artists,
    right(replace(owner::text, '-', ''), 10) AS mark
  FROM unnest($1::uuid[], $2::int[]) AS whose (owner, n)),
concerts_of AS (
  SELECT owner, mark, night, night % venues AS venue, artists,
    date '2014-01-01' + night * 4000 / nights AS held_on
  FROM whose, generate_series(0, nights - 1) AS night WHERE night % 5 < 4)
"""  # literals alone
# One night of five isn't known to be a concert; one photo in ten resembles its neighbour.
_FILL = {
    "photos": """
INSERT INTO photos (owner_id, id, concert_id, source, source_id, filename, sha256, size_bytes,
  status, content_type, width_px, height_px, camera, taken_at, time_source, offset_min,
  offset_source, latitude, longitude, place_error_m, starred, fingerprint, contrast, group_id,
  is_best, placeholder, thumbnail_generation, files, charged_bytes, metadata_at, session_id)
SELECT owner, md5(owner || 'photo' || n)::uuid,
  CASE WHEN night % 5 < 4 THEN md5(owner || 'concert' || night)::uuid END, 'folder',
  md5(owner || 'source')::uuid, 'IMG_' || n || '.jpg', sha256((owner::text || n)::bytea),
  3000000 + n, 'ready', 'image/jpeg', 4000, 3000, 'Lumen L7',
  timestamp '2014-01-01 20:00' + night * 4000 / nights * interval '1 day'
    + n % 25 * interval '5 minutes',
  'original', 120, 'camera', 48 + venue % 20 * 0.2 + n % 7 * 0.0001, 9 + venue / 20 * 0.3, 10,
  n % 50 = 0, sha256((owner::text || n / 10)::bytea), 40,
  CASE WHEN n % 10 < 2 THEN md5(owner || 'photo' || n / 10 * 10)::uuid END, n % 10 = 0,
  sha256('a placeholder') || sha256('of usual size'), 'g1', '{"g1/thumbnail.webp": 9000}', 9000,
  now(), md5(owner || 'session' || night)::uuid
FROM whose, generate_series(0, photos - 1) AS n,
  LATERAL (SELECT least(n / 25, nights - 1) AS night) nights_of,
  LATERAL (SELECT night % venues AS venue) venues_of
""",
    "concerts": """
INSERT INTO concerts (owner_id, id, held_on, zone, venue_id, city_key, country_code, source,
  source_key, confidence, search)
SELECT owner, md5(owner || 'concert' || night)::uuid, held_on, 'Europe/Berlin',
  md5(owner || 'venue' || venue)::uuid, 'city ' || venue % 20, 'DE', 'automatic',
  'night ' || night, 0.95,
  array_to_tsvector(ARRAY[mark || ':band', mark || ':' || night % artists, mark || ':venue'])
FROM concerts_of
""",
    "concert_bill": """
INSERT INTO concert_bill (owner_id, concert_id, artist_id, position, is_headliner)
SELECT owner, md5(owner || 'concert' || night)::uuid,
  md5(owner || 'artist' || (night + place) % artists)::uuid, place, place = 0
FROM concerts_of, generate_series(0, 1) AS place
""",
    "concert_artists": """
INSERT INTO concert_artists (owner_id, id, name, name_key, sort_key, n)
SELECT owner, md5(owner || 'artist' || artist)::uuid, 'Band ' || artist, 'band ' || artist,
  'band ' || artist, count(*)
FROM concerts_of, generate_series(0, 1) AS place,
  LATERAL (SELECT (night + place) % artists AS artist) played GROUP BY owner, artist
""",
    "concert_venues": """
INSERT INTO concert_venues (owner_id, id, name, name_key, sort_key, city, city_key,
  country_code, latitude, longitude, n)
SELECT owner, md5(owner || 'venue' || venue)::uuid, 'Venue ' || venue, 'venue ' || venue,
  'venue ' || venue, 'City ' || venue % 20, 'city ' || venue % 20, 'DE', 48 + venue % 20 * 0.2,
  9 + venue / 20 * 0.3, count(*)
FROM concerts_of GROUP BY owner, venue
""",
    "concert_counts": """
INSERT INTO concert_counts (owner_id, measure, key, n)
SELECT owner, measure, key, count(*)
FROM concerts_of, LATERAL (VALUES ('year', to_char(held_on, 'YYYY')), ('country', 'DE'),
  ('weekday', to_char(held_on, 'ID')), ('city', 'DE/City ' || venue % 20)) counted (measure, key)
GROUP BY owner, measure, key
""",
    "photo_sessions": """
INSERT INTO photo_sessions (owner_id, id, state, began_at, ended_at, days, photo_count, evidence,
  concert_id, made_concert, look_at)
SELECT owner, md5(owner || 'session' || night)::uuid,
  CASE WHEN night % 5 < 4 THEN 'matched' WHEN night % 50 = 4 THEN 'review' ELSE 'none' END,
  day + time '20:00', day + time '22:00', ARRAY[day], 25, '',
  CASE WHEN night % 5 < 4 THEN md5(owner || 'concert' || night)::uuid END, night % 5 < 4,
  now() + interval '1 year'
FROM whose, generate_series(0, nights - 1) AS night,
  LATERAL (SELECT date '2014-01-01' + night * 4000 / nights AS day) days_of
""",
    "histories": """
INSERT INTO histories (owner_id, concerts, matched_at)
SELECT owner, count(*), now() FROM concerts_of GROUP BY owner
""",
    "photo_sources": """
INSERT INTO photo_sources (owner_id, id, kind, path)
SELECT owner, md5(owner || 'source')::uuid, 'folder', '/photos' FROM whose
""",
}
_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename = 'photos' AND schemaname = 'public' AND indexname <> 'photos_pkey'
"""


async def fill(dsn: str, people: Sequence[tuple[UUID, int]]) -> None:
    """Give people their photos, by as many connections as there are cores here.

    The indexes of photos are made when all are there, which takes less long.
    """
    connection = await asyncpg.connect(dsn)
    indexes = await connection.fetch(_INDEXES)
    for name, _ in indexes:
        await connection.execute(f'DROP INDEX "{name}"')
    waiting = _batches(people)

    async def work() -> None:
        mine = await asyncpg.connect(dsn)
        await mine.execute("SET synchronous_commit = off; SET statement_timeout = 0")
        while waiting:
            batch = waiting.pop()
            for statement in _FILL.values():
                given = ([owner for owner, _ in batch], [n for _, n in batch])
                await mine.execute(_WHOSE + statement, *given, timeout=FILL_S)
        await mine.close()

    await asyncio.gather(work(), work())
    await connection.execute("SET maintenance_work_mem = '256MB'; SET statement_timeout = 0")
    for _, definition in indexes:
        await connection.execute(definition.replace("ON ONLY", "ON"), timeout=FILL_S)
    await connection.execute("VACUUM (ANALYZE)", timeout=FILL_S)
    await connection.close()


def _batches(people: Sequence[tuple[UUID, int]]) -> list[list[tuple[UUID, int]]]:
    made: list[list[tuple[UUID, int]]] = [[]]
    size = 0
    for person in people:
        if made[-1] and size + person[1] > AT_ONCE:
            made.append([])
            size = 0
        made[-1].append(person)
        size += person[1]
    return made


async def copy_whole(dsn: str) -> None:
    """The same rows in tables without partitions, with the same indexes, in the schema `whole`."""
    connection = await asyncpg.connect(dsn)
    await connection.execute("SET maintenance_work_mem = '256MB'; SET statement_timeout = 0")
    await connection.execute("CREATE SCHEMA whole")
    for table in TABLES:
        await connection.execute(
            f"CREATE TABLE whole.{table} (LIKE public.{table} INCLUDING DEFAULTS)"
            " WITH (fillfactor = 85)"
        )
        copying = f"INSERT INTO whole.{table} SELECT * FROM public.{table} ORDER BY owner_id"
        await connection.execute(copying, timeout=FILL_S)
        for (definition,) in await connection.fetch(
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = $1", table
        ):
            here = definition.replace(f"ON ONLY public.{table}", f"ON whole.{table}")
            await connection.execute(here, timeout=FILL_S)
        await connection.execute(f"VACUUM (ANALYZE) whole.{table}", timeout=FILL_S)
    await connection.close()
