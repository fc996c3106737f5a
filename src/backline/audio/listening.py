"""What people think of their music: favourites among tracks, albums and artists, and ratings."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from backline.audio import albums, artists, filing, tracks
from backline.audio import listening_sql as sql
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Write

Stars = Annotated[int, Meta(ge=1, le=5)]


class RatingForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From 1 to 5 stars; null takes them back."""

    rating: Stars | None


async def favor_track(tx: Write, actor: Actor, track_id: UUID, *, is_favorite: bool) -> None:
    """Make one of the actor's tracks a favourite, or no longer.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    await tracks.get(tx, actor, track_id)
    if await sql.favor(tx, actor.user_id, track_id, is_favorite=is_favorite):
        await tracks.tell(tx, actor.user_id, track_id, "updated")


async def rate_track(tx: Write, actor: Actor, track_id: UUID, rating: int | None) -> None:
    """Give one of the actor's tracks its stars.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    await tracks.get(tx, actor, track_id)
    if await sql.rate(tx, actor.user_id, track_id, rating):
        await tracks.tell(tx, actor.user_id, track_id, "updated")


async def favor_album(tx: Write, actor: Actor, album_id: UUID, *, is_favorite: bool) -> None:
    """Make one of the actor's albums a favourite, or no longer.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    await albums.get(tx, actor, album_id)
    if await sql.favor_album(tx, actor.user_id, album_id, is_favorite=is_favorite):
        invalidate(tx, filing.tag(actor.user_id))


async def favor_artist(tx: Write, actor: Actor, artist_id: UUID, *, is_favorite: bool) -> None:
    """Make one of the actor's artists a favourite, or no longer.

    Raises:
        NotFound: they aren't there, or someone else's.
    """
    await artists.get(tx, actor, artist_id)
    if await sql.favor_artist(tx, actor.user_id, artist_id, is_favorite=is_favorite):
        invalidate(tx, filing.tag(actor.user_id))
