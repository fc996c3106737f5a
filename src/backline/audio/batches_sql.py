"""The queries of changes to many tracks at once, each a typed function."""

from collections.abc import Sequence
from uuid import UUID

from backline.audio.models import Labels, TrackRow
from backline.audio.sql import FIELDS, TRACKS
from backline.platform import text
from backline.platform.database import Read, Write

_TRACKS = f"""
SELECT {FIELDS} FROM {TRACKS}
WHERE id = ANY($1::uuid[]) AND owner_id = $2 AND deleted_at IS NULL ORDER BY id
"""  # noqa: S608  # literals alone
_LOCKED = _TRACKS + " FOR UPDATE OF t"
_SET_LABELS = """
UPDATE tracks t SET title = u.title, artist = u.artist, album = u.album,
  album_artist = u.album_artist, genre = u.genre, year = u.year, track_number = u.track_number,
  disc_number = u.disc_number, search = to_tsvector('simple', u.words), edited = true,
  version = version + 1, updated_at = now()
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
  $8::smallint[], $9::smallint[], $10::smallint[], $11::text[])
  AS u(id, title, artist, album, album_artist, genre, year, track_number, disc_number, words)
WHERE t.id = u.id AND t.owner_id = $1
"""


async def tracks(read: Read, owner_id: UUID, track_ids: Sequence[UUID]) -> list[TrackRow]:
    """Those of the tracks that aren't deleted."""
    return await read.fetch(_TRACKS, TrackRow, list(track_ids), owner_id)


async def lock(tx: Write, owner_id: UUID, track_ids: Sequence[UUID]) -> list[TrackRow]:
    """Those of the tracks that aren't deleted, which nobody else changes until `tx` ends."""
    return await tx.fetch(_LOCKED, TrackRow, list(track_ids), owner_id)


async def set_labels(tx: Write, owner_id: UUID, named: Sequence[tuple[UUID, Labels, str]]) -> None:
    """Name tracks as a person does; each with the name of its file. Whoever does files them."""
    labels = [one for _, one, _ in named]
    await tx.execute(
        _SET_LABELS,
        owner_id,
        [track_id for track_id, _, _ in named],
        [one.title for one in labels],
        [one.artist for one in labels],
        [one.album for one in labels],
        [one.album_artist for one in labels],
        [one.genre for one in labels],
        [one.year for one in labels],
        [one.track_number for one in labels],
        [one.disc_number for one in labels],
        [
            text.document(one.title, one.artist, one.album, one.genre, filename)
            for _, one, filename in named
        ],
    )
