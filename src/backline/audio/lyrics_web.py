"""HTTP for the words of tracks."""

from uuid import UUID

from litestar import get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.audio import lyrics
from backline.audio.models import Lyrics, LyricsText
from backline.platform.actor import Actor
from backline.platform.database import Database

_TAGS = ["audio"]


@get("/tracks/{track_id:uuid}/lyrics", tags=_TAGS, summary="Its words")
async def get_lyrics(
    track_id: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Lyrics:
    """From the tags of the file, or from who wrote them; no lines where there are none."""
    async with database.read() as read:
        return await lyrics.get(read, actor, track_id)


@put("/tracks/{track_id:uuid}/lyrics", tags=_TAGS, summary="Write its words", idempotent=True)
async def put_lyrics(
    track_id: FromPath[UUID],
    data: JSONBody[LyricsText],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> Lyrics:
    """Plain lines, or LRC with the times at which they are sung. An empty text removes them."""
    async with database.write() as tx:
        return await lyrics.change(tx, actor, track_id, data.text)


ROUTES = [get_lyrics, put_lyrics]
