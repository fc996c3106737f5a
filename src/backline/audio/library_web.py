"""HTTP for the library's shelves: artists, albums, genres, and a search over all."""

from typing import Annotated
from uuid import UUID

from litestar import get, patch
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from backline.audio import albums, artists, batches, finding, tracks
from backline.audio.albums import AlbumDetails, AlbumPage
from backline.audio.artists import Artist, ArtistPage, GenrePage
from backline.audio.batches import TracksChanged
from backline.audio.finding import Found
from backline.audio.models import AlbumFilter, AlbumSort, GenreSort, Role, TrackPage, TracksPatch
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.http import cursors
from backline.platform.http.paging import Cursor, Limit, Search
from backline.platform.media.signing import MediaSigner

_TAGS = ["audio"]
_OfArtist = Annotated[UUID | None, QueryParameter(description="Whose; `role` says which")]
_OfGenre = Annotated[UUID | None, QueryParameter(description="Those with a track of this genre")]
_Role = Annotated[
    Role, QueryParameter(description="Of an artist: by them, or by others with them on it")
]
_Year = Annotated[int | None, QueryParameter(ge=0, le=9999)]
_Favorite = Annotated[bool, QueryParameter(description="Only my favourites")]
_HasAlbums = Annotated[bool, QueryParameter(description="Only those that an album is by")]


@get("/artists", tags=_TAGS, summary="My artists")
async def list_artists(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    limit: Limit = 20,
    cursor: Cursor = None,
    q: Search = "",
    has_albums: _HasAlbums = False,  # a parameter of the address
    favorite: _Favorite = False,
) -> ArtistPage:
    """By name, as people file them: without "The", numbers by value."""
    name = f"artists:{has_albums}:{favorite}:{q}"
    after = cursors.decode(name, cursor, tuple[str, UUID]) if cursor else None
    async with database.read() as read:
        rows = await artists.page(
            read,
            actor,
            words=q,
            has_albums=has_albums,
            is_favorite=favorite,
            after=after,
            limit=limit + 1,
        )
    rows, following = cursors.cut(name, rows, limit, lambda row: (row.sort_key, row.id))
    return ArtistPage(artists.shown_all(rows, signer), following)


@get("/artists/{artist_id:uuid}", tags=_TAGS, summary="One artist")
async def get_artist(
    artist_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> Artist:
    """Albums of theirs are in `/albums?artist_id=`, tracks in `/tracks?artist_id=`."""
    async with database.read() as read:
        return artists.shown(await artists.get(read, actor, artist_id), signer)


@get("/albums", tags=_TAGS, summary="My albums")
async def list_albums(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    limit: Limit = 20,
    cursor: Cursor = None,
    q: Search = "",
    sort: FromQuery[AlbumSort] = "title",
    artist_id: _OfArtist = None,
    role: _Role = "main",
    genre_id: _OfGenre = None,
    from_year: _Year = None,
    to_year: _Year = None,
    favorite: _Favorite = False,
) -> AlbumPage:
    """Sorted by title, artist, year, or what was added last; `q` looks in titles and artists."""
    wanted = AlbumFilter(artist_id, role, genre_id, from_year, to_year, is_favorite=favorite)
    name = f"albums:{sort}:{artist_id}:{role}:{genre_id}:{from_year}:{to_year}:{favorite}:{q}"
    after = cursors.decode(name, cursor, albums.KEYS[sort]) if cursor else None
    async with database.read() as read:
        rows = await albums.page(
            read, actor, wanted, words=q, sort=sort, after=after, limit=limit + 1
        )
    rows, following = cursors.cut(name, rows, limit, lambda row: albums.sort_key(row, sort))
    return AlbumPage(albums.shown_all(rows, signer), following)


@get("/albums/{album_id:uuid}", tags=_TAGS, summary="One album")
async def get_album(
    album_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> AlbumDetails:
    """With its genres and discs; what is on them is in `/albums/{album_id}/tracks`."""
    async with database.read() as read:
        return await albums.details(read, actor, signer, album_id)


@get("/albums/{album_id:uuid}/tracks", tags=_TAGS, summary="What is on an album")
async def list_album_tracks(
    album_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    limit: Limit = 100,
    cursor: Cursor = None,
) -> TrackPage:
    """Disc by disc, in the order of their numbers."""
    name = f"album-tracks:{album_id}"
    after = cursors.decode(name, cursor, tuple[int, int, str, UUID]) if cursor else None
    async with database.read() as read:
        rows = await albums.tracks(read, actor, album_id, after=after, limit=limit + 1)
    rows, following = cursors.cut(
        name, rows, limit, lambda row: (row.disc, row.number, row.title_key, row.id)
    )
    return TrackPage(tracks.shown_all(rows, signer), following)


@get("/genres", tags=_TAGS, summary="My genres")
async def list_genres(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    limit: Limit = 20,
    cursor: Cursor = None,
    sort: FromQuery[GenreSort] = "name",
) -> GenrePage:
    """By name, or the largest first."""
    name = f"genres:{sort}"
    after = cursors.decode(name, cursor, tuple[str, int]) if cursor else None
    async with database.read() as read:
        rows = await artists.genres(read, actor, sort=sort, after=after, limit=limit + 1)
    rows, following = cursors.cut(name, rows, limit, lambda row: (row.name_key, row.track_count))
    return GenrePage(list(map(artists.shown_genre, rows)), following)


@get("/search", tags=_TAGS, summary="Look for artists, albums and tracks")
async def search(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    q: Search = "",
    limit: Limit = 20,
) -> Found:
    """At most `limit` of each that have all the words, as beginnings, by name."""
    async with database.read() as read:
        return await finding.find(read, actor, signer, q, limit=limit)


@patch("/tracks/batch", tags=_TAGS, summary="Change what many tracks are called", idempotent=True)
async def change_tracks(
    data: JSONBody[TracksPatch],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> TracksChanged:
    """All of them or none. Each of `undo` can be sent here as it is, and takes it back."""
    async with database.write() as tx:
        rows, undo = await batches.change(tx, actor, data)
    return TracksChanged(tracks.shown_all(rows, signer), undo)


ROUTES = [
    list_artists,
    get_artist,
    list_albums,
    get_album,
    list_album_tracks,
    list_genres,
    search,
    change_tracks,
]
