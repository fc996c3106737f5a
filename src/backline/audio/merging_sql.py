"""The queries of keeping one of several tracks, each a typed function."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from backline.audio.playlists_sql import PlaylistRow
from backline.platform.database import Read, Write


class Heard(msgspec.Struct, frozen=True):
    """What somebody thinks of a track, and how often they have played it."""

    track_id: UUID
    favorite_at: datetime | None
    rating: int | None
    play_count: int
    last_played_at: datetime | None


class MovedPlay(msgspec.Struct, frozen=True):
    """A play of one of the others."""

    key: str
    track_id: UUID


class MovedEntry(msgspec.Struct, frozen=True):
    """A place in a playlist of one of the others."""

    owner_id: UUID
    playlist_id: UUID
    id: UUID
    track_id: UUID


class Merge(msgspec.Struct, frozen=True):
    """A row of `track_merges`; `moved` is JSON."""

    kept_id: UUID
    other_ids: list[UUID]
    moved: str


_ALIKE: Final = """
SELECT o.id FROM tracks o JOIN tracks k ON k.owner_id = o.owner_id AND k.id = $2
WHERE o.owner_id = $1 AND o.id = ANY($3::uuid[])
  AND (o.sound_key = k.sound_key OR o.song_key = k.song_key)
"""
_HEARD: Final = """
SELECT track_id, favorite_at, rating, play_count, last_played_at FROM track_listening
WHERE user_id = $1 AND track_id = ANY($2::uuid[]) FOR UPDATE
"""
_PLAYS: Final = """
SELECT key, track_id FROM plays WHERE user_id = $1 AND track_id = ANY($2::uuid[]) FOR UPDATE
"""
# In front of what is in them, as whoever changes a playlist does.
_LOCK_LISTS: Final = """
SELECT p.id FROM playlists p WHERE (p.owner_id, p.id) IN (
  SELECT e.owner_id, e.playlist_id FROM playlist_entries e
  WHERE e.track_owner_id = $1 AND e.track_id = ANY($2::uuid[]))
ORDER BY p.owner_id, p.id FOR UPDATE
"""
_ENTRIES: Final = """
SELECT owner_id, playlist_id, id, track_id FROM playlist_entries
WHERE track_owner_id = $1 AND track_id = ANY($2::uuid[])
ORDER BY owner_id, playlist_id, id FOR UPDATE
"""
_MOVE_PLAYS: Final = """
UPDATE plays p SET track_id = u.track_id FROM unnest($2::text[], $3::uuid[]) AS u(key, track_id)
WHERE p.user_id = $1 AND p.key = u.key
"""
_MOVE_ENTRIES: Final = """
UPDATE playlist_entries e SET track_id = u.track_id
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[])
  AS u(owner_id, playlist_id, id, track_id)
WHERE e.owner_id = u.owner_id AND e.playlist_id = u.playlist_id AND e.id = u.id
  AND e.track_owner_id = $1
"""
_TOUCH: Final = """
UPDATE playlists p SET version = p.version + 1, updated_at = now()
FROM unnest($1::uuid[], $2::uuid[]) AS u(owner_id, id)
WHERE p.owner_id = u.owner_id AND p.id = u.id
RETURNING p.owner_id, p.id, p.name, p.name_key, p.description, p.visibility, p.entry_count,
  p.created_at, p.updated_at, p.deleted_at, p.version
