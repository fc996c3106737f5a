"""What mail does as jobs: sending a message, and removing old ones."""

import msgspec
from prometheus_client import Counter

from backline.platform.database import Write
from backline.platform.errors import Unavailable
from backline.platform.jobs import GiveUp, Job, JobContext, JobRow, Nothing, Schedule
from backline.platform.mail import outbox, sending
from backline.platform.mail.outbox import SEND, Send
from backline.platform.mail.settings import Mail

_BATCH = 10_000
_ENDED = Counter("backline_mail_total", "Messages handed to the mail server", ["outcome"])


async def send(context: JobContext, payload: Send, mail: Mail) -> None:
    """Send one message, unless it was sent already or removed.

    Between the mail server's answer and our note of it lies a moment; after a crash in it the
    message is sent again, under the same Message-ID.
    """
    async with context.database.write() as tx:  # a replica may not have it yet
        row = await outbox.find(tx, payload.message_id)
    if row is None or row.state not in ("queued", "failed"):
        return
    if mail.server is None:
        raise GiveUp("There is no mail server any more: BACKLINE_SMTP_URL isn't set.")
    try:
        await sending.send(mail, mail.server, row)
    except sending.Refused as fault:
        _ENDED.labels("refused").inc()
        raise GiveUp(str(fault)) from fault
    except sending.Deferred as fault:
        _ENDED.labels("deferred").inc()
        async with context.database.write() as tx:
            await outbox.note_fault(tx, row.id, str(fault))
        raise Unavailable(str(fault)) from fault
    async with context.finish() as tx:
        await outbox.mark_sent(tx, row.id)
    _ENDED.labels("sent").inc()


async def give_up(tx: Write, job: JobRow) -> None:
    """Show that a message won't be sent, and why."""
    payload = msgspec.json.decode(job.payload, type=Send)
    await outbox.mark_failed(tx, payload.message_id, job.error or "It wasn't sent.")


async def prune(context: JobContext, _payload: Nothing, _services: object) -> None:
    """Remove messages of more than 7 days ago, a batch at a time."""
    deleted = _BATCH
    while deleted == _BATCH:
        async with context.database.write() as tx:
            deleted = await outbox.prune(tx, _BATCH)


# Tries again for about three hours.
JOBS = (
    Job(
        SEND,
        send,
        Send,
        max_attempts=12,
        timeout_s=90,
        concurrency=4,
        on_dead=give_up,
        backoff_s=15,
        backoff_cap_s=3600,
    ),
    Job("mail.prune", prune),
)
SCHEDULES = (Schedule("mail.prune", every_s=3600),)
