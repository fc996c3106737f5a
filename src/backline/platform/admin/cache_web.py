"""HTTP for administrators: have caches forget."""

from typing import Annotated

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from backline.platform import audit
from backline.platform.actor import Actor, require_admin
from backline.platform.cache.tags import EVERYTHING, MAX_TAG_BYTES, invalidate
from backline.platform.database import Database

Tag = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TAG_BYTES, pattern=r"^[!-~]+\Z")]


class ClearForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to forget: all that depends on a tag such as `tracks:<owner>`, or everything (`*`)."""

    tag: Tag = EVERYTHING


@post(
    "/admin/cache/clear",
    status_code=204,
    tags=["administration"],
    summary="Empty the cache",
)
async def clear_cache(
    data: JSONBody[ClearForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    address: NamedDependency[str],
) -> None:
    """Every process forgets what depends on the tag; it is made anew when next asked for."""
    require_admin(actor)
    async with database.write() as tx:
        invalidate(tx, data.tag)
        await audit.record(tx, actor.user_id, "cache.empty", address=address, tag=data.tag)


ROUTES = [clear_cache]
