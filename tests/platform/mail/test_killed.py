"""A worker that dies between the mail server's answer and its note of it."""

import os
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from backline.platform.database import Database
from backline.platform.mail import Mail, Message, enqueue, outbox
from backline.platform.mail.outbox import SEND
from backline.platform.settings.smtp_url import smtp_url
from tests.platform.jobs.working import eventually, value, working
from tests.platform.mail import mail_worker
from tests.platform.mail.mail_worker import LEASE_S
from tests.support.smtp import MailServer
from tests.support.tree import ROOT

_WAITS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%UPDATE outbox%'
"""


@pytest.mark.chaos
async def test_a_message_is_sent_again_under_the_same_id(
    database: Database, dsn: str, smtp: MailServer
) -> None:
    mail = Mail(smtp_url(smtp.url), "https://music.example.org")
    async with database.write() as tx:
        message_id = await enqueue(tx, mail, Message("test", "ada@example.org", "Hello", "Hello"))
    # Whoever wants to note that it was sent has to wait for this.
    holder = await asyncpg.connect(dsn)
    holding = holder.transaction()
    await holding.start()
    await holder.execute("SELECT 1 FROM outbox FOR UPDATE")

    program = [sys.executable, str(Path(mail_worker.__file__)), dsn, smtp.url]
    env = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    doomed = subprocess.Popen(program, env=env)  # noqa: ASYNC220  # it returns at once
    try:
        await smtp.message()

        async def is_at_the_note() -> bool:
            return await value(database, _WAITS) > 0

        await eventually(is_at_the_note)
    finally:
        doomed.kill()
        doomed.wait()
    await holding.rollback()
    await holder.close()

    async with working(database, services={SEND: mail}, lease_s=LEASE_S):
        again = await smtp.message(2)

        async def is_noted() -> bool:
            async with database.read() as read:
                return (await outbox.get(read, message_id)).state == "sent"

        await eventually(is_noted)

    assert (
        again["Message-ID"] == smtp.received[0]["Message-ID"] == f"<{message_id.hex}@example.org>"
    )
    assert await value(database, "SELECT array_agg(state) FROM jobs") == ["done"]
