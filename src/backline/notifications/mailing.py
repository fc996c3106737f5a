"""Letters about notices: one for each of a kind that somebody chose, and the daily digest.

A letter stands in the outbox by the same transaction that marks its notices as written, and that
ends its job: so of each reason there is one letter, however often a worker dies. From there on
`platform/mail` sends it.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

from backline import accounts
from backline.notifications import clock, letters, letters_sql, settings_sql
from backline.notifications.models import Choice, OwnerJob
from backline.notifications.unsubscribing import DIGEST, Unsubscribing
from backline.platform.database import Database, Write
from backline.platform.jobs import enqueue_many
from backline.platform.mail import Mail, enqueue, recent
from backline.platform.notices import NoticeKind

DIGEST_JOB: Final = "notifications.digest"
# Letters of their own that one person is written; what comes after them waits for the digest.
PER_HOUR: Final = 20
_HOUR_S: Final = 3_600
_DUE_AT_ONCE: Final = 500


class Mailing(msgspec.Struct, frozen=True):
    """What letters are made with: the mail server, the links in them, and what each is about."""

    mail: Mail
    links: Unsubscribing
    kinds: Mapping[str, NoticeKind]


async def write(tx: Write, mailing: Mailing, owner_id: UUID, notice_id: UUID) -> None:
    """Write a letter about one notice, if it still is of interest and somebody wants it."""
    await letters_sql.take_turns(tx, owner_id)
    seen = await accounts.containers(tx, owner_id)
    letter = await letters_sql.due(tx, owner_id, seen, notice_id)
    if letter is None:
        return
    mailbox = await accounts.mailbox(tx, owner_id)
    kind = mailing.kinds.get(letter.kind)
    number = 0
    if mailing.mail.is_sent and kind is not None and mailbox is not None and mailbox.is_confirmed:
        if await settings_sql.wants_letter(tx, owner_id, letter.kind):
            number = 1 + await recent(tx, mailbox.email, letters.NOTICE, within_s=_HOUR_S)
        if 0 < number <= PER_HOUR:
            token = mailing.links.token(owner_id, kind.name)
            message = letters.about(
                mailing.mail,
                mailing.links,
                mailbox,
                kind,
                letter,
                token,
                is_last=number == PER_HOUR,
            )
            await enqueue(tx, mailing.mail, message)
            await letters_sql.set_written(tx, owner_id, [notice_id])
            return
    await letters_sql.leave(tx, owner_id, notice_id)


async def queue_digests(database: Database, now: datetime) -> int:
    """Have the digests written that are due; how many. Each is due once a day.

    That a digest was due and the job that writes it are one transaction.
    """
    queued, batch = 0, _DUE_AT_ONCE
    while batch == _DUE_AT_ONCE:
        async with database.write() as tx:
            rows = await settings_sql.due(tx, now, _DUE_AT_ONCE)
            batch = len(rows)
            if rows:
                await settings_sql.move_on(tx, [_moved(row, now) for row in rows])
                await enqueue_many(tx, DIGEST_JOB, [OwnerJob(row.owner_id) for row in rows])
        queued += batch
    return queued


def _moved(row: settings_sql.SettingsRow, now: datetime) -> tuple[UUID, date, datetime]:
    assert row.next_digest_at is not None  # noqa: S101  # it was due
    day = clock.day_of(row.next_digest_at, row.time_zone)
    return row.owner_id, day, clock.next_time(now, row.time_zone, row.digest_hour, day)


async def write_digest(tx: Write, mailing: Mailing, owner_id: UUID) -> None:
    """Write to somebody what is new and unread since the last digest; nothing if nothing is.

    What they wanted by mail alone is in it where there were too many letters for one of its own.
    """
    mailbox = await accounts.mailbox(tx, owner_id)
    if not mailing.mail.is_sent or mailbox is None or not mailbox.is_confirmed:
        return
    settings = await settings_sql.get(tx, owner_id)
    if settings is None or not settings.is_digest:
        return  # they said no meanwhile
    seen = await accounts.containers(tx, owner_id)
    choices = msgspec.json.decode(settings.choices, type=dict[str, Choice])
    refused = [kind for kind, choice in choices.items() if choice.mail is False]
    found = await letters_sql.unwritten(tx, owner_id, seen, refused)
    if not found:
        return
    token = mailing.links.token(owner_id, DIGEST)
    await enqueue(
        tx, mailing.mail, letters.digest(mailing.mail, mailing.links, mailbox, found, token)
    )
    await letters_sql.set_written(tx, owner_id, [one.id for one in found])
