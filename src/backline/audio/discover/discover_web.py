"""HTTP for what is recommended: similar tracks, radio, and what to discover."""

from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from backline.audio.discover import neighbors
from backline.audio.discover.neighbors import SimilarPage
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.media.signing import MediaSigner

_TAGS = ["audio"]
_Most = Annotated[int, QueryParameter(ge=1, le=neighbors.MOST, description="So many at the most")]


@get("/tracks/{track_id:uuid}/similar", tags=_TAGS, summary="Tracks like this one")
async def list_similar(
    track_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    limit: _Most = neighbors.MOST,
) -> SimilarPage:
    """Each with why: it sounds alike, shares an artist or a genre, or is heard together with it.

    Found by jobs, some minutes after a track came and once a night; empty until then.
    """
    async with database.read() as read:
        row, rows = await neighbors.similar(read, actor, track_id, limit)
    return SimilarPage(neighbors.shown_all(row, rows, signer))


ROUTES = [list_similar]
