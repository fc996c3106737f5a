"""HTTP for groups of photos that look alike."""

from uuid import UUID

from litestar import get
from litestar.di import NamedDependency

from backline.concerts import groups
from backline.concerts.groups import GroupPage
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.http import cursors
from backline.platform.http.paging import Cursor, Limit
from backline.platform.media.signing import MediaSigner

_NAME = "photo-groups"


@get("/photos/groups", tags=["photos"], summary="My photos that look alike")
async def list_groups(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    limit: Limit = 20,
    cursor: Cursor = None,
) -> GroupPage:
    """Bursts and edited copies, the one that we would keep first. Nothing is deleted by itself."""
    before = cursors.decode(_NAME, cursor, UUID) if cursor else None
    async with database.read() as read:
        found = await groups.page(read, actor, before, limit + 1, signer)
    found, following = cursors.cut(_NAME, found, limit, lambda one: one.id)
    return GroupPage(found, following)


ROUTES = [list_groups]
