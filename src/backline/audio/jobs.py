"""What the audio library does behind the requests: render, purge."""

import msgspec

from backline import accounts, uploads
from backline.accounts import UserClosedOrOpened, UserDeleted
from backline.audio import (
    covers,
    entries,
    filing,
    filing_sql,
    listening_sql,
    lyrics_sql,
    merging_sql,
    notices,
    now_playing_sql,
    playlist_invitations_sql,
    playlists,
    playlists_sql,
    plays,
    renditions,
    resuming_sql,
    shares,
    shares_sql,
    sql,
    tracks,
)
from backline.audio.discover import neighboring, neighbors_sql, sounds_sql
from backline.audio.discover.neighboring import NeighborsJob
from backline.audio.engine.faults import Unplayable
from backline.audio.folders import files_sql, removing_sql, scans_sql, upkeep
from backline.audio.folders import scans as scanned
from backline.audio.folders.files_sql import Original
from backline.audio.folders.scanning import Scanning
from backline.audio.folders.scans import MusicScanJob
from backline.audio.following import feed, feed_sql, people
from backline.audio.models import Rendered, TrackJob, TrackRow
from backline.audio.settings import AudioServices
from backline.platform.cache import invalidate
from backline.platform.database import Read, Write
from backline.platform.errors import NotFound
from backline.platform.jobs import GiveUp, JobContext, JobRow, Nothing

_LOT_ROWS = 500


async def render(context: JobContext, payload: TrackJob, services: AudioServices) -> None:
    """Render a track; it becomes ready together with its job."""
    async with context.database.read() as read:
        work = await _unrendered(read, payload)
        if work is None:
            return
        row, original = work
        waits = "this can't be made playable yet"
        await accounts.check_room(read, row.owner_id, services.quota_bytes, waits)
    try:
        made = await renditions.make(
            services,
            row,
            original,
            lambda done, total: context.note(done, total, "Preparing to play"),
        )
    except Unplayable as fault:
        raise GiveUp(fault.detail) from fault
    except NotFound as fault:
        if original is not None:
            return  # moved or changed: the next scan finds out, and it is asked for anew
        raise GiveUp("The uploaded file is gone.") from fault
    async with context.finish() as tx:
        present = await sql.track(tx, row.id, row.owner_id)
        counted_bytes = await sql.charged_bytes(tx, row.id, row.owner_id)
        holds = await _holds(tx, row, original)
        if holds and await sql.set_ready(tx, row.id, row.owner_id, made):
            more_bytes = sum(made.files.values()) - counted_bytes
            await accounts.count_made(tx, row.owner_id, more_bytes)
            if original is None:  # else its scan has said it
                await _name(tx, row, present, made)
            await tracks.tell(tx, row.owner_id, row.id, "updated")
            await filing.file(tx, row.owner_id, [row.id])
            await sounds_sql.want(tx, row.owner_id, [row.id], anew=False)
            return
    where = covers.prefix(row.owner_id, row.id, made.generation)
    await services.storage.delete_prefix(where)  # the track was purged meanwhile


async def _holds(tx: Write, row: TrackRow, original: Original | None) -> bool:
    """Whether what lies in a track's folder is still what was rendered."""
    if original is None:
        return True
    await sql.lock(tx, row.id, row.owner_id)
    return await files_sql.original(tx, row.owner_id, row.id) == original


async def _name(tx: Write, row: TrackRow, present: TrackRow | None, made: Rendered) -> None:
    """Call a track what its file says, unless a person said otherwise."""
    if present is not None and not present.edited:
        await sql.set_labels(tx, row.id, row.owner_id, made.labels, row.filename, by_person=False)
    if made.lyrics:
        await lyrics_sql.keep(tx, row.id, row.owner_id, made.lyrics, by_person=False)


async def _unrendered(read: Read, payload: TrackJob) -> tuple[TrackRow, Original | None] | None:
    """A track that is to be rendered, with where it lies if that is a folder.

    None where it was deleted, or is rendered, or isn't in its folder: when it is back there, it is
    asked for anew.
    """
    row = await sql.track(read, payload.track_id, payload.owner_id)
    if row is None or row.folder_id is None:
        return None if row is None else (row, None)
    original = await files_sql.original(read, row.owner_id, row.id)
    return None if row.has_renditions or original is None else (row, original)


async def render_died(tx: Write, job: JobRow) -> None:
    """A track fails in the transaction that ends its job."""
    payload = msgspec.json.decode(job.payload, type=TrackJob)
    error = job.error or "It could not be prepared."
    if await sql.set_failed(tx, payload.track_id, payload.owner_id, error):
        await tracks.tell(tx, payload.owner_id, payload.track_id, "updated")
        if job.state == "dead":  # whoever cancelled it knows
            await notices.tell_failed(tx, payload, error, job.id)


async def purge(context: JobContext, payload: TrackJob, services: AudioServices) -> None:
    """Remove every byte of a deleted track, unless it was restored."""
    async with context.database.write() as tx:
        size_bytes = await sql.purgeable_size_bytes(tx, payload.track_id, payload.owner_id)
        if size_bytes is not None:
            await sql.purge(tx, payload.track_id, payload.owner_id)
            await removing_sql.untie(tx, payload.owner_id, [payload.track_id])
            await accounts.release(tx, payload.owner_id, size_bytes)
            await filing.clear(tx, payload.owner_id)
        elif await sql.track(tx, payload.track_id, payload.owner_id) is not None:
            return  # restored
    # The row is gone, perhaps since an earlier attempt, so nothing points to the files any more.
    await services.storage.delete_prefix(
        f"{covers.KIND}/{payload.owner_id.hex}/{payload.track_id.hex}"
    )


