"""The query of what is offered to somebody on a day: ids, why, and in which order; no rows.

Each part of it walks an index for as many entries as its bound says, however large the library is.
"""

from datetime import date
from typing import Final, Literal, LiteralString
from uuid import UUID

import msgspec

from backline.platform.database import Read

Part = Literal["heard", "released", "liked", "long_ago", "unheard"]


class Offer(msgspec.Struct, frozen=True):
    """A track (of `released`: an album) with what its reason is about."""

    part: Part
    id: UUID
    artist_id: UUID | None
    count: int | None
    year: int | None
    name: str | None


PER_PART: Final = 36
_LOVED: LiteralString = """
loved AS MATERIALIZED (
  (SELECT track_id AS loved_id FROM track_listening
   WHERE user_id = $1 AND favorite_at IS NOT NULL ORDER BY favorite_at DESC LIMIT 40)
  UNION
  (SELECT track_id FROM track_listening WHERE user_id = $1 AND rating >= 4
   ORDER BY rating DESC, track_id DESC LIMIT 20)
  UNION
  (SELECT track_id FROM track_listening WHERE user_id = $1 AND play_count > 1
   ORDER BY play_count DESC, track_id DESC LIMIT 40)
)"""
_HEARD: LiteralString = """
heard AS (
  SELECT 'heard' AS part, pick_id, times AS count, year, NULL AS name,
    row_number() OVER (ORDER BY times DESC, year DESC, pick_id) AS place
  FROM (
    SELECT DISTINCT ON (pick_id) pick_id, times, year FROM (
      SELECT p.track_id AS pick_id, y.year, count(*) AS times
      FROM generate_series(extract(year FROM $2::date)::int - 20,
        extract(year FROM $2::date)::int - 1) AS y(year)
      CROSS JOIN LATERAL (
        SELECT track_id FROM plays
        WHERE user_id = $1 AND played_at >= ($2::date - make_interval(
            years => extract(year FROM $2::date)::int - y.year)) AT TIME ZONE 'UTC'
          AND played_at < ($2::date - make_interval(
            years => extract(year FROM $2::date)::int - y.year, days => -1)) AT TIME ZONE 'UTC'
        ORDER BY played_at LIMIT 200
      ) p
      GROUP BY 1, 2
    ) days ORDER BY pick_id, times DESC, year DESC
  ) once
)"""
_RELEASED: LiteralString = """
released AS (
  SELECT 'released' AS part, album_id AS pick_id, NULL::bigint AS count,
    min(left(tags->>'released_on', 4))::int AS year, NULL AS name,
    row_number() OVER (ORDER BY min(tags->>'released_on'), album_id) AS place
  FROM tracks
  WHERE owner_id = $1 AND deleted_at IS NULL AND tags->>'released_on' IS NOT NULL
    AND substr(tags->>'released_on', 6, 5) = to_char($2::date, 'MM-DD')
    AND album_id IS NOT NULL AND left(tags->>'released_on', 4) < to_char($2::date, 'YYYY')
  GROUP BY album_id
)"""
_LIKED: LiteralString = """
liked AS (
  SELECT 'liked' AS part, other_id AS pick_id, NULL::bigint AS count, NULL::int AS year,
    v.title AS name,
    row_number() OVER (ORDER BY score * (0.5 + (uuid_hash_extended(other_id, $3) & 255) / 512.0)
      DESC, other_id) AS place
  FROM (
    SELECT DISTINCT ON (n.other_id) n.other_id, n.score, loved_id FROM loved
    JOIN track_neighbors k ON k.owner_id = $1 AND k.track_id = loved_id
    CROSS JOIN unnest(k.other_ids, k.scores) AS n(other_id, score)
    WHERE n.other_id NOT IN (SELECT loved_id FROM loved)
    ORDER BY n.other_id, n.score DESC
  ) near JOIN tracks v ON v.id = loved_id AND v.owner_id = $1 AND v.deleted_at IS NULL
)"""
_LONG_AGO: LiteralString = """
long_ago AS (
  SELECT 'long_ago' AS part, track_id AS pick_id, play_count::bigint AS count, NULL::int AS year,
    to_char(last_played_at AT TIME ZONE 'UTC', 'YYYY-MM') AS name,
    row_number() OVER (ORDER BY least(play_count, 3) DESC, uuid_hash_extended(track_id, $3),
      track_id) AS place
  FROM (
    SELECT track_id, play_count, last_played_at FROM track_listening
    WHERE user_id = $1 AND last_played_at < ($2::date - 180)::timestamp AT TIME ZONE 'UTC'
    ORDER BY last_played_at, track_id LIMIT 400
  ) oldest
)"""
# From a place by chance in an order that has nothing to do with what tracks are.
_SOME: LiteralString = """
  (SELECT id FROM tracks WHERE owner_id = $1 AND deleted_at IS NULL
     AND uuid_hash_extended(id, 0) {side} $3 * 4294967296
   ORDER BY uuid_hash_extended(id, 0), id LIMIT 300)"""
_UNHEARD: LiteralString = f"""
unheard AS (
  SELECT 'unheard' AS part, id AS pick_id, NULL::bigint AS count, NULL::int AS year, NULL AS name,
    row_number() OVER (ORDER BY uuid_hash_extended(id, $3), id) AS place
  FROM ({_SOME.replace("{side}", ">=")} UNION ALL {_SOME.replace("{side}", "<")}) picked
  WHERE NOT EXISTS (SELECT FROM track_listening l
    WHERE l.user_id = $1 AND l.track_id = picked.id AND l.play_count > 0)
)"""  # noqa: S608  # literals alone
_OFFERS: LiteralString = f"""
WITH {_LOVED}, {_HEARD}, {_RELEASED}, {_LIKED}, {_LONG_AGO}, {_UNHEARD}
SELECT part, pick_id AS id, t.artist_ids[1] AS artist_id, count, o.year, name FROM (
  SELECT * FROM heard UNION ALL SELECT * FROM released UNION ALL SELECT * FROM liked
  UNION ALL SELECT * FROM long_ago UNION ALL SELECT * FROM unheard
) o LEFT JOIN tracks t ON t.id = pick_id
WHERE part = 'released' OR t.owner_id = $1 AND t.deleted_at IS NULL AND t.status = 'ready'
ORDER BY part, place
"""  # noqa: S608  # literals alone


async def offers(read: Read, owner_id: UUID, day: date, seed: int) -> list[Offer]:
    """What is offered to somebody on a day, the best of each part first."""
    return await read.fetch(_OFFERS, Offer, owner_id, day, seed)
