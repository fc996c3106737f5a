"""A library from artist to song, by tags and as folders, and what is known of each."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Final, TypeVar
from uuid import UUID

import msgspec

from backline.audio import albums, artists, lyrics, picks, tracks
from backline.audio.albums import AlbumRow
from backline.audio.artists import ArtistRow
from backline.audio.models import AlbumFilter, Lyrics
from backline.audio.subsonic import ids, things
from backline.audio.subsonic.asking import Asked, Call
from backline.audio.subsonic.rendering import Answer
from backline.audio.subsonic.system_web import FOLDER_ID
from backline.audio.subsonic.things import Artist, FolderArtist, Song
from backline.platform.database import Read

_ARTICLES: Final = "The A An Der Die Das Le La Les El Los"
_MOST_ARTISTS, _MOST_ALBUMS, _MOST_SONGS, _MOST_GENRES = 50_000, 2_000, 5_000, 10_000
_OTHERS: Final = "#"


class Index(msgspec.Struct, frozen=True):
    """The artists under a letter."""

    name: str
    artist: Sequence[Artist | FolderArtist]


class Artists(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    """All artists by letters. `last_modified` is given to those who ask for folders, in ms."""

    ignored_articles: str = msgspec.field(default_factory=lambda: _ARTICLES)
    last_modified: int | None = None
    index: Sequence[Index]


class Directory(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A folder."""

    id: str
    name: str
    parent: str | None = None
    starred: str | None = None
    child: Sequence[Song]


class Genre(msgspec.Struct, frozen=True, rename="camel"):
    """A genre."""

    value: str
    song_count: int
    album_count: int


class Genres(msgspec.Struct, frozen=True):
    """All genres."""

    genre: list[Genre]