async def purge_owner(context: JobContext, event: UserDeleted, services: AudioServices) -> None:
    """Remove everything of someone who has deleted their account."""
    await uploads.end_all_of(context.database, services.staging, event.user_id)
    async with context.database.write() as tx:
        await shares_sql.forget(tx, event.user_id)
        await removing_sql.forget_owner(tx, event.user_id)
        await sql.purge_owner(tx, event.user_id)
        await listening_sql.forget(tx, event.user_id)
        await resuming_sql.forget(tx, event.user_id)
        await now_playing_sql.forget(tx, event.user_id)
        await people.forget(tx, event.user_id)
        await feed_sql.forget(tx, event.user_id)
        await playlists_sql.forget(tx, event.user_id)
        await entries.forget(tx, event.user_id)
        await merging_sql.forget(tx, event.user_id)
        await neighbors_sql.forget(tx, event.user_id)
        await sounds_sql.forget(tx, event.user_id)
    await services.storage.delete_prefix(f"{covers.KIND}/{event.user_id.hex}")


async def close_or_open(
    context: JobContext, event: UserClosedOrOpened, _services: AudioServices
) -> None:
    """Have somebody not be found while their account is closed."""
    async with context.finish() as tx:
        await people.close_or_open(tx, event.user_id)


async def sweep(context: JobContext, _payload: Nothing, services: AudioServices) -> None:
    """End uploads that were given up: as 0.1.0 queued it, which is now `uploads.sweep`."""
    await uploads.sweep(context.database, services.staging)


async def trim_history(context: JobContext, _payload: Nothing, _services: AudioServices) -> None:
    """Keep everybody's latest plays alone, and of the feed what is news."""
    await plays.trim(context.database)
    await feed.trim(context.database)


async def purge_playlists(context: JobContext, _payload: Nothing, _services: AudioServices) -> None:
    """Remove for good what was deleted of playlists a day ago, and links that lead nowhere."""
    await playlists.purge(context.database)
    await entries.purge(context.database)
    async with context.database.write() as tx:
        await playlist_invitations_sql.prune(tx)
        await shares.purge(tx)
        await merging_sql.prune(tx)


async def file_all(context: JobContext, _payload: Nothing, _services: AudioServices) -> None:
    """File the tracks that were there before there was anything to file them under.

    Some at a time, each lot by itself: whatever ends it between two goes on with the rest.
    """
    while True:
        async with context.database.write() as tx:
            lot = await filing_sql.lock_unfiled(tx, _LOT_ROWS)
            if not lot:
                return
            owner_id = lot[0].owner_id
            await filing.file(tx, owner_id, [row.id for row in lot])
            invalidate(tx, f"tracks:{owner_id.hex}")


async def scan(context: JobContext, payload: MusicScanJob, services: AudioServices) -> None:
    """Go on with a scan, from wherever it is."""
    async with context.database.read() as read:
        row = await scans_sql.scan(read, payload.owner_id, payload.scan_id)
    if row is None or row.state != "running" or row.job_id != context.id:
        return  # deleted, paused, or another job's
    await Scanning(context, services, row).run()


async def scan_died(tx: Write, job: JobRow) -> None:
    """A scan ends in the transaction that ends its job, unless it was paused by that."""
    payload = msgspec.json.decode(job.payload, type=MusicScanJob)
    row = await scans_sql.lock(tx, payload.owner_id, payload.scan_id)
    if row is None or row.state != "running" or row.job_id != job.id:
        return
    state = "cancelled" if job.state == "cancelled" else "failed"
    error = None if state == "cancelled" else job.error or "The scan could not be finished."
    await scans_sql.set_state(tx, row.owner_id, row.id, state, error)
    row = await scans_sql.scan(tx, row.owner_id, row.id)
    if row is not None:
        await scanned.tell(tx, row)


async def scan_due(context: JobContext, _payload: Nothing, services: AudioServices) -> None:
    """Begin the scans that have come due, and go on with those that nobody works on."""
    await scanned.go_on_with_stranded(context.database, _LOT_ROWS)
    await scanned.start_due(context.database, services.scan_hours, services.folders)


async def forget_missing(context: JobContext, _payload: Nothing, _services: AudioServices) -> None:
    """Remove what has been missing for long, and covers that no track shows."""
    await upkeep.forget_missing(context.database)


async def neighbors(context: JobContext, payload: NeighborsJob, services: AudioServices) -> None:
    """Find which of somebody's tracks are like which."""
    await neighboring.find(context, payload, services)


async def neighbors_new(context: JobContext, _payload: Nothing, _services: AudioServices) -> None:
    """Have neighbours found of what has come since."""
    await neighboring.find_new(context.database)


async def neighbors_all(context: JobContext, _payload: Nothing, _services: AudioServices) -> None:
    """Have all neighbours found again where anything has changed."""
    await neighboring.find_all(context.database)
