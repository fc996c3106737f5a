"""Previews: who may see a show before its audience does, and where that is."""

from datetime import datetime
from typing import Final
from uuid import UUID

from prometheus_client import Counter, Histogram

from backline.live import projects, shows
from backline.live.models import Preview, PreviewReport
from backline.live.preview import asking
from backline.live.preview.asking import Asked, Missing
from backline.live.preview.playlist import LADDER, PLAYLIST, PLAYLIST_TYPE
from backline.live.sql import streams as sql
from backline.platform.actor import Actor
from backline.platform.database import Read
from backline.platform.errors import Conflict, Unavailable
from backline.platform.media import Give, Given
from backline.platform.media.signing import MediaSigner
from backline.platform.shared import Platform

KIND: Final = "live-preview"
_PLAYLIST_S: Final = 1
_AGAIN_S: Final = 5
_STARTS = Histogram(
    "backline_live_preview_start_seconds",
    "How long the first picture of a preview took in a browser",
    buckets=(0.5, 1, 2, 3, 4, 6, 8, 12, 20, 60),
)
_PLAYED = Counter("backline_live_preview_played_seconds_total", "Previews that played in browsers")
_REBUFFERS = Counter("backline_live_preview_rebuffers_total", "Previews that had to wait for bytes")
_DROPPED = Counter(
    "backline_live_preview_dropped_frames_total", "Frames that browsers left out of previews"
)


async def preview(
    read: Read, signer: MediaSigner, actor: Actor, project_id: UUID, now: datetime
) -> Preview:
    """Where the preview of a project's show is.

    Raises:
        NotFound: the project isn't there, or someone else's.
        Conflict: nothing is on.
        Unavailable: the server that has the show is gone, or gives no previews.
    """
    told = await shows.status(read, actor, project_id)
    if told.state in ("off", "closed") or told.show_id is None:
        raise Conflict("Nothing is on that could be seen.")
    holder = await sql.holder(read, actor.user_id, project_id, told.show_id)
    if holder is None:
        raise Unavailable("The server that had this show is silent. Its encoder may come back.")
    if holder.previews_at is None:
        raise Unavailable("The server that has this show gives no previews.", retry_after_s=60)
    prefix = f"{KIND}/{actor.user_id.hex}/{project_id.hex}/{told.show_id.hex}"
    has_rungs = told.ladder is not None and told.ladder.rungs
    made = signer.url(prefix, LADDER if has_rungs else PLAYLIST, now)
    return Preview(made.url, made.expires_at, PLAYLIST_TYPE)


async def report(read: Read, actor: Actor, project_id: UUID, said: PreviewReport) -> None:
    """Count how a preview played in somebody's browser.

    Raises:
        NotFound: the project isn't there, or someone else's.
    """
    await projects.get(read, actor, project_id)
    if said.start_ms is not None:
        _STARTS.observe(said.start_ms / 1000)
    _PLAYED.inc(said.played_s)
    _REBUFFERS.inc(said.rebuffers)
    _DROPPED.inc(said.dropped_frames)


def give(platform: Platform) -> Give:
    """The pieces of previews by their signed URLs, brought from whoever holds the show."""

    async def given(prefix: str, name: str) -> Given | None:
        owner_id, project_id, show_id = (UUID(hex=part) for part in prefix.split("/")[1:])
        async with platform.database.read() as read:
            holder = await sql.holder(read, owner_id, project_id, show_id)
        if holder is None or holder.previews_at is None:
            return None
        asked = Asked(project_id, show_id, name)
        found = await asking.ask(platform.secrets, holder.previews_at, asked)
        if isinstance(found, Missing):
            if found.is_for_good:
                return None
            raise Unavailable(found.reason, retry_after_s=_AGAIN_S)
        kept_s = _PLAYLIST_S if found.content_type == PLAYLIST_TYPE else None
        return Given(found.body, found.content_type, kept_s)

    return given
