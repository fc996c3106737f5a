"""What the tests of mail share: a mail server, the jobs, and messages on their way."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from backline.platform import jobs
from backline.platform.database import Database
from backline.platform.mail import Mail, Message, enqueue, outbox
from backline.platform.mail import jobs as mail_jobs
from backline.platform.mail.outbox import OutboxRow
from tests.platform.jobs.working import eventually
from tests.support.smtp import MailServer, mail_server

Reached = Callable[[OutboxRow], bool]


@pytest.fixture
def database(database: Database) -> Database:
    """One in which messages that are put off come again at once."""
    sending = mail_jobs.JOBS[0]
    hasty = jobs.Job(
        sending.kind,
        sending.handler,
        sending.payload,
        max_attempts=4,
        timeout_s=sending.timeout_s,
        on_dead=sending.on_dead,
        backoff_s=0.01,
    )
    database.declared = jobs.assemble([hasty, *mail_jobs.JOBS[1:]], mail_jobs.SCHEDULES)
    return database


@pytest.fixture
async def smtp() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
def post(database: Database) -> Callable[..., Awaitable[OutboxRow]]:
    """Write a message, and wait until it is what `reached` says (by default: no longer queued)."""

    async def posted(
        mail: Mail,
        message: Message | None = None,
        reached: Reached = lambda row: row.state != "queued",
    ) -> OutboxRow:
        told = message or Message("test", "ada@example.org", "Good evening", "A line.\n")
        async with database.write() as tx:
            message_id = await enqueue(tx, mail, told)

        async def is_so() -> bool:
            async with database.read() as read:
                return reached(await outbox.get(read, message_id))

        await eventually(is_so)
        async with database.read() as read:
            return await outbox.get(read, message_id)

    return posted
