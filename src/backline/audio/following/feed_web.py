"""HTTP for the feed."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import get
from litestar.di import NamedDependency

from backline.audio.following import feed
from backline.audio.following.feed import FeedItem
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.http import cursors
from backline.platform.http.paging import Cursor, Limit
from backline.platform.media.signing import MediaSigner


class FeedPage(msgspec.Struct, frozen=True):
    """A page of the feed."""

    items: list[FeedItem]
    next_cursor: str | None = None


@get("/audio/feed", tags=["audio"], summary="What those whom I follow did")
async def list_feed(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    limit: Limit = 20,
    cursor: Cursor = None,
) -> FeedPage:
    """Playlists that they made public and tracks that they put into public ones, newest first.

    Only what is public now; of the last 180 days.
    """
    after = cursors.decode("feed", cursor, tuple[datetime, UUID]) if cursor else None
    async with database.read() as read:
        rows = await feed.page(read, actor, after=after, limit=limit + 1)
        rows, following = cursors.cut("feed", rows, limit, lambda row: (row.happened_at, row.id))
        items = await feed.shown_all(read, actor, signer, rows)
    return FeedPage(items, following)


ROUTES = [list_feed]
