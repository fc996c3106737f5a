"""Albums as people see them: listed, opened, with their tracks disc by disc."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from backline.audio import albums_sql as sql
from backline.audio import artists, artists_sql, covers
from backline.audio.albums_sql import AlbumRow, Disc, DiscTrack
from backline.audio.artists import Genre
from backline.audio.models import AlbumFilter, AlbumSort, Cover, Credit
from backline.platform import text
from backline.platform.actor import Actor
from backline.platform.database import Read
from backline.platform.errors import NotFound
from backline.platform.media.signing import MediaSigner

_LEVEL_LUFS = -18.0  # ReplayGain 2, as of tracks
_GONE = "There is no such album."

KEYS: dict[AlbumSort, Any] = {
    "title": tuple[str, UUID, None],
    "artist": tuple[str, UUID, str],
    "year": tuple[int, UUID, str],
    "-year": tuple[int, UUID, str],
    "-added_at": tuple[datetime, UUID, None],
}
"""What a cursor of each sort holds: `sort_key` of a row."""


class Album(msgspec.Struct, frozen=True):
    """An album of someone's library.

    `gain_db` brings it to -18 LUFS as a whole; `added_at` is when its newest track came.
    """

    id: UUID
    owner_id: UUID
    title: str
    artist: str
    artists: list[Credit]
    is_compilation: bool
    year: int | None
    track_count: int
    disc_count: int
    duration_ms: int
    gain_db: float | None
    cover: Cover | None
    musicbrainz_id: UUID | None
    added_at: datetime
    favorite_at: datetime | None


class AlbumPage(msgspec.Struct, frozen=True):
    """A page of albums."""

    items: list[Album]
    next_cursor: str | None = None


class AlbumDetails(msgspec.Struct, frozen=True):
    """An album with its genres, and what is on each of its discs."""

    album: Album
    genres: list[Genre]
    discs: list[Disc]


async def page(
    read: Read,
    actor: Actor,
    wanted: AlbumFilter,
    *,
    words: str = "",
    sort: AlbumSort,
    after: tuple[str | int | datetime, UUID, str | None] | None,
    limit: int,
) -> list[AlbumRow]:
    """A page of the actor's albums, of those that have all the words if there are any.

    Raises:
        NotFound: there is no such artist or genre.
    """
    if wanted.artist_id is not None:
        await artists.get(read, actor, wanted.artist_id)
    if wanted.genre_id is not None:
        await artists.genre(read, actor, wanted.genre_id)
    search = text.marked_query(actor.user_id.hex, words)
    if words and search is None:
        return []
    wanted = msgspec.structs.replace(wanted, search=search)
    return await sql.albums(read, actor.user_id, wanted, sort=sort, after=after, limit=limit)


def sort_key(row: AlbumRow, sort: AlbumSort) -> tuple[str | int | datetime, UUID, str | None]:
    """What a list sorted so goes on from behind a row."""
    match sort:
        case "title":
            return row.sort_key, row.id, None
        case "artist":
            return row.artist_key, row.id, row.sort_key
        case "year":
            return 10_000 if row.year is None else row.year, row.id, row.sort_key
        case "-year":
            return -(row.year or 0), row.id, row.sort_key
        case "-added_at":
            return row.added_at, row.id, None


async def get(read: Read, actor: Actor, album_id: UUID) -> AlbumRow:
    """One of the actor's albums.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    row = await sql.album(read, actor.user_id, album_id)
    if row is None:
        raise NotFound(_GONE)
    return row


async def details(read: Read, actor: Actor, signer: MediaSigner, album_id: UUID) -> AlbumDetails:
    """An album with its genres and discs.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    row = await get(read, actor, album_id)
    genres = await artists_sql.genres_of(read, row.owner_id, row.genre_ids)
    discs = await sql.discs(read, row.owner_id, album_id)
    return AlbumDetails(shown(row, signer), [artists.shown_genre(genre) for genre in genres], discs)


async def tracks(
    read: Read,
    actor: Actor,
    album_id: UUID,
    *,
    after: tuple[int, int, str, UUID] | None,
    limit: int,
) -> list[DiscTrack]:
    """A page of what is on an album, disc by disc.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    await get(read, actor, album_id)
    return await sql.tracks(read, actor.user_id, album_id, after=after, limit=limit)


def shown_all(rows: Sequence[AlbumRow], signer: MediaSigner) -> list[Album]:
    """Rows as they are answered."""
    return [shown(row, signer) for row in rows]


def shown(row: AlbumRow, signer: MediaSigner) -> Album:
    """A row as it is answered, with fresh URLs of its cover."""
    level = row.loudness_lufs
    return Album(
        row.id,
        row.owner_id,
        row.title,
        row.artist,
        list(map(Credit, row.artist_ids, row.artist_names)),
        row.is_compilation,
        row.year,
        row.track_count,
        row.disc_count,
        row.duration_ms,
        None if level is None else round(_LEVEL_LUFS - level, 2),
        covers.of_track(signer, row.owner_id, row.cover_track_id, row.cover_generation),
        row.mbid,
        row.added_at,
        row.favorite_at,
    )
