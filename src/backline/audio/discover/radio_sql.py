"""The queries of what a radio plays, each a typed function: ids and what orders them, no rows."""

from typing import LiteralString
from uuid import UUID

import msgspec

from backline.platform.database import Read


class Candidate(msgspec.Struct, frozen=True):
    """What may be played: by the artist whose radio it is, or like what `via` is called.

    Neither: it shares a genre with what is.
    """

    id: UUID
    artist_id: UUID | None
    weight: float
    is_own: bool
    via: str | None


_PLAYABLE: LiteralString = "t.owner_id = $1 AND t.deleted_at IS NULL AND t.status = 'ready'"
_POOL: LiteralString = f"""
, near AS MATERIALIZED (
  SELECT DISTINCT ON (other_id) other_id, score, via_id FROM (
    SELECT n.other_id, n.score, own_id AS via_id FROM own
    JOIN track_neighbors k ON k.owner_id = $1 AND k.track_id = own_id
    CROSS JOIN unnest(k.other_ids, k.scores) AS n(other_id, score)
    UNION ALL SELECT other_id, score, via_id FROM further
  ) found
  WHERE other_id NOT IN (SELECT own_id FROM own)
  ORDER BY other_id, score DESC
), nearest AS (
  SELECT other_id, score, via_id FROM near ORDER BY score DESC, other_id LIMIT 300
), alike AS (
  SELECT a.id AS alike_id FROM tracks a
  WHERE a.owner_id = $1 AND a.deleted_at IS NULL AND a.status = 'ready'
    AND (SELECT count(*) FROM near) < 30
    AND a.genre_ids && (SELECT array_agg(g) FROM tracks o, unnest(o.genre_ids) g
      WHERE o.owner_id = $1 AND o.id IN (SELECT own_id FROM own))
    AND a.id NOT IN (SELECT own_id FROM own) AND a.id NOT IN (SELECT other_id FROM near)
  ORDER BY uuid_hash_extended(a.id, $3) LIMIT 60
)
SELECT t.id, t.artist_ids[1] AS artist_id, p.weight, p.is_own, v.title AS via FROM (
  SELECT own_id AS pick_id, 1::real AS weight, true AS is_own, NULL::uuid AS via_id FROM own
  UNION ALL SELECT other_id, score, false, via_id FROM nearest
  UNION ALL SELECT alike_id, 0.05, false, NULL FROM alike
) p
JOIN tracks t ON t.id = p.pick_id
LEFT JOIN tracks v ON v.id = p.via_id AND v.owner_id = $1
WHERE {_PLAYABLE} ORDER BY t.id
"""  # noqa: S608  # literals alone
_OF_ARTIST: LiteralString = f"""
WITH own AS MATERIALIZED (
  SELECT t.id AS own_id FROM tracks t WHERE {_PLAYABLE} AND t.artist_ids @> ARRAY[$2::uuid]
  ORDER BY uuid_hash_extended(t.id, $3) LIMIT 100
), further AS (SELECT NULL::uuid AS other_id, 0::real AS score, NULL::uuid AS via_id WHERE false)
{_POOL}"""  # noqa: S608  # literals alone
# From one track two steps are gone: its neighbours, and theirs, which are half as near.
_OF_TRACK: LiteralString = f"""
WITH own AS MATERIALIZED (SELECT $2::uuid AS own_id),
further AS (
  SELECT n.other_id, n.score / 2 AS score, k.track_id AS via_id
  FROM track_neighbors f CROSS JOIN unnest(f.other_ids) AS first(near_id)
  JOIN track_neighbors k ON k.owner_id = $1 AND k.track_id = first.near_id
  CROSS JOIN unnest(k.other_ids, k.scores) AS n(other_id, score)
  WHERE f.owner_id = $1 AND f.track_id = $2
)
{_POOL}"""  # noqa: S608  # literals alone


async def of_artist(read: Read, owner_id: UUID, artist_id: UUID, seed: int) -> list[Candidate]:
    """What the radio of an artist may play, in the order of the ids."""
    return await read.fetch(_OF_ARTIST, Candidate, owner_id, artist_id, seed)


async def of_track(read: Read, owner_id: UUID, track_id: UUID, seed: int) -> list[Candidate]:
    """What the radio of a track may play, in the order of the ids."""
    return await read.fetch(_OF_TRACK, Candidate, owner_id, track_id, seed)
