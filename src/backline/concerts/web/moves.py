"""HTTP for moving photos between concerts, and for undoing that."""

from uuid import UUID

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.concerts.history import moving
from backline.concerts.history.models import PhotoMove, PhotoMoveForm
from backline.concerts.web.concerts import most_of
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.settings import Settings

_TAGS = ["concerts"]


@post("/concerts/moves", tags=_TAGS, summary="Move photos to another concert", idempotent=True)
async def move_photos(
    data: JSONBody[PhotoMoveForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> PhotoMove:
    """Those in `photo_ids`, wherever they are, or all of `from_concert_id`, 5,000 at the most.

    They go to `concert_id`, to a new `concert`, or with neither, to none; matching doesn't move
    them any more. Of each account the last 20 moves can be undone.
    """
    async with database.write() as tx:
        return await moving.move(tx, actor, data, most_of(settings))


@post(
    "/concerts/moves/{move_id:uuid}/undo",
    status_code=200,
    tags=_TAGS,
    summary="Undo a move",
    idempotent=True,
)
async def undo_move(
    move_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> PhotoMove:
    """`photo_count` tells how many went back; those that were moved again since stay.

    A concert that was made for them goes, unless more has come to it.
    """
    async with database.write() as tx:
        return await moving.undo(tx, actor, move_id)


ROUTES = [move_photos, undo_move]
