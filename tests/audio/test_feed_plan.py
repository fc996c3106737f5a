"""The plan of the feed among ten thousand people, for somebody who follows as many as one can."""

from uuid import UUID

import pytest

from backline.audio.following import feed_sql, people
from backline.platform.database import Database
from tests.support.plans import buffers, plan

pytestmark = pytest.mark.slow

PEOPLE, EACH, PAGE = 10_000, 6, 21
READER = UUID(int=0)
# Person n is of the id n; each has a public playlist with a track, and some days of their own.
FILL = (
    """
    CREATE FUNCTION pg_temp.one(n int) RETURNS uuid LANGUAGE sql IMMUTABLE
    AS $$ SELECT lpad(to_hex(n), 32, '0')::uuid $$
    """,
    """
    INSERT INTO profiles (owner_id, is_public)
    SELECT pg_temp.one(n), true FROM generate_series(1, $1::int) n
    """,
    """
    INSERT INTO playlists (owner_id, id, name, name_key, visibility, entry_count)
    SELECT pg_temp.one(n), pg_temp.one(n), 'P', 'p', 'public', 1 FROM generate_series(1, $1::int) n
    """,
    """
    INSERT INTO playlist_entries
      (owner_id, playlist_id, id, position, track_id, track_owner_id, title, artist, added_at)
    SELECT pg_temp.one(n), pg_temp.one(n), gen_random_uuid(), 'a', gen_random_uuid(),
      pg_temp.one(n), 'T', 'A', '2026-01-01T00:00:00Z'::timestamptz + day * interval '1 day'
    FROM generate_series(1, $1::int) n, generate_series(1, $2::int) day
    """,
    """
    INSERT INTO feed_items (person_id, id, owner_id, playlist_id, day, happened_at)
    SELECT pg_temp.one(n), gen_random_uuid(), pg_temp.one(n), pg_temp.one(n),
      '2026-01-01'::date + day,
      '2026-01-01T00:00:00Z'::timestamptz + day * interval '1 day' + n * interval '1 second'
    FROM generate_series(1, $1::int) n, generate_series(1, $2::int) day
    """,
    """
    INSERT INTO follows (follower_id, followed_id)
    SELECT $1::uuid, pg_temp.one(n * 10) FROM generate_series(1, $2::int) n
    """,
    "ANALYZE profiles, playlists, playlist_entries, feed_items, follows",
)


async def test_a_page_of_the_feed_reads_what_those_followed_did_last(database: Database) -> None:
    given = ((), (PEOPLE,), (PEOPLE,), (PEOPLE, EACH), (PEOPLE, EACH))
    async with database.write() as tx:
        for statement, arguments in zip(
            FILL, (*given, (READER, people.MOST_FOLLOWED), ()), strict=True
        ):
            await tx.execute(statement, *arguments)

    text = await plan(database, feed_sql._PAGE, (READER, None, None, PAGE))

    assert "Seq Scan on feed_items" not in text, text
    assert buffers(text) < people.MOST_FOLLOWED * 20, text
