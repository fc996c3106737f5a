"""HTTP for favourites, ratings and plays."""

from datetime import datetime
from uuid import UUID

from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.audio import listening, plays
from backline.audio.listening import RatingForm
from backline.audio.plays import PlayForm, PlayPage, PlayTold
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.http import cursors
from backline.platform.http.paging import Cursor, Limit
from backline.platform.media.signing import MediaSigner

_TAGS = ["audio"]


@put("/favorites/{track_id:uuid}", status_code=204, tags=_TAGS, summary="A track I like")
async def put_favorite(
    track_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> None:
    """It is one of my favourites then; they are in `/tracks?favorite=true`."""
    async with database.write() as tx:
        await listening.favor_track(tx, actor, track_id, is_favorite=True)


@delete("/favorites/{track_id:uuid}", tags=_TAGS, summary="No favourite any more")
async def delete_favorite(
    track_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> None:
    """The track stays, and its rating."""
    async with database.write() as tx:
        await listening.favor_track(tx, actor, track_id, is_favorite=False)


@put("/favorites/albums/{album_id:uuid}", status_code=204, tags=_TAGS, summary="An album I like")
async def put_favorite_album(
    album_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> None:
    """It is one of my favourites then; they are in `/albums?favorite=true`."""
    async with database.write() as tx:
        await listening.favor_album(tx, actor, album_id, is_favorite=True)


@delete("/favorites/albums/{album_id:uuid}", tags=_TAGS, summary="No favourite album any more")
async def delete_favorite_album(
    album_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> None:
    """The album stays."""
    async with database.write() as tx:
        await listening.favor_album(tx, actor, album_id, is_favorite=False)


@put("/favorites/artists/{artist_id:uuid}", status_code=204, tags=_TAGS, summary="An artist I like")
async def put_favorite_artist(
    artist_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> None:
    """They are one of my favourites then; they are in `/artists?favorite=true`."""
    async with database.write() as tx:
        await listening.favor_artist(tx, actor, artist_id, is_favorite=True)


@delete("/favorites/artists/{artist_id:uuid}", tags=_TAGS, summary="No favourite artist any more")
async def delete_favorite_artist(
    artist_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> None:
    """The artist stays."""
    async with database.write() as tx:
        await listening.favor_artist(tx, actor, artist_id, is_favorite=False)


@put("/tracks/{track_id:uuid}/rating", status_code=204, tags=_TAGS, summary="Rate a track")
async def put_rating(
    track_id: FromPath[UUID],
    data: JSONBody[RatingForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> None:
    """From 1 to 5 stars, which only I see; null takes them back."""
    async with database.write() as tx:
        await listening.rate_track(tx, actor, track_id, data.rating)


@post("/plays", status_code=200, tags=_TAGS, summary="Tell that a track was played")
async def tell_play(
    data: JSONBody[PlayForm], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> PlayTold:
    """It counts once half of the track was heard, or four minutes; told again, it counts once."""
    async with database.write() as tx:
        return PlayTold(await plays.tell(tx, actor, data))


@get("/history", tags=_TAGS, summary="What I have played")
async def list_history(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    limit: Limit = 20,
    cursor: Cursor = None,
) -> PlayPage:
    """The latest first. Each track once is in `/tracks?sort=-last_played_at`."""
    after = cursors.decode("history", cursor, tuple[datetime, str]) if cursor else None
    async with database.read() as read:
        rows = await plays.page(read, actor, after=after, limit=limit + 1)
    rows, following = cursors.cut("history", rows, limit, lambda row: (row.played_at, row.key))
    return PlayPage(plays.shown_all(rows, signer), following)


@delete("/history", tags=_TAGS, summary="Forget what I have played")
async def clear_history(actor: NamedDependency[Actor], database: NamedDependency[Database]) -> None:
    """All of it, and how often; favourites and ratings stay. This can't be undone."""
    async with database.write() as tx:
        await plays.clear(tx, actor)


ROUTES = [
    put_favorite,
    delete_favorite,
    put_favorite_album,
    delete_favorite_album,
    put_favorite_artist,
    delete_favorite_artist,
    put_rating,
    tell_play,
    list_history,
    clear_history,
]
