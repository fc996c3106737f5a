"""Lists of albums and songs: by name, age, year, genre, by chance; and searches."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from backline.audio import albums, artists, picks
from backline.audio.albums import AlbumRow
from backline.audio.artists import ArtistRow
from backline.audio.models import AlbumFilter, TrackRow
from backline.audio.picks import Order
from backline.audio.subsonic import things
from backline.audio.subsonic.asking import Asked, Call
from backline.audio.subsonic.faults import Code, Refused
from backline.audio.subsonic.rendering import Answer
from backline.audio.subsonic.things import Album, Artist, FolderArtist, Song

_MOST: Final = picks.MOST
_LAST_YEAR: Final = 9_999
_ORDERS: Final[dict[str, Order]] = {
    "random": "random",
    "newest": "newest",
    "highest": "highest",
    "frequent": "frequent",
    "recent": "recent",
    "alphabeticalByName": "title",
    "alphabeticalByArtist": "artist",
    "starred": "title",
    "byGenre": "title",
    "byYear": "year",
}


class Albums(msgspec.Struct, frozen=True):
    """Albums."""

    album: Sequence[Album | Song]


class Songs(msgspec.Struct, frozen=True):
    """Songs."""

    song: Sequence[Song]


class Found(msgspec.Struct, frozen=True):
    """Some of everything."""

    artist: Sequence[Artist | FolderArtist]
    album: Sequence[Album | Song]
    song: Sequence[Song]


async def get_album_list(asked: Asked) -> Answer:
    """Albums as folders."""
    rows, names = await _album_list(asked)
    return Answer("albumList", Albums([things.album_folder(row, names) for row in rows]))


async def get_album_list2(asked: Asked) -> Answer:
    """Albums by tags."""
    rows, names = await _album_list(asked)
    return Answer("albumList2", Albums([things.album(row, names) for row in rows]))


async def get_songs_by_genre(asked: Asked) -> Answer:
    """Songs of a genre, by title."""
    params = asked.params
    async with asked.platform.database.read() as read:
        rows = await picks.tracks(
            read,
            asked.actor,
            offset=params.number("offset", 0),
            limit=params.count("count", 10, _MOST),
            genre=params.text("genre"),
        )
    return Answer("songsByGenre", Songs(things.songs(rows)))


async def get_random_songs(asked: Asked) -> Answer:
    """Songs by chance."""
    params = asked.params
    async with asked.platform.database.read() as read:
        rows = await picks.random_tracks(
            read,
            asked.actor,
            limit=params.count("size", 10, _MOST),
            genre=params.text("genre", "") or None,
            from_year=params.count("fromYear", 0, _LAST_YEAR) if "fromYear" in params else None,
            to_year=params.count("toYear", 0, _LAST_YEAR) if "toYear" in params else None,
        )
    return Answer("randomSongs", Songs(things.songs(rows)))


async def get_starred(asked: Asked) -> Answer:
    """Favourites, artists and albums as folders."""
    found = await _starred(asked)
    return Answer("starred", _as_folders(*found))


async def get_starred2(asked: Asked) -> Answer:
    """Favourites."""
    return Answer("starred2", _by_tags(*await _starred(asked)))


async def search2(asked: Asked) -> Answer:
    """What has all the words, artists and albums as folders."""
    return Answer("searchResult2", _as_folders(*await _search(asked)))


async def search3(asked: Asked) -> Answer:
    """What has all the words; without any, everything, page by page."""
    return Answer("searchResult3", _by_tags(*await _search(asked)))


_Rows = tuple[list[ArtistRow], list[AlbumRow], list[TrackRow], dict[UUID, str]]


async def _search(asked: Asked) -> _Rows:
    params, actor = asked.params, asked.actor
    words = params.text("query", "").strip('"').rstrip("*").strip()
    async with asked.platform.database.read() as read:
        found: list[ArtistRow] = []
        if limit := params.count("artistCount", 20, _MOST):
            offset = params.number("artistOffset", 0)
            found = await picks.artists_by_name(
                read, actor, offset=offset, limit=limit, words=words
            )
        rows: list[AlbumRow] = []
        if limit := params.count("albumCount", 20, _MOST):
            offset = params.number("albumOffset", 0)
            rows = await picks.albums(read, actor, "title", offset=offset, limit=limit, words=words)
        songs: list[TrackRow] = []
        if limit := params.count("songCount", 20, _MOST):
            offset = params.number("songOffset", 0)
            songs = await picks.tracks(read, actor, offset=offset, limit=limit, words=words)
        return found, rows, songs, await picks.genre_names(read, actor, rows)


async def _starred(asked: Asked) -> _Rows:
    async with asked.platform.database.read() as read:
        found = await artists.page(
            read, asked.actor, is_favorite=True, after=None, limit=picks.MOST_FAVORITES
        )
        rows = await albums.page(
            read,
            asked.actor,
            AlbumFilter(is_favorite=True),
            sort="title",
            after=None,
            limit=picks.MOST_FAVORITES,
        )
        songs = await picks.favorite_tracks(read, asked.actor)
        return found, rows, songs, await picks.genre_names(read, asked.actor, rows)


def _by_tags(
    found: list[ArtistRow], rows: list[AlbumRow], songs: list[TrackRow], names: dict[UUID, str]
) -> Found:
    return Found(
        [things.artist(row) for row in found],
        [things.album(row, names) for row in rows],
        things.songs(songs),
    )


def _as_folders(
    found: list[ArtistRow], rows: list[AlbumRow], songs: list[TrackRow], names: dict[UUID, str]
) -> Found:
    return Found(
        [things.artist_folder(row) for row in found],
        [things.album_folder(row, names) for row in rows],
        things.songs(songs),
    )


async def _album_list(asked: Asked) -> tuple[list[AlbumRow], dict[UUID, str]]:
    params = asked.params
    kind = params.text("type")
    order = _ORDERS.get(kind)
    if order is None:
        raise Refused(Code.OTHER, f"There are no lists of the type {kind[:50]!r}.")
    years: tuple[int, int] | None = None
    if kind == "byYear":
        first = params.count("fromYear", _missing(asked, "fromYear"), _LAST_YEAR)
        last = params.count("toYear", _missing(asked, "toYear"), _LAST_YEAR)
        order, years = ("-year", (last, first)) if first > last else ("year", (first, last))
    async with asked.platform.database.read() as read:
        rows = await picks.albums(
            read,
            asked.actor,
            order,
            offset=params.number("offset", 0),
            limit=params.count("size", 10, _MOST),
            years=years,
            genre=params.text("genre") if kind == "byGenre" else None,
            is_favorite=kind == "starred",
        )
        return rows, await picks.genre_names(read, asked.actor, rows)


def _missing(asked: Asked, name: str) -> int:
    """Zero, once it is clear that a parameter is there."""
    asked.params.text(name)
    return 0


CALLS: Final = {
    "getAlbumList": Call(get_album_list),
    "getAlbumList2": Call(get_album_list2),
    "getSongsByGenre": Call(get_songs_by_genre),
    "getRandomSongs": Call(get_random_songs),
    "getStarred": Call(get_starred),
    "getStarred2": Call(get_starred2),
    "search2": Call(search2),
    "search3": Call(search3),
}
