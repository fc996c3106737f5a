"""HTTP for matching: how far it is, and having it go on now."""

from litestar import get, post
from litestar.di import NamedDependency

from backline.concerts.history import standing
from backline.concerts.history.standing import Standing
from backline.concerts.options import ConcertOptions
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.settings import Settings

_TAGS = ["concert reviews"]


@get("/concerts/matching", tags=_TAGS, summary="How far matching is")
async def get_matching(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> Standing:
    """What waits, for what and until when; live over the events of the topic `concerts`."""
    async with database.read() as read:
        return await standing.get(read, actor, settings.of(ConcertOptions))


@post(
    "/concerts/matching",
    status_code=202,
    tags=_TAGS,
    summary="Look for concerts now",
    idempotent=True,
)
async def match_now(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> Standing:
    """Also in photos of which nobody knew a concert. It happens by itself as photos come."""
    async with database.write() as tx:
        return await standing.go_on(tx, actor, settings.of(ConcertOptions))


ROUTES = [get_matching, match_now]
