"""What the audio library does behind the requests: render, purge, sweep."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from backline import accounts
from backline.accounts import UserDeleted
from backline.audio import renditions, sql, tracks, uploads
from backline.audio.engine.faults import Unplayable
from backline.audio.models import TrackJob
from backline.audio.settings import AudioServices
from backline.platform.database import Write
from backline.platform.errors import NotFound
from backline.platform.jobs import GiveUp, JobContext, JobRow, Nothing

_SWEEP_AFTER = timedelta(hours=24)
_KIND = "tracks"


async def render(context: JobContext, payload: TrackJob) -> None:
    """Render a track; it becomes ready together with its job."""
    async with context.database.read() as read:
        row = await sql.track(read, payload.track_id, payload.owner_id)
    if row is None:
        return  # deleted meanwhile
    services = context.service(AudioServices)
    try:
        made = await renditions.make(
            services, row, lambda done, total: context.note(done, total, "Preparing to play")
        )
    except Unplayable as fault:
        raise GiveUp(fault.detail) from fault
    except NotFound as fault:
        raise GiveUp("The uploaded file is gone.") from fault
    async with context.finish() as tx:
        present = await sql.track(tx, row.id, row.owner_id)
        if await sql.set_ready(tx, row.id, row.owner_id, made):
            if present is not None and not present.edited:
                await sql.set_labels(
                    tx, row.id, row.owner_id, made.labels, row.filename, by_person=False
                )
            await tracks.tell(tx, row.owner_id, row.id, "updated")
            return
    where = tracks.prefix(row.owner_id, row.id, made.generation)
    await services.storage.delete_prefix(where)  # the track was purged meanwhile


async def render_died(tx: Write, job: JobRow) -> None:
    """A track fails in the transaction that ends its job."""
    payload = msgspec.json.decode(job.payload, type=TrackJob)
    error = job.error or "It could not be prepared."
    if await sql.set_failed(tx, payload.track_id, payload.owner_id, error):
        await tracks.tell(tx, payload.owner_id, payload.track_id, "updated")


async def purge(context: JobContext, payload: TrackJob) -> None:
    """Remove every byte of a deleted track, unless it was restored."""
    async with context.database.write() as tx:
        size_bytes = await sql.purgeable_size_bytes(tx, payload.track_id, payload.owner_id)
        if size_bytes is not None:
            await sql.purge(tx, payload.track_id, payload.owner_id)
            await accounts.release(tx, payload.owner_id, size_bytes)
        elif await sql.track(tx, payload.track_id, payload.owner_id) is not None:
            return  # restored
    # The row is gone, perhaps since an earlier attempt, so nothing points to the files any more.
    await context.service(AudioServices).storage.delete_prefix(
        f"{_KIND}/{payload.owner_id.hex}/{payload.track_id.hex}"
    )


async def purge_owner(context: JobContext, event: UserDeleted) -> None:
    """Remove everything of someone who has deleted their account."""
    services = context.service(AudioServices)
    await uploads.end_all_of(
        context.database, context.service(AudioServices).staging, event.user_id
    )
    async with context.database.write() as tx:
        await sql.purge_owner(tx, event.user_id)
    await services.storage.delete_prefix(f"{_KIND}/{event.user_id.hex}")


async def sweep(context: JobContext, _payload: Nothing) -> None:
    """Remove files that nothing has pointed to for a day, and uploads that were given up."""
    await uploads.sweep(context.database, context.service(AudioServices).staging)
    storage = context.service(AudioServices).storage
    await storage.sweep_aside()
    before = datetime.now(UTC) - _SWEEP_AFTER
    stale: set[tuple[str, str, str]] = set()
    async for file in storage.list(_KIND):
        parts = file.key.split("/")
        if len(parts) > 4 and file.modified_at < before:  # noqa: PLR2004  # kind/owner/track/generation/name
            stale.add((parts[1], parts[2], parts[3]))
        if len(stale) >= 1000:  # noqa: PLR2004  # a batch for one query
            await _remove_unknown(context, stale)
            stale.clear()
    await _remove_unknown(context, stale)


async def _remove_unknown(context: JobContext, found: set[tuple[str, str, str]]) -> None:
    ids = {UUID(track) for _, track, _ in found}
    async with context.database.read() as read:
        known = {row.id: row.generation for row in await sql.generations(read, list(ids))}
    storage = context.service(AudioServices).storage
    for owner, track, generation in found:
        track_id = UUID(track)
        if track_id not in known:
            await storage.delete_prefix(f"{_KIND}/{owner}/{track}")
        elif generation not in (tracks.SOURCE, known[track_id]):
            await storage.delete_prefix(f"{_KIND}/{owner}/{track}/{generation}")
