"""Letters for tests: people whose addresses are confirmed, and workers that write and send."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID

from backline.accounts import sql as accounts_sql
from backline.notifications.mailing import DIGEST_JOB, Mailing
from backline.notifications.telling import MAIL
from backline.notifications.unsubscribing import Unsubscribing
from backline.platform.database import Database
from backline.platform.ids import uuid7
from backline.platform.mail import Mail
from backline.platform.mail.outbox import SEND
from backline.platform.notices import NoticeKind
from backline.platform.secrets import Key, Secrets
from backline.platform.settings.smtp_url import smtp_url
from tests.notifications.kinds import LOUD, QUIET
from tests.platform.jobs.working import execute, working
from tests.support.smtp import MailServer

BASE = "https://music.example.org"
SECRETS = Secrets((Key("a1", b"r" * 32),))
KINDS: Mapping[str, NoticeKind] = {one.name: one for one in (QUIET, LOUD)}
BUSY = """
SELECT count(*) FROM jobs
WHERE state IN ('queued', 'running') AND (kind LIKE 'notifications.%' OR kind = 'mail.send')
"""


def mailing(url: str | None, secrets: Secrets = SECRETS) -> Mailing:
    """What letters are made with, for a mail server at this address."""
    mail = Mail(smtp_url(url) if url else None, BASE)
    return Mailing(mail, Unsubscribing(secrets, BASE), KINDS)


def services(made: Mailing) -> dict[str, Any]:
    """What the jobs work with that write and send letters."""
    return {MAIL: made, DIGEST_JOB: made, SEND: made.mail}


def posting(database: Database, smtp: MailServer | None) -> AbstractAsyncContextManager[Any]:
    """A worker for as long as a block lasts."""
    return working(database, services=services(mailing(smtp.url if smtp else None)))


async def person(database: Database, name: str) -> UUID:
    """Somebody whose address is confirmed."""
    user_id, email = uuid7(), f"{name}@example.org"
    async with database.write() as tx:
        await accounts_sql.insert_user(tx, user_id, email, email, name.title(), "", "user")
    await confirm(database, user_id)
    return user_id


async def confirm(database: Database, user_id: UUID | str) -> None:
    """Have somebody's address be theirs."""
    sql = "UPDATE users SET email_verified_at = now() WHERE id = $1"
    await execute(database, sql, UUID(str(user_id)))
