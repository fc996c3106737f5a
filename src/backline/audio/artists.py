"""Artists and genres as people see them: listed, opened."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from backline.audio import artists_sql as sql
from backline.audio import covers
from backline.audio.artists_sql import ArtistRow, GenreRow
from backline.audio.models import Cover, GenreSort
from backline.platform import text
from backline.platform.actor import Actor
from backline.platform.database import Read
from backline.platform.errors import NotFound
from backline.platform.media.signing import MediaSigner


class Artist(msgspec.Struct, frozen=True):
    """An artist of someone's library; `cover` is of an album of theirs, or of a track."""

    id: UUID
    owner_id: UUID
    name: str
    track_count: int
    album_count: int
    cover: Cover | None
    musicbrainz_id: UUID | None
    favorite_at: datetime | None


class ArtistPage(msgspec.Struct, frozen=True):
    """A page of artists."""

    items: list[Artist]
    next_cursor: str | None = None


class Genre(msgspec.Struct, frozen=True):
    """A genre of someone's library."""

    id: UUID
    name: str
    track_count: int
    album_count: int


class GenrePage(msgspec.Struct, frozen=True):
    """A page of genres."""

    items: list[Genre]
    next_cursor: str | None = None


async def page(
    read: Read,
    actor: Actor,
    *,
    words: str = "",
    has_albums: bool = False,
    is_favorite: bool = False,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[ArtistRow]:
    """A page of the actor's artists, of those that have all the words if there are any."""
    search = text.marked_query(actor.user_id.hex, words)
    if words and search is None:
        return []
    return await sql.artists(
        read,
        actor.user_id,
        has_albums=has_albums,
        is_favorite=is_favorite,
        search=search,
        after=after,
        limit=limit,
    )


async def get(read: Read, actor: Actor, artist_id: UUID) -> ArtistRow:
    """One of the actor's artists.

    Raises:
        NotFound: they aren't there, or someone else's.
    """
    row = await sql.artist(read, actor.user_id, artist_id)
    if row is None:
        raise NotFound("There is no such artist.")
    return row


async def genres(
    read: Read, actor: Actor, *, sort: GenreSort, after: tuple[str, int] | None, limit: int
) -> list[GenreRow]:
    """A page of the actor's genres."""
    return await sql.genres(read, actor.user_id, sort=sort, after=after, limit=limit)


async def genre(read: Read, actor: Actor, genre_id: UUID) -> GenreRow:
    """One of the actor's genres.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    row = await sql.genre(read, actor.user_id, genre_id)
    if row is None:
        raise NotFound("There is no such genre.")
    return row


def shown_all(rows: Sequence[ArtistRow], signer: MediaSigner) -> list[Artist]:
    """Rows as they are answered."""
    return [shown(row, signer) for row in rows]


def shown(row: ArtistRow, signer: MediaSigner) -> Artist:
    """A row as it is answered, with fresh URLs of its cover."""
    return Artist(
        row.id,
        row.owner_id,
        row.name,
        row.track_count,
        row.album_count,
        covers.of_track(signer, row.owner_id, row.cover_track_id, row.cover_generation),
        row.mbid,
        row.favorite_at,
    )


def shown_genre(row: GenreRow) -> Genre:
    """A genre as it is answered."""
    return Genre(row.id, row.name, row.track_count, row.album_count)
