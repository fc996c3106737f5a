"""The queries of tracks that are there more than once, each a typed function.

Both walk along an index until a page of groups is found, so that what is there once costs one entry
of it, and no row.
"""

from typing import Final, LiteralString
from uuid import UUID

from backline.audio.models import TrackRow
from backline.audio.sql import FIELDS
from backline.platform.database import Read

# Two files of one song are called the same as long as no more lies between their lengths.
_APART_MS: LiteralString = "2000"
# So many tracks of a group are listed; how many there are is counted.
_SHOWN: LiteralString = "20"


class DuplicateRow(TrackRow, frozen=True):
    """A track of a group: `key` and `part` tell which, `number` how many tracks it has.

    `codec` is of the original where that is known, `root` and `path` where it lies if that is a
    folder; `entries` is in how many places of playlists it stands.
    """

    key: str
    part: int
    number: int
    codec: str
    root: str | None
    path: bytes | None
    entries: int


_LISTED: LiteralString = f"""
SELECT {FIELDS}, p.key, p.part, p.number, coalesce(f.found_codec, d.made_codec, '') AS codec,
  f.root, f.path, e.entries
FROM page p
CROSS JOIN unnest(p.ids[1:{_SHOWN}]) AS listed(listed_id)
JOIN tracks t ON t.id = listed_id AND t.owner_id = $1
LEFT JOIN LATERAL (
  SELECT favorite_at, rating, play_count, last_played_at FROM track_listening
  WHERE user_id = $1 AND track_id = t.id LIMIT 1
) l ON true
LEFT JOIN LATERAL (
  SELECT codec AS made_codec FROM track_details WHERE track_id = t.id LIMIT 1
) d ON true
LEFT JOIN LATERAL (
  SELECT m.codec AS found_codec, o.path AS root, m.path
  FROM music_files m JOIN music_folders o ON o.owner_id = $1 AND o.id = m.folder_id
  WHERE m.owner_id = $1 AND m.track_id = t.id AND m.is_there ORDER BY m.id LIMIT 1
) f ON true
CROSS JOIN LATERAL (
  SELECT count(*) AS entries FROM playlist_entries
  WHERE track_owner_id = $1 AND track_id = t.id AND removed_at IS NULL
) e
ORDER BY p.key COLLATE "C", p.part, t.created_at, t.id
"""  # noqa: S608  # literals alone
BY_SOUND: LiteralString = f"""
WITH page AS (
  SELECT encode(sound_key, 'hex') AS key, 0::bigint AS part, count(*) AS number,
    array_agg(id ORDER BY id) AS ids
  FROM tracks
  WHERE owner_id = $1 AND deleted_at IS NULL AND status = 'ready'
    AND sound_key > decode($2::text, 'hex') AND $3::bigint IS NOT NULL
  GROUP BY sound_key HAVING count(*) > 1 ORDER BY sound_key LIMIT $4
)
{_LISTED}"""  # noqa: S608  # literals alone
# A group's lengths follow each other closely: where one doesn't, the next group begins. What all
# sounds the same is listed by that.
BY_SONG: LiteralString = f"""
WITH near AS (
  SELECT song_key, sound_key, duration_ms, id,
    CASE WHEN duration_ms - lag(duration_ms) OVER w <= {_APART_MS} THEN 0 ELSE 1 END AS begins
  FROM tracks
  WHERE owner_id = $1 AND deleted_at IS NULL AND status = 'ready' AND song_key IS NOT NULL
    AND song_key >= $2::uuid
  WINDOW w AS (PARTITION BY song_key ORDER BY duration_ms, id)
), parted AS (
  SELECT song_key, sound_key, id,
    sum(begins) OVER (PARTITION BY song_key ORDER BY duration_ms, id) AS part
  FROM near
), page AS (
  SELECT song_key::text AS key, part, count(*) AS number, array_agg(id ORDER BY id) AS ids
  FROM parted
  GROUP BY song_key, part
  HAVING count(*) > 1 AND count(DISTINCT sound_key) > 1
    AND (song_key, part) > ($2::uuid, $3::bigint)
  ORDER BY song_key, part LIMIT $4
)
{_LISTED}"""  # noqa: S608  # literals alone

_FIRST: Final = ("", -1)
_FIRST_SONG: Final = (UUID(int=0), -1)


async def by_sound(
    read: Read, owner_id: UUID, after: tuple[str | UUID, int] | None, limit: int
) -> list[DuplicateRow]:
    """The tracks of a page of groups that sound the same, group by group."""
    return await read.fetch(BY_SOUND, DuplicateRow, owner_id, *(after or _FIRST), limit)


async def by_song(
    read: Read, owner_id: UUID, after: tuple[str | UUID, int] | None, limit: int
) -> list[DuplicateRow]:
    """The tracks of a page of groups of one song at one length, group by group."""
    return await read.fetch(BY_SONG, DuplicateRow, owner_id, *(after or _FIRST_SONG), limit)