class Info(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What is known of an artist or an album."""

    music_brainz_id: str | None = None


class OldLyrics(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Words as one text."""

    artist: str | None = None
    title: str | None = None
    value: str


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line; `start` is when it is sung, in milliseconds."""

    value: str
    start: int | None = None


class StructuredLyrics(msgspec.Struct, frozen=True, rename="camel"):
    """Words line by line."""

    lang: str
    synced: bool
    display_artist: str
    display_title: str
    line: list[Line]


class LyricsList(msgspec.Struct, frozen=True, rename="camel"):
    """The words of a song, as often as there are."""

    structured_lyrics: list[StructuredLyrics]


async def get_artists(asked: Asked) -> Answer:
    """Everybody with an album, by letters."""
    async with asked.platform.database.read() as read:
        found = await _with_albums(read, asked)
    return Answer("artists", Artists(index=_by_letter(found, things.artist)))


async def get_indexes(asked: Asked) -> Answer:
    """The same as folders."""
    async with asked.platform.database.read() as read:
        found = await _with_albums(read, asked)
        newest_ms = int(await picks.newest_s(read, asked.actor) * 1000)
    index = _by_letter(found, things.artist_folder)
    return Answer("indexes", Artists(last_modified=newest_ms, index=index))


async def get_artist(asked: Asked) -> Answer:
    """An artist with their albums."""
    artist_id = ids.of("ar", asked.params.text("id"))
    async with asked.platform.database.read() as read:
        row = await artists.get(read, asked.actor, artist_id)
        inside = await _albums_of(read, asked, row)
        names = await picks.genre_names(read, asked.actor, inside)
    return Answer("artist", things.artist(row, [things.album(one, names) for one in inside]))


async def get_album(asked: Asked) -> Answer:
    """An album with its songs, disc by disc."""
    album_id = ids.of("al", asked.params.text("id"))
    async with asked.platform.database.read() as read:
        row, inside, names = await _whole_album(read, asked, album_id)
    return Answer("album", things.album(row, names, inside))


async def get_song(asked: Asked) -> Answer:
    """A song."""
    track_id = ids.of("tr", asked.params.text("id"))
    async with asked.platform.database.read() as read:
        row = await tracks.get(read, asked.actor, track_id)
    return Answer("song", things.song(row))


async def get_music_directory(asked: Asked) -> Answer:
    """What is in a folder: artists, an artist's albums, or an album's songs."""
    said = asked.params.text("id")
    async with asked.platform.database.read() as read:
        if said == str(FOLDER_ID):
            found = await _with_albums(read, asked)
            inside = [_artist_as_child(one) for one in found]
            return Answer("directory", Directory(id=said, name="Music", child=inside))
        kind, one = ids.parse(said)
        if kind == "ar":
            row = await artists.get(read, asked.actor, one)
            rows = await _albums_of(read, asked, row)
            names = await picks.genre_names(read, asked.actor, rows)
            inside = [things.album_folder(album, names) for album in rows]
            starred = things.artist(row).starred
            return Answer(
                "directory",
                Directory(
                    id=said, name=row.name, parent=str(FOLDER_ID), starred=starred, child=inside
                ),
            )
        album, songs, names = await _whole_album(read, asked, ids.of("al", said))
    folder = things.album_folder(album, names)
    return Answer(
        "directory",
        Directory(
            id=said, name=album.title, parent=folder.parent, starred=folder.starred, child=songs
        ),
    )


async def get_genres(asked: Asked) -> Answer:
    """All genres by name."""
    async with asked.platform.database.read() as read:
        rows = await artists.genres(read, asked.actor, sort="name", after=None, limit=_MOST_GENRES)
    found = [Genre(row.name, row.track_count, row.album_count) for row in rows]
    return Answer("genres", Genres(found))


async def get_artist_info(asked: Asked) -> Answer:
    """What is known of an artist."""
    return Answer("artistInfo", await _artist_info(asked))


async def get_artist_info2(asked: Asked) -> Answer:
    """What is known of an artist."""
    return Answer("artistInfo2", await _artist_info(asked))


async def get_album_info(asked: Asked) -> Answer:
    """What is known of an album, or of that of a song."""
    kind, one = ids.parse(asked.params.text("id"))
    async with asked.platform.database.read() as read:
        if kind == "tr":
            album_id = (await tracks.get(read, asked.actor, one)).album_id
            if album_id is None:
                return Answer("albumInfo", Info())
            kind, one = "al", album_id
        mbid = (await albums.get(read, asked.actor, ids.of("al", ids.shown(kind, one)))).mbid
    return Answer("albumInfo", Info(None if mbid is None else str(mbid)))


async def get_lyrics(asked: Asked) -> Answer:
    """The words of a song by its title and artist."""
    title, artist = asked.params.text("title", ""), asked.params.text("artist", "")
    async with asked.platform.database.read() as read:
        track_id = await picks.track_called(read, asked.actor, title, artist)
        if track_id is None:
            return Answer("lyrics", OldLyrics(value=""))
        words = await lyrics.get(read, asked.actor, track_id)
    text = "\n".join(line.text for line in words.lines)
    return Answer("lyrics", OldLyrics(artist=artist, title=title, value=text))


async def get_lyrics_by_song_id(asked: Asked) -> Answer:
    """The words of a song, with times where they have some."""
    track_id = ids.of("tr", asked.params.text("id"))
    async with asked.platform.database.read() as read:
        row = await tracks.get(read, asked.actor, track_id)
        words = await lyrics.get(read, asked.actor, track_id)
    found = [_structured(words, row.artist, row.title)] if words.lines else []
    return Answer("lyricsList", LyricsList(found))


def _structured(words: Lyrics, artist: str, title: str) -> StructuredLyrics:
    lines = [
        Line(line.text, (line.start_ms or 0) if words.is_timed else None) for line in words.lines
    ]
    return StructuredLyrics("und", words.is_timed, artist, title, lines)


async def _artist_info(asked: Asked) -> Info:
    kind, one = ids.parse(asked.params.text("id"))
    async with asked.platform.database.read() as read:
        if kind == "al":
            found = (await albums.get(read, asked.actor, one)).artist_ids
        elif kind == "tr":
            found = (await tracks.get(read, asked.actor, one)).artist_ids
        else:
            found = [ids.of("ar", ids.shown(kind, one))]
        if not found:
            return Info()
        mbid = (await artists.get(read, asked.actor, found[0])).mbid
    return Info(None if mbid is None else str(mbid))


async def _with_albums(read: Read, asked: Asked) -> list[ArtistRow]:
    return await artists.page(read, asked.actor, has_albums=True, after=None, limit=_MOST_ARTISTS)


async def _albums_of(read: Read, asked: Asked, row: ArtistRow) -> list[AlbumRow]:
    wanted = AlbumFilter(artist_id=row.id)
    return await albums.page(read, asked.actor, wanted, sort="year", after=None, limit=_MOST_ALBUMS)


async def _whole_album(
    read: Read, asked: Asked, album_id: UUID
) -> tuple[AlbumRow, list[Song], dict[UUID, str]]:
    row = await albums.get(read, asked.actor, album_id)
    inside = await albums.tracks(read, asked.actor, album_id, after=None, limit=_MOST_SONGS)
    names = await picks.genre_names(read, asked.actor, [row])
    return row, things.songs(inside), names


def _artist_as_child(row: ArtistRow) -> Song:
    one = things.artist(row)
    return Song(
        id=one.id,
        is_dir=True,
        title=row.name,
        parent=str(FOLDER_ID),
        artist=row.name,
        cover_art=one.cover_art,
        starred=one.starred,
        media_type="artist",
    )


def _letter(row: ArtistRow) -> str:
    first = row.sort_key[:1]
    return first.upper() if first.isalpha() else _OTHERS


_Shown = TypeVar("_Shown", Artist, FolderArtist)


def _by_letter(rows: Iterable[ArtistRow], show: Callable[[ArtistRow], _Shown]) -> list[Index]:
    """Rows under their letters; whatever begins with none is together, first."""
    ordered = sorted(rows, key=lambda row: (_letter(row) != _OTHERS, _letter(row)))
    return [Index(name, list(map(show, group))) for name, group in groupby(ordered, key=_letter)]


CALLS: Final = {
    "getArtists": Call(get_artists),
    "getIndexes": Call(get_indexes),
    "getArtist": Call(get_artist),
    "getAlbum": Call(get_album),
    "getSong": Call(get_song),
    "getMusicDirectory": Call(get_music_directory),
    "getGenres": Call(get_genres),
    "getArtistInfo": Call(get_artist_info),
    "getArtistInfo2": Call(get_artist_info2),
    "getAlbumInfo": Call(get_album_info),
    "getAlbumInfo2": Call(get_album_info),
    "getLyrics": Call(get_lyrics),
    "getLyricsBySongId": Call(get_lyrics_by_song_id),
}
