"""What happens to tasks behind the requests: the archive, the purge, the end of an account."""

import msgspec

from backline import uploads
from backline.accounts import UserDeleted
from backline.platform.database import Write
from backline.platform.errors import NotFound
from backline.platform.ids import uuid7_hex
from backline.platform.jobs import GiveUp, JobContext, JobRow, Nothing
from backline.tasks import attachments, due, ending, exports, making, reminders, trash
from backline.tasks.exports import ExportJob
from backline.tasks.services import TaskServices
from backline.tasks.sql import exports as sql
from backline.tasks.sql import invitations as invitations_sql


async def purge(context: JobContext, _payload: Nothing, _services: TaskServices) -> None:
    """Remove what has been in the trash for thirty days."""
    await trash.purge(context.database)
    await trash.purge_projects(context.database)


async def remind(context: JobContext, _payload: Nothing, _services: TaskServices) -> None:
    """Remind everybody whose time has come."""
    await reminders.remind(context.database)


async def tell_due(context: JobContext, _payload: Nothing, _services: TaskServices) -> None:
    """Tell people of what has come to be due within a day."""
    await due.tell(context.database)


async def archive(context: JobContext, _payload: Nothing, services: TaskServices) -> None:
    """Archive what was done long ago."""
    await trash.archive(context.database, services.archived_after)


async def purge_owner(context: JobContext, event: UserDeleted, services: TaskServices) -> None:
    """Remove everything of someone who has deleted their account."""
    await uploads.end_all_of(context.database, services.staging, event.user_id)
    async with context.database.write() as tx:
        await ending.forget(tx, event.user_id)
    await ending.leave(context.database, event.user_id)
    await services.storage.delete_prefix(f"{attachments.KIND}/{event.user_id.hex}")


async def export(context: JobContext, payload: ExportJob, services: TaskServices) -> None:
    """Write somebody's tasks into a file; it can be had together with the job's end."""
    async with context.database.read() as read:
        row = await sql.export(read, payload.owner_id, payload.export_id)
    if row is None:
        return  # deleted meanwhile
    generation = uuid7_hex()
    where = exports.prefix(row.owner_id, row.id, generation)
    try:
        made = await making.make(
            context.database,
            services.storage,
            row,
            f"{where}/{exports.file_name(row.format)}",
            lambda done, total: context.note(done, total, "Writing the file"),
        )
    except NotFound as fault:  # the project has gone, or they left it
        raise GiveUp(fault.detail) from fault
    async with context.finish() as tx:
        ids = (row.owner_id, row.id)
        if await sql.set_ready(tx, *ids, generation, made.count, made.size_bytes):
            await exports.tell(tx, *ids)
            return
    await services.storage.delete_prefix(where)  # deleted while it was made


async def export_died(tx: Write, job: JobRow) -> None:
    """An export fails in the transaction that ends its job."""
    payload = msgspec.json.decode(job.payload, type=ExportJob)
    error = job.error or "The file could not be made. Please ask for a new one."
    if await sql.set_failed(tx, payload.owner_id, payload.export_id, error):
        await exports.tell(tx, payload.owner_id, payload.export_id)


async def expire(context: JobContext, _payload: Nothing, _services: TaskServices) -> None:
    """Forget exports after a week, whose files the nightly sweep removes, and old invitations."""
    await exports.expire(context.database)
    async with context.finish() as tx:
        await invitations_sql.prune(tx)
