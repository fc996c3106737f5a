"""Tracks of folders rendered when somebody first wants to hear them."""

from uuid import UUID

from backline.audio import sql, tracks
from backline.audio.models import TrackRow
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Write


async def prepare(tx: Write, actor: Actor, track_id: UUID) -> TrackRow:
    """Have a track of a folder rendered now, before all that nobody waits for.

    One that has its renditions, or is under way to them, stays as it is.

    Raises:
        NotFound: it isn't there, or someone else's.
    """
    row = await tracks.get(tx, actor, track_id)
    if row.has_renditions or row.status != "ready":
        return row
    job_id = await tracks.queue(tx, actor.user_id, track_id)
    await sql.set_job(tx, track_id, actor.user_id, job_id)
    invalidate(tx, f"tracks:{actor.user_id.hex}", f"track:{track_id.hex}")
    return await tracks.get(tx, actor, track_id)
