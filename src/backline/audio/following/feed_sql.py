"""The queries of the feed, each a typed function.

It is put together when it is read: of each person followed the latest that is still public, by
their index, and of all these the latest.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, LiteralString
from uuid import UUID

import msgspec

from backline.audio.entries_sql import EntryRow
from backline.audio.following.people_sql import After
from backline.platform.database import Read, Write


class FeedRow(msgspec.Struct, frozen=True):
    """What somebody did; `day` where it is tracks that they put in, which are then counted."""

    person_id: UUID
    id: UUID
    owner_id: UUID
    playlist_id: UUID
    day: date | None
    happened_at: datetime
    name: str
    entry_count: int
    track_count: int


class ShownEntryRow(EntryRow, frozen=True):
    """An entry, and of which item of the feed it is."""

    item_id: UUID


_OF_DAY: LiteralString = """
e.owner_id = i.owner_id AND e.playlist_id = i.playlist_id AND e.removed_at IS NULL
  AND e.track_owner_id = i.person_id AND e.added_at >= i.day::timestamp AT TIME ZONE 'UTC'
  AND e.added_at < (i.day + 1)::timestamp AT TIME ZONE 'UTC'
"""
_SEEN: LiteralString = f"""
FROM feed_items i JOIN playlists p ON p.owner_id = i.owner_id AND p.id = i.playlist_id
WHERE (i.happened_at, i.id) < (coalesce($2::timestamptz, 'infinity'),
    coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
  AND p.visibility = 'public' AND p.deleted_at IS NULL AND p.entry_count > 0
  AND NOT EXISTS (SELECT FROM profiles c WHERE c.owner_id = p.owner_id AND c.is_closed)
  AND (i.day IS NULL OR EXISTS (SELECT FROM playlist_entries e WHERE {_OF_DAY}))
"""  # noqa: S608  # literals alone
# Whose latest isn't among so many latest ones has nothing on this page: of a thousand people one
# row each is read, and of as many people as the page has rows all.
_PAGE: Final = f"""
WITH people AS MATERIALIZED (
  SELECT f.followed_id FROM follows f
  JOIN profiles o ON o.owner_id = f.followed_id AND o.is_public AND NOT o.is_closed
  WHERE f.follower_id = $1
), first AS MATERIALIZED (
  SELECT latest.person_id FROM people CROSS JOIN LATERAL (
    SELECT i.person_id, i.happened_at, i.id {_SEEN} AND i.person_id = people.followed_id
    ORDER BY i.happened_at DESC, i.id DESC LIMIT 1
  ) AS latest ORDER BY latest.happened_at DESC, latest.id DESC LIMIT $4
)
SELECT i.person_id, i.id, i.owner_id, i.playlist_id, i.day, i.happened_at, i.name, i.entry_count,
  CASE WHEN i.day IS NULL THEN i.entry_count
    ELSE (SELECT count(*)::int FROM playlist_entries e WHERE {_OF_DAY}) END AS track_count
FROM (
  SELECT latest.* FROM first CROSS JOIN LATERAL (
    SELECT i.person_id, i.id, i.owner_id, i.playlist_id, i.day, i.happened_at, p.name,
      p.entry_count
    {_SEEN} AND i.person_id = first.person_id
    ORDER BY i.happened_at DESC, i.id DESC LIMIT $4
  ) AS latest ORDER BY latest.happened_at DESC, latest.id DESC LIMIT $4
) AS i ORDER BY i.happened_at DESC, i.id DESC
"""  # noqa: S608  # literals alone
_FIELDS: LiteralString = """e.id, e.position, e.track_id, e.track_owner_id, e.title, e.artist,
  e.added_at"""
_ENTRIES: Final = f"""
WITH items AS (
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::date[])
    AS i(item_id, owner_id, playlist_id, person_id, day)
)
SELECT shown.*, i.item_id FROM items i CROSS JOIN LATERAL (
  SELECT {_FIELDS} FROM playlist_entries e
  WHERE e.owner_id = i.owner_id AND e.playlist_id = i.playlist_id AND e.removed_at IS NULL
  ORDER BY e.position, e.id LIMIT 4
) AS shown WHERE i.day IS NULL
UNION ALL
SELECT shown.*, i.item_id FROM items i CROSS JOIN LATERAL (
  SELECT {_FIELDS} FROM playlist_entries e WHERE {_OF_DAY}
  ORDER BY e.added_at, e.id LIMIT 4
) AS shown WHERE i.day IS NOT NULL
"""  # noqa: S608  # literals alone
_MADE_PUBLIC: Final = """
INSERT INTO feed_items (person_id, id, owner_id, playlist_id) VALUES ($1, $2, $1, $3)
ON CONFLICT (owner_id, playlist_id, person_id, day) DO NOTHING
"""
# Of a playlist that came the same day its owner's tracks are no news of their own.
_PUT_IN: Final = """
INSERT INTO feed_items (person_id, id, owner_id, playlist_id, day)
SELECT $1, $2, $3, $4, (now() AT TIME ZONE 'UTC')::date
WHERE NOT EXISTS (
  SELECT FROM feed_items WHERE owner_id = $3 AND playlist_id = $4 AND person_id = $1
    AND day IS NULL AND happened_at > now() - interval '1 day'
)
ON CONFLICT (owner_id, playlist_id, person_id, day) DO UPDATE SET happened_at = now()
"""
_TRIM: Final = "DELETE FROM feed_items WHERE happened_at < $1"
_FORGET: Final = "DELETE FROM feed_items WHERE person_id = $1"


async def page(read: Read, follower_id: UUID, after: After, limit: int) -> list[FeedRow]:
    """What those did whom somebody follows, the latest first, as far as it is public now."""
    return await read.fetch(_PAGE, FeedRow, follower_id, *(after or (None, None)), limit)


async def entries(read: Read, rows: Sequence[FeedRow]) -> list[ShownEntryRow]:
    """The first four tracks of each."""
    return await read.fetch(
        _ENTRIES,
        ShownEntryRow,
        [row.id for row in rows],
        [row.owner_id for row in rows],
        [row.playlist_id for row in rows],
        [row.person_id for row in rows],
        [row.day for row in rows],
    )


async def made_public(tx: Write, owner_id: UUID, item_id: UUID, playlist_id: UUID) -> None:
    """Note that a playlist was made public; the first time counts."""
    await tx.execute(_MADE_PUBLIC, owner_id, item_id, playlist_id)


async def put_in(
    tx: Write, person_id: UUID, item_id: UUID, owner_id: UUID, playlist_id: UUID
) -> None:
    """Note that somebody has put tracks into a public playlist today."""
    await tx.execute(_PUT_IN, person_id, item_id, owner_id, playlist_id)


async def trim(tx: Write, before: datetime) -> None:
    """Remove what was news before then."""
    await tx.execute(_TRIM, before)


async def forget(tx: Write, person_id: UUID) -> None:
    """Remove what somebody did who is gone."""
    await tx.execute(_FORGET, person_id)
