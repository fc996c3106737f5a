"""What happens to photos behind the requests: scans, variants, comparison, repair, removal."""

from datetime import UTC, datetime

import msgspec

from backline import uploads
from backline.accounts import UserDeleted
from backline.concerts import alike, keeping, photos, upkeep
from backline.concerts import scans as scanned
from backline.concerts.drive import connecting, resealing
from backline.concerts.drive import sql as drive_sql
from backline.concerts.drive.models import RevokeJob
from backline.concerts.drive.scanning import DriveScanning
from backline.concerts.exports import asking
from backline.concerts.gazetteer import cities, loading
from backline.concerts.history import concerts, cutting, milestones
from backline.concerts.history.judging import Judging
from backline.concerts.history.models import ConcertJob
from backline.concerts.imports import asking as importing
from backline.concerts.models import OwnerJob, PhotoJob
from backline.concerts.outside import sql as outside_sql
from backline.concerts.scanning import Scanning
from backline.concerts.scans import ScanJob
from backline.concerts.services import PhotoServices
from backline.concerts.sql import photos as photos_sql
from backline.concerts.sql import scans as scans_sql
from backline.platform.database import Write
from backline.platform.jobs import JobContext, JobRow, Nothing


async def scan(context: JobContext, payload: ScanJob, services: PhotoServices) -> None:
    """Go on with a scan, from wherever it is."""
    async with context.database.read() as read:
        row = await scans_sql.scan(read, payload.owner_id, payload.scan_id)
    if row is None or row.state != "running" or row.job_id != context.id:
        return  # deleted, paused, or another job's
    if row.kind == "drive":
        await DriveScanning(context, services, row).run()
    else:
        await Scanning(context, services, row).run()


async def scan_died(tx: Write, job: JobRow) -> None:
    """A scan ends in the transaction that ends its job, unless it was paused by that."""
    payload = msgspec.json.decode(job.payload, type=ScanJob)
    row = await scans_sql.lock(tx, payload.owner_id, payload.scan_id)
    if row is None or row.state != "running" or row.job_id != job.id:
        return
    state = "cancelled" if job.state == "cancelled" else "failed"
    error = None if state == "cancelled" else job.error or "The scan could not be finished."
    await scans_sql.set_state(tx, row.owner_id, row.id, state, error)
    row = await scans_sql.scan(tx, row.owner_id, row.id)
    if row is not None:
        await scanned.tell(tx, row)


async def prepare(context: JobContext, payload: PhotoJob, services: PhotoServices) -> None:
    """Do what a photo lacks."""
    await keeping.prepare(context, payload, services)


async def draw_avif(context: JobContext, payload: PhotoJob, services: PhotoServices) -> None:
    """Draw what a starred photo has besides."""
    await keeping.draw_avif(context, payload, services)


async def photo_died(tx: Write, job: JobRow) -> None:
    """A photo fails in the transaction that ends its job; what can be shown of it stays."""
    payload = msgspec.json.decode(job.payload, type=PhotoJob)
    error = job.error or "It could not be prepared."
    if await photos_sql.set_failed(tx, payload.owner_id, payload.photo_id, error):
        await photos.tell(tx, payload.owner_id, [payload.photo_id], "updated")


async def group(context: JobContext, payload: OwnerJob, _services: PhotoServices) -> None:
    """Find out which of somebody's photos look alike."""
    await alike.regroup(context.database, payload.owner_id)


async def purge(context: JobContext, payload: PhotoJob, services: PhotoServices) -> None:
    """Remove every byte of a deleted photo, unless it was restored."""
    await upkeep.purge(context.database, services.storage, payload.owner_id, payload.photo_id)


async def cut(context: JobContext, payload: OwnerJob, services: PhotoServices) -> None:
    """Cut somebody's photos into sessions."""
    await cutting.recut(context, payload.owner_id, services.zone)


async def match(context: JobContext, payload: OwnerJob, services: PhotoServices) -> None:
    """Judge the sessions that wait, of one person."""
    await Judging(context, services, payload.owner_id).run()


async def purge_concert(context: JobContext, payload: ConcertJob, _services: PhotoServices) -> None:
    """Remove a deleted concert for good, unless it was restored."""
    await concerts.purge(context.database, payload.owner_id, payload.concert_id)


async def repair(context: JobContext, _payload: Nothing, services: PhotoServices) -> None:
    """Queue again what is missing."""
    await upkeep.repair(context.database, services.storage)


async def purge_owner(context: JobContext, event: UserDeleted, services: PhotoServices) -> None:
    """Remove everything of someone who has deleted their account."""
    await uploads.end_all_of(context.database, services.staging, event.user_id)
    await upkeep.forget(context.database, services.storage, event.user_id)


async def prune_outside(context: JobContext, _payload: Nothing, _services: PhotoServices) -> None:
    """Drop what services outside said long ago, and who asked them."""
    async with context.finish() as tx:
        await outside_sql.prune(tx)
        await drive_sql.prune(tx)


async def revoke_drive(_context: JobContext, payload: RevokeJob, services: PhotoServices) -> None:
    """Give a grant of Google's back."""
    await connecting.revoke(services.google, services.drive_seal, payload)


async def reseal(context: JobContext, _payload: Nothing, services: PhotoServices) -> None:
    """Seal by the newest root what an older one sealed, so that that may be taken away."""
    await resealing.reseal(context.database, services.drive_seal)


async def expire_files(context: JobContext, _payload: Nothing, _services: PhotoServices) -> None:
    """Forget exports after a week and imports after a month; the nightly sweep has their files."""
    await asking.expire(context.database)
    await importing.expire(context.database)


async def celebrate(context: JobContext, _payload: Nothing, _services: PhotoServices) -> None:
    """Tell people of milestones that they have lived of late."""
    await milestones.celebrate(context.database)


async def remember(context: JobContext, _payload: Nothing, _services: PhotoServices) -> None:
    """Tell people what they saw on this day of former years."""
    await milestones.remember(context.database, datetime.now(UTC).date())


async def load_cities(context: JobContext, _payload: Nothing, services: PhotoServices) -> None:
    """Load the cities that this version brings, unless they are there."""
    await loading.load(context, services)


async def settle_venues(context: JobContext, _payload: Nothing, _services: PhotoServices) -> None:
    """Find out in which city venues are."""
    await cities.settle(context.database, astray=True)
