"""HTTP for previews: where one plays, and how it played. The pieces themselves are media."""

from datetime import UTC, datetime
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.live import previews
from backline.live.models import Preview, PreviewReport
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.media.signing import MediaSigner

_TAGS = ["live"]
_ONE = "/live/previews/{live_project_id:uuid}"


@get(_ONE, tags=_TAGS, summary="Where a show's preview plays")
async def get_preview(
    live_project_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> Response[Preview]:
    """The encoder's own picture and sound as HLS, some seconds late, while the show is on.

    The playlist answers 503 with a reason while no keyframe has come, or the server is full.
    """
    async with database.read() as read:
        now = datetime.now(UTC)
        found = await previews.preview(read, signer, actor, live_project_id, now)
    return Response(found, headers={"Cache-Control": "no-store"})


@post(_ONE, status_code=204, tags=_TAGS, summary="Tell how a preview played")
async def report_preview(
    live_project_id: FromPath[UUID],
    data: JSONBody[PreviewReport],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> None:
    """For the server's metrics alone: nothing of it is kept with a person or a project."""
    async with database.read() as read:
        await previews.report(read, actor, live_project_id, data)


ROUTES = [get_preview, report_preview]
