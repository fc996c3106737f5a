"""What people are told about their tracks."""

from typing import Final
from uuid import UUID

from backline.audio import sql
from backline.audio.models import TrackJob
from backline.notifications import Notice, NoticeKind, notify
from backline.platform.database import Write

FAILED: Final = NoticeKind("audio.failed", "files of yours that can't be made playable")
KINDS: Final = (FAILED,)


async def tell_failed(tx: Write, about: TrackJob, error: str, job_id: UUID) -> None:
    """Tell the owner of a track why it can't be played; once for each job that gave up."""
    track = await sql.track(tx, about.track_id, about.owner_id)
    if track is None:
        return
    notice = Notice(
        to=track.owner_id,
        kind=FAILED,
        reason=f"audio.failed:{job_id.hex}",
        title=f"“{track.title}” can't be played",
        text=error,
        path=f"/tracks/{track.id}",
        subject=("track", track.id),
    )
    await notify(tx, notice)
