"""Pieces of a library by their place, by chance or by likeness, for players that ask so.

Whole rows in the order wanted. Where pages of ours go on behind a row, such players count: the
walk to a place costs an index's entries, never rows.
"""

from collections.abc import Sequence
from typing import Final, Protocol, TypeVar
from uuid import UUID

from backline.audio import albums_sql, artists, artists_sql, picks_sql, sql
from backline.audio.albums_sql import AlbumRow
from backline.audio.artists_sql import ArtistRow
from backline.audio.credits import name_key
from backline.audio.models import TrackRow
from backline.audio.picks_sql import Order
from backline.platform import text
from backline.platform.actor import Actor
from backline.platform.database import Read

MOST: Final = 500  # at once
MOST_FAVORITES: Final = 5_000


class _HasId(Protocol):
    @property
    def id(self) -> UUID: ...


_Row = TypeVar("_Row", bound=_HasId)


async def tracks(
    read: Read, actor: Actor, *, offset: int, limit: int, words: str = "", genre: str | None = None
) -> list[TrackRow]:
    """The actor's tracks by title: all, or with all the words, or of a genre by its name."""
    search, genre_id = text.query(words), None
    if words and search is None:
        return []
    if genre is not None:
        genre_id = await picks_sql.genre(read, actor.user_id, name_key(genre))
        if genre_id is None:
            return []
    ids = await picks_sql.tracks(
        read, actor.user_id, offset=offset, limit=limit, search=search, genre_id=genre_id
    )
    return await _tracks(read, actor, ids)


async def random_tracks(
    read: Read,
    actor: Actor,
    *,
    limit: int,
    genre: str | None,
    from_year: int | None,
    to_year: int | None,
) -> list[TrackRow]:
    """Some of the actor's tracks by chance, of a genre and of some years where that is wanted."""
    genre_id = None
    if genre is not None:
        genre_id = await picks_sql.genre(read, actor.user_id, name_key(genre))
        if genre_id is None:
            return []
    ids = await picks_sql.random_tracks(
        read, actor.user_id, limit, genre_id=genre_id, from_year=from_year, to_year=to_year
    )
    return await _tracks(read, actor, ids)


async def like_artist(read: Read, actor: Actor, artist_id: UUID, limit: int) -> list[TrackRow]:
    """Tracks by chance that share a genre with an artist's.

    Raises:
        NotFound: they aren't there, or someone else's.
    """
    await artists.get(read, actor, artist_id)
    genre_ids = await picks_sql.genres_of_artist(read, actor.user_id, artist_id)
    ids = await picks_sql.alike(read, actor.user_id, genre_ids, (), limit)
    return await _tracks(read, actor, ids)


async def like_track(read: Read, actor: Actor, track_id: UUID, limit: int) -> list[TrackRow]:
    """Tracks by chance that share a genre with one, without it."""
    genre_ids = await picks_sql.genres_of_track(read, actor.user_id, track_id)
    ids = await picks_sql.alike(read, actor.user_id, genre_ids, (track_id,), limit)
    return await _tracks(read, actor, ids)


async def best_of(read: Read, actor: Actor, artist_id: UUID, limit: int) -> list[TrackRow]:
    """An artist's tracks that the actor has played, the most played first."""
    ids = await picks_sql.best_of(read, actor.user_id, artist_id, limit)
    return await _tracks(read, actor, ids)


async def favorite_tracks(read: Read, actor: Actor) -> list[TrackRow]:
    """The actor's favourites, the latest first; at most 5,000."""
    ids = await picks_sql.favorites(read, actor.user_id, MOST_FAVORITES)
    return await _tracks(read, actor, ids)


async def track_called(read: Read, actor: Actor, title: str, artist: str) -> UUID | None:
    """A track of the actor's by its title and artist."""
    keys = (text.shelf_key(title), text.shelf_key(artist))
    return await picks_sql.called(read, actor.user_id, *keys)


async def artist_called(read: Read, actor: Actor, name: str) -> UUID | None:
    """An artist of the actor's by their name."""
    return await picks_sql.artist_called(read, actor.user_id, name_key(name))


async def albums(
    read: Read,
    actor: Actor,
    order: Order,
    *,
    offset: int,
    limit: int,
    words: str = "",
    years: tuple[int, int] | None = None,
    genre: str | None = None,
    is_favorite: bool = False,
) -> list[AlbumRow]:
    """The actor's albums in an order; narrowed in one way at the most."""
    search, genre_id = text.marked_query(actor.user_id.hex, words), None
    if words and search is None:
        return []
    if genre is not None:
        genre_id = await picks_sql.genre(read, actor.user_id, name_key(genre))
        if genre_id is None:
            return []
    ids = await picks_sql.albums(
        read,
        actor.user_id,
        order,
        offset=offset,
        limit=limit,
        years=years,
        genre_id=genre_id,
        search=search,
        is_favorite=is_favorite,
    )
    return _in_order(ids, await albums_sql.albums_of(read, actor.user_id, ids))


async def artists_by_name(
    read: Read, actor: Actor, *, offset: int, limit: int, words: str = ""
) -> list[ArtistRow]:
    """The actor's artists by name: all, or with all the words."""
    search = text.marked_query(actor.user_id.hex, words)
    if words and search is None:
        return []
    ids = await picks_sql.artists(read, actor.user_id, offset=offset, limit=limit, search=search)
    return _in_order(ids, await artists_sql.artists_of(read, actor.user_id, ids))


async def genre_names(read: Read, actor: Actor, rows: Sequence[AlbumRow]) -> dict[UUID, str]:
    """What the genres of albums are called."""
    ids = {genre_id for row in rows for genre_id in row.genre_ids}
    return await picks_sql.genre_names(read, actor.user_id, list(ids)) if ids else {}


async def newest_s(read: Read, actor: Actor) -> float:
    """When the actor's newest album came, in seconds since 1970; 0 where there is none."""
    return await picks_sql.newest(read, actor.user_id)


async def _tracks(read: Read, actor: Actor, ids: Sequence[UUID]) -> list[TrackRow]:
    return _in_order(ids, await sql.tracks_of(read, actor.user_id, ids))


def _in_order(ids: Sequence[UUID], rows: Sequence[_Row]) -> list[_Row]:
    by_id = {row.id: row for row in rows}
    return [by_id[one] for one in ids if one in by_id]
