"""HTTP for what is recommended: similar tracks, radio, and what to discover."""

from datetime import UTC, date, datetime
from random import randrange
from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from backline.audio.discover import neighbors, offers, radio
from backline.audio.discover.neighbors import SimilarPage
from backline.audio.discover.offers import Discover
from backline.audio.discover.radio import Piece, Place, RadioPage
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.http import cursors
from backline.platform.http.paging import Cursor, Limit
from backline.platform.media.signing import MediaSigner

_TAGS = ["audio"]
_Seed = Annotated[
    int | None,
    QueryParameter(ge=0, le=radio.MOST_SEED, description="The same gives the same queue again"),
]
_Day = Annotated[date | None, QueryParameter(description="The day; left out, today in UTC")]


@get("/tracks/{track_id:uuid}/similar", tags=_TAGS, summary="Tracks like this one")
async def list_similar(
    track_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    limit: Limit = 50,
) -> SimilarPage:
    """Each with why: it sounds alike, shares an artist or a genre, or is heard together with it.

    Found by jobs, some minutes after a track came and once a night; empty until then.
    """
    async with database.read() as read:
        row, rows = await neighbors.similar(read, actor, track_id, limit)
    return SimilarPage(neighbors.shown_all(row, rows, signer))


@get("/artists/{artist_id:uuid}/radio", tags=_TAGS, summary="Radio of an artist")
async def artist_radio(
    artist_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    limit: Limit = 50,
    cursor: Cursor = None,
    seed: _Seed = None,
) -> RadioPage:
    """Tracks of theirs and what is like them, mixed; no artist twice in a row where that can be."""
    name = f"artist-radio:{artist_id}"
    place = _place(name, cursor, seed)
    async with database.read() as read:
        piece = await radio.of_artist(read, actor, artist_id, place, limit)
    return _page(name, piece, place, signer)


@get("/tracks/{track_id:uuid}/radio", tags=_TAGS, summary="Radio of a track")
async def track_radio(
    track_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    limit: Limit = 50,
    cursor: Cursor = None,
    seed: _Seed = None,
) -> RadioPage:
    """The track, then what is like it, and what is like that, mixed."""
    name = f"track-radio:{track_id}"
    place = _place(name, cursor, seed)
    async with database.read() as read:
        piece = await radio.of_track(read, actor, track_id, place, limit)
    return _page(name, piece, place, signer)


@get("/discover", tags=_TAGS, summary="What to hear today")
async def get_discover(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    day: _Day = None,
) -> Discover:
    """On this day, not heard for long, never heard yet, and more like what I love; each with why.

    It stays the same for a day, unless my library or what I hear changes.
    """
    today = day or datetime.now(UTC).date()
    async with database.read() as read:
        offered = await offers.on(read, actor, today)
    return offers.shown(offered, today, signer)


def _place(name: str, cursor: str | None, seed: int | None) -> Place:
    if cursor is not None:
        return cursors.decode(name, cursor, Place)
    return (randrange(radio.MOST_SEED) if seed is None else seed, 0)  # noqa: S311  # no secret


def _page(name: str, piece: Piece, place: Place, signer: MediaSigner) -> RadioPage:
    following = piece.following
    cursor = None if following is None else cursors.encode(name, (place[0], following))
    return RadioPage(radio.shown_all(piece, signer), place[0], cursor)


ROUTES = [list_similar, artist_radio, track_radio, get_discover]