"""
_SET_HEARD: Final = """
INSERT INTO track_listening
  (user_id, track_id, favorite_at, rating, play_count, last_played_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (user_id, track_id) DO UPDATE SET favorite_at = excluded.favorite_at,
  rating = excluded.rating, play_count = excluded.play_count,
  last_played_at = excluded.last_played_at
"""
_INSERT: Final = """
INSERT INTO track_merges (owner_id, id, kept_id, other_ids, moved)
VALUES ($1, $2, $3, $4, $5::jsonb)
"""
_TAKE: Final = """
DELETE FROM track_merges WHERE owner_id = $1 AND id = $2
RETURNING kept_id, other_ids, moved::text AS moved
"""
_DELETED: Final = """
SELECT id FROM tracks WHERE owner_id = $1 AND id = ANY($2::uuid[])
  AND deleted_at IS NOT NULL AND missing_at IS NULL ORDER BY id FOR UPDATE
"""
_PRUNE: Final = "DELETE FROM track_merges WHERE created_at < now() - interval '1 hour'"
_FORGET: Final = "DELETE FROM track_merges WHERE owner_id = $1"


async def alike(read: Read, owner_id: UUID, kept_id: UUID, other_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the others that sound as the one does, or are called as it is."""
    return set(await read.fetch_values(_ALIKE, owner_id, kept_id, list(other_ids)))


async def heard(tx: Write, user_id: UUID, track_ids: Sequence[UUID]) -> dict[UUID, Heard]:
    """What somebody thinks of tracks, which nobody else changes until `tx` ends."""
    rows = await tx.fetch(_HEARD, Heard, user_id, list(track_ids))
    return {row.track_id: row for row in rows}


async def plays(tx: Write, user_id: UUID, track_ids: Sequence[UUID]) -> list[MovedPlay]:
    """All that somebody has played of tracks."""
    return await tx.fetch(_PLAYS, MovedPlay, user_id, list(track_ids))


async def lock_lists(tx: Write, owner_id: UUID, track_ids: Sequence[UUID]) -> None:
    """Keep all playlists that somebody's tracks are in from others until `tx` ends."""
    await tx.fetch_values(_LOCK_LISTS, owner_id, list(track_ids))


async def entries(tx: Write, owner_id: UUID, track_ids: Sequence[UUID]) -> list[MovedEntry]:
    """The places of somebody's tracks in whatever playlists, also what was taken out of them."""
    return await tx.fetch(_ENTRIES, MovedEntry, owner_id, list(track_ids))


async def move_plays(tx: Write, user_id: UUID, moved: Sequence[MovedPlay]) -> None:
    """Have plays be of the track that each names."""
    keys, ids = [one.key for one in moved], [one.track_id for one in moved]
    await tx.execute(_MOVE_PLAYS, user_id, keys, ids)


async def move_entries(tx: Write, owner_id: UUID, moved: Sequence[MovedEntry]) -> list[PlaylistRow]:
    """Have places in playlists be of the track that each names; the playlists, one version on."""
    fields = ("owner_id", "playlist_id", "id", "track_id")
    columns = ([getattr(one, field) for one in moved] for field in fields)
    await tx.execute(_MOVE_ENTRIES, owner_id, *columns)
    lists = sorted({(one.owner_id, one.playlist_id) for one in moved})
    return await tx.fetch(_TOUCH, PlaylistRow, [one[0] for one in lists], [one[1] for one in lists])


async def set_heard(tx: Write, user_id: UUID, row: Heard) -> None:
    """Write what somebody thinks of a track."""
    said = (row.favorite_at, row.rating, row.play_count, row.last_played_at)
    await tx.execute(_SET_HEARD, user_id, row.track_id, *said)


async def insert(tx: Write, owner_id: UUID, merge_id: UUID, merge: Merge) -> None:
    """Remember what undoes it."""
    await tx.execute(_INSERT, owner_id, merge_id, merge.kept_id, merge.other_ids, merge.moved)


async def take(tx: Write, owner_id: UUID, merge_id: UUID) -> Merge | None:
    """What undoes it, once."""
    return await tx.fetch_one(_TAKE, Merge, owner_id, merge_id)


async def deleted(tx: Write, owner_id: UUID, track_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the tracks that can be restored, which no purge removes until `tx` ends."""
    return set(await tx.fetch_values(_DELETED, owner_id, list(track_ids)))


async def prune(tx: Write) -> None:
    """Forget what can't be undone any more."""
    await tx.execute(_PRUNE)


async def forget(tx: Write, owner_id: UUID) -> None:
    """Forget all of somebody who is gone."""
    await tx.execute(_FORGET, owner_id)
