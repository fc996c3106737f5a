"""What people are told about their tracks, and about who follows them."""

from typing import Final
from uuid import UUID

from backline import accounts
from backline.audio import sql
from backline.audio.models import TrackJob
from backline.notifications import Notice, NoticeKind, notify
from backline.platform.actor import Actor
from backline.platform.database import Write

FAILED: Final = NoticeKind("audio.failed", "files of yours that can't be made playable")
FOLLOWED: Final = NoticeKind("audio.followed", "people who begin to follow you")
KINDS: Final = (FAILED, FOLLOWED)


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


async def tell_followed(tx: Write, actor: Actor, followed_id: UUID) -> None:
    """Tell somebody that the actor follows them; once, however often that begins."""
    name = (await accounts.names(tx, [actor.user_id])).get(actor.user_id, "")
    notice = Notice(
        to=followed_id,
        kind=FOLLOWED,
        reason=f"audio.followed:{actor.user_id.hex}",
        title=f"{name or 'Somebody'} follows you",
        text="They see what everybody here sees, and hear of it in their feed.",
        path="/library/people?show=followers",
        actor_id=actor.user_id,
    )
    await notify(tx, notice)
