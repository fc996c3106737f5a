"""The plans of lists of tracks: a page reads a page, also of a library where all was heard."""

from typing import get_args
from uuid import UUID

import pytest

from backline.audio import duplicates_sql
from backline.audio.listing_sql import statement
from backline.audio.models import Sort, TrackFilter
from backline.platform.database import Database
from backline.platform.ids import uuid7
from tests.support.plans import buffers, plan

pytestmark = pytest.mark.slow

PEOPLE, EACH, FAVORITES = 5, 8_000, 40
FILL = """
INSERT INTO tracks (id, owner_id, title, filename, content_type, size_bytes, sha256, title_key,
  artist_key, album_key, search, created_at)
SELECT gen_random_uuid(), $1, 'T', 'f', 'audio/flac', 1, '', n::text, n::text, n::text, '',
  now() - n * interval '1 second'
FROM generate_series(1, $2::int) AS n
"""
HEAR = """
INSERT INTO track_listening (user_id, track_id, favorite_at, rating, play_count, last_played_at)
SELECT $1, id, CASE WHEN n <= $2::int THEN now() END, 1 + n % 5, n, now() - n * interval '1 minute'
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM tracks WHERE owner_id = $1) t
"""
PAGE_BUFFERS, FEW_BUFFERS = 700, 2_000


@pytest.fixture
async def owner(database: Database) -> UUID:
    """One of five people who have heard all of their eight thousand tracks, and like forty."""
    ids = [uuid7() for _ in range(PEOPLE)]
    async with database.write() as tx:
        for one in ids:
            await tx.execute(FILL, one, EACH)
            await tx.execute(HEAR, one, FAVORITES)
    async with database.write() as tx:
        await tx.execute("ANALYZE tracks, track_listening")
    return ids[0]


async def test_a_first_page_reads_a_page_by_whatever_it_is_sorted(
    database: Database, owner: UUID
) -> None:
    for sort in get_args(Sort):
        sql = statement(TrackFilter(), sort, is_first=True)

        text = await plan(database, sql, (owner, None, None, 21, None, None, None, None))

        assert buffers(text) < PAGE_BUFFERS, (sort, text)


async def test_favourites_are_looked_up_and_not_looked_for(database: Database, owner: UUID) -> None:
    for sort in get_args(Sort):
        sql = statement(TrackFilter(is_favorite=True), sort, is_first=True)
        if sort in {"-rating", "-play_count", "-last_played_at"}:
            continue  # along their own index, of which each entry says whether it is one

        text = await plan(database, sql, (owner, None, None, 21, None, None, None, None))

        assert buffers(text) < FEW_BUFFERS, (sort, text)


SINGLE = """
UPDATE tracks SET status = 'ready', duration_ms = 180000, artist_ids = ARRAY[owner_id],
  sound_hash = decode(md5(id::text), 'hex')
"""


async def test_duplicates_are_looked_for_among_ones_own(database: Database, owner: UUID) -> None:
    async with database.write() as tx:
        await tx.execute(SINGLE)
        await tx.execute("ANALYZE tracks")

    by_sound = await plan(database, duplicates_sql.BY_SOUND, (owner, "", -1, 21))
    by_song = await plan(database, duplicates_sql.BY_SONG, (owner, UUID(int=0), -1, 21))

    assert "Seq Scan on tracks" not in by_sound + by_song, (by_sound, by_song)
