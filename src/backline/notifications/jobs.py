"""What happens to notices behind the requests: letters, digests, what is too much, and the end."""

from datetime import UTC, datetime

from backline.accounts import UserDeleted
from backline.notifications import mailing, notices, settings_sql, sql
from backline.notifications.mailing import Mailing
from backline.notifications.models import NoticeJob, OwnerJob
from backline.platform.jobs import JobContext, Nothing


async def mail(context: JobContext, payload: NoticeJob, services: Mailing) -> None:
    """Write a letter about one notice."""
    async with context.finish() as tx:
        await mailing.write(tx, services, payload.owner_id, payload.notice_id)


async def due_digests(context: JobContext, _payload: Nothing, _services: Mailing) -> None:
    """Have the digests written whose hour it is."""
    await mailing.queue_digests(context.database, datetime.now(UTC))


async def digest(context: JobContext, payload: OwnerJob, services: Mailing) -> None:
    """Write somebody's digest."""
    async with context.finish() as tx:
        await mailing.write_digest(tx, services, payload.owner_id)


async def prune(context: JobContext, payload: OwnerJob, _services: Mailing) -> None:
    """Keep somebody's latest notices."""
    async with context.finish() as tx:
        await notices.prune(tx, payload.owner_id)


async def forget(context: JobContext, event: UserDeleted, _services: Mailing) -> None:
    """Remove everything of someone who has deleted their account."""
    async with context.finish() as tx:
        await sql.forget(tx, event.user_id)
        await settings_sql.forget(tx, event.user_id)
